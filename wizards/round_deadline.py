from odoo import api, fields, models


class RoundDeadline(models.TransientModel):
    """A later deadline, for a round that is open or that is opened again."""

    _name = "ess.round.deadline"
    _description = "Deadline of a Round"
    _inherit = ["ess.question"]

    round_id = fields.Many2one("ess.round", required=True, readonly=True)
    state = fields.Selection(related="round_id.state", related_sudo=False)
    date_close = fields.Datetime(
        string="Closes",
        required=True,
        compute="_compute_date_close",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("round_id")
    def _compute_date_close(self):
        for deadline in self:
            deadline.date_close = deadline.round_id and deadline.round_id._later()

    def action_apply(self):
        self.ensure_one()
        one = self.round_id
        if one.state == "closed":
            return one.action_reopen(self.date_close)
        return one.action_extend(self.date_close)
