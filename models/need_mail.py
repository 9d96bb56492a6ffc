from odoo import fields, models
from odoo.fields import Command


class NeedMail(models.Model):
    """Who hears of a need: its member, and the lenders that are asked."""

    _inherit = "ess.need"

    def _tell_asker(self, step):
        """:param str step: `ready` or `expired`"""
        for need in self.sudo():
            need._mail(step, need.contact_id or need.entity_id)

    def _ask_lenders(self):
        """One mail for each lender, about all its assets not asked for before."""
        self.ensure_one()
        lines = self.proposal_ids.filtered(lambda p: p.state == "proposed").line_ids
        lines = lines.filtered(lambda line: line.state == "asked" and not line.told_on)
        self._tell_lenders("asked", lines)
        # marked together with the mail: what is rolled back was not sent either
        lines.told_on = fields.Datetime.now()

    def _tell_lenders(self, step, lines):
        """:param str step: `asked` or `over`"""
        self.ensure_one()
        for lender in lines.lender_id:
            mine = lines.filtered(lambda line, lender=lender: line.lender_id == lender)
            people = lender._ess_volunteers()
            for keeper in mine.asset_id.custodian_id - lender:
                people |= keeper._ess_volunteers()
            for person in people:
                self._mail(step, person, mine._once_per_asset())

    def _mail(self, step, reader, lines=None):
        self.ensure_one()
        if self.env["ess.booking"]._is_silent():
            return
        template = self.env.ref(
            f"ess_mutualisation.mail_template_need_{step}", raise_if_not_found=False
        )
        if not template:
            return
        template.sudo().with_context(
            ess_lang=reader.lang or self.env.lang,
            ess_reader=reader.name,
            ess_lines=lines or self.env["ess.need.proposal.line"],
        ).send_mail(self.id, email_values={"recipient_ids": [Command.link(reader.id)]})
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if queue:
            queue.sudo()._trigger()
