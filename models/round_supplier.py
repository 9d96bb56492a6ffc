from odoo import fields, models


class RoundSupplier(models.Model):
    """One supplier in one round: its minimum, its freight, its order."""

    _name = "ess.round.supplier"
    _description = "Supplier of a Round"
    _inherit = ["ess.derived"]
    _order = "sequence, id"
    _rec_name = "partner_id"

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        ondelete="restrict",
    )
    minimum_amount = fields.Monetary(help="Untaxed; 0 sets no minimum.")
    minimum_weight = fields.Float(string="Minimum Weight (kg)", digits="Stock Weight")
    freight_amount = fields.Monetary(
        help="Untaxed; asked when the minimum is not reached and it is ordered anyway."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("ok", "Ordered"),
            ("asked", "Coordinator Asked"),
            ("freight", "Ordered with Freight"),
            ("out", "Left out"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    amount = fields.Monetary(readonly=True, copy=False, help="Ordered, untaxed.")
    weight = fields.Float(readonly=True, copy=False, digits="Stock Weight")
    purchase_id = fields.Many2one(
        "purchase.order", readonly=True, copy=False, index="btree_not_null"
    )
    offer_ids = fields.One2many("ess.round.offer", "supplier_id")

    _once = models.Constraint(
        "UNIQUE (round_id, partner_id)", "This supplier is in the round already."
    )
    _not_negative = models.Constraint(
        "CHECK (minimum_amount >= 0 AND minimum_weight >= 0 AND freight_amount >= 0)",
        "Minima and freight cannot be negative.",
    )
