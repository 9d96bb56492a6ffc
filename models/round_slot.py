from odoo import fields, models
from odoo.tools import format_datetime


class RoundSlot(models.Model):
    """When members may collect what they bought."""

    _name = "ess.round.slot"
    _description = "Collection Slot"
    _inherit = ["ess.derived"]
    _order = "start, id"
    _rec_name = "start"

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    places = fields.Integer(help="How many members may come; 0 sets no limit.")

    def _portal_said(self):
        """From when to when, by the clock of the place, in the reader's language."""
        self.ensure_one()
        own = self.sudo()
        tz = own.round_id.tz
        start, stop = (
            format_datetime(self.env, moment, tz=tz, dt_format=pattern)
            for moment, pattern in (
                (own.start, "EEEE d MMMM, HH:mm"),
                (own.stop, "HH:mm"),
            )
        )
        return self.env._("%(start)s to %(stop)s", start=start, stop=stop)

    _start_before_stop = models.Constraint(
        "CHECK (stop > start)", "A slot ends after it starts."
    )
    _places_not_negative = models.Constraint(
        "CHECK (places >= 0)", "Places cannot be negative."
    )
