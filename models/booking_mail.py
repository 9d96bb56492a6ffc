from odoo import models
from odoo.fields import Command

# step → who reads it, whether a calendar file goes with it. Who answers is the lender
# or the federation; the lender hears of a promise whoever made it.
STEPS = {
    "received": ("borrower", False),
    "to_approve": ("answerer", False),
    "confirmed": ("borrower", True),
    "booked": ("lender", True),
    "refused": ("borrower", True),
    "cancelled": ("borrower", True),
    "cancelled_lender": ("lender", True),
    "moved": ("borrower", True),
    "moved_lender": ("lender", True),
    "waiting": ("borrower", False),
    "reminder": ("borrower", True),
    "handed_over": ("borrower", False),
    "returned": ("borrower", False),
    "returned_lender": ("lender", False),
}


class BookingMail(models.Model):
    """A mail at every step, in the reader's language, with the calendar file."""

    _inherit = "ess.booking"

    def _tell(self, *steps):
        """Write to those concerned. Mails leave after the commit, by the mail queue.

        :param steps: keys of STEPS; one that nobody reads is skipped
        """
        if self._is_silent():
            return
        for booking in self.sudo():
            for step in steps:
                if step in STEPS:
                    booking._send_step(step)
        # at once after the commit, not at the queue's next hour
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if queue:
            queue.sudo()._trigger()

    def _is_silent(self):
        """An import or a demonstration tells nobody; a member always does."""
        context = self.env.context
        silent = context.get("ess_silent") or context.get("import_file")
        return silent and self.env.user._is_internal()

    def _send_step(self, step):
        self.ensure_one()
        audience, with_calendar = STEPS[step]
        template = self.env.ref(
            f"ess_mutualisation.mail_template_booking_{step}", raise_if_not_found=False
        )
        if not template:
            return
        for reader in self._readers(audience):
            values = {"recipient_ids": [Command.link(reader.id)]}
            if with_calendar:
                values["attachment_ids"] = [
                    Command.link(self._ics_attachment(reader).id)
                ]
            template.with_context(
                ess_lang=reader.lang or self.env.lang, ess_reader=reader.name
            ).send_mail(self.id, email_values=values)

    def _readers(self, audience):
        """People who read a step: the borrower's contact, the lender, who answers."""
        self.ensure_one()
        if audience == "borrower":
            return self.contact_id or self.entity_id
        if audience == "answerer" and self.approval == "federation":
            return self.company_id.partner_id
        lenders = self.owner_id | self.custodian_id
        readers = self.env["res.partner"]
        for lender in lenders:
            readers |= lender._ess_volunteers()
        return readers - self.contact_id

    # === CALENDAR FILE === #

    def _ics_attachment(self, reader):
        return self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.ics",
                "mimetype": "text/calendar",
                "raw": self.with_context(lang=reader.lang or self.env.lang)._ics(),
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )
