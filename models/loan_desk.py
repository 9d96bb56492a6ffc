from odoo import api, fields, models

from .loan import LIVE, STATES


class LoanDesk(models.Model):
    """What the back office shows of a loan: items, signatures, deposit, what is due."""

    _inherit = "ess.loan"

    state = fields.Selection(group_expand="_expand_states")
    item_words = fields.Char(string="Items in Words", compute="_compute_item_words")
    lender_signed_on = fields.Datetime(compute="_compute_signed_on")
    borrower_signed_on = fields.Datetime(compute="_compute_signed_on")
    deposit_amount = fields.Monetary(
        compute="_compute_deposit", help="Of the one that is asked or held, or was."
    )
    deposit_state = fields.Selection(
        selection=lambda s: (
            s.env["ess.loan.deposit"]._fields["state"]._description_selection(s.env)
        ),
        string="State of the Deposit",
        compute="_compute_deposit",
    )
    days_late = fields.Integer(
        compute="_compute_days_late", help="Days that have begun since the agreed end."
    )
    extension_asked = fields.Boolean(
        string="Extension to Answer", compute="_compute_extension_asked"
    )
    damage_count = fields.Integer(compute="_compute_desk_counts")
    disruption_count = fields.Integer(compute="_compute_desk_counts")
    disrupted = fields.Boolean(
        compute="_compute_disrupted",
        help="Something it lends is not there as agreed, and nobody has chosen yet.",
    )
    exchange_count = fields.Integer(compute="_compute_exchange_count")
    missing = fields.Text(
        compute="_compute_missing", help="What is missing before the hand-over."
    )

    # === COMPUTE METHODS === #

    @api.model
    def _expand_states(self, states, _domain):
        """Columns of the board in the order of a loan's life, empty ones as well."""
        order = [key for key, _label in STATES]
        return [key for key in order if key in LIVE or key in states]

    @api.depends("kind", "booking_ids.quantity", "booking_ids.asset_id.name")
    @api.depends_context("lang")
    def _compute_item_words(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for loan in self:
            if loan.kind == "staff":
                loan.item_words = kinds["staff"]
                continue
            loan.item_words = ", ".join(
                f"{booking.quantity} × {booking.asset_id.name}"
                if booking.quantity > 1
                else booking.asset_id.name
                for booking in loan.booking_ids
                if booking.state not in ("cancelled", "refused")
            )

    @api.depends("signature_ids.side", "signature_ids.voided_on")
    def _compute_signed_on(self):
        for loan in self:
            live = loan.signature_ids.filtered(lambda s: not s.voided_on)
            signed = {signature.side: signature.signed_on for signature in live}
            loan.lender_signed_on = signed.get("lender")
            loan.borrower_signed_on = signed.get("borrower")

    @api.depends("deposit_ids.state", "deposit_ids.amount")
    def _compute_deposit(self):
        for loan in self:
            live = loan.deposit_ids.filtered(lambda d: d.state in ("asked", "held"))
            deposit = (live or loan.deposit_ids)[:1]
            loan.deposit_amount = deposit.amount
            loan.deposit_state = deposit.state

    @api.depends("state", "stop")
    def _compute_days_late(self):
        now = fields.Datetime.now()
        for loan in self:
            loan.days_late = (now - loan.stop).days + 1 if loan.is_late else 0

    @api.depends("extension_ids.state")
    def _compute_extension_asked(self):
        for loan in self:
            loan.extension_asked = "asked" in loan.extension_ids.mapped("state")

    @api.depends(
        "damage_ids.disruption_ids", "disruption_ids", "booking_ids.disruption_ids"
    )
    def _compute_desk_counts(self):
        for loan in self:
            loan.damage_count = len(loan.damage_ids)
            loan.disruption_count = len(loan._disruptions())

    @api.depends("booking_ids.disruption_ids.state")
    def _compute_disrupted(self):
        for loan in self:
            loan.disrupted = "open" in loan.booking_ids.disruption_ids.mapped("state")

    def _disruptions(self):
        """Bookings of others that it breaks, and its own that others break."""
        return (
            self.disruption_ids
            | self.damage_ids.disruption_ids
            | self.booking_ids.disruption_ids
        )

    @api.depends("state")
    def _compute_missing(self):
        for loan in self:
            loan.missing = "\n".join(
                loan._ready_reasons() if loan.state in ("to_sign", "signed") else []
            )

    def _compute_exchange_count(self):
        for loan in self:
            loan.exchange_count = self.env["ess.exchange"].search_count(
                loan._exchange_domain()
            )

    def _exchange_domain(self):
        """Everything that was owed or given because of this loan."""
        return fields.Domain.OR(
            [(f"{origin}.loan_id", "in", self.ids)]
            for origin in ("booking_id", "damage_id", "deposit_id", "staff_loan_id")
        )

    # === ACTIONS === #

    def _view_of(self, xmlid, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"ess_mutualisation.{xmlid}"
        )
        return {**action, "domain": domain, "context": {}}

    def action_view_exchanges(self):
        self.ensure_one()
        return self._view_of("ess_exchange_action", list(self._exchange_domain()))

    def action_view_damages(self):
        self.ensure_one()
        return self._view_of("ess_loan_damage_action", [("loan_id", "=", self.id)])

    def action_view_disruptions(self):
        self.ensure_one()
        found = self._disruptions()
        return self._view_of("ess_loan_disruption_action", [("id", "in", found.ids)])

    def action_view_staff(self):
        """The person, the hours, the papers and the bill of a loan of staff time."""
        self.ensure_one()
        return self._view_of("ess_staff_loan_action", [("loan_id", "=", self.id)])

    def action_view_document(self):
        """Download the signed agreement, for who may read the loan."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.document_id.id}?download=true",
            "target": "download",
        }

    def action_open_portal(self):
        """The page that both sides see."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.access_url, "target": "new"}
