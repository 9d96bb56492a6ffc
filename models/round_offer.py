from odoo import fields, models


class RoundOffer(models.Model):
    """One product of one supplier in a round, as its terms were at the opening."""

    _name = "ess.round.offer"
    _description = "Offer of a Round"
    _inherit = ["ess.derived"]
    _order = "supplier_id, sequence, name, id"
    _check_company_auto = True
    _rec_names_search = ["code", "name"]

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="cascade"
    )
    supplier_id = fields.Many2one(
        "ess.round.supplier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    name = fields.Char(required=True, help="As members read it.")
    code = fields.Char(string="Vendor Code")
    uom_id = fields.Many2one(
        "uom.uom", required=True, ondelete="restrict", help="What members count in."
    )
    vendor_uom_id = fields.Many2one(
        "uom.uom", ondelete="restrict", help="What the supplier sells: a carton of 12."
    )
    step = fields.Float(
        required=True,
        default=1.0,
        digits="Product Unit",
        aggregator=None,
        help="The smallest amount that is handed out, in the unit. When it changes, "
        "carton, minimum, what is available and the tiers stay the same amounts.",
    )
    carton = fields.Integer(
        required=True,
        default=1,
        aggregator=None,
        help="How many steps the supplier's carton holds.",
    )
    minimum = fields.Integer(
        aggregator=None, help="The supplier's smallest order, in steps."
    )
    available = fields.Integer(aggregator=None, help="What the supplier has, in steps.")
    is_limited = fields.Boolean(string="Limited")
    weight = fields.Float(
        digits="Stock Weight", aggregator=None, help="Kilograms of one unit."
    )
    tax_ids = fields.Many2many(
        "account.tax", string="Taxes", check_company=True, help="Of the sale."
    )
    delay = fields.Integer(string="Delay (days)", aggregator=None)
    source = fields.Selection(
        [
            ("hand", "By Hand"),
            ("vendor", "Vendor Prices"),
            ("file", "File"),
        ],
        string="Terms from",
        required=True,
        default="hand",
        help="Terms that come from the vendor's prices are taken anew whenever a round "
        "opens.",
    )
    tier_ids = fields.One2many("ess.round.tier", "offer_id", copy=True)
    snapshot = fields.Json(
        readonly=True,
        copy=False,
        help="The terms as they were taken, with their source.",
    )
    commitment_ids = fields.One2many("ess.commitment", "offer_id", copy=False)
    # decided at the freeze, in steps
    ordered = fields.Integer(readonly=True, copy=False, aggregator=None)
    unit_price = fields.Float(
        readonly=True,
        copy=False,
        min_display_digits="Product Price",
        aggregator=None,
        help="Of one unit.",
    )
    step_price = fields.Char(
        readonly=True, copy=False, help="The decided price of one step, exactly."
    )
    received = fields.Integer(readonly=True, copy=False, aggregator=None)
    is_received = fields.Boolean(readonly=True, copy=False)
    refused = fields.Integer(
        readonly=True, copy=False, aggregator=None, help="Received, sent back."
    )
    substitute_id = fields.Many2one("product.product", readonly=True, copy=False)
    receipt_note = fields.Char(copy=False)
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _once = models.Constraint(
        "UNIQUE (round_id, supplier_id, product_id)",
        "This product of this supplier is in the round already.",
    )
    _step_positive = models.Constraint(
        "CHECK (step > 0)", "The smallest amount is more than nothing."
    )
    _carton_positive = models.Constraint(
        "CHECK (carton > 0)", "A carton holds at least one step."
    )
    _not_negative = models.Constraint(
        "CHECK (COALESCE(minimum, 0) >= 0 AND COALESCE(available, 0) >= 0 "
        "AND COALESCE(weight, 0) >= 0)",
        "Minimum, availability and weight cannot be negative.",
    )
