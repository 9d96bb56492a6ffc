from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EssCommon


@tagged("post_install", "-at_install")
class TestReciprocity(EssCommon):
    """January: days, half-days, hours and uses go round, each counted by itself.

    La Fabrique lends its van for 3 days and its hall for half a day; Le Phare lends a
    laser cutter for 4 hours; Les Semeurs' caravan serves twice, for free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hall = cls._asset("Hall", price=30, price_unit="half_day")
        cls.laser = cls._asset("Laser", cls.phare, price=12.5, price_unit="hour")
        cls.caravan = cls._asset("Caravan", cls.semeurs, price=25, price_unit="use")
        cls._use(cls.van, cls.phare, "2026-01-12 09:00", "2026-01-15 09:00")
        cls._use(cls.hall, cls.semeurs, "2026-01-12 09:00", "2026-01-12 12:00")
        cls._use(cls.laser, cls.fabrique, "2026-01-13 09:00", "2026-01-13 13:00")
        for day in (19, 21):
            cls._use(
                cls.caravan,
                cls.phare,
                f"2026-01-{day} 09:00",
                f"2026-01-{day} 12:00",
                0,
            )
        cls.report = cls.env["ess.reciprocity"]

    @classmethod
    def _use(cls, asset, entity, start, stop, amount=None):
        booking = cls._booking(asset, start, stop, entity)
        booking.action_request()
        with cls.at("2026-01-31 12:00:00"):
            booking.action_done()
        if amount is not None:
            booking.exchange_ids.amount = amount
        return booking.exchange_ids

    def _balances(self, member):
        return {
            one["unit"]: (one["gave"], one["received"], one["balance"])
            for one in member._ess_reciprocity()[member]
        }

    def test_each_unit_by_itself(self):
        self.assertEqual(
            self._balances(self.fabrique), {"Hours": (0, 4, -4), "Days": (3.5, 0, 3.5)}
        )
        self.assertEqual(
            self._balances(self.phare),
            {"Hours": (4, 0, 4), "Days": (0, 3, -3), "Uses": (0, 2, -2)},
        )
        self.assertEqual(
            self._balances(self.semeurs), {"Days": (0, 0.5, -0.5), "Uses": (2, 0, 2)}
        )

    def test_free_use_counts_with_its_value_and_is_a_saving(self):
        uses = {one["unit"]: one for one in self.phare._ess_reciprocity()[self.phare]}[
            "Uses"
        ]
        self.assertEqual((uses["value"], uses["saving"]), (-50, 50))
        gave = self.semeurs._ess_reciprocity()[self.semeurs][-1]
        self.assertEqual((gave["value"], gave["saving"]), (50, 0))

    def test_several_units_are_never_added_up(self):
        """A sum over days and hours is empty; by unit, all parties make 0."""
        [(mixed, value)] = self.report._read_group(
            [], [], ["quantity:sum", "value:sum"]
        )
        self.assertFalse(mixed)
        self.assertEqual(value, 0)
        by_unit = self.report._read_group(
            [], ["unit"], ["quantity:sum", "gave:sum", "received:sum"]
        )
        self.assertEqual(
            {unit: figures for unit, *figures in by_unit},
            {"Days": [0, 3.5, 3.5], "Hours": [0, 4, 4], "Uses": [0, 2, 2]},
        )
        days = self.report._read_group([("kind", "=", "day")], [], ["gave:sum"])
        self.assertEqual(days, [(3.5,)])

    def test_correction_gives_it_back(self):
        exchange = self.env["ess.exchange"].search([("asset_id", "=", self.laser.id)])
        exchange._make_counter("The laser was broken")
        self.assertEqual(self._balances(self.fabrique)["Hours"], (0, 0, 0))

    def test_money_by_itself(self):
        """Costs carried together have no unit but the money, though they are 1 unit."""
        exchange = self.env["ess.exchange"].search([("asset_id", "=", self.hall.id)])
        exchange.write(
            {"nature": "share", "uom_id": self.env.ref("uom.product_uom_unit").id}
        )
        self.assertEqual(
            self._balances(self.semeurs)["EUR"][1:], (exchange.amount, -exchange.amount)
        )

    def test_one_circle_for_each_exchange(self):
        """In two circles both, they exchange in the narrower one; sums add up."""
        narrow = self.env["ess.circle"].create({"name": "Neighbours"})
        (self.fabrique | self.phare).write({"ess_circle_ids": [(4, narrow.id)]})
        # the laser is lent in the wide one still, then in both
        self._use(self.laser, self.fabrique, "2026-01-26 09:00", "2026-01-26 11:00")
        self.laser.circle_ids |= narrow
        self._use(self.laser, self.fabrique, "2026-01-27 09:00", "2026-01-27 10:00")
        hours = self.report._read_group(
            [("kind", "=", "hour")], ["circle_id"], ["gave:sum"]
        )
        self.assertEqual(hours, [(self.circle, 6), (narrow, 1)])
        found = self.report.search([("circle_ids", "in", narrow.ids)])
        self.assertEqual(found.entity_id, self.fabrique | self.phare)
        self.assertEqual(
            self.report.search_count([("circle_ids", "in", narrow.ids)]), 11
        )

    def test_federation_is_in_all_circles(self):
        exchange = self.env["ess.exchange"].search([("asset_id", "=", self.hall.id)])
        exchange.provider_id = self.env.company.partner_id
        self.assertEqual(exchange.circle_id, self.circle)

    def test_who_reads(self):
        accountant = self._internal("rec-ac", "ess_mutualisation.group_accountant")
        mine = self.report.with_user(accountant).search([])
        self.assertEqual(len(mine), 10)
        member = self.phare.with_user(accountant)
        self.assertEqual(member.ess_reciprocity, "+4 Hours · −3 Days · −2 Uses")
        found = self.report.search(member.action_ess_reciprocity()["domain"])
        self.assertEqual(found.entity_id, self.phare)
        stranger = self._volunteer(self.semeurs, "rec-third")
        with self.assertRaises(AccessError):
            self.report.with_user(stranger).search([]).read(["quantity"])
        employee = self._internal("rec-employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.phare.with_user(employee).read(["ess_reciprocity"])

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["uom.uom"].search([]).flush_recordset()
        rows = self.report.with_context(lang="fr_FR")._read_group([], ["kind"])
        self.assertEqual(len(rows), 3)

    def test_constant_queries(self):
        self.phare._ess_reciprocity()
        members = self.phare | self.fabrique | self.semeurs
        for group in (self.phare, members):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(6):
                group._ess_reciprocity()

    def test_other_companies_are_apart(self):
        other = self.env["res.company"].create({"name": "Another federation"})
        accountant = self._internal("rec-other", "ess_mutualisation.group_accountant")
        accountant.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.report.with_user(accountant).search([]))
        self.assertEqual(
            self.phare.with_user(accountant)._ess_reciprocity(), {self.phare: []}
        )
