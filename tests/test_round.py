"""A round from its draft to its deadline: acts, terms, commitments, sentences."""

from fractions import Fraction

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import utc
from .common_round import CLOSES, RoundCommon


@tagged("post_install", "-at_install")
class TestRound(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anais = cls._volunteer(cls.phare, "anais")
        cls.basile = cls._volunteer(cls.phare, "basile", name="Basile")

    def _say(self, user, offer, vals, version=0):
        return (
            self.env["ess.commitment"]
            .with_user(user)
            ._portal_commit(offer, vals, version)
        )

    # === OPENING === #

    def test_it_opens_with_its_terms(self):
        self.assertEqual(self.round.state, "draft")
        self.round.action_open()
        self.assertEqual(self.round.state, "open")
        self.assertEqual(self.round.date_open, utc("2026-01-05 09:00"))
        terms = self.flour.snapshot["terms"]
        self.assertEqual(terms["tiers"], [[0, 30.0, 0.0], [24, 27.0, 0.0]])
        self.assertEqual((terms["carton"], terms["unit"]), (12, "Units"))
        self.assertEqual(self.flour.snapshot["taken_on"], "2026-01-05 08:00:00")
        self.assertEqual(self.flour.snapshot["changes"], [])

    def test_what_is_missing_to_open(self):
        empty = self._round(name="Empty")
        with self.assertRaisesRegex(UserError, "Offers: Empty has none"):
            empty.action_open()
        late = self._round(name="Late", date_close=utc("2026-01-05 09:00"))
        with self.assertRaisesRegex(UserError, "Late needs a deadline"):
            late.action_open()
        self.soap.tier_ids.unlink()
        with self.assertRaisesRegex(UserError, "Soap has no price"):
            self.round.action_open()
        self.assertEqual(self.round.state, "draft")

    def test_terms_that_change_leave_a_trail(self):
        self.round.action_open()
        with self.at("2026-01-06 08:00:00"):
            self.flour.tier_ids[1].price = 26.0
            self.flour.available = 36
            self.flour.is_limited = True
        one, two = self.flour.snapshot["changes"]
        self.assertEqual(one["on"], "2026-01-06 08:00:00")
        self.assertEqual(
            one["changed"],
            {
                "tiers": [
                    [[0, 30.0, 0.0], [24, 27.0, 0.0]],
                    [[0, 30.0, 0.0], [24, 26.0, 0.0]],
                ]
            },
        )
        self.assertEqual(two["changed"], {"available": [None, 36]})
        with self.assertRaisesRegex(UserError, "January is open"):
            self.flour.step = 0.5

    def test_prices_written_with_their_offer_are_one_change(self):
        self.round.action_open()
        self.flour.write({"price_1": 31.0, "price_2": 26.0})
        (change,) = self.flour.snapshot["changes"]
        self.assertEqual(
            change["changed"]["tiers"][1], [[1, 31.0, 0.0], [24, 26.0, 0.0]]
        )

    def test_an_open_offer_keeps_a_price(self):
        """Else nothing could be decided at the deadline."""
        self.round.action_open()
        with self.assertRaisesRegex(UserError, "Flour T80 has no price"):
            self.flour.tier_ids.unlink()
        with self.assertRaisesRegex(UserError, "Soap has no price"):
            self.soap.tier_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "Oil has no price"):
            self._offer(self._product("Oil"), self.nord, [])

    def test_prices_of_several_offers_at_once(self):
        """Each keeps its other tiers."""
        (self.flour | self.soap).write({"price_1": 9})
        self.assertEqual(self.flour.tier_ids.mapped("price"), [9, 27])
        self.assertEqual(self.soap.tier_ids.mapped("price"), [9])

    # === COMMITTING === #

    def test_a_member_commits_changes_and_withdraws(self):
        self.round.action_open()
        vals = {"want": 10, "tolerance": 2, "ceiling": 28.5}
        one, refusal = self._say(self.anais, self.flour, vals)
        self.assertIsNone(refusal)
        self.assertEqual(one.entity_id, self.phare)
        self.assertEqual(one.contact_id, self.anais.partner_id)
        self.assertEqual((one.want, one.tolerance, one.version), (10, 2, 1))
        self.assertTrue(one.has_ceiling)
        with self.at("2026-01-06 08:00:00"):
            self._say(self.anais, self.flour, {"want": 8}, 1)
        self.assertEqual(one.committed_on, utc("2026-01-05 09:00"), "less keeps it")
        with self.at("2026-01-06 09:00:00"):
            self._say(self.basile, self.flour, {"want": 9}, 2)
        self.assertEqual(one.committed_on, utc("2026-01-06 10:00"), "more does not")
        self.assertEqual((one.want, one.tolerance, one.version), (9, 2, 3))
        one.with_user(self.anais).action_withdraw()
        self.assertEqual((one.want, one.tolerance, one.version), (0, 0, 4))
        self.assertEqual(self.round._facts()["offers"][0]["commitments"], [])

    def test_two_volunteers_do_not_overwrite_each_other(self):
        self.round.action_open()
        one, _none = self._say(self.anais, self.flour, {"want": 10})
        self._say(self.basile, self.flour, {"want": 14}, 1)
        same, refusal = self._say(self.anais, self.flour, {"want": 11}, 1)
        self.assertEqual(same, one)
        self.assertEqual(
            refusal["message"],
            "Basile has changed this commitment meanwhile: it is now 14; "
            "you gave 11. Save again to keep yours.",
        )
        self.assertEqual((refusal["codes"], refusal["version"]), (["stale"], 2))
        self.assertEqual(refusal["theirs"]["want"], 14)
        self.assertEqual(one.want, 14)
        _same, refusal = self._say(self.anais, self.flour, {"want": 11}, 2)
        self.assertIsNone(refusal)
        self.assertEqual(one.want, 11)

    def test_what_is_refused_says_why(self):
        self.round.action_open()
        for vals, sentence in (
            ({"want": -1}, "How many: give a number from 0 to 1,000,000"),
            ({"want": 1.5}, "How many: give a number from 0"),
            ({"want": True}, "How many: give a number from 0"),
            ({"want": 10**9}, "How many: give a number from 0"),
            (
                {"want": 3, "minimum": 4},
                "At least so many: 4 is more than the 3",
            ),
            ({"want": 3, "ceiling": -1}, "Highest price: a price cannot be negative"),
        ):
            one, refusal = self._say(self.anais, self.flour, vals)
            self.assertFalse(one)
            self.assertIn(sentence, refusal["message"])
            self.assertEqual(refusal["version"], 0)

    def test_only_until_the_deadline(self):
        """The federation may still enter what came on paper, until the freeze."""
        self.round.action_open()
        one, _none = self._say(self.anais, self.flour, {"want": 10})
        with self.at("2026-01-09 17:00:00"):
            _one, refusal = self._say(self.anais, self.flour, {"want": 12}, 1)
            self.assertIn(
                "January took commitments until Friday 9 January 2026 18:00",
                refusal["message"],
            )
            with self.assertRaisesRegex(UserError, "took commitments until"):
                one.with_user(self.anais).action_withdraw()
            one.want = 11
        self.assertEqual(one.want, 11)

    def test_the_charter_comes_first(self):
        self.round.action_open()
        self.circle.charter = "<p>We pay within a month.</p>"
        _one, refusal = self._say(self.anais, self.flour, {"want": 12})
        self.assertIn("Charter: Jardin Le Phare has not accepted", refusal["message"])
        self.phare.ess_membership_ids.with_user(self.anais).action_accept_charter()
        _one, refusal = self._say(self.anais, self.flour, {"want": 12})
        self.assertIsNone(refusal)

    def test_only_for_the_circle(self):
        draft = self.flour
        with self.assertRaises(AccessError):
            self._say(self.anais, draft, {"want": 1})
        self.round.action_open()
        self.phare.ess_circle_ids = False
        with self.assertRaises(AccessError):
            self._say(self.anais, self.flour, {"want": 1})
        with self.assertRaisesRegex(UserError, "is not in the circle Métropole"):
            self._commit(self.flour, self.phare, 1)

    def test_quantities_between_two_steps(self):
        """Soap is handed out by the half kilo: 3.5 kg are 7 steps."""
        self.round.action_open()
        one = self.env["ess.commitment"].create(
            {
                "offer_id": self.soap.id,
                "entity_id": self.phare.id,
                "quantity": 3.5,
                "tolerance_quantity": 1,
            }
        )
        self.assertEqual((one.want, one.tolerance, one.quantity), (7, 2, 3.5))
        self.assertEqual(self.soap._in_words(7), "3.5\u00a0kg")
        with self.assertRaisesRegex(
            UserError, "Soap is handed out by 0.5\u00a0kg; the nearest.*3.5\u00a0kg"
        ):
            one.quantity = 3.4
        self.assertEqual(self.soap._to_steps(0.3), (1, False))

    # === CANCELLING, REOPENING === #

    def test_called_off_with_a_reason(self):
        self.round.action_open()
        self._commit(self.flour, self.phare, 3)
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            self.round.action_cancel("  ")
        self.round.action_cancel("The van is broken.")
        self.assertEqual(
            (self.round.state, self.round.reason), ("cancelled", "The van is broken.")
        )

    def test_opened_again_before_it_is_ordered(self):
        self.round.action_open()
        one = self._commit(self.flour, self.phare, 12)
        self.round.action_close()
        self.assertEqual(one.allotted, 12)
        with self.at("2026-01-10 08:00:00"):
            with self.assertRaisesRegex(UserError, "deadline of January has passed"):
                self.round.action_reopen()
            self.round.action_reopen("2026-01-12 17:00:00")
        self.assertEqual((one.allotted, one.reason_code), (0, False))
        self.assertEqual((self.flour.ordered, self.flour.unit_price), (0, 0))
        self.assertFalse(self.round.frozen_hash)
        one.want = 24
        self.round.action_close()
        self.assertEqual((one.allotted, self.flour.unit_price), (24, 27))

    # === LIVE === #

    def test_what_would_happen_now(self):
        """20 of flour: one carton; with one more carton, 24 at 27 are reached."""
        self.round.action_open()
        self._commit(self.flour, self.phare, 12)
        self._commit(self.flour, self.semeurs, 8)
        self._commit(self.soap, self.phare, 10)
        self.soap.supplier_id.minimum_amount = 100
        live = self.round._outlook()
        flour, soap = live["offers"]
        self.assertEqual((flour["asked"], flour["members"]), (20, 2))
        self.assertEqual((flour["ordered"], flour["price"]), (12, "30"))
        self.assertEqual([m["gets"] for m in flour["members_get"]], [7, 5])
        self.assertEqual(flour["missing"].carton, 4)
        self.assertEqual(
            (flour["missing"].tier, flour["missing"].gain), (4, Fraction(10))
        )
        more = flour["carton_more"]
        self.assertEqual((more["ordered"], more["price"]), (24, 27))
        self.assertEqual(soap["ordered"], 10)
        nord, lessive = live["suppliers"]
        self.assertTrue(nord["reached"])
        self.assertEqual(
            lessive["sentences"],
            [
                "La Lessive: 40.00\u00a0€ are ordered, its minimum is 100.00\u00a0€; "
                "60.00\u00a0€ are missing."
            ],
        )
        self.assertEqual(self.round.state, "open")
        totals = self.round.offer_ids._totals()
        self.assertEqual(totals, {self.flour: (20, 0, 2), self.soap: (10, 0, 1)})

    def test_totals_are_one_query(self):
        self.round.action_open()
        self._commit(self.flour, self.phare, 12)
        offers = self.round.offer_ids
        self.env.flush_all()
        with self.assertQueryCount(1):
            offers._totals()

    def test_the_outlook_does_not_ask_more_of_a_larger_round(self):
        self.round.action_open()
        self._commit(self.flour, self.phare, 12)

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.round._outlook()
            return self.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(6):
            product = self._product(f"Oil {number}")
            offer = self._offer(product, self.nord, [(0, 5.0), (10, 4.0)])
            for entity in (self.phare, self.semeurs, self.fabrique):
                self._commit(offer, entity, 7)
        self.assertEqual(queries(), few)

    # === FROM THE VENDORS' PRICES === #

    def _seller(self, product, price, quantity=0, **vals):
        return self.env["product.supplierinfo"].create(
            {
                "partner_id": self.nord.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "price": price,
                "min_qty": quantity,
                "delay": 5,
                **vals,
            }
        )

    def test_offers_from_vendor_prices(self):
        """A dozen at 50.00, from 10 dozens at 46.00 less 5 %; a twelfth of 50 is no
        number of cents, but the price of a carton is kept."""
        oil = self._product("Oil", weight=1.2, default_code="OIL")
        dozen = self.env.ref("uom.product_uom_dozen")
        self._seller(oil, 50, product_uom_id=dozen.id, product_code="N-7")
        self._seller(oil, 46, 10, product_uom_id=dozen.id, discount=5)
        self._seller(oil, 1, date_end="2025-12-31")
        self._seller(self.flour_product, 29)
        buying = self._round(name="February")
        buying.action_take_vendor_prices(self.nord.ids)
        offer = buying.offer_ids.filtered(lambda o: o.product_id == oil)
        self.assertEqual(len(buying.offer_ids), 2)
        self.assertEqual((offer.code, offer.delay, offer.carton), ("N-7", 5, 12))
        self.assertEqual((offer.source, offer.vendor_uom_id), ("vendor", dozen))
        self.assertEqual(
            [(t.from_quantity, t.carton_price) for t in offer.tier_ids],
            [(0, 50.0), (120, 43.7)],
        )
        self.assertEqual(offer.tier_ids[0]._step_price(), Fraction(50, 12))
        buying.action_take_vendor_prices(self.nord.ids)
        self.assertEqual(len(buying.offer_ids), 2, "taken again, nothing is doubled")
        buying.action_open()
        self._commit(offer, self.phare, 12)
        buying.action_close()
        self.assertEqual(offer._frozen_price() * offer.carton, 50)

    def test_vendor_prices_by_their_question(self):
        self._seller(self.flour_product, 29)
        buying = self._round(name="February")
        question = self.env["ess.round.catalogue"].with_context(
            active_model="ess.round", active_id=buying.id
        )
        question.create({"vendor_ids": self.nord.ids}).action_apply()
        self.assertEqual(buying.offer_ids.tier_ids.price, 29)

    def test_a_vendor_price_of_today_at_the_opening(self):
        oil = self._product("Oil")
        seller = self._seller(oil, 4)
        buying = self._round(name="February")
        buying.action_take_vendor_prices(self.nord.ids, oil.ids)
        seller.price = 5
        buying.action_open()
        self.assertEqual(buying.offer_ids.tier_ids.price, 5)
        self.assertEqual(buying.offer_ids.snapshot["source"], "vendor")

    def test_a_price_by_hand_stays(self):
        oil = self._product("Oil")
        self._seller(oil, 4)
        buying = self._round(name="February")
        buying.action_take_vendor_prices(self.nord.ids, oil.ids)
        tier = buying.offer_ids.tier_ids
        buying.offer_ids.write({"tier_ids": [Command.update(tier.id, {"price": 3})]})
        self.assertEqual((tier.price, tier.carton_price), (3, 0))
        buying.action_open()
        self.assertEqual(buying.offer_ids.tier_ids.price, 3)

    def test_a_price_that_has_ended(self):
        oil = self._product("Oil")
        seller = self._seller(oil, 4)
        buying = self._round(name="February")
        buying.action_take_vendor_prices(self.nord.ids, oil.ids)
        seller.date_end = "2026-01-06"
        with self.assertRaisesRegex(
            UserError, "Oil: Grossiste Nord Bio has no price.*2026-01-09"
        ):
            buying.action_open()
        with self.assertRaisesRegex(UserError, "no price of La Lessive for any"):
            buying.action_take_vendor_prices(self.lessive.ids)

    def test_a_unit_that_is_no_number_of_the_product_s(self):
        oil = self._product("Oil")
        self._seller(oil, 4, product_uom_id=self.kilo.id)
        buying = self._round(name="February")
        with self.assertRaisesRegex(UserError, "sells it by kg, which is no number"):
            buying.action_take_vendor_prices(self.nord.ids)

    def test_the_deadline_is_the_day_of_the_price(self):
        self.assertEqual(str(self.round._price_date()), CLOSES[:10])
