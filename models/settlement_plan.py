"""The documents that a settlement is going to make, before any of them is made.

A plan is drawn twice: when the settlement is prepared, to show taxes and what is
missing, and when it is posted, to make just that.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models
from odoo.tools import groupby
from odoo.tools.misc import format_date

# Of a price with taxes in it: cents are not enough to get the amount back out of it.
PRICE_DIGITS = 8


@dataclass
class PlannedLine:
    """One line of an invoice or bill: the exchanges of one product and origin."""

    exchanges: models.Model
    product: models.Model
    decided: models.Model  # taxes before the fiscal position
    taxes: models.Model
    account: models.Model
    cents: int
    quantity: float
    price_unit: float


@dataclass
class Document:
    """One invoice or credit note to a member, or one bill from it."""

    kind: str
    partner: models.Model
    position: models.Model
    lines: list[PlannedLine] = field(default_factory=list)
    tax_cents: int = 0
    """As on the document: negative on a credit note."""
    untaxed_cents: int = 0
    """What the tax engine makes of the prices; has to be the sum of the lines."""

    is_refund: bool = False
    """By its total with taxes: Odoo posts no document below zero."""

    @property
    def cents(self):
        return sum(line.cents for line in self.lines)

    @property
    def sign(self):
        return -1 if self.is_refund else 1

    @property
    def move_type(self):
        way = "out" if self.kind == "invoice" else "in"
        return f"{way}_refund" if self.sign < 0 else f"{way}_invoice"

    def priced(self, line):
        """:return: quantity and price as they read on this document"""
        quantity, price = line.quantity * self.sign, line.price_unit
        return (-quantity, -price) if quantity < 0 and price < 0 else (quantity, price)

    def facts(self):
        return [
            [self.kind, self.partner.id, self.position.id, self.tax_cents],
            [
                [line.product.id, line.taxes.ids, line.account.id, line.cents]
                for line in self.lines
            ],
        ]


@dataclass
class Plan:
    exchanges: models.Model
    documents: list[Document]
    journals: dict[str, models.Model]


class SettlementPlan(models.Model):
    """Which documents, which lines, at which prices and with which taxes."""

    _inherit = "ess.settlement"

    def _plan(self, exchanges):
        journals = self._find_journals()
        documents = []
        for kind in ("invoice", "bill"):
            taken = exchanges.filtered(lambda e, kind=kind: self._kind(e) == kind)
            party = "receiver_id" if kind == "invoice" else "provider_id"
            by_partner = taken.grouped(party)
            positions = self._fiscal_positions(taken[party])
            for partner in sorted(by_partner, key=lambda p: (p.name or "", p.id)):
                document = Document(kind, partner, positions[partner])
                document.lines = self._plan_lines(
                    document, by_partner[partner], journals[kind]
                )
                if document.lines:
                    self._compute_total(document)
                    documents.append(document)
        return Plan(exchanges, documents, journals)

    def _find_journals(self):
        """:return: {kind: the journal of the company, or the first of its type}"""
        company = self.company_id
        chosen = {
            "invoice": (company.ess_sale_journal_id, "sale"),
            "bill": (company.ess_purchase_journal_id, "purchase"),
            "clearing": (company.ess_clearing_journal_id, "general"),
        }
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "in", [journal_type for __, journal_type in chosen.values()]),
            ]
        )
        return {
            kind: journal
            if journal.active
            else journals.filtered(lambda j, t=journal_type: j.type == t)[:1]
            for kind, (journal, journal_type) in chosen.items()
        }

    def _fiscal_positions(self, partners):
        """As Odoo finds them, with one search for all partners."""
        model = self.env["account.fiscal.position"]
        automatic = model.search(
            [*model._check_company_domain(self.company_id), ("auto_apply", "=", True)]
        )
        return {
            partner: partner.property_account_position_id
            or (
                automatic._get_first_matching_fpos(partner)
                if partner.country_id
                else model
            )
            for partner in partners
        }

    # === LINES === #

    def _plan_lines(self, document, exchanges, journal):
        """An exchange and its counter-exchange meet in one line, or in none."""

        def key(exchange):
            origin = exchange._get_origin()
            return (
                origin._name,
                origin.id,
                exchange.nature,
                exchange.product_id.id,
                exchange.uom_id.id,
                tuple(exchange.tax_ids.ids),
                str(exchange.analytic_distribution or ""),
            )

        lines = []
        for __, group in groupby(exchanges, key):
            together = exchanges.browse([e.id for e in group]).sorted(
                lambda e: (e.date, e.id)
            )
            cents = sum(self._to_cents(e.amount) for e in together)
            if cents:
                lines.append(self._plan_line(document, together, journal, cents))
        return sorted(lines, key=lambda li: (li.exchanges[0].date, li.exchanges[0].id))

    def _plan_line(self, document, exchanges, journal, cents):
        first = exchanges[0]
        invoice = document.kind == "invoice"
        product = first.product_id
        decided = first.tax_ids
        if not decided:
            of_product = product.taxes_id if invoice else product.supplier_taxes_id
            decided = of_product._filter_taxes_by_company(self.company_id)
        taxes = document.position.map_tax(decided)
        accounts = product._get_product_accounts() if product else {}
        account = accounts.get("income" if invoice else "expense")
        account = account or journal.default_account_id
        line = PlannedLine(
            exchanges=exchanges,
            product=product,
            decided=decided,
            taxes=taxes,
            account=document.position.map_account(account),
            cents=cents,
            quantity=1.0,
            price_unit=self._from_cents(cents),
        )
        if any(tax.price_include for tax in taxes.flatten_taxes_hierarchy()):
            line.price_unit = self._price_with_taxes(line)
        else:
            self._make_readable(line)
        return line

    def _make_readable(self, line):
        """3 days × 40.00 rather than 1 × 120.00, where that is the amount exactly."""
        quantity = Decimal(str(sum(line.exchanges.mapped("quantity"))))
        if not quantity:
            return
        digits = self.env["decimal.precision"].precision_get("Product Price")
        unit = Decimal(1).scaleb(-digits)
        exact = Decimal(line.cents).scaleb(-self.currency_id.decimal_places)
        price = (exact / quantity).quantize(unit)
        if price * quantity == exact:
            line.quantity, line.price_unit = float(quantity), float(price)

    def _price_with_taxes(self, line):
        """The price whose untaxed part is the amount: some taxes are in the price."""
        amount = self._from_cents(line.cents)
        details = line.taxes._get_tax_details(
            price_unit=amount,
            quantity=1.0,
            precision_rounding=self.currency_id.rounding,
            rounding_method=self.company_id.tax_calculation_rounding_method,
            product=line.product,
            special_mode="total_excluded",
        )
        included = sum(
            tax["tax_amount"]
            for tax in details["taxes_data"]
            if tax["tax"].price_include
        )
        return round(amount + included, PRICE_DIGITS)

    def _line_name(self, document, line):
        """Which exchange, and its day as its reader writes it."""
        first = line.exchanges[0]
        lang = document.partner.lang or self.company_id.partner_id.lang
        return f"{first.name} ({format_date(self.env, first.date, lang_code=lang)})"

    # === TAXES === #

    def _compute_total(self, document):
        document.is_refund = document.cents < 0
        self._compute_taxes(document)
        if (document.cents + document.tax_cents) * document.sign < 0:
            # lines of several taxes: their bases and their total differ in sign
            document.is_refund = not document.is_refund
            self._compute_taxes(document)

    def _compute_taxes(self, document):
        """What the invoice is going to say, by the engine that Odoo's invoices use."""
        engine, company = self.env["account.tax"], self.company_id
        base_lines = []
        for line in document.lines:
            quantity, price_unit = document.priced(line)
            base_lines.append(
                engine._prepare_base_line_for_taxes_computation(
                    None,
                    partner_id=document.partner,
                    currency_id=self.currency_id,
                    product_id=line.product,
                    tax_ids=line.taxes,
                    account_id=line.account,
                    price_unit=price_unit,
                    quantity=quantity,
                    is_refund=document.sign < 0,
                )
            )
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        totals = engine._get_tax_totals_summary(base_lines, self.currency_id, company)
        for name, key in (
            ("untaxed_cents", "base_amount_currency"),
            ("tax_cents", "tax_amount_currency"),
        ):
            setattr(document, name, document.sign * self._to_cents(totals[key]))

    def _estimate(self, plan):
        """:return: {member: cents of tax that it owes the federation}"""
        taxes = {}
        for document in plan.documents:
            owed = document.tax_cents if document.kind == "invoice" else 0
            owes = document.tax_cents if document.kind == "bill" else 0
            taxes[document.partner] = taxes.get(document.partner, 0) + owed - owes
        return taxes
