"""The freeze decides once, from the raw commitments, and can be decided again."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_round import RoundCommon


@tagged("post_install", "-at_install")
class TestRoundFreeze(RoundCommon):
    def _three_commit(self):
        """Flour: 10 + 8 + 4 asked, 3 tolerated: 24, the price falls to 27."""
        self.round.action_open()
        self.one = self._commit(self.flour, self.phare, 10, tolerance=2)
        self.two = self._commit(self.flour, self.semeurs, 8, tolerance=1)
        self.three = self._commit(
            self.flour, self.fabrique, 4, has_ceiling=True, ceiling=27.5
        )

    def test_what_is_decided(self):
        self._three_commit()
        self.round.action_close()
        self.assertEqual(self.round.state, "closed")
        self.assertEqual((self.flour.ordered, self.flour.unit_price), (24, 27.0))
        commitments = self.one | self.two | self.three
        self.assertEqual(commitments.mapped("allotted"), [11, 9, 4])
        self.assertEqual(
            self.one._why(),
            "11, 1 more than the 10 asked for and "
            "within the tolerance of 2: this fills the last carton of "
            "12.",
        )
        self.assertEqual(
            self.three._why(), "4: what was asked for, at 27.00\u00a0€ each."
        )
        self.assertEqual(self.flour.supplier_id.state, "ok")
        self.assertEqual(self.flour.supplier_id.amount, 648)
        self.assertEqual(self.flour.supplier_id.weight, 600)

    def test_a_frozen_round_is_decided_again(self):
        self._three_commit()
        self.round.action_close()
        self.env.invalidate_all()
        self.assertEqual(self.round._replay(), [])
        self.assertRegex(self.round.frozen_hash, "^[0-9a-f]{64}$")
        self.assertEqual(
            self.round.action_verify()["params"]["message"],
            "Decided again from the stored commitments: the same result.",
        )
        self.one.allotted = 12
        with self.assertRaisesRegex(UserError, "was allotted 11.*but 12"):
            self.round.action_verify()
        facts = self.round.frozen_input
        facts["offers"][0]["commitments"][0][2] += 12
        self.round.frozen_input = facts
        with self.assertRaisesRegex(UserError, "hash(.|\n)*another result"):
            self.round.action_verify()

    def test_nothing_changes_after_the_freeze(self):
        self._three_commit()
        self.round.action_close()
        for act in (
            lambda: self.one.write({"want": 3}),
            lambda: self.two.action_withdraw(),
            lambda: self._commit(self.soap, self.phare, 1),
            lambda: self.round.action_close(),
            lambda: self.flour.write({"carton": 6}),
            lambda: self.flour.tier_ids[0].write({"price": 1}),
        ):
            with self.assertRaisesRegex(UserError, "January is closed"):
                act()
