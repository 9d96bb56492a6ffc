from odoo import models

from .settlement_plan import PlannedLine


class SettlementDeposit(models.Model):
    """Lines of exchanges that stand on an account of their own, without product or tax.

    What is held for somebody is no income: it stands on the account that the company
    has chosen until it is given back or passed on.
    """

    _inherit = "ess.settlement"

    def _plan_line(self, document, exchanges, journal, cents):
        if not exchanges[0]._is_held():
            return super()._plan_line(document, exchanges, journal, cents)
        nothing = self.env["account.tax"]
        return PlannedLine(
            exchanges=exchanges,
            product=self.env["product.product"],
            decided=nothing,
            taxes=nothing,
            account=self.company_id.ess_deposit_account_id,
            cents=cents,
            quantity=1.0,
            price_unit=self._from_cents(cents),
        )

    def _line_issues(self, document, line):
        if not line.exchanges[0]._is_held():
            yield from super()._line_issues(document, line)
        elif not line.account:
            exchange = line.exchanges[0]
            yield self._issue(
                "no_deposit_account",
                self.env._(
                    "%(exchange)s: %(company)s has no account for deposits that it "
                    "holds; choose one in its settings.",
                    exchange=exchange.display_name,
                    company=self.company_id.display_name,
                ),
                self.company_id,
                exchange,
            )
        elif not line.account.active:
            exchange = line.exchanges[0]
            yield self._issue(
                "no_deposit_account",
                self.env._(
                    "%(exchange)s: the account for deposits, %(account)s, is archived; "
                    "choose another one.",
                    exchange=exchange.display_name,
                    account=line.account.display_name,
                ),
                line.account,
                exchange,
            )
