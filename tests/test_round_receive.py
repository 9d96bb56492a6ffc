from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_purchase import PurchaseCommon


@tagged("post_install", "-at_install")
class TestRoundReceive(PurchaseCommon):
    """What came is shared out, packed and collected; nothing gets lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls._ordered()

    def _received(self, offer):
        """Of La Fabrique, Le Phare, Les Semeurs."""
        return [
            self._of(offer.commitment_ids, member).received
            for member in (self.fabrique, self.phare, self.semeurs)
        ]

    def _wizard(self, user=None):
        action = self.one.with_user(user or self.buyer).action_receive()
        model = self.env[action["res_model"]].with_user(user or self.buyer)
        return Form(model.with_context(**action["context"]))

    # === RATIONING === #

    def test_all_came(self):
        with self._wizard() as form:
            pass
        form.record.action_apply()
        self.assertEqual(self._received(self.flours), [100, 92, 48])
        self.assertEqual(self._received(self.lentil), [7, 4, 0])
        self.assertEqual(self.one.state, "received")
        # the order knows it, so that bills can be controlled
        self.assertEqual(self.flours.purchase_line_id.qty_received, 20)
        self.assertEqual(self.lentil.purchase_line_id.qty_received, 5.5)

    def test_two_cartons_are_missing(self):
        """216 of 240 pieces, in proportion to 100, 92 and 48."""
        self.flours._receive(216)
        self.assertEqual(self._received(self.flours), [90, 83, 43])
        self.assertEqual((self.flours.missing, self.flours.surplus), (24, 0))

    def test_first_come_first_served(self):
        self.one.ration_rule = "priority"
        times = ("2026-01-03", "2026-01-01", "2026-01-02")
        members = (self.fabrique, self.phare, self.semeurs)
        for member, day in zip(members, times, strict=True):
            self._of(self.flours.commitment_ids, member).committed_on = day
        self.flours._receive(100)
        self.assertEqual(self._received(self.flours), [0, 92, 8])

    def test_too_much_goes_to_tolerance_then_to_nobody(self):
        """276 pieces: La Fabrique takes 10 more, Le Phare 18 more, 8 are left."""
        self.flours._receive(276)
        self.assertEqual(self._received(self.flours), [110, 110, 48])
        self.assertEqual((self.flours.surplus, self.flours.missing), (8, 0))

    def test_sum_of_parts_is_what_was_kept(self):
        for received, refused in ((0, 0), (1, 0), (117, 5), (240, 240), (500, 13)):
            self.flours._receive(received, refused)
            got = sum(self.flours.commitment_ids.mapped("received"))
            self.assertEqual(got + self.flours.surplus, received - refused)

    def test_a_later_count_replaces_the_earlier(self):
        self.flours._receive(200)
        self.flours._receive(240)
        self.assertEqual(self._received(self.flours), [100, 92, 48])

    def test_what_goes_back_is_not_handed_out(self):
        with self._wizard() as form:
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.received, 240)
                line.refused = 12
                line.note = "A torn carton"
        form.record.action_apply()
        self.assertEqual(sum(self._received(self.flours)), 228)
        self.assertEqual(self.flours.receipt_note, "A torn carton")
        self.assertEqual(self.flours.purchase_line_id.qty_received, 19)
        # asked again, it still is 240 of which 12 went back
        with self._wizard() as form, form.line_ids.edit(0) as line:
            self.assertEqual((line.received, line.refused), (240, 12))

    def test_something_else_came(self):
        self.flours._receive(240, substitute_id=self.paper.id)
        page = self.one._packing_by_product()[0]["lines"][0]
        self.assertEqual((page["name"], page["instead_of"]), ("Paper", "Flour"))

    def test_in_two_deliveries(self):
        with self._wizard() as form:
            with form.line_ids.edit(2) as line:
                line.taken = False
        form.record.action_apply()
        self.assertEqual(self.one.state, "ordered")
        self.assertFalse(self.sheets.is_received)
        with self._wizard() as form:
            pass
        form.record.action_apply()
        self.assertEqual(self.one.state, "received")

    def test_what_the_order_received_is_filled_in(self):
        """Also what receipts of the stock counted: the field is the same."""
        self.flours.purchase_line_id.qty_received = 18
        with self._wizard() as form, form.line_ids.edit(0) as line:
            self.assertEqual((line.ordered, line.received), (240, 216))

    def test_what_is_left_of_the_order_is_filled_in(self):
        """The buyer got no more than 18 of the 20 cartons promised."""
        self.flours.purchase_line_id.product_qty = 18
        with self._wizard() as form, form.line_ids.edit(0) as line:
            self.assertEqual((line.ordered, line.received), (240, 216))

    def test_what_is_entered_on_the_order_is_pointed_out(self):
        """A buyer who notes the receipt on the order tells the coordinator of it."""
        line = self.flours.purchase_line_id
        line.with_user(self.buyer).qty_received = 18
        self.assertIn("not counted yet: Flour.", self.one.missing_facts)
        activity = self.one.activity_ids
        self.assertEqual(activity.activity_type_id.name, "Goods to Count")
        with self._wizard():
            pass
        self._counted()
        self.assertFalse(self.one.activity_ids)
        self.assertFalse(self.one._missing_receipts(self.one.offer_ids))
        line.with_user(self.buyer).qty_received = 19
        self.assertIn("since the count: Flour.", self.one._missing_facts()[0])

    def test_all_or_nothing_that_no_longer_holds_is_told(self):
        mine = self._of(self.flours.commitment_ids, self.semeurs)
        self.one.state = "open"
        mine.minimum = 48
        self.one.state = "ordered"
        self.one._receive({self.flours: (216, 0, {})})
        note = self.one.message_ids[0].body
        self.assertIn("Labo Les Semeurs: Flour, 43 instead of at least 48", note)

    # === REFUSALS === #

    def test_less_than_a_step_is_refused(self):
        with self._wizard() as form:
            with form.line_ids.edit(1) as line:
                line.received = 5.3
        with self.assertRaisesRegex(
            UserError, "Received of Lentils: 5.3 kg .* is 0.5 kg.* 5 and 5.5"
        ):
            form.record.action_apply()

    def test_more_back_than_came_is_refused(self):
        with self.assertRaisesRegex(UserError, "6 cannot go back when 5 came"):
            self.flours._receive(5, 6)

    def test_only_an_ordered_round_receives(self):
        other = self._round(name="Summer")
        other.state = "closed"
        with self.assertRaisesRegex(UserError, "Summer is closed"):
            other.action_receive()

    def test_strangers_do_not_receive(self):
        for user in (self._volunteer(self.phare, "volunteer"), self.accountant):
            with self.assertRaises(AccessError):
                self.one.with_user(user).action_receive()

    # === COLLECTION === #

    def _counted(self):
        self.one._receive(
            {offer: (offer.ordered, 0, {}) for offer in self.one.offer_ids}
        )

    def test_the_host_ticks_off(self):
        self._counted()
        host = self._volunteer(self.semeurs, "host")
        stranger = self._volunteer(self.phare, "stranger")
        mine = self._of(self.one.commitment_ids, self.phare)
        for user in (host, stranger):
            with self.assertRaises(AccessError):
                mine.with_user(user).action_collect()
        self.one.host_id = self.semeurs
        with self.assertRaises(AccessError):
            mine.with_user(stranger).action_collect()
        first, *others = mine
        first.with_user(host).action_collect()
        self.assertEqual(first.collected, first.received)
        self.assertFalse(self.one.collection_ids.collected_on)
        for one in others:
            one.with_user(host).action_collect()
        collection = self._of(self.one.collection_ids, self.phare)
        self.assertTrue(collection.collected_on)
        self.assertEqual(collection.collected_by_id, host.partner_id)

    def test_a_tick_can_be_taken_back(self):
        self._counted()
        mine = self._of(self.one.commitment_ids, self.phare)
        mine.action_collect()
        mine[0].action_collect(0)
        self.assertFalse(mine[0].collected_on)
        self.assertFalse(
            self._of(self.one.collection_ids, self.phare).collected_on,
        )

    def test_not_more_than_its_part(self):
        self._counted()
        mine = self._of(self.flours.commitment_ids, self.phare)
        with self.assertRaisesRegex(UserError, "93 cannot .* its part is 92 Units"):
            mine.action_collect(93)

    # === PACKING LISTS === #

    def test_packing_lists_say_who_gets_what(self):
        self._counted()
        by_member = self.one._packing_by_member()
        self.assertEqual(
            [(page["member"].name, len(page["lines"])) for page in by_member],
            [
                ("Jardin Le Phare", 3),
                ("Labo Les Semeurs", 2),
                ("Radio La Fabrique", 2),
            ],
        )
        lentils = self.one._packing_by_product()[1]
        self.assertEqual(lentils["total"], 5.5)
        self.assertEqual(
            [(li["member"].name, li["quantity"]) for li in lentils["lines"]],
            [("Jardin Le Phare", 2.0), ("Radio La Fabrique", 3.5)],
        )

    def test_packing_lists_are_for_who_packs(self):
        volunteer = self._volunteer(self.phare, "volunteer")
        for report in ("by_member", "by_product"):
            with self.assertRaises(AccessError):
                getattr(self.one.with_user(volunteer), f"_packing_{report}")()
        self.one.host_id = self.phare
        self.assertTrue(self.one.with_user(volunteer)._packing_by_member())
