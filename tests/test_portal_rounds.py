"""A member buys with others, on a phone: from the open round to the goods in hand."""

import re

from odoo.fields import Datetime
from odoo.tests import tagged

from .common_portal import PortalCase
from .common_round import RoundData


class RoundPortalCase(RoundData, PortalCase):
    """Flour in cartons of 12 (30.00, from 24 on 27.00), soap by the half kilo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_round()
        cls.round.date_close = Datetime.add(Datetime.now(), days=3)
        cls.round.action_open()

    @property
    def url(self):
        return f"/my/rounds/{self.round.id}"

    def save(self, offer, version=0, **typed):
        return self.call(
            f"{self.url}/save",
            offer_id=offer.id,
            typed={"version": version, **typed},
        )

    def mine(self, offer):
        return offer.commitment_ids.filtered(lambda one: one.entity_id == self.phare)

    def close(self):
        self.round.action_close()
        self.assertEqual(self.round.state, "closed")


@tagged("post_install", "-at_install")
class TestPortalRounds(RoundPortalCase):
    def test_the_tier_comes_nearer_when_others_commit(self):
        self.log_in(self.borrower)
        said = self.save(self.flour, want="10")
        self.assertIsNone(said["error"])
        self.assertIn("2 more fill the next carton", said["row"])
        self.assertIn("14 more make it −10 % for everybody", said["row"])
        self.assertIn("Nobody else has asked for it yet", said["row"])
        self._commit(self.flour, self.semeurs, 12)
        page = self.page(self.url)
        self.assertIn("2 more make it −10 % for everybody", page)
        self.assertIn("One other member asks for 12", page)
        self.assertNotIn("Semeurs", page)
        said = self.save(self.flour, version=1, want="10", tolerance="2")
        self.assertIn("324.00", said["totals"])
        self.assertIn("360.00", said["totals"])
        self.assertEqual(self.mine(self.flour).tolerance, 2)

    def test_only_the_goods_are_promised(self):
        """Who stays alone pays all the freight: nobody is told a half "at most"."""
        self.env["ess.round.cost"].create(
            {
                "round_id": self.round.id,
                "name": "Freight",
                "basis": "equal",
                "estimated": 40,
            }
        )
        self._commit(self.flour, self.semeurs, 12)
        self.log_in(self.borrower)
        totals = self.save(self.flour, want="12")["totals"]
        # 12 bags at 27.00 now, at 30.00 when the others leave; half of the freight
        for words in ("344.00", "20.00", "Goods at most", "360.00"):
            self.assertIn(words, totals)

    def test_two_volunteers_do_not_overwrite_each_other(self):
        self.log_in(self.borrower)
        self.save(self.flour, want="10")
        self.save(self.flour, version=1, want="20")
        said = self.save(self.flour, version=1, want="5")
        self.assertTrue(said["stale"])
        self.assertIn("it is now 20", said["error"])
        self.assertEqual(self.mine(self.flour).want, 20)
        said = self.save(self.flour, version=said["version"], want="5")
        self.assertIsNone(said["error"])
        self.assertEqual(self.mine(self.flour).want, 5)

    def test_without_a_script_the_page_is_saved_at_once(self):
        self.log_in(self.borrower)
        names = {f"want_{self.flour.id}": "12", f"want_{self.soap.id}": "1,5"}
        answer = self.post(f"{self.url}/commit", **names)
        self.assertIn("done=saved", answer.headers["Location"])
        # soap is counted by the half kilo
        self.assertEqual(
            (self.mine(self.flour).want, self.mine(self.soap).want), (12, 3)
        )

    def test_what_cannot_be_asked_for_is_kept_and_said(self):
        self.log_in(self.borrower)
        names = {f"want_{self.flour.id}": "1,5", f"want_{self.soap.id}": "2"}
        answer = self.post(f"{self.url}/commit", **names)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("How many: Flour T80 is handed out by 1", answer.text)
        self.assertIn('value="1,5"', answer.text)
        self.assertEqual(self.mine(self.soap).want, 4)
        said = self.save(self.flour, want="many")
        self.assertIn("How many: “many” is no number", said["error"])
        said = self.save(self.flour, want="3", minimum="5")
        self.assertIn("is more than the", said["error"])
        self.assertFalse(self.mine(self.flour))

    def test_an_empty_quantity_withdraws(self):
        """Whatever still stands in the other fields."""
        self.log_in(self.borrower)
        self.save(self.flour, want="6", tolerance="2", minimum="5", ceiling="29")
        typed = {"want": "", "tolerance": "2", "minimum": "5", "ceiling": "29"}
        said = self.save(self.flour, version=1, **typed)
        self.assertIsNone(said["error"])
        mine = self.mine(self.flour)
        self.assertEqual((mine.want, mine.tolerance, mine.minimum), (0, 0, 0))
        said = self.save(self.soap, tolerance="2")
        self.assertIn("Soap: say first how many you want", said["error"])
        self.assertFalse(self.mine(self.soap))

    def test_numbers_as_each_language_writes_them(self):
        """1,234 bags are more than a thousand in English; the page shows them so that
        the same field can be sent back."""
        self.log_in(self.borrower)
        self.save(self.flour, want="1,234", ceiling="1,234.50")
        mine = self.mine(self.flour)
        self.assertEqual((mine.want, mine.ceiling), (1234, 1234.5))
        page = self.page(self.url)
        self.assertIn('value="1234"', page)
        self.assertIn('value="1234.5"', page)
        for typed in ("nan", "1e3", "1,2,3", "-4", "2000000"):
            said = self.save(self.flour, version=1, want=typed)
            self.assertIn(f"“{typed}” is no number", said["error"])

    def test_a_ceiling_below_the_price(self):
        self.log_in(self.borrower)
        said = self.save(self.flour, want="12", ceiling="29,50")
        self.assertIn("you would get nothing of it", said["row"])
        self._commit(self.flour, self.semeurs, 12)
        self.assertIn("you would get all of it", self.page(self.url))

    def test_after_the_deadline_nothing_changes(self):
        self.log_in(self.borrower)
        self.save(self.flour, want="12")
        self.env.cr.execute(
            "UPDATE ess_round SET date_open = date_close - interval '9 days', "
            "date_close = now() - interval '1 minute' WHERE id = %s",
            [self.round.id],
        )
        self.round.invalidate_recordset()
        said = self.save(self.flour, version=1, want="24")
        self.assertTrue(said["error"])
        self.assertEqual(self.mine(self.flour).want, 12)
        self.assertIn("/result", self.get(self.url).headers["Location"])

    def test_the_minimum_of_a_supplier_comes_nearer(self):
        """La Lessive takes orders from 100 € and 15 kg; soap costs 8 € a kilo."""
        self.soap.supplier_id.write({"minimum_amount": 100, "minimum_weight": 15})
        self.log_in(self.borrower)
        said = self.save(self.soap, want="10")["supplier"]
        self.assertIn("20.00\u00a0€ more are missing of all of us", said)
        self.assertIn("from 15 kg; 5 kg more are missing", said)
        self._commit(self.soap, self.semeurs, 6)
        page = self.page(f"{self.url}?search=soap")
        self.assertIn("100.00\u00a0€, without tax: that is reached", page)
        self.assertIn("from 15 kg; 2 kg more are missing", page)

    def test_the_first_tier_is_a_smallest_order(self):
        self.flour.tier_ids.sorted("from_quantity")[:1].from_quantity = 20
        self.log_in(self.borrower)
        page = re.sub(r"\s+", " ", self.page(self.url))
        self.assertIn("takes no less than 24", page)

    def test_a_question_and_a_message(self):
        """The question goes to the coordinator alone; its answer to who asked."""
        self.log_in(self.borrower)
        answer = self.post(f"{self.url}/ask", text=" Is it <b>organic</b>?\n")
        self.assertIn("done=asked", answer.headers["Location"])
        note = self.round.message_ids[0]
        self.assertEqual(note.author_id, self.borrower.partner_id)
        self.assertEqual(note.partner_ids, self.round.coordinator_id.partner_id)
        self.assertEqual(note.reply_to, self.borrower.partner_id.email_formatted)
        self.assertTrue(note.subtype_id.internal, "no other member reads it")
        self.assertIn("&lt;b&gt;organic", note.body)
        self.assertEqual(note.subject, "Jardin Le Phare asks about January")
        self.assertIn(
            "write what you want", self.post(f"{self.url}/ask", text=" ").text
        )
        self.assertIn("too many", self.post(f"{self.url}/ask", text="x" * 2001).text)
        self.round.action_message("The van comes on Friday.", "circle")
        self.round.action_message("Bring boxes.", "committed")
        page = self.page(self.url)
        self.assertIn("The van comes on Friday.", page)
        self.assertNotIn("Bring boxes.", page)
        self.assertNotIn("organic", page)
        self._commit(self.flour, self.phare, 12)
        self.close()
        page = self.page(f"{self.url}/result")
        self.assertIn("Bring boxes.", page)
        self.assertNotRegex(page, r"<details[^>]*open", "nothing was refused")
        answer = self.post(f"{self.url}/ask", text="When?")
        self.assertIn("/result?done=asked", answer.headers["Location"])

    def test_search(self):
        self.log_in(self.borrower)
        page = self.page(f"{self.url}?search=soa")
        self.assertIn("Soap", page)
        self.assertNotIn("Flour T80", page)
        self.assertIn("No product is called", self.page(f"{self.url}?search=x"))

    def test_result_says_why(self):
        self._commit(self.flour, self.phare, 14)
        self.close()
        self.log_in(self.borrower)
        page = re.sub(r"\s+", " ", self.page(f"{self.url}/result"))
        self.assertIn("Asked for: 14", page)
        self.assertIn("You get: 12", page)
        why = re.sub(r"\s+", " ", self.mine(self.flour)._why())
        self.assertIn(why, page)

    def test_who_has_left_the_circle_reads_what_became_of_it(self):
        """And says when it comes; it commits to nothing more."""
        one = self._commit(self.flour, self.phare, 12)
        slot = self.env["ess.round.slot"].create(
            {
                "round_id": self.round.id,
                "start": Datetime.add(Datetime.now(), days=8),
                "stop": Datetime.add(Datetime.now(), days=8, hours=1),
            }
        )
        self.phare.ess_membership_ids.unlink()
        self.log_in(self.borrower)
        self.assertIn("/result", self.get(self.url).headers["Location"])
        page = re.sub(r"\s+", " ", self.page(f"{self.url}/result"))
        self.assertIn("not in the circle of this round any more", page)
        said = self.save(self.flour, version=1, want="24")
        self.assertIn("not open to your organisation", said["error"])
        self.assertEqual(one.want, 12)
        self.close()
        self.assertIn("You get", self.page(f"{self.url}/result"))
        self.post(f"{self.url}/slot", slot=slot.id)
        self.assertEqual(self.round.collection_ids.slot_id, slot)

    def test_what_it_saved_may_be_less_than_nothing(self):
        said = self.round._saving_said(-2, 3.5)
        self.assertEqual(
            said,
            [
                "2.00\u00a0€ more than your organisation alone would pay.",
                "3.50\u00a0€ less than at the first price of each product.",
            ],
        )
        said = self.round._saving_said(0, 0)
        self.assertEqual(said, ["As much as your organisation alone would pay."])

    def test_a_host_sees_who_comes_first_and_what_came_instead(self):
        self.round.host_id = self.fabrique
        soap = self._commit(self.soap, self.phare, 4)
        self._commit(self.soap, self.semeurs, 4)
        days = [8, 7]
        slots = self.env["ess.round.slot"].create(
            [
                {
                    "round_id": self.round.id,
                    "start": Datetime.add(Datetime.now(), days=day),
                    "stop": Datetime.add(Datetime.now(), days=day, hours=1),
                }
                for day in days
            ]
        )
        self.close()
        self.round.action_order()
        self.round.collection_ids.create(
            [
                {"round_id": self.round.id, "entity_id": member.id, "slot_id": slot.id}
                for member, slot in zip(self.phare | self.semeurs, slots, strict=True)
            ]
        )
        other = self._product("Olive soap", uom_id=self.kilo.id)
        self.round._receive({self.soap: (8, 0, {"substitute_id": other.id})})
        soap.invalidate_recordset()
        self.log_in(self.lender)
        page = self.page(f"{self.url}/collect")
        self.assertLess(page.index("Les Semeurs"), page.index("Le Phare"))
        self.assertIn("Olive soap", page)
        self.post(f"{self.url}/collect", commitment=soap.id)
        self.assertEqual(soap.collected, 4)
        self.post(f"{self.url}/collect", commitment=soap.id, given="0")
        self.assertEqual(soap.collected, 0)

    def test_last_place_of_a_slot(self):
        slot = self.env["ess.round.slot"].create(
            {
                "round_id": self.round.id,
                "start": Datetime.add(Datetime.now(), days=8),
                "stop": Datetime.add(Datetime.now(), days=8, hours=1),
                "places": 1,
            }
        )
        for member in (self.phare, self.semeurs):
            self._commit(self.flour, member, 12)
        self.close()
        self.log_in(self.third)
        self.post(f"{self.url}/slot", slot=slot.id)
        self.log_in(self.borrower)
        answer = self.post(f"{self.url}/slot", slot=slot.id)
        self.assertIn("this time is full by now", answer.text)
        self.assertEqual(self.round.collection_ids.entity_id, self.semeurs)

    def _hosted_delivery(self):
        """12 bags for Le Phare are there; Nadia of the host hands them out."""
        self.round.host_id = self.fabrique
        one = self._commit(self.flour, self.phare, 12)
        self.close()
        self.round.action_order()
        self.flour._receive(12)
        one.invalidate_recordset()
        self.log_in(self.lender)
        return one

    def test_hand_out_on_a_phone(self):
        one = self._hosted_delivery()
        page = self.page(f"{self.url}/collect")
        self.assertIn("Jardin Le Phare", page)
        self.post(f"{self.url}/collect", member=self.phare.id)
        self.assertEqual(one.collected, one.received)
        self.assertTrue(self.round.collection_ids.collected_on)
        self.post(f"{self.url}/collect", member=self.phare.id, undo="1")
        self.assertEqual(one.collected, 0)

    def test_a_part_is_handed_out(self):
        """Five bags fit into the car today; the other seven come later."""
        one = self._hosted_delivery()
        url = f"{self.url}/collect"
        self.post(url, commitment=one.id, given="5")
        self.assertEqual(one.collected, 5)
        self.assertFalse(self.round.collection_ids.collected_on)
        self.assertIn("Given so far", self.page(url))
        other = self._round(name="Elsewhere")
        oats = self._offer(self._product("Oats"), self.nord, [(0, 2.0)], other)
        other.date_close = self.round.date_close
        other.action_open()
        foreign = self._commit(oats, self.phare, 5)
        self.post(url, commitment=foreign.id, given="5")
        self.assertEqual((one.collected, foreign.collected), (5, 0))
        answer = self.post(url, commitment=one.id, given="13")
        self.assertIn("13 cannot be handed out to Jardin Le Phare", answer.text)
        answer = self.post(url, commitment=one.id, given="half")
        self.assertIn("“half” is no number", answer.text)
        self.assertEqual(one.collected, 5)
        self.post(url, commitment=one.id, given="12")
        self.assertEqual(one.collected, 12)
        self.assertTrue(self.round.collection_ids.collected_on)

    def test_queries_do_not_grow(self):
        self.log_in(self.borrower)
        # 12 for 15 that are asked for: each commitment is looked at
        self._commit(self.flour, self.phare, 8)
        self._commit(self.flour, self.semeurs, 7, minimum=2)
        self.page(self.url)
        self.page(self.url)
        before = self._queries(self.url)
        for number in range(12):
            offer = self._grown(number)
            self._commit(offer, self.phare, 4)
            self._commit(offer, self.semeurs, 5, minimum=2)
        self.page(self.url)
        self.assertLessEqual(self._queries(self.url), before)

    def _grown(self, number):
        """One more product, in a round that is open already."""
        product = self._product(f"Jam {number}")
        return self._offer(product, self.nord, [(0, 3.0), (24, 2.5)], carton=6)

    def _queries(self, url):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.page(url)
        return self.env.cr.sql_log_count - before
