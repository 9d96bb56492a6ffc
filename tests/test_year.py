"""A year of a federation from its spreadsheets to its books.

24 members, 134 assets, 2,330 bookings and a year of bills of the depot are
brought in, split, settled, and looked at as the accountant will in January: everything
ties out to the cent, and nothing is left to do.
"""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cost import CostData
from .test_import import ImportCase


def cents(amount):
    return round(amount * 100)


@tagged("post_install", "-at_install")
class TestYear(CostData, ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2027-02-15 09:00:00", tick=True))
        cls._set_up_costs()
        cls.company = cls.env.company
        cls.federation = cls.company.partner_id
        cls.company.ess_settlement_mode = "clearing"
        cls.company.ess_clearing_account_id = cls.env["account.account"].create(
            {
                "code": "467900",
                "name": "Clearing between members",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )

    def _sheets(self):
        self._import_members()
        self._import("assets.csv")
        self._import("bookings.csv")
        self.env["ess.booking"].search([("state", "=", "confirmed")]).action_done()
        return self.env["res.partner"].search([("ess_is_member", "=", True)])

    def _depot(self, members):
        """The pool of all members, by their budgets, with advances and its run."""
        key = self._key("parts", {m: m.ess_annual_budget for m in members})
        pool = self._pool(key, members)
        self._bills(pool, self._shared_bills())
        budget = self.env["ess.cost.budget"].create(
            {
                "pool_id": pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 60_000,
                "instalments": 12,
            }
        )
        budget.action_plan()
        for call in budget.call_ids:
            call.action_call()
        return self._posted(pool)

    def test_year_ties_out(self):
        members = self._sheets()
        self.assertEqual(len(members), 24)
        run = self._depot(members)
        spent = sum(amount for _day, _label, amount in self._shared_bills())
        self.assertEqual(cents(run.total), cents(spent))
        self.assertEqual(
            sum(cents(share.amount) for share in run.share_ids), cents(spent)
        )
        exchanges = self.env["ess.exchange"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertGreater(len(exchanges), 2000)

        settlement = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2027-02-14"}
        )
        settlement.action_prepare()
        self.assertFalse(
            settlement.issue_ids.filtered(lambda i: i.severity == "1_blocking")
        )
        settlement.action_post()
        self._check_invoices(settlement, exchanges, spent)
        self._check_clearing(settlement, exchanges)
        self._check_positions(settlement, members)
        self._check_trial_balance()
        self.assertFalse(exchanges.filtered(lambda e: e.state == "open"))

        again = self.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2027-02-14"}
        )
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            again.action_prepare()

    def _check_invoices(self, settlement, exchanges, spent):
        """Σ invoices = Σ exchanges provided by the federation = what the depot cost."""
        invoices = settlement.move_ids.filtered(lambda m: m.is_sale_document())
        self.assertEqual(len(invoices), 24)
        provided = exchanges.filtered(lambda e: e.provider_id == self.federation)
        invoiced = sum(cents(move.amount_untaxed_signed) for move in invoices)
        self.assertEqual(invoiced, sum(cents(e.amount) for e in provided))
        self.assertEqual(invoiced, cents(spent))
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        # both ways: each exchange knows its line, each line its exchanges
        lines = provided.settlement_item_ids.move_line_id
        self.assertEqual(lines.move_id, invoices)
        self.assertEqual(
            lines.ess_settlement_item_ids.exchange_id,
            provided.filtered("amount") & lines.ess_settlement_item_ids.exchange_id,
        )

    def _check_clearing(self, settlement, exchanges):
        """What members owe each other is on the clearing account, member by member."""
        account = self.company.ess_clearing_account_id
        entry = settlement.move_ids.filtered(lambda m: m.move_type == "entry")
        self.assertEqual(entry.line_ids.account_id, account)
        balances = {}
        for line in entry.line_ids:
            balances[line.partner_id] = balances.get(line.partner_id, 0) + cents(
                line.balance
            )
        expected = dict.fromkeys(balances, 0)
        for exchange in exchanges.filtered(lambda e: e.booking_id):
            for party, sign in ((exchange.receiver_id, 1), (exchange.provider_id, -1)):
                if exchange.amount:
                    expected[party] = expected.get(party, 0) + sign * cents(
                        exchange.amount
                    )
        self.assertEqual(balances, expected)

    def _check_positions(self, settlement, members):
        self.assertEqual(settlement.line_ids.entity_id, members | self.federation)
        self.assertEqual(sum(cents(line.net) for line in settlement.line_ids), 0)
        self.assertEqual(sum(cents(line.balance) for line in settlement.line_ids), 0)

    def _check_trial_balance(self):
        """Debit equals credit over all posted entries of the company."""
        ((debit, credit),) = self.env["account.move.line"]._read_group(
            [("parent_state", "=", "posted"), ("company_id", "=", self.company.id)],
            [],
            ["debit:sum", "credit:sum"],
        )
        self.assertTrue(debit)
        self.assertEqual(cents(debit), cents(credit))
