from fractions import Fraction
from math import floor

from odoo import api, fields, models


class LoanDamage(models.Model):
    """Something broken or lost, or an actual expense of the loan (fuel, cleaning).

    What, who bears it, how much, and what became of it. Expenses are what a lender may
    ask for a free loan too: Code civil, article 1886.
    """

    _name = "ess.loan.damage"
    _description = "Damage or Loss"
    _inherit = [
        "ess.derived",
        "ess.office.thread",
        "mail.activity.mixin",
        "portal.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference", readonly=True, copy=False, default="/", index="trigram"
    )
    loan_id = fields.Many2one("ess.loan", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one(
        "ess.loan.inspection.line", index="btree_not_null", ondelete="set null"
    )
    booking_id = fields.Many2one(
        "ess.booking", required=True, index=True, ondelete="restrict"
    )
    asset_id = fields.Many2one(related="booking_id.asset_id", store=True, index=True)
    lender_id = fields.Many2one(related="loan_id.lender_id", store=True, index=True)
    entity_id = fields.Many2one(related="loan_id.entity_id", store=True, index=True)
    company_id = fields.Many2one(related="loan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("damage", "Damage"),
            ("loss", "Loss"),
            ("expense", "Actual Expense"),
        ],
        required=True,
        default="damage",
    )
    quantity = fields.Integer(required=True, default=1)
    description = fields.Text(required=True)
    photo_ids = fields.One2many("ess.loan.photo", "damage_id")
    # who bears it
    bearer = fields.Selection(
        [("borrower", "Borrower"), ("lender", "Lender"), ("shared", "Shared")],
        tracking=True,
    )
    borrower_percent = fields.Float(
        string="Borrower's Part (%)", digits=(5, 2), tracking=True
    )
    cost = fields.Monetary(
        string="Cost, Untaxed", help="Of repair or replacement, untaxed.", tracking=True
    )
    amount = fields.Monetary(
        string="Borne by the Borrower", compute="_compute_amount", store=True
    )
    from_deposit = fields.Boolean(
        string="Against the Deposit first",
        tracking=True,
        help="Both sides agreed that the deposit is used before anything is owed.",
    )
    state = fields.Selection(
        [
            ("reported", "Reported"),
            ("proposed", "Proposed"),
            ("agreed", "Agreed"),
            ("contested", "Contested"),
            ("closed", "Closed, Nothing Asked"),
        ],
        required=True,
        default="reported",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    to_describe = fields.Boolean(
        readonly=True,
        copy=False,
        help="Found by an inspection; nobody has described it further yet.",
    )
    reported_by_id = fields.Many2one("res.partner", readonly=True, copy=False)
    proposed_on = fields.Datetime(readonly=True, copy=False)
    agreed_on = fields.Datetime(readonly=True, copy=False)
    agreed_by_id = fields.Many2one("res.partner", readonly=True, copy=False)
    contested = fields.Text(readonly=True, copy=False)
    occupancy_id = fields.Many2one(
        "ess.occupancy",
        string="Out of Service",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    is_out_of_service = fields.Boolean(compute="_compute_is_out_of_service")
    out_of_service_until = fields.Datetime(related="occupancy_id.stop")
    disruption_ids = fields.One2many("ess.loan.disruption", "damage_id")
    exchange_ids = fields.One2many("ess.exchange", "damage_id", readonly=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "At least one unit is damaged or lost."
    )
    _cost_not_negative = models.Constraint(
        "CHECK (cost >= 0)", "The cost of a damage cannot be negative."
    )
    _percent_in_bounds = models.Constraint(
        "CHECK (borrower_percent >= 0 AND borrower_percent <= 100)",
        "The borrower's part lies between 0 and 100 %.",
    )

    @api.depends("cost", "bearer", "borrower_percent")
    def _compute_amount(self):
        """In cents, half up: the lender bears the rest."""
        for damage in self:
            percent = {"borrower": 100.0, "shared": damage.borrower_percent}
            part = Fraction(repr(percent.get(damage.bearer, 0.0))) / 100
            cents = damage.currency_id.decimal_places or 0
            exact = Fraction(repr(damage.cost or 0.0)) * part * 10**cents
            damage.amount = float(Fraction(floor(exact + Fraction(1, 2)), 10**cents))

    @api.depends("occupancy_id.stop")
    def _compute_is_out_of_service(self):
        now = fields.Datetime.now()
        for damage in self:
            stop = damage.sudo().occupancy_id.stop
            damage.is_out_of_service = bool(stop) and stop > now
