from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestSettlementCosts(CostCommon):
    """A depot called month by month and trued up at the year's end, in the books."""

    def _settled(self, date_from, date_to):
        settlement = self.env["ess.settlement"].with_user(self.accountant)
        settlement = settlement.create({"date_from": date_from, "date_to": date_to})
        settlement.action_prepare()
        self.assertFalse(
            settlement.issue_ids.filtered(lambda i: i.severity == "1_blocking"),
            settlement.issue_ids.mapped("message"),
        )
        settlement.action_post()
        return settlement

    def test_advances_and_true_up_are_invoiced_to_the_cent(self):
        """1,000.00 called, 1,234.56 spent, by 1, 2 and 4 sevenths.

        By autumn each month was invoiced; in January the share of the year is, less
        what was called: the invoices of the year are the share.
        """
        weights = {self.fabrique: 1, self.phare: 2, self.semeurs: 4}
        pool = self._pool(self._key("parts", weights))
        budget = self.env["ess.cost.budget"].create(
            {
                "pool_id": pool.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "amount": 1000.0,
            }
        )
        budget.with_user(self.accountant).action_plan()
        budget.call_ids.with_user(self.accountant).action_call()
        self.startPatcher(freeze_time("2026-10-01 09:00:00"))
        autumn = self._settled("2026-01-01", "2026-09-30")
        lines = autumn.move_ids.invoice_line_ids
        self.assertEqual(len(lines), 27, "nine months, three members")
        self.assertEqual(set(lines.mapped("tax_ids")), set(self.regime.tax_ids))

        self._bills(pool, [("2026-05-01", "Rent", 1234.56)])
        run = self._posted(pool)
        self.startPatcher(freeze_time("2027-01-15 09:00:00"))
        winter = self._settled("2026-10-01", "2026-12-31")
        moves = (autumn | winter).move_ids
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        for share in run.share_ids:
            own = moves.filtered(lambda m, s=share: m.partner_id == s.entity_id)
            self.assertEqual(
                round(sum(own.mapped("amount_untaxed_signed")), 2), share.amount
            )
            items = winter.item_ids.filtered(
                lambda i, s=share: i.receiver_id == s.entity_id and not i.amount == 0
            )
            self.assertEqual(sorted(set(items.mapped("nature"))), ["advance", "share"])
        total = round(sum(moves.mapped("amount_untaxed_signed")), 2)
        self.assertEqual(total, 1234.56)
        # the invoices are on the pool's account too, and are no costs of it
        self.assertTrue(moves.line_ids.analytic_line_ids)
        anew = self._run(pool, compute=False)
        with self.assertRaisesRegex(
            UserError, "Nothing to split: Depot has no posted cost"
        ):
            anew.with_user(self.accountant).action_compute()
