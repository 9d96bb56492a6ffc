"""Buying together on a phone: commit, see the price come nearer, get it, collect it."""

from odoo.fields import Datetime
from odoo.tests import tagged

from .test_portal_rounds import RoundPortalCase


@tagged("post_install", "-at_install")
class TestToursRounds(RoundPortalCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_from_the_commitment_to_the_goods(self):
        """10 bags, 2 more if need be, at 28 at most; at 24 bags the price is 27."""
        self.round.host_id = self.fabrique
        self.env["ess.round.slot"].create(
            {
                "round_id": self.round.id,
                "start": Datetime.add(Datetime.now(), days=8),
                "stop": Datetime.add(Datetime.now(), days=8, hours=1),
                "places": 2,
            }
        )
        self.start_tour("/my", "ess_rounds_commit", login="borrower")
        mine = self.mine(self.flour)
        self.assertEqual((mine.want, mine.tolerance, mine.ceiling), (10, 2, 28))

        self._commit(self.flour, self.semeurs, 12)
        self.start_tour(self.url, "ess_rounds_nearer", login="borrower")

        self.close()
        self.assertEqual((mine.allotted, self.flour.ordered), (12, 24))
        self.start_tour(f"{self.url}/result", "ess_rounds_result", login="borrower")
        self.assertEqual(self.round.collection_ids.entity_id, self.phare)

        self.round.action_order()
        self.flour._receive(24)
        self.start_tour(f"{self.url}/result", "ess_rounds_collect", login="lender")
        self.assertEqual(mine.collected, 12)
