"""A year of a real pool: 96 bills, 24 members, five keys, to the cent each time."""

import csv
import io
from datetime import date
from fractions import Fraction

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open

from ..tools.apportionment import apportion
from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostYear(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls._twenty_four()
        cls.pool = cls._pool(cls._key("equal"), cls.members, name="Dépôt commun")
        rows = cls._shared_bills()
        cls.cents = round(sum(amount for _day, _label, amount in rows) * 100)
        labels = sorted({label for _day, label, _amount in rows})
        cls.products = {label: cls._cost_product(label) for label in labels}
        cls.bills = cls._bills(cls.pool, [(*row, cls.products[row[1]]) for row in rows])
        # one left in March, one came in July
        cls.gone, cls.new = cls.members[3], cls.members[17]
        cls._membership(cls.pool, cls.gone).date_to = "2026-03-31"
        cls._membership(cls.pool, cls.new).date_from = "2026-07-01"

    @classmethod
    def _twenty_four(cls):
        path = "ess_mutualisation/demo/sheets/members.csv"
        with file_open(path, "rb") as stream:
            text = stream.read().decode("utf-8-sig")
        return cls.env["res.partner"].create(
            [
                {
                    "name": row["Structure"].strip(),
                    "is_company": True,
                    "ess_is_member": True,
                    "ess_headcount": float(row["Salariés (ETP)"].replace(",", ".")),
                    "ess_annual_budget": float(row["Budget annuel"].replace(",", ".")),
                }
                for row in csv.DictReader(io.StringIO(text), delimiter=";")
            ]
        )

    # === FIVE KEYS === #

    def _by_budget(self):
        key = self._key("indicator", indicator="budget")
        self.pool.key_id = key
        key.version_ids._fill_from_members()
        return key

    def _by_parts(self):
        return self._key("parts", {m: 1 + i % 7 for i, m in enumerate(self.members)})

    def _by_use(self, kind="usage", **vals):
        """Readings on the last day of March: all 24 are there but the new one."""
        key = self._key(kind, measure="reading", **vals)
        self.env["ess.cost.reading"].create(
            [
                {
                    "key_id": key.id,
                    "entity_id": member.id,
                    "date": "2026-03-31",
                    "quantity": 10.1 * index,
                }
                for index, member in enumerate(self.members)
                if member != self.new
            ]
        )
        return key

    def _by_need(self):
        key = self._key("components")
        for index, product in enumerate(self.products.values()):
            key.version_ids.component_ids = [
                Command.create(
                    {
                        "name": product.name,
                        "product_ids": [Command.set(product.ids)],
                        "entity_ids": [Command.set(self.members[index::3].ids)],
                    }
                )
            ]
        return key

    def _check_year(self, key):
        """The run of the year: all bills, all sums, each share within a cent."""
        self.pool.key_id = key
        total = sum(self.bills.mapped("amount_untaxed"))
        self.assertEqual(round(total * 100), self.cents)
        run = self._run(self.pool)
        shares = run.share_ids
        self.assertEqual(len(run.source_ids), 96)
        self.assertEqual(sum(self._all_cents(shares).values()), self.cents)
        self.assertEqual(sum(Fraction(s.exact) for s in shares), self.cents)
        for share in shares:
            self.assertLess(abs(share.amount * 100 - Fraction(share.exact)), 1)
            self.assertIn("Your share: ", share.explanation)
        return run

    def _all_cents(self, shares, field="amount"):
        return {s.entity_id.id: round(s[field] * 100) for s in shares}

    def test_equal(self):
        run = self._check_year(self.pool.key_id)
        # by days: 90 for who left, 184 for who came, 365 for 22 others
        days = {s.entity_id.id: s.days for s in run.share_ids}
        self.assertEqual(days[self.gone.id], 90)
        self.assertEqual(days[self.new.id], 184)
        self.assertEqual(self._all_cents(run.share_ids), apportion(self.cents, days))

    def test_budget(self):
        self._check_year(self._by_budget())

    def test_parts(self):
        self._check_year(self._by_parts())

    def test_use(self):
        run = self._check_year(self._by_use())
        self.assertEqual(self._share(run, self.new).amount, 0)

    def test_two_parts_capped(self):
        """Nobody above 1/6 of all costs, which is what each would pay alone."""
        self.pool.member_ids.standalone_cost = self.cents / 100 / 6
        key = self._by_use("two_part", fixed_percent=33.33, is_capped=True)
        run = self._check_year(key)
        for share in run.share_ids:
            self.assertLessEqual(share.amount, share.standalone)

    def test_need(self):
        self._check_year(self._by_need())

    # === ADVANCES === #

    def _check_advances(self, key):
        """Σ calls + true-up = annual share, per member and in total."""
        self.pool.key_id = key
        budget = self.env["ess.cost.budget"].create(
            {
                "pool_id": self.pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 60000.01,
            }
        )
        budget.action_plan()
        calls = budget.call_ids
        self.assertEqual(round(sum(calls.mapped("total")) * 100), 6000001)
        calls.action_call()
        run = self._posted(self.pool)
        exchanges = self.env["ess.exchange"].search([])
        for share in run.share_ids:
            own = exchanges.filtered(lambda e, s=share: e.receiver_id == s.entity_id)
            self.assertEqual(
                round(sum(own.mapped("amount")) * 100), round(share.amount * 100)
            )
            called = own.call_line_id.mapped("amount")
            self.assertEqual(
                round((sum(called) + share.due) * 100), round(share.amount * 100)
            )
        self.assertEqual(round(sum(exchanges.mapped("amount")) * 100), self.cents)
        taken_back = self._all_cents(run.share_ids, "called")
        self.assertEqual(sum(taken_back.values()), 6000001)

    def test_advances_by_days(self):
        self._check_advances(self.pool.key_id)

    def test_advances_by_budget(self):
        self._check_advances(self._by_budget())

    # === TWELVE MONTHS === #

    def test_twelve_months_are_the_year(self):
        """Whoever left is not there any more; all together it is the annual split."""
        self.pool.key_id = self._by_parts()
        self.pool.period = "month"
        runs = self.env["ess.cost.run"]
        exact = {}
        for month in range(1, 13):
            first, last = self.pool._period(date(2026, month, 1))
            run = self._posted(self.pool, first, last)
            self.assertEqual(
                sum(self._all_cents(run.share_ids).values()), round(run.total * 100)
            )
            runs |= run
        cents = {}
        for share in runs.share_ids:
            key = share.entity_id.id
            cents[key] = cents.get(key, 0) + round(share.amount * 100)
            exact[key] = exact.get(key, 0) + Fraction(share.exact)
        self.assertEqual(sum(cents.values()), self.cents)
        self.assertEqual(cents, apportion(self.cents, exact))
        self.assertEqual(runs._verify_chain(), [])
