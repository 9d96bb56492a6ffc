"""Another smallest amount for an offer: 500 g instead of a kilo, at the same price."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_round import RoundCommon


@tagged("post_install", "-at_install")
class TestRoundStep(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.comte = cls._product(
            "Comté affiné", default_code="COM", uom_id=cls.kilo.id, weight=1
        )
        cls._seller(cls.comte, 0, 16.50)
        cls._seller(cls.comte, 20, 15)
        cls.cheese = cls.round._take_vendor_prices(cls.nord, cls.comte)

    @classmethod
    def _seller(cls, product, start, price, uom=None):
        return cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.nord.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "min_qty": start,
                "price": price,
                "product_uom_id": (uom or product.uom_id).id,
            }
        )

    def _tiers(self, offer):
        """[(from in the unit, price of one unit)] as the round decides with them"""
        tiers = offer.tier_ids.sorted("from_quantity")
        return [
            (
                float(t.from_quantity * offer._step()),
                float(t._step_price() / offer._step()),
            )
            for t in tiers
        ]

    def test_the_price_of_a_kilo_stays(self):
        """16.50 € a kilo, from 20 kg 15 €: also when handed out by the half kilo."""
        self.assertEqual(self._tiers(self.cheese), [(0, 16.5), (20, 15)])
        self.cheese.write({"minimum": 5, "is_limited": True, "available": 60})
        self.cheese.step = 0.5
        self.assertEqual(self._tiers(self.cheese), [(0, 16.5), (20, 15)])
        self.assertEqual(self.cheese.tier_ids.mapped("from_quantity"), [0, 40])
        self.assertEqual(
            (self.cheese.carton, self.cheese.minimum, self.cheese.available),
            (2, 10, 120),
        )
        self.cheese.step = 0.25
        self.assertEqual(self._tiers(self.cheese), [(0, 16.5), (20, 15)])
        self.assertEqual(self.cheese.carton, 4)
        self.cheese.step = 1
        self.assertEqual(self._tiers(self.cheese), [(0, 16.5), (20, 15)])
        self.assertEqual((self.cheese.carton, self.cheese.minimum), (1, 5))

    def test_members_and_the_supplier_see_that_price(self):
        with Form(self.cheese) as form:
            form.step = 0.5
        self.round.action_open()
        self.assertEqual(self.cheese.step, 0.5, "it survives the opening")
        self.assertEqual(self.cheese.source, "hand")
        self._commit(self.cheese, self.phare, 5)
        self._commit(self.cheese, self.semeurs, 3)
        with self.at("2026-01-09 18:00:00"):
            self.round.action_close()
        # 8 steps of half a kilo are 4 kg
        self.assertEqual((self.cheese.ordered, self.cheese.unit_price), (8, 16.5))
        self.round.action_order()
        line = self.cheese.purchase_line_id
        self.assertEqual(
            (line.product_qty, line.product_uom_id, line.price_unit),
            (4, self.kilo, 16.5),
        )

    def test_what_is_written_with_it_is_in_the_new_steps(self):
        self.cheese.write({"step": 0.5, "carton": 6, "minimum": 12})
        self.assertEqual((self.cheese.carton, self.cheese.minimum), (6, 12))
        self.assertEqual(self._tiers(self.cheese), [(0, 16.5), (20, 15)])
        first, second = self.cheese.tier_ids
        self.cheese.write(
            {
                "step": 0.25,
                "tier_ids": [
                    Command.update(second.id, {"from_quantity": 100}),
                    Command.update(first.id, {"price": 16}),
                ],
            }
        )
        self.assertEqual(self._tiers(self.cheese), [(0, 16), (25, 15)])
        self.assertEqual(self.cheese.carton, 12)

    def test_prices_of_a_row_keep_their_amounts_too(self):
        self.cheese.write({"step": 0.5, "price_1": 16})
        self.assertEqual(self._tiers(self.cheese), [(0.5, 16), (20, 15)])

    def test_a_carton_keeps_its_exact_price(self):
        """A carton of 12 at 50.00: one is 4.1666…; by two, a carton is six steps."""
        dozen = self.env["uom.uom"].create(
            {
                "name": "Carton of 12",
                "relative_uom_id": self.unit.id,
                "relative_factor": 12,
            }
        )
        jar = self._product("Jar")
        self._seller(jar, 0, 50, dozen)
        self._seller(jar, 4, 48, dozen)
        jars = self.round._take_vendor_prices(self.nord, jar)
        self.assertEqual(
            (jars.carton, jars.tier_ids.mapped("from_quantity")), (12, [0, 48])
        )
        jars.step = 2
        self.assertEqual(
            (jars.carton, jars.tier_ids.mapped("from_quantity")), (6, [0, 24])
        )
        self.assertEqual(jars.tier_ids.mapped("carton_price"), [50, 48])
        self.assertEqual(float(jars.tier_ids[0]._step_price() * 6), 50)

    def test_what_does_not_divide_is_refused(self):
        """12 bags are no whole number of steps of 5 bags."""
        with self.assertRaisesRegex(
            UserError, r"Flour T80: Carton is 12, .* steps of 5 Units"
        ):
            self.flour.step = 5
        with self.assertRaisesRegex(UserError, r"From \(steps\) is 24,"):
            self.flour.write({"step": 5, "carton": 2})
        self.flour.write(
            {
                "step": 5,
                "carton": 2,
                "tier_ids": [
                    Command.update(self.flour.tier_ids[1].id, {"from_quantity": 5})
                ],
            }
        )
        self.assertEqual(self._tiers(self.flour), [(0, 30), (25, 27)])

    def test_an_offer_without_a_carton_takes_larger_steps(self):
        self.cheese.step = 2
        self.assertEqual(
            (self.cheese.carton, self._tiers(self.cheese)), (1, [(0, 16.5), (20, 15)])
        )

    def test_a_copy_and_a_new_offer_say_the_same(self):
        self.cheese.step = 0.5
        copy = self.round.copy({"date_close": self.round.date_close})
        again = copy.offer_ids.filtered(lambda o: o.product_id == self.comte)
        self.assertEqual(self._tiers(again), [(0, 16.5), (20, 15)])
        self.assertEqual((again.step, again.carton, again.source), (0.5, 2, "hand"))
        oil = self._product("Oil", uom_id=self.kilo.id)
        with Form(self.env["ess.round.offer"]) as form:
            form.round_id = self.round
            form.supplier_id = self._supplier(self.nord)
            form.product_id = oil
            form.name = "Oil"
            form.uom_id = self.kilo
            with form.tier_ids.new() as tier:
                tier.from_quantity = 0
                tier.price = 16.5
            form.step = 0.5
            form.carton = 2
        self.assertEqual(self._tiers(form.record), [(0, 16.5)])

    def test_a_step_that_cannot_be_stored_is_refused(self):
        """Counted by the dozen, sold by one: a twelfth would be kept as 0.08."""
        dozen = self.env.ref("uom.product_uom_dozen")
        eggs = self._product("Eggs", uom_id=dozen.id)
        self._seller(eggs, 0, 0.3, self.unit)
        with self.assertRaisesRegex(UserError, "Eggs: .* sells it by Units"):
            self.round._take_vendor_prices(self.nord, eggs)
