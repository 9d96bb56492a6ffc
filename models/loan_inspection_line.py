from odoo import fields, models

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

    _once = models.Constraint(
        "UNIQUE (inspection_id, booking_id)", "This item is on the list already."
    )
    _not_negative = models.Constraint(
        "CHECK (quantity >= 0 AND lost_quantity >= 0 AND damaged_quantity >= 0 "
        "AND meter_km >= 0 AND meter_hours >= 0)",
        "Quantities and meter readings cannot be negative.",
    )
