from odoo import fields, models

KINDS = [
    ("equal", "Equal Parts"),
    ("parts", "Fixed Parts"),
    ("indicator", "Declared Indicator"),
    ("usage", "Usage"),
    ("two_part", "Fixed Part and Usage"),
    ("components", "Who Needs What"),
    ("increments", "Levels of Need"),
    ("ownership", "Ownership of an Asset"),
]


class CostKeyVersion(models.Model):
    """How a key splits from one day to another, and the decision behind it.

    Whatever a posted run used never changes: a new decision is a new version.
    """

    _name = "ess.cost.key.version"
    _description = "Version of a Cost Sharing Key"
    _inherit = ["ess.derived"]
    _order = "key_id, date_from desc, id desc"
    _check_company_auto = True

    key_id = fields.Many2one(
        "ess.cost.key", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="key_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="equal")
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(string="Last Day", help="Empty: until further notice.")
    decision = fields.Char(help="Who decided when, such as “General assembly, item 7”.")
    decision_date = fields.Date()
    decision_document = fields.Binary(attachment=True)
    decision_document_name = fields.Char()
    is_capped = fields.Boolean(
        string="Capped by the Cost Alone",
        help="Nobody pays more than it would alone; the others carry the rest.",
    )
    indicator = fields.Selection(
        [
            ("headcount", "Staff (FTE)"),
            ("budget", "Annual Budget"),
            ("other", "Another One"),
        ],
        help="What the weights of the lines are, for a declared indicator.",
    )
    fixed_percent = fields.Float(
        digits=(5, 2), help="Part of the costs that the fixed weights split."
    )
    measure = fields.Selection(
        [
            ("hours", "Hours of Bookings"),
            ("uses", "Number of Bookings"),
            ("km", "Kilometres of Bookings"),
            ("reading", "Readings"),
        ],
        help="What usage is measured by.",
    )
    asset_ids = fields.Many2many(
        "ess.asset",
        string="Assets",
        check_company=True,
        # what was used before it was archived still counts
        context={"active_test": False},
        help="Whose bookings count as usage; or whose co-owners share (ownership).",
    )
    line_ids = fields.One2many("ess.cost.key.line", "version_id", copy=True)
    component_ids = fields.One2many("ess.cost.key.component", "version_id", copy=True)
    run_ids = fields.One2many("ess.cost.run", "version_id", readonly=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A version ends after it begins.",
    )
    _percent_possible = models.Constraint(
        "CHECK (fixed_percent BETWEEN 0 AND 100)",
        "The fixed part lies between 0 and 100 %.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(key_id, key_id, '[]') WITH =, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "Another version of this key holds at that time.",
    )
