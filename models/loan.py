from odoo import api, fields, models

from .loan_agreement import KINDS

STATES = [
    ("draft", "Draft"),
    ("to_sign", "To Be Signed"),
    ("signed", "Signed"),
    ("ongoing", "Out"),
    ("done", "Completed"),
    ("cancelled", "Called Off"),
]
# While its agreement may still change; afterwards a change voids the signatures.
LIVE = ("draft", "to_sign", "signed", "ongoing")


class Loan(models.Model):
    """The agreement between a lender and a borrower over one period."""

    _name = "ess.loan"
    _description = "Loan"
    _inherit = ["ess.links", "ess.office.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference", readonly=True, copy=False, default="/", index="trigram"
    )
    short_code = fields.Char(
        readonly=True,
        copy=False,
        help="Six signs that can be said on the phone or written on a sheet.",
    )
    kind = fields.Selection(
        KINDS, string="Loan Kind", required=True, default="hire", tracking=True
    )
    agreement_id = fields.Many2one(
        "ess.loan.agreement",
        string="Text of the Agreement",
        compute="_compute_agreement_id",
        store=True,
        readonly=False,
        ondelete="restrict",
    )
    lender_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('ess_is_member', '=', True)]",
    )
    lender_contact_id = fields.Many2one("res.partner", index="btree_not_null")
    entity_id = fields.Many2one(
        "res.partner",
        string="Borrower",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('ess_is_member', '=', True)]",
    )
    contact_id = fields.Many2one("res.partner", index="btree_not_null")
    booking_ids = fields.One2many("ess.booking", "loan_id", string="Items")
    start = fields.Datetime(
        compute="_compute_period", store=True, readonly=False, index=True
    )
    stop = fields.Datetime(compute="_compute_period", store=True, readonly=False)
    tz = fields.Char(compute="_compute_tz")
    place = fields.Char(
        compute="_compute_place", store=True, readonly=False, tracking=True
    )
    purpose = fields.Char(compute="_compute_place", store=True, readonly=False)
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    reason = fields.Text(string="Cancelled Because", readonly=True, copy=False)
    override_reason = fields.Text(readonly=True, copy=False, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # the agreement
    signature_ids = fields.One2many(
        "ess.loan.signature", "loan_id", readonly=True, copy=False
    )
    terms_hash = fields.Char(readonly=True, copy=False)
    document_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, string="Signed Agreement"
    )
    document_hash = fields.Char(
        readonly=True, copy=False, help="SHA-256 of the signed document."
    )
    # what goes with it
    deposit_ids = fields.One2many("ess.loan.deposit", "loan_id", copy=False)
    inspection_ids = fields.One2many("ess.loan.inspection", "loan_id", copy=False)
    extension_ids = fields.One2many("ess.loan.extension", "loan_id", copy=False)
    damage_ids = fields.One2many("ess.loan.damage", "loan_id", copy=False)
    disruption_ids = fields.One2many("ess.loan.disruption", "loan_id", copy=False)
    # reminders
    late_told_on = fields.Datetime(readonly=True, copy=False)
    late_reminders = fields.Integer(readonly=True, copy=False)

    _short_code_uniq = models.UniqueIndex(
        "(short_code) WHERE short_code IS NOT NULL",
        "Another loan has this short code already.",
    )
    _two_parties = models.Constraint(
        "CHECK (lender_id <> entity_id)",
        "A loan has two parties: nobody lends to itself.",
    )
    _start_before_stop = models.Constraint(
        "CHECK (stop > start)", "A loan ends after it starts."
    )
    _state_stop = models.Index("(state, stop)")

    @api.depends("kind", "company_id")
    def _compute_agreement_id(self):
        for loan in self:
            if loan.agreement_id.kind != loan.kind:
                loan.agreement_id = self.env["ess.loan.agreement"]._for_kind(
                    loan.kind, loan.company_id
                )

    @api.depends("booking_ids.start", "booking_ids.stop", "booking_ids.state")
    def _compute_period(self):
        for loan in self:
            live = loan.booking_ids.filtered(
                lambda b: b.state not in ("cancelled", "refused")
            )
            bookings = live or loan.booking_ids
            loan.start = min(bookings.mapped("start"), default=loan.start)
            loan.stop = max(bookings.mapped("stop"), default=loan.stop)

    @api.depends("booking_ids.asset_id")
    def _compute_tz(self):
        for loan in self:
            loan.tz = loan.sudo().booking_ids[:1].tz or self.env.user.tz or "UTC"

    @api.depends("booking_ids")
    def _compute_place(self):
        for loan in self:
            asset = loan.sudo().booking_ids[:1].asset_id
            place = [asset.street, f"{asset.zip or ''} {asset.city or ''}".strip()]
            loan.place = loan.place or ", ".join(part for part in place if part)
            loan.purpose = loan.purpose or loan.booking_ids[:1].purpose

    @api.depends("state", "stop")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for loan in self:
            loan.is_late = (
                loan.state == "ongoing" and bool(loan.stop) and loan.stop < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "ongoing") & fields.Domain(
            "stop", "<", fields.Datetime.now()
        )
        return late if True in value else ~late

    def _compute_access_url(self):
        for loan in self:
            loan.access_url = f"/my/loans/{loan.id}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("ess.loan") or "/"
        loans = super().create(vals_list)
        for loan in loans.sudo():
            # made here and not by a page: a GET never writes
            loan._portal_ensure_token()
        return loans
