from odoo import api, fields, models
from odoo.exceptions import ValidationError

CONDITIONS = [
    ("new", "As New"),
    ("good", "Good"),
    ("worn", "Worn"),
    ("damaged", "Damaged"),
    ("missing", "Missing"),
]


class LoanInspectionLine(models.Model):
    """One item of an inspection: how many, in which state, which meter reading."""

    _name = "ess.loan.inspection.line"
    _description = "Inspected Item"
    _inherit = ["ess.derived", "ess.loan.inspection.part"]
    _order = "inspection_id, id"
    _rec_name = "asset_id"

    inspection_id = fields.Many2one(
        "ess.loan.inspection", required=True, index=True, ondelete="cascade"
    )
    loan_id = fields.Many2one(related="inspection_id.loan_id", store=True, index=True)
    kind = fields.Selection(related="inspection_id.kind")
    booking_id = fields.Many2one(
        "ess.booking", required=True, index=True, ondelete="cascade"
    )
    asset_id = fields.Many2one(related="booking_id.asset_id", store=True, index=True)
    company_id = fields.Many2one(related="inspection_id.company_id", store=True)
    quantity = fields.Integer(
        default=0, help="Units that left, or that came back; 0 when it is not there."
    )
    lost_quantity = fields.Integer(string="Lost", help="Units that will not come back.")
    damaged_quantity = fields.Integer(string="Damaged")
    condition = fields.Selection(CONDITIONS, default="good")
    meter_km = fields.Float(string="Meter (km)", digits=(12, 1))
    meter_hours = fields.Float(string="Meter (hours)", digits=(12, 1))
    note = fields.Text()
    check_ids = fields.One2many("ess.loan.inspection.check", "line_id")
    photo_ids = fields.One2many("ess.loan.photo", "line_id")
    # what follows from it
    freed_quantity = fields.Integer(
        readonly=True,
        copy=False,
        help="Units whose time was given back when this was recorded.",
    )
    out_quantity = fields.Integer(compute="_compute_out_quantity", string="Out")
    last_km = fields.Float(
        compute="_compute_last", string="Last Reading (km)", digits=(12, 1)
    )
    last_hours = fields.Float(
        compute="_compute_last", string="Last Reading (hours)", digits=(12, 1)
    )
    meter = fields.Selection(
        [("km", "Kilometres"), ("hours", "Hours")], compute="_compute_meter"
    )

    _once = models.Constraint(
        "UNIQUE (inspection_id, booking_id)", "This item is on the list already."
    )
    _not_negative = models.Constraint(
        "CHECK (quantity >= 0 AND lost_quantity >= 0 AND damaged_quantity >= 0 "
        "AND meter_km >= 0 AND meter_hours >= 0)",
        "Quantities and meter readings cannot be negative.",
    )

    @api.constrains("booking_id", "inspection_id")
    def _check_booking(self):
        for line in self.sudo():
            if line.booking_id.loan_id != line.inspection_id.loan_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s is not part of %(loan)s.",
                        item=line.booking_id.display_name,
                        loan=line.inspection_id.loan_id.name,
                    )
                )

    @api.depends(
        "kind",
        "booking_id.quantity",
        "booking_id.returned_quantity",
        "booking_id.state",
    )
    def _compute_out_quantity(self):
        """Units that the inspection is about: booked, or still out."""
        for line in self:
            booking = line.sudo().booking_id
            leaves = line.kind == "hand_over"
            line.out_quantity = booking.quantity if leaves else booking._out_quantity()

    @api.depends("asset_id")
    def _compute_last(self):
        last = self.sudo().asset_id._last_readings()
        for line in self:
            readings = last.get(line.sudo().asset_id, (0.0, 0.0))
            line.last_km, line.last_hours = readings

    @api.depends("asset_id")
    def _compute_meter(self):
        for line in self:
            line.meter = line.sudo().asset_id.category_id._meter()

    def _inspection(self):
        return self.inspection_id
