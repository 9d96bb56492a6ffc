"""Two keys on the same costs, side by side, before a vote."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cost import CostCommon


@tagged("post_install", "-at_install")
class TestCostCompare(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._key("equal")
        cls.pool = cls._pool(cls.key)
        cls._bills(
            cls.pool,
            [("2026-01-28", "Rent", 1000.0), ("2026-03-15", "Electricity", 0.01)],
        )

    def test_compare_two_keys(self):
        """Side by side on the same costs, also those that a run has taken already."""
        other = self._key("parts", {self.fabrique: 2, self.phare: 1, self.semeurs: 1})
        self._posted(self.pool)
        wizard = (
            self.env["ess.cost.compare"]
            .with_user(self.accountant)
            .create({"pool_id": self.pool.id})
        )
        self.assertEqual(str(wizard.date_to), "2026-12-31")
        wizard.version_ids = self.key.version_ids
        with self.assertRaisesRegex(UserError, "at least two"):
            wizard.action_compare()
        wizard.version_ids |= other.version_ids
        action = wizard.action_compare()
        shares = self.env["ess.cost.share"].search(action["domain"])
        self.assertEqual(len(shares), 6)
        half = shares.filtered(lambda s: s.version_id == other.version_ids)
        self.assertEqual(
            self._cents(half), {"Fabrique": 50001, "Phare": 25000, "Semeurs": 25000}
        )
        self.assertFalse(any(shares.run_id.source_ids.mapped("live")))
        with self.assertRaisesRegex(UserError, "is a simulation"):
            shares.run_id[0].with_user(self.second).action_approve()
