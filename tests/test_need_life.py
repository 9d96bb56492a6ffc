from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .common_need import NeedCommon


@tagged("post_install", "-at_install")
class TestNeedLife(NeedCommon, MockEmail):
    """Who hears of a need, once; what happens to it at night; how it ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.lou, cls.sam, cls.bo):
            user.partner_id.lang = "en_US"

    def _mails(self, need):
        """Subjects and readers of what was written about a need, oldest first."""
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", "ess.need"),
                    ("res_id", "=", need.id),
                    ("is_notification", "=", False),
                ],
                order="id",
            )
        )
        return [
            (mail.subject.split(":")[0].split(" (")[0], mail.recipient_ids.name)
            for mail in mails
        ]

    def _cron(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as commit:
            commit.return_value = 60.0
            self.env["ess.need"]._cron_needs()

    # === MAILS === #

    def test_each_lender_is_asked_once(self):
        """Three lenders; one more night, or one more proposal, asks nobody again."""
        need = self._published(40, contact_id=self.bo.partner_id.id)
        asked = [
            ("Jardin Le Phare needs 40 × Chairs", "Le Moulin"),
            ("Jardin Le Phare needs 40 × Chairs", "Lou of La Fabrique"),
            ("Jardin Le Phare needs 40 × Chairs", "Sam of Les Semeurs"),
        ]
        self.assertEqual(sorted(self._mails(need)), asked)
        self._cron()
        need.action_offer(self.stools.id, 5)
        self.assertEqual(sorted(self._mails(need)), asked)

    def test_the_mail_says_what_is_asked_for(self):
        need = self._published(40, description="For the feast of the street")
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", "ess.need"),
                    ("res_id", "=", need.id),
                    ("recipient_ids", "in", self.lou.partner_id.ids),
                ]
            )
        )
        for text in (
            "Hello Lou of La Fabrique",
            "30 × Chairs",
            "Fri 12 Jun 2026, 09:00 to 18:00",
            "For the feast of the street",
            f"/my/needs/{need.id}",
        ):
            self.assertIn(text, " ".join(mail.body_html.split()))
        self.assertNotIn("Stools", mail.body_html)

    def test_asker_hears_when_it_can_choose_and_the_others_when_it_is_over(self):
        need = self._published(40, contact_id=self.bo.partner_id.id)
        both = need.proposal_ids.sorted("rank")[1]
        self._agree_all(both)
        self.assertEqual(
            self._mails(need)[3:], [("You can have 40 × Chairs", "Bo of Le Phare")]
        )
        both.action_accept()
        # Le Moulin was asked in vain; the two others read of their booking
        self.assertEqual(self._mails(need)[4:], [("No longer needed", "Le Moulin")])

    def test_closed_with_a_reason_that_the_lenders_read(self):
        need = self._published(40, contact_id=self.bo.partner_id.id)
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            need.with_user(self.bo).action_close()
        need.with_user(self.bo).action_close("It rains")
        self.assertEqual((need.state, need.reason), ("closed", "It rains"))
        self.assertFalse(self._live(need))
        self.assertEqual(
            sorted(reader for _subject, reader in self._mails(need)[3:]),
            ["Le Moulin", "Lou of La Fabrique", "Sam of Les Semeurs"],
        )
        need.with_user(self.bo).action_publish()
        self.assertEqual((need.state, need.reason), ("published", False))

    # === AT NIGHT === #

    def test_what_comes_free_is_proposed_at_night(self):
        """All chairs were taken when it was published; 20 come free."""
        need = self._need(20, radius_km=3.5)
        booking = self._booking(
            self.chairs, "2026-06-12 09:00", "2026-06-12 18:00", self.semeurs, 20
        )
        booking.action_request()
        need.action_publish()
        self.assertFalse(need.proposal_ids)
        booking.action_cancel("Not this year")
        self._cron()
        self.assertEqual(self._parts(self._live(need)), [{"Chairs": 20}])
        self.assertEqual(len(self._mails(need)), 1)

    def test_who_does_not_answer_is_not_waited_for(self):
        """Three lenders with 25 chairs or more are asked; two days later the fourth."""
        late = self._member("La Halle", city="Armentieres")
        self._asset("Deckchairs", late, capacity=40, category_id=self.furniture.id)
        need = self._published(25)
        names = need.line_ids.asset_id.mapped("name")
        self.assertEqual(sorted(names), ["Benches", "Chairs", "Stools"])
        with self.at("2026-01-06 08:00:00"):
            self._cron()
        self.assertEqual(len(self._live(need)), 3)
        with self.at("2026-01-07 09:00:00"):
            self._cron()
        self.assertIn("Deckchairs", need.line_ids.asset_id.mapped("name"))
        # those who were asked first may still say yes; then nobody else is asked
        chairs = need.line_ids.filtered(lambda line: line.asset_id == self.chairs)
        chairs[:1].action_agree()
        self.assertIn("ready", self._live(need).mapped("state"))
        count = len(need.proposal_ids)
        with self.at("2026-01-12 09:00:00"):
            self._cron()
        self.assertEqual(len(need.proposal_ids), count)

    def test_what_was_taken_is_no_longer_offered(self):
        need = self._published(30, radius_km=3.5)
        self._booking(
            self.chairs, "2026-06-12 09:00", "2026-06-12 18:00", self.semeurs
        ).action_request()
        self._cron()
        self.assertEqual(need.proposal_ids.state, "stale")

    def test_closed_when_its_time_has_come(self):
        need = self._published(40, contact_id=self.bo.partner_id.id)
        with self.at("2026-06-12 07:00:00"):
            self._cron()
        self.assertEqual(need.state, "closed")
        self.assertEqual(need.reason, "The time came before it was met.")
        self.assertIn(("Not met in time", "Bo of Le Phare"), self._mails(need))
        before = len(self._mails(need))
        with self.at("2026-06-13 07:00:00"):
            self._cron()
        self.assertEqual(len(self._mails(need)), before)

    def test_one_failure_stops_no_other(self):
        """The first need fails in the middle of its night: the second is closed."""
        broken, other = self._published(40), self._published(10)
        nightly = type(broken)._nightly

        def stumble(need):
            nightly(need)
            if need == broken:
                raise ValueError("the lamp fell")

        with (
            self.at("2026-06-12 07:00:00"),
            patch.object(type(broken), "_nightly", stumble),
            mute_logger("odoo.addons.ess_mutualisation.models.need_cron"),
        ):
            self._cron()
        self.assertEqual((broken.state, other.state), ("published", "closed"))
        self.assertNotIn("Not met in time", dict(self._mails(broken)))

    # === AFTERWARDS === #

    def test_a_lender_falls_out_and_the_need_is_published_again(self):
        """10 of 40 are cancelled: 10 are missing, and are looked for again."""
        need = self._published(40)
        both = need.proposal_ids.sorted("rank")[1]
        self._agree_all(both)
        both.action_accept()
        need.booking_ids.filtered(lambda b: b.quantity == 10).action_cancel("Broken")
        self.assertEqual((need.state, need.missing), ("met", 10))
        need.with_user(self.bo).action_publish()
        self.assertEqual(
            self._parts(self._live(need)), [{"Stools": 10}, {"Benches": 10}]
        )

    def test_only_a_draft_is_deleted(self):
        need = self._need()
        need.unlink()
        need = self._published()
        with self.assertRaisesRegex(UserError, "close it, so that it stays"):
            need.unlink()

    def test_many_needs_cost_the_same_number_of_queries(self):
        """What a list shows is read for all needs at once."""
        names = ["display_name", "missing", "ready_count", "asked_count", "state"]

        def count(needs):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            needs.with_user(self.facilitator).read(names)
            return self.env.cr.sql_log_count - before

        few = self._published(5)
        count(few)
        first = count(few)
        many = few
        for quantity in range(6, 14):
            many |= self._published(quantity)
        self.assertEqual(count(many), first)
