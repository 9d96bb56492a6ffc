from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from ..models.occupancy import NotFree
from .common import utc
from .common_need import DAY, NeedCommon


@tagged("post_install", "-at_install")
class TestNeed(NeedCommon):
    """From "40 chairs, 12 June, Roubaix" to bookings, through several lenders."""

    # === PROPOSALS === #

    def test_fewest_lenders_first_then_the_nearest(self):
        """Le Moulin alone has 40; La Fabrique and Les Semeurs have them together."""
        need = self._published(40)
        self.assertEqual(
            self._parts(need.proposal_ids),
            [
                {"Benches": 40},
                {"Chairs": 30, "Stools": 10},
            ],
        )
        best, second = need.proposal_ids.sorted("rank")
        self.assertEqual(best.lender_count, 1)
        self.assertEqual(second.lender_count, 2)
        self.assertAlmostEqual(best.distance_km, 10.8, delta=0.5)
        self.assertAlmostEqual(second.distance_km, 6.7, delta=0.5)
        self.assertEqual(need.state, "published")
        self.assertEqual((need.ready_count, need.asked_count), (0, 3))

    def test_within_a_distance(self):
        """Within 6 km Le Moulin is left out."""
        need = self._published(40, radius_km=6)
        self.assertEqual(self._parts(need.proposal_ids), [{"Chairs": 30, "Stools": 10}])

    def test_another_town_is_measured_from_there(self):
        """In Lille, Le Moulin is next door: 10 chairs come from there first."""
        self.assertEqual(
            self._parts(self._published(10, city="lille").proposal_ids)[0],
            {"Benches": 10},
        )
        self.assertEqual(
            self._parts(self._published(10).proposal_ids)[0], {"Chairs": 10}
        )

    def test_what_is_taken_is_not_proposed(self):
        """25 of the 30 chairs are promised: 5 are left."""
        self._booking(self.chairs, *DAY, self.semeurs, 25).sudo().action_request()
        need = self._published(10)
        self.assertNotIn({"Chairs": 10}, self._parts(need.proposal_ids))
        self.assertEqual(self._parts(need.proposal_ids)[0], {"Stools": 10})

    def test_only_what_the_member_may_book(self):
        """Not published, in another circle, against the rules: none of it."""
        self.chairs.published = False
        self.stools.circle_ids = self.env["ess.circle"].create({"name": "Elsewhere"})
        self.benches.policy_id = self.env["ess.booking.policy"].create(
            {"name": "Short", "opening_rule": "free", "max_hours": 2}
        )
        need = self._published(5)
        self.assertFalse(need.proposal_ids)
        self.assertEqual(need.missing, 5)

    def test_one_s_own_things_are_not_proposed(self):
        need = self._published(40, entity=self.moulin)
        self.assertEqual(self._parts(need.proposal_ids), [{"Stools": 25, "Chairs": 15}])

    def test_a_set_and_its_parts_are_not_both_counted(self):
        """A stand of 10 chairs is made of the same chairs: 40 of 30 are not there."""
        self._asset(
            "Stand",
            category_id=self.furniture.id,
            capacity=20,
            component_ids=[(0, 0, {"component_id": self.chairs.id})],
        )
        need = self._published(60, radius_km=6)
        self.assertFalse(need.proposal_ids)

    # === PUBLISHING === #

    def test_published_in_time_by_somebody_who_accepted_the_charter(self):
        past = self._need(window=("2026-01-04 09:00", "2026-01-04 12:00"))
        with self.assertRaisesRegex(UserError, "Sun 4 Jan 2026.*which is over"):
            past.action_publish()
        self.circle.charter = "<p>New rules</p>"
        with self.assertRaisesRegex(UserError, "has not accepted the charter of Métr"):
            self._need().action_publish()
        self.phare.ess_membership_ids.unlink()
        with self.assertRaisesRegex(UserError, "Jardin Le Phare is in no circle"):
            self._need().action_publish()

    def test_dates_are_checked_with_a_sentence(self):
        with self.assertRaisesRegex(ValidationError, "must come after the start"):
            self._need(window=(DAY[1], DAY[0]))
        need = self._need()
        with self.assertRaisesRegex(ValidationError, "must come after the start"):
            need.stop = utc("2026-06-12 08:00")

    def test_only_actions_change_the_state(self):
        need = self._need().with_user(self.facilitator)
        with self.assertRaisesRegex(UserError, "use the actions of the need"):
            need.state = "met"
        with self.assertRaisesRegex(UserError, "starts as a draft"):
            self.env["ess.need"].with_user(self.facilitator).create(
                {"name": "X", "entity_id": self.phare.id, "state": "met"}
            )

    def test_who_publishes(self):
        need = self._need()
        for user in (self.lou, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                need.with_user(user).action_publish()
        need.with_user(self.bo).action_publish()
        self.assertEqual(need.state, "published")
        with self.assertRaisesRegex(UserError, "is published; this is possible only"):
            need.with_user(self.bo).action_publish()

    # === ANSWERS === #

    def test_ready_when_every_lender_agrees(self):
        need = self._published(40)
        both = need.proposal_ids.sorted("rank")[1]
        chairs, stools = both.line_ids
        chairs.with_user(self.lou).action_agree()
        self.assertEqual((both.state, chairs.state), ("proposed", "agreed"))
        stools.with_user(self.sam).action_agree()
        self.assertEqual(both.state, "ready")
        self.assertEqual(chairs.answered_by_id, self.lou.partner_id)
        self.assertEqual(need.ready_count, 1)

    def test_one_answer_for_an_asset_counts_wherever_it_is_asked_for_less(self):
        """Asked for 25 stools in one proposal, for 10 in another: one yes for both."""
        need = self._published(40)
        need.sudo()._make_proposal([(self.benches, 15), (self.stools, 25)])
        lines = need.line_ids.filtered(lambda line: line.asset_id == self.stools)
        self.assertEqual(sorted(lines.mapped("quantity")), [10, 25])
        more = lines.sorted("quantity")[1]
        more.with_user(self.sam).action_agree()
        self.assertEqual(set(lines.mapped("state")), {"agreed"})

    def test_only_the_lender_answers(self):
        need = self._published(40)
        line = need.line_ids.filtered(lambda one: one.asset_id == self.chairs)
        for user in (self.sam, self.bo):
            for act, args in (("action_agree", ()), ("action_decline", ("No",))):
                with self.assertRaises(AccessError, msg=(user.login, act)):
                    getattr(line.with_user(user), act)(*args)
        self.assertEqual(line.state, "asked")

    def test_keeper_answers_too(self):
        """The chairs of La Fabrique stand at Les Semeurs, who answer for them."""
        self.chairs.custodian_id = self.semeurs
        need = self._published(20)
        line = need.line_ids.filtered(lambda one: one.asset_id == self.chairs)
        waiting = self.env["ess.need.proposal.line"].with_user(self.sam)
        self.assertIn(line, waiting.search(waiting._portal_answer_domain()))
        line.with_user(self.sam).action_agree()
        self.assertEqual(line.state, "agreed")

    def test_who_declines_is_replaced_and_not_asked_again(self):
        """Le Moulin says no: the two others are left, and it is not asked again."""
        need = self._published(40)
        benches = need.line_ids.filtered(lambda one: one.asset_id == self.benches)
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            benches.action_decline(" ")
        benches.action_decline("They are at the mender's")
        self.assertEqual(benches.proposal_id.state, "declined")
        need._propose()
        self.assertEqual(self._parts(self._live(need)), [{"Chairs": 30, "Stools": 10}])
        with self.assertRaisesRegex(UserError, "Benches is no longer asked for here"):
            benches.action_agree()

    def test_changed_dates_are_asked_anew(self):
        """An agreement for 12 June says nothing about 13 June."""
        need = self._published(10)
        chairs = need.line_ids.filtered(lambda one: one.asset_id == self.chairs)
        chairs.action_agree()
        self.assertEqual(chairs.proposal_id.state, "ready")
        need.write({"start": utc("2026-06-13 09:00"), "stop": utc("2026-06-13 18:00")})
        self.assertEqual(chairs.proposal_id.state, "stale")
        again = self._live(need).line_ids.filtered(
            lambda one: one.asset_id == self.chairs
        )
        self.assertEqual(again.state, "asked")

    def test_another_note_asks_nobody_anew(self):
        """The form of the portal sends every field: only what changed counts."""
        need = self._published(10)
        before = need.proposal_ids
        need.with_user(self.bo)._portal_save(
            {
                "name": "Chairs",
                "quantity": 10,
                "start": need.start,
                "stop": need.stop,
                "category_id": self.furniture.id,
                "description": "With cushions",
                "radius_km": 0,
            }
        )
        self.assertEqual(need.description, "With cushions")
        self.assertEqual(need.proposal_ids, before)
        self.assertNotIn("stale", before.mapped("state"))

    def test_a_published_need_stays_its_member_s(self):
        need = self._published(10)
        with self.assertRaisesRegex(UserError, "was published for Jardin Le Phare"):
            need.entity_id = self.moulin

    def test_a_yes_to_what_was_taken_makes_nobody_wait(self):
        need = self._published(10, radius_km=3.5)
        self._booking(self.chairs, *DAY, self.semeurs, 25).action_request()
        need.line_ids.action_agree()
        self.assertEqual(need.proposal_ids.state, "stale")
        self.assertEqual(need.ready_count, 0)

    def test_a_place_that_nobody_knows_comes_last(self):
        """25 stools at an unknown distance, 30 chairs at 3 km."""
        self.stools.write({"latitude": 0, "longitude": 0, "city": "Nowhere"})
        need = self._published(20)
        self.assertEqual(
            self._parts(need.proposal_ids),
            [{"Chairs": 20}, {"Benches": 20}, {"Stools": 20}],
        )

    def test_fewer_units_keep_the_answers(self):
        """Who lends 10 on these dates lends 8."""
        need = self._published(10)
        need.line_ids.filtered(lambda o: o.asset_id == self.chairs).action_agree()
        need.quantity = 8
        ready = self._live(need).filtered(lambda p: p.state == "ready")
        self.assertEqual(self._parts(ready), [{"Chairs": 8}])

    # === ACCEPTING === #

    def test_accepting_books_everything_in_one_act(self):
        need = self._published(40, contact_id=self.bo.partner_id.id)
        both = need.proposal_ids.sorted("rank")[1]
        with self.assertRaisesRegex(UserError, "La Fabrique has not answered yet"):
            both.with_user(self.bo).action_accept()
        self._agree_all(both)
        with self.assertRaises(AccessError):
            both.with_user(self.lou).action_accept()
        self.assertTrue(both.with_user(self.bo).action_accept())
        self.assertEqual(both.state, "accepted")
        self.assertEqual((need.state, need.missing), ("met", 0))
        bookings = need.booking_ids.sorted("quantity")
        self.assertEqual(bookings.mapped("quantity"), [10, 30])
        self.assertEqual(set(bookings.mapped("state")), {"confirmed"})
        self.assertEqual(bookings.asset_id, self.stools | self.chairs)
        self.assertEqual(bookings.contact_id, self.bo.partner_id)
        self.assertEqual(bookings[0].purpose, "Chairs")
        self.assertEqual(
            self.chairs._free_units(need.start, need.stop)[self.chairs.id], 0
        )
        # the other proposal is over
        self.assertEqual(need.proposal_ids.sorted("rank")[0].state, "stale")
        with self.assertRaisesRegex(UserError, "is met; this is possible only"):
            both.with_user(self.bo).action_accept()

    def test_the_federation_still_answers_where_it_decides(self):
        self.chairs.approval = "federation"
        need = self._published(10)
        best = self._live(need).filtered(lambda p: p.line_ids.asset_id == self.chairs)
        self._agree_all(best)
        best.with_user(self.bo).action_accept()
        self.assertEqual(need.booking_ids.state, "requested")

    def test_the_context_from_outside_is_no_agreement(self):
        """Nobody approves a request by sending the word."""
        booking = self._booking(self.chairs, *DAY)
        outside = booking.with_user(self.bo).with_context(ess_need_agreed=True)
        outside.action_request()
        self.assertEqual(booking.state, "requested")

    def test_taken_meanwhile_nothing_is_booked_and_others_are_proposed(self):
        """Somebody takes 25 chairs after La Fabrique said yes to 30."""
        need = self._published(40)
        both = need.proposal_ids.sorted("rank")[1]
        self._agree_all(both)
        self._booking(self.chairs, *DAY, self.semeurs, 25).action_request()
        notice = both.with_user(self.bo).action_accept()
        self.assertIn("5 of 30 Chairs are free", notice["params"]["message"])
        self.assertEqual(both.state, "stale")
        self.assertFalse(need.booking_ids)
        self.assertEqual(need.state, "published")
        self.assertEqual(self._parts(self._live(need)), [{"Benches": 40}])

    # === OFFERING === #

    def test_a_member_offers_by_itself(self):
        """Six tables of another kind, which nobody would have found."""
        tables = self._asset("Tables", self.semeurs, capacity=6)
        need = self._published(6)
        need.with_user(self.sam).action_offer(tables.id)
        offered = self._live(need).filtered("by_hand")
        self.assertEqual(self._parts(offered), [{"Tables": 6}])
        self.assertEqual(offered.state, "ready")
        offered.with_user(self.bo).action_accept()
        self.assertEqual(need.booking_ids.asset_id, tables)

    def test_an_offer_of_a_part_is_completed_by_others(self):
        """Les Semeurs offer 15 stools of the 40: the rest is asked of Le Moulin."""
        need = self._published(40)
        need.with_user(self.sam).action_offer(self.stools.id, 15)
        offered = self._live(need).filtered("by_hand")
        self.assertEqual(self._parts(offered), [{"Stools": 15, "Chairs": 25}])
        self.assertEqual(offered.state, "proposed")
        # a better offer stands for the one before
        need.with_user(self.sam).action_offer(self.stools.id, 25)
        offered = self._live(need).filtered("by_hand")
        self.assertEqual(self._parts(offered), [{"Stools": 25, "Chairs": 15}])

    def test_a_part_may_be_taken_and_the_rest_is_looked_for(self):
        """200 are nowhere; 60 benches are a beginning: 140 stay published."""
        need = self._published(200)
        self.assertFalse(need.proposal_ids)
        need.sudo().with_user(self.facilitator).action_offer(self.benches.id, 60)
        offered = self._live(need)
        self.assertEqual((offered.state, offered.quantity), ("ready", 60))
        offered.with_user(self.bo).action_accept()
        self.assertEqual((need.state, need.missing), ("published", 140))
        self.assertEqual(need.booking_ids.quantity, 60)

    def test_offers_are_refused_with_figures(self):
        need = self._published(40)
        offer = need.with_user(self.sam).action_offer
        with self.assertRaisesRegex(AccessError, "your own organisation"):
            offer(self.chairs.id, 5)
        with self.assertRaisesRegex(NotFree, "25 of 25 Stools are free"):
            offer(self.stools.id, 26)
        self.stools.published = False
        with self.assertRaises(RuleBroken):
            offer(self.stools.id, 5)
        with self.assertRaisesRegex(UserError, "Jardin Le Phare's own"):
            own = self._asset("Crates", self.phare, capacity=50)
            need.with_user(self.bo).action_offer(own.id, 5)
        self.assertFalse(need.proposal_ids.filtered("by_hand"))
