from odoo import fields, models
from odoo.fields import Command


class LoanDisruptionMail(models.Model):
    """Who was promised what is not there reads it at once, and when it is back."""

    _inherit = "ess.loan.disruption"

    def _tell(self, *steps):
        """Write to the borrowers of the disrupted bookings.

        The mark that they were told is written with the mail, all or nothing.

        :param steps: 'open' (choose) or 'over' (it is back)
        """
        if not self or self.env["ess.booking"]._is_silent():
            return
        for disruption in self.sudo():
            for step in steps:
                disruption._send_step(step)
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if queue:
            queue.sudo()._trigger()

    def _send_step(self, step):
        self.ensure_one()
        template = self.env.ref(
            f"ess_mutualisation.mail_template_disruption_{step}",
            raise_if_not_found=False,
        )
        if step == "open":
            self.told_on = fields.Datetime.now()
        if not template:
            return
        reader = self.booking_id.contact_id or self.entity_id
        template.with_context(
            ess_lang=reader.lang or self.env.lang,
            ess_reader=reader.name,
            ess_url=self._mail_url(reader),
        ).send_mail(self.id, email_values={"recipient_ids": [Command.link(reader.id)]})

    def _mail_url(self, reader):
        """Who has a login uses it: a mail is forwarded more easily than a login."""
        page = self.access_url
        if not reader.sudo().user_ids.filtered("active"):
            page = self.get_portal_url()
        return f"{self.get_base_url()}{page}"
