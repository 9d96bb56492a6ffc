from odoo import models
from odoo.fields import Command

# step → (who reads it, whether the signed agreement goes with it)
STEPS = {
    "to_sign": ("unsigned", False),
    "signed": ("both", True),
    "voided": ("both", False),
    "cancelled": ("both", False),
    "extension_asked": ("lender", False),
    "extension_agreed": ("borrower", False),
    "extension_refused": ("borrower", False),
}


class LoanMail(models.Model):
    """A mail at every step of a loan, in the reader's language."""

    _inherit = "ess.loan"

    def _tell(self, *steps):
        """Write to those concerned. Mails leave after the commit, by the mail queue.

        :param steps: keys of STEPS; one without a template is skipped
        """
        context = self.env.context
        silent = context.get("ess_silent") or context.get("import_file")
        if silent and self.env.user._is_internal():
            return
        for loan in self.sudo():
            for step in steps:
                loan._send_step(step)
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if queue:
            queue.sudo()._trigger()

    def _send_step(self, step):
        self.ensure_one()
        audience, with_document = STEPS[step]
        template = self.env.ref(
            f"ess_mutualisation.mail_template_loan_{step}", raise_if_not_found=False
        )
        if not template:
            return
        for reader in self._readers(audience):
            values = {"recipient_ids": [Command.link(reader.id)]}
            if with_document and self.document_id:
                values["attachment_ids"] = [Command.link(self.document_id.id)]
            template.sudo().with_context(
                ess_lang=reader.lang or self.env.lang,
                ess_reader=reader.name,
                ess_url=self._mail_url(reader),
            ).send_mail(self.id, email_values=values)

    def _readers(self, audience):
        """People who read a step.

        :param str audience: 'borrower', 'lender', 'both', or 'unsigned': the sides
            whose signature is missing
        """
        self.ensure_one()
        borrower = self.contact_id or self.entity_id
        lender = self._lender_readers() - borrower
        if audience == "unsigned":
            signed = set(self._signatures().mapped("side"))
            readers = borrower.browse()
            if "borrower" not in signed:
                readers |= borrower
            if "lender" not in signed:
                readers |= lender
            return readers
        return {"borrower": borrower, "lender": lender}.get(audience, borrower | lender)

    def _lender_readers(self):
        """Who acts for the lender; a custodian reads what concerns its hand-over."""
        readers = self.env["res.partner"]
        for lender in self.lender_id | self.booking_ids.custodian_id:
            if lender != self.entity_id:
                readers |= lender._ess_volunteers()
        return readers

    def _mail_url(self, reader):
        """Address of the loan. Who has a login uses it: a mail is forwarded more
        easily than a login; the others need the token."""
        self.ensure_one()
        if reader.sudo().user_ids.filtered("active"):
            return f"{self.get_base_url()}{self.access_url}"
        return f"{self.get_base_url()}{self.get_portal_url()}"
