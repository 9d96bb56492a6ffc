from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

BLOCKING, WARNING = "1_blocking", "2_warning"
NAMED = 5
"""So many things are named in one sentence; of the others, their number."""


class SettlementIssues(models.Model):
    """What is missing before a settlement can be posted: one sentence each."""

    _inherit = "ess.settlement"

    def _find_issues(self, plan):
        """:return: values of `ess.settlement.issue`, the blocking ones first"""
        issues = [
            *self._exchange_issues(plan),
            *self._document_issues(plan),
            *self._partner_issues(plan),
            *self._clearing_issues(plan),
            *self._lock_issues(plan, self.date),
            *self._bill_issues(),
            *self._period_issues(),
        ]
        return sorted(issues, key=lambda issue: issue["severity"])

    def _check_no_blocking_issue(self, plan):
        messages = [
            issue["message"]
            for issue in self._find_issues(plan)
            if issue["severity"] == BLOCKING
        ]
        if messages:
            raise UserError("\n".join(messages))

    def _issue(self, code, message, where, exchange=None, severity=BLOCKING):
        return {
            "code": code,
            "severity": severity,
            "message": message,
            "exchange_id": exchange.id if exchange else False,
            "res_model": where._name if where else False,
            "res_id": where[:1].id if where else False,
        }

    def _named(self, names):
        """'A, B, C, D, E and 3 more'"""
        shown = ", ".join(names[:NAMED])
        if len(names) <= NAMED:
            return shown
        return self.env._(
            "%(names)s and %(count)s more", names=shown, count=len(names) - NAMED
        )

    # === EXCHANGES === #

    def _exchange_issues(self, plan):
        for exchange in plan.exchanges:
            if exchange.currency_id != self.currency_id:
                yield self._issue(
                    "foreign_currency",
                    self.env._(
                        "%(exchange)s is in %(foreign)s: a settlement is in "
                        "%(currency)s, enter its amounts in that currency.",
                        exchange=exchange.display_name,
                        foreign=exchange.currency_id.name,
                        currency=self.currency_id.name,
                    ),
                    exchange,
                    exchange,
                )

    # === LINES OF INVOICES AND BILLS === #

    def _document_issues(self, plan):
        for document in plan.documents:
            for line in document.lines:
                yield from self._line_issues(document, line)
            if document.untaxed_cents != document.cents:
                yield self._issue(
                    "tax_included",
                    self.env._(
                        "%(partner)s: with taxes that are in the price its document "
                        "would be %(found)s untaxed, not %(amount)s: choose taxes that "
                        "are added to the price.",
                        partner=document.partner.display_name,
                        found=self._words(document.untaxed_cents),
                        amount=self._words(document.cents),
                    ),
                    document.lines[0].taxes[:1],
                )

    def _words(self, cents):
        return formatLang(
            self.env, self._from_cents(cents), currency_obj=self.currency_id
        )

    def _line_issues(self, document, line):
        exchange = line.exchanges[0]
        if not line.product:
            yield self._issue(
                "no_product",
                self.env._(
                    "%s has no product: the product says the account and the taxes of "
                    "its line.",
                    exchange.display_name,
                ),
                exchange,
                exchange,
            )
            return
        names = {
            "exchange": exchange.display_name,
            "product": line.product.display_name,
        }
        if not line.decided:
            yield self._issue(
                "no_tax",
                self.env._(
                    "%(exchange)s: no tax is decided, neither on the exchange nor on "
                    "the product %(product)s (a tax of zero is a decision too).",
                    **names,
                )
                if document.kind == "invoice"
                else self.env._(
                    "%(exchange)s: no purchase tax is decided, neither on the exchange "
                    "nor on the product %(product)s (a tax of zero is a decision too).",
                    **names,
                ),
                line.product,
                exchange,
            )
        archived = line.decided.filtered(lambda tax: not tax.active)
        if archived:
            yield self._issue(
                "tax_archived",
                self.env._(
                    "%(exchange)s: the tax %(tax)s, which was decided for it, is "
                    "archived: decide on another one.",
                    exchange=exchange.display_name,
                    tax=archived[0].name,
                ),
                exchange,
                exchange,
            )
        if not line.account:
            yield self._issue(
                "no_account",
                self.env._(
                    "%(exchange)s: the product %(product)s has no income account, nor "
                    "has its category or the journal.",
                    **names,
                )
                if document.kind == "invoice"
                else self.env._(
                    "%(exchange)s: the product %(product)s has no expense account, nor "
                    "has its category or the journal.",
                    **names,
                ),
                line.product,
                exchange,
            )

    # === PARTNERS, JOURNALS, CLEARING === #

    def _partner_issues(self, plan):
        for kind in ("invoice", "bill"):
            documents = [d for d in plan.documents if d.kind == kind]
            if documents and not plan.journals[kind]:
                yield self._issue(
                    "no_journal",
                    self.env._("There is no sales journal for the invoices.")
                    if kind == "invoice"
                    else self.env._("There is no purchase journal for the bills."),
                    self.company_id,
                )
            for document in documents:
                partner = document.partner.commercial_partner_id
                if kind == "invoice" and not partner.property_account_receivable_id:
                    yield self._issue(
                        "no_receivable",
                        self.env._(
                            "%s has no receivable account.", partner.display_name
                        ),
                        partner,
                    )
                elif kind == "bill" and not partner.property_account_payable_id:
                    yield self._issue(
                        "no_payable",
                        self.env._("%s has no payable account.", partner.display_name),
                        partner,
                    )

    def _clears(self, plan):
        """Whether an entry is to be made between members."""
        return any(
            exchange.amount and self._kind(exchange) == "clearing"
            for exchange in plan.exchanges
        )

    def _clearing_issues(self, plan):
        if not self._clears(plan):
            return
        company, account = self.company_id, self.company_id.ess_clearing_account_id
        if not account:
            yield self._issue(
                "no_clearing_account",
                self.env._(
                    "The federation collects for the members, but %s has no clearing "
                    "account: choose a reconcilable one in its settings.",
                    company.display_name,
                ),
                company,
            )
        elif not (account.reconcile and account.active):
            yield self._issue(
                "no_clearing_account",
                self.env._(
                    "The clearing account %s has to be active and reconcilable: each "
                    "member has its balance on it.",
                    account.display_name,
                ),
                account,
            )
        if not plan.journals["clearing"]:
            yield self._issue(
                "no_journal",
                self.env._("There is no miscellaneous journal for the clearing entry."),
                company,
            )

    # === DATES === #

    def _lock_issues(self, plan, date):
        """Odoo would move the date out of a locked period without a word."""
        kinds = {document.kind for document in plan.documents}
        if not kinds and not self._clears(plan):
            return
        violations = self._violated_locks(
            date,
            sale="invoice" in kinds,
            purchase="bill" in kinds,
            tax=any(line.taxes for d in plan.documents for line in d.lines),
        )
        if violations:
            yield self._issue("locked", self._locked_sentence(date, violations), self)

    def _violated_locks(self, date, **kinds):
        """Locks with the exceptions that the user was granted, as Odoo posts."""
        return self.company_id._get_lock_date_violations(date, **kinds)

    def _locked_sentence(self, date, violations):
        last = max(lock_date for lock_date, __ in violations)
        return self.env._(
            "The accounting date %(date)s is in a locked period, %(locks)s: the first "
            "open day is %(open)s.",
            date=format_date(self.env, date),
            locks=self.env["res.company"]._format_lock_dates(violations),
            open=format_date(self.env, fields.Date.add(last, days=1)),
        )

    def _bill_issues(self):
        """Costs that are not posted yet are in no pool and in no accounts."""
        bills = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "in", ("in_invoice", "in_refund")),
                ("state", "=", "draft"),
                "|",
                "&",
                ("invoice_date", ">=", self.date_from),
                ("invoice_date", "<=", self.date_to),
                "&",
                ("invoice_date", "=", False),
                "&",
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            order="date, id",
        )
        if bills:
            names = [self._bill_words(bill) for bill in bills]
            yield self._issue(
                "unposted_bill",
                self.env._(
                    "Vendor bills of the period that are not posted: %s.",
                    self._named(names),
                ),
                bills,
                severity=WARNING,
            )

    def _bill_words(self, bill):
        total = formatLang(self.env, bill.amount_total, currency_obj=bill.currency_id)
        parts = [bill.partner_id.display_name, bill.ref or bill.name, total]
        return " ".join(part for part in parts if part)

    def _period_issues(self):
        if self.date_to >= fields.Date.context_today(self):
            yield self._issue(
                "period_open",
                self.env._(
                    "The period runs until %s: what is still to come is left for the "
                    "next settlement.",
                    format_date(self.env, self.date_to),
                ),
                self,
                severity=WARNING,
            )
        if self.include_earlier:
            return
        earlier = self.env["ess.exchange"].search_count(
            [*self._open_domain(), ("date", "<", self.date_from)]
        )
        if earlier:
            yield self._issue(
                "earlier_left",
                self.env._(
                    "%(count)s exchanges before %(date_from)s stay open: take earlier "
                    "ones too, or settle that period first.",
                    count=earlier,
                    date_from=format_date(self.env, self.date_from),
                ),
                self,
                severity=WARNING,
            )
