from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .entered import entered
from .loan import LIVE

# What both sides sign besides what every loan says.
TERMS = {"person_id", "qualification", "work", "hours"}
BILLED = {"billed_amount", "billed_on"}


class StaffLoan(models.Model):
    """Hours of a person of the lender, at cost and with that person's consent.

    Code du travail, L8241-2: a written convention, the person's agreement, and a bill
    of wages, charges and expenses only.
    """

    _name = "ess.staff.loan"
    _description = "Loan of Staff Time"
    _inherits = {"ess.loan": "loan_id"}
    _inherit = ["ess.links", "ess.office.thread", "portal.mixin", "ess.wall.time"]
    _order = "id desc"
    _rec_name = "name"

    loan_id = fields.Many2one("ess.loan", required=True, ondelete="cascade", index=True)
    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('parent_id', '=', lender_id), ('is_company', '=', False)]",
    )
    qualification = fields.Char(
        required=True, tracking=True, help="As the convention names it."
    )
    work = fields.Text(help="What the person will do, and where.")
    hours = fields.Float(required=True, tracking=True, help="Agreed hours.")
    consent_document = fields.Binary(
        string="Consent of the Person", attachment=True, copy=False
    )
    consent_name = fields.Char(copy=False)
    consent_on = fields.Date(string="Consented on", copy=False)
    convention_document = fields.Binary(
        string="Convention", attachment=True, copy=False
    )
    convention_name = fields.Char(copy=False)
    line_ids = fields.One2many(
        "ess.staff.loan.line",
        "staff_loan_id",
        string="Real Costs",
        groups="ess_mutualisation.group_facilitator",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Product of the Invoice",
        help="Only where the federation itself lends or borrows: the account and the "
        "taxes of its invoice are those of this product.",
    )
    billed_amount = fields.Monetary(readonly=True, copy=False)
    billed_on = fields.Datetime(readonly=True, copy=False)
    exchange_ids = fields.One2many("ess.exchange", "staff_loan_id", readonly=True)

    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "Staff time is lent for more than no hours."
    )
    _loan_once = models.Constraint(
        "UNIQUE (loan_id)", "This loan is of one person already."
    )

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        for staff in self:
            staff.access_url = f"/my/staff/{staff.id}"

    # === CONSTRAINTS === #

    @api.constrains("person_id")
    def _check_person(self):
        for staff in self.sudo():
            person = staff.person_id
            if person.is_company or person.commercial_partner_id != staff.lender_id:
                raise ValidationError(
                    self.env._(
                        "Person: %(person)s is not a contact of %(lender)s, which "
                        "lends the time; record the person there first.",
                        person=person.display_name,
                        lender=staff.lender_id.display_name,
                    )
                )

    def _check_hours(self, vals):
        """Said before the database refuses it in fewer words."""
        if "hours" in vals and not vals["hours"] > 0:
            raise ValidationError(
                self.env._("Hours: agree on more than none, not %s.", vals["hours"])
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["kind"] = "staff"
            self._check_billed(entered(self, vals))
            self._check_hours(vals)
            if vals.get("start") and vals.get("stop"):
                self._check_window(vals["start"], vals["stop"])
        staff = super().create(vals_list)
        for one in staff.sudo():
            # the link in the mails of the loan opens this page
            one.access_token = one.loan_id.access_token
        return staff

    @api.model
    def _add_missing_default_values(self, values):
        """The loan gives itself its short code; handed over, it looks entered."""
        given = super()._add_missing_default_values(values)
        if "short_code" not in values:
            given.pop("short_code", None)
        return given

    def write(self, vals):
        self._check_billed(vals)
        self._check_hours(vals)
        if {"start", "stop"} & set(vals):
            for staff in self:
                start, stop = (
                    vals.get("start", staff.start),
                    vals.get("stop", staff.stop),
                )
                if start and stop:
                    self._check_window(start, stop)
        if (TERMS | {"start", "stop"}) & set(vals):
            self._require_live()
        res = super().write(vals)
        if TERMS & set(vals):
            self.sudo().loan_id.filtered(
                lambda loan: loan.state in LIVE
            )._void_if_changed()
        return res

    def _check_billed(self, vals):
        if BILLED & set(vals) and not self.env.su:
            raise UserError(self.env._("Bill: use the action of the staff loan."))

    def _require_live(self):
        for staff in self.sudo():
            if staff.billed_on or staff.state not in LIVE:
                raise UserError(
                    self.env._(
                        "%(loan)s is %(state)s: what was agreed no longer changes.",
                        loan=staff.name,
                        state=staff.loan_id.with_env(self.env)._state_label(),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.loan_id._unlink_except_agreed()

    def unlink(self):
        loans = self.loan_id
        res = super().unlink()
        loans.unlink()
        return res

    # === ACCESS === #

    def _require(self, *allowed):
        """As `ess.loan._require`; :return: the staff loans in superuser mode"""
        self.sudo().loan_id.with_env(self.env)._require(*allowed)
        return self.sudo()

    def _roles(self):
        self.ensure_one()
        return self.sudo().loan_id.with_env(self.env)._roles()
