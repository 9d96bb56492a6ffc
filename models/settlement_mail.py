from odoo import models
from odoo.fields import Command


class SettlementMail(models.Model):
    """Posted: the members are told, each in its language, with a link."""

    _inherit = "ess.settlement"

    def _after_post(self):
        """What follows a posting; anything else may be hooked in here."""
        self._tell_members()

    def _tell_members(self):
        """Write to the people of each member. Mails leave after the commit."""
        template = self.env.ref(
            "ess_mutualisation.mail_template_settlement_posted", False
        )
        silent = self.env.context.get("ess_silent") and self.env.user._is_internal()
        if not template or silent:
            return
        for line in self.sudo().line_ids.filtered(lambda one: not one.is_federation):
            for reader in line.entity_id._ess_volunteers():
                template.sudo().with_context(
                    ess_lang=reader.lang or line.entity_id.lang or self.env.lang,
                    ess_reader=reader.name,
                    ess_url=line._mail_url(reader),
                ).send_mail(
                    line.id, email_values={"recipient_ids": [Command.link(reader.id)]}
                )
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if queue:
            queue.sudo()._trigger()


class SettlementLineMail(models.Model):
    _inherit = "ess.settlement.line"

    def _mail_url(self, reader):
        """Address of the statement. Who has a login uses it: a mail is forwarded more
        easily than a login; the others need the token."""
        self.ensure_one()
        if reader.sudo().user_ids.filtered("active"):
            return f"{self.get_base_url()}{self.access_url}"
        return f"{self.get_base_url()}{self.get_portal_url()}"
