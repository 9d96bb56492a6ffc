from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

NATURES = [
    ("wage", "Wages"),
    ("charge", "Social Charges"),
    ("expense", "Professional Expenses"),
]


class StaffLoanLine(models.Model):
    """One cost of the person lent; the borrower sees the total by nature alone."""

    _name = "ess.staff.loan.line"
    _description = "Cost of Staff Time"
    _inherit = ["ess.derived"]
    _order = "staff_loan_id, nature desc, id"
    _rec_name = "label"

    staff_loan_id = fields.Many2one(
        "ess.staff.loan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="staff_loan_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    nature = fields.Selection(NATURES, required=True, default="wage")
    label = fields.Char(required=True)
    hours = fields.Float(help="Hours worked that these wages pay.")
    cost = fields.Monetary(
        string="Real Cost", required=True, help="What it really cost the lender."
    )
    amount = fields.Monetary(
        string="Billed Amount",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The cost, or less: no margin is allowed.",
    )
    receipt = fields.Binary(attachment=True)
    receipt_name = fields.Char()

    _cost_positive = models.Constraint(
        "CHECK (cost >= 0 AND amount >= 0)", "A cost cannot be negative."
    )
    _no_margin = models.Constraint(
        "CHECK (amount <= cost)",
        "Staff time is lent at cost (Code du travail, L8241-2): no margin.",
    )
    _hours_positive = models.Constraint(
        "CHECK (COALESCE(hours, 0) >= 0)", "Hours cannot be negative."
    )

    @api.depends("cost")
    def _compute_amount(self):
        for line in self:
            line.amount = line.cost

    @api.constrains("cost", "amount", "hours")
    def _check_no_margin(self):
        for line in self:
            if line.cost < 0 or line.amount < 0 or line.hours < 0:
                raise ValidationError(
                    self.env._("%s: figures below zero mean nothing here.", line.label)
                )
            if line._cents("amount") > line._cents("cost"):
                raise ValidationError(
                    self.env._(
                        "Billed: “%(label)s” cost %(cost)s, so %(amount)s cannot be "
                        "billed for it. Staff time is lent at cost, without any margin "
                        "(Code du travail, L8241-2): bill %(cost)s at most.",
                        label=line.label,
                        cost=line._in_words("cost"),
                        amount=line._in_words("amount"),
                    )
                )

    def _cents(self, name):
        """An amount of this line in whole minor units of its currency."""
        self.ensure_one()
        return round(self[name] / self.currency_id.rounding)

    def _in_words(self, name):
        return format_amount(self.env, self[name], self.currency_id)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # before the database says the same in fewer words
            self.new(vals)._check_no_margin()
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        res = super().write(vals)
        self._check_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_open()

    def _check_open(self):
        for line in self.sudo():
            staff = line.staff_loan_id
            if staff.billed_on:
                raise UserError(
                    self.env._(
                        "%s is billed: its costs no longer change. Correct it by a "
                        "counter-exchange.",
                        staff.name,
                    )
                )
