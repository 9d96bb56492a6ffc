from odoo import api, fields, models

# What is said no to, with a reason: the records and their act.
ACTS = {
    "cancel": ("ess.loan", "action_cancel"),
    "override": ("ess.loan", "action_override"),
    "refuse_extension": ("ess.loan.extension", "action_refuse"),
    "waive_deposit": ("ess.loan.deposit", "action_waive"),
    "force_release": ("ess.loan.deposit", "action_release"),
    "contest_damage": ("ess.loan.damage", "action_contest"),
    "decide_damage": ("ess.loan.damage", "action_decide"),
    "close_damage": ("ess.loan.damage", "action_close"),
    "write_off": ("ess.loan.damage", "action_write_off"),
    "close_need": ("ess.need", "action_close"),
    "decline_need": ("ess.need.proposal.line", "action_decline"),
    "cancel_staff": ("ess.staff.loan", "action_cancel"),
}


class LoanReason(models.TransientModel):
    """An act of lending that wants a reason: the act itself checks who may do it."""

    _name = "ess.loan.reason"
    _description = "Loan and a Reason"
    _inherit = ["ess.question"]

    act = fields.Selection(
        [
            ("cancel", "Cancel the loan"),
            ("override", "Let it leave although something is missing"),
            ("refuse_extension", "Refuse more time"),
            ("waive_deposit", "Do without the deposit"),
            ("force_release", "Give the deposit back although a damage is open"),
            ("contest_damage", "Contest the damage, for the borrower"),
            ("decide_damage", "Decide that the proposal holds"),
            ("close_damage", "Close the damage: nothing is asked of anybody"),
            ("write_off", "Write off what is lost: there are fewer units"),
            ("close_need", "Close the need"),
            ("decline_need", "Say no to a need, for the lender"),
            ("cancel_staff", "Give up the loan of staff time"),
        ],
        required=True,
        readonly=True,
    )
    record_id = fields.Integer(
        required=True, readonly=True, default=lambda s: s.env.context.get("active_id")
    )
    subject = fields.Char(compute="_compute_subject")
    missing = fields.Text(compute="_compute_subject")
    reason = fields.Text(help="It is logged, and those concerned read it.")

    def _record(self):
        self.ensure_one()
        return self.env[ACTS[self.act][0]].browse(self.record_id)

    @api.depends("act", "record_id")
    def _compute_subject(self):
        for question in self:
            record = question.act and question._record().exists()
            if record:
                record.check_access("read")
            question.subject = record.display_name if record else False
            question.missing = question.act == "override" and record.missing

    def action_apply(self):
        record = self._record()
        getattr(record, ACTS[self.act][1])(self.reason)
        return {"type": "ir.actions.act_window_close"}
