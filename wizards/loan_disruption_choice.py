from odoo import api, fields, models


class LoanDisruptionChoice(models.TransientModel):
    """What the member of a disrupted booking chose on the phone."""

    _name = "ess.loan.disruption.choice"
    _description = "Choice for a Disrupted Booking"
    _inherit = ["ess.question"]

    disruption_id = fields.Many2one(
        "ess.loan.disruption",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    entity_id = fields.Many2one(related="disruption_id.entity_id", string="Borrower")
    expected_on = fields.Datetime(related="disruption_id.expected_on")
    choice = fields.Selection(
        [
            ("wait", "Wait until it is there"),
            ("other", "Take another asset"),
            ("cancel", "Cancel the booking"),
        ],
        compute="_compute_choice",
        compute_sudo=False,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    alternative_ids = fields.Many2many(
        "ess.asset", compute="_compute_alternative_ids", string="Alternatives"
    )
    asset_id = fields.Many2one(
        "ess.asset",
        string="Instead",
        domain="[('id', 'in', alternative_ids)]",
        help="Assets of the same category that are free all the time, nearest first.",
    )

    @api.depends("disruption_id")
    def _compute_choice(self):
        """Who waits already opens this to choose something else."""
        for question in self:
            waits = question.disruption_id.state == "wait"
            question.choice = "other" if waits else "wait"

    @api.depends("disruption_id")
    def _compute_alternative_ids(self):
        for question in self:
            question.alternative_ids = question.disruption_id._alternatives()

    def action_apply(self):
        self.ensure_one()
        disruption = self.disruption_id
        if self.choice == "wait":
            disruption.action_wait()
        elif self.choice == "other":
            disruption.action_other(self.asset_id)
        else:
            disruption.action_cancel()
        return {"type": "ir.actions.act_window_close"}
