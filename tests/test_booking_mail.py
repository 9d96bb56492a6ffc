import vobject

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from ..models.booking_mail import STEPS
from .common import EssCommon, utc

MODULE = "ess_mutualisation"


@tagged("post_install", "-at_install")
class TestBookingMail(EssCommon, MockEmail):
    """Who is told what, in which language, with which calendar file.

    Anaïs of Le Phare borrows, Bob of La Fabrique lends.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.anais = cls._volunteer(cls.phare, "anais").partner_id
        cls.bob = cls._volunteer(cls.fabrique, "bob").partner_id
        # a contact that is given an organisation takes its language: set after that
        (cls.anais | cls.bob).lang = "en_US"
        cls.asked = cls._asset("Sound desk", approval="owner", price=40.0)
        cls.asked.write(
            {
                "street": "3 rue de la Gare",
                "zip": "59100",
                "private_instructions": "<p>The code is 4711.</p>",
            }
        )

    def _book(self, asset=None, **vals):
        return self._booking(
            asset or self.van,
            "2026-01-12 09:00",
            "2026-01-14 09:00",
            contact_id=self.anais.id,
            **vals,
        )

    def _mails_about(self, booking, after=0):
        """Mails about a booking, oldest first (not the facilitator's activities)."""
        domain = [
            ("model", "=", "ess.booking"),
            ("res_id", "=", booking.id),
            ("is_notification", "=", False),
        ]
        return (
            self.env["mail.mail"]
            .sudo()
            .search([*domain, ("id", ">", after)], order="id")
        )

    def _told_by(self, booking, act, *args):
        """Mails that one act sends."""
        last = max(self.env["mail.mail"].sudo().search([]).ids or [0])
        getattr(booking, act)(*args)
        return self._mails_about(booking, last)

    def _assert_told(self, mails, *expected):
        """Each mail: its reader, a word of its subject, its calendar method."""
        found = [
            (
                mail.recipient_ids,
                mail.subject,
                self._calendar(mail).method.value if mail.attachment_ids else None,
            )
            for mail in mails
        ]
        self.assertEqual(len(found), len(expected), found)
        for (reader, subject, method), (wanted, word, calendar) in zip(
            found, expected, strict=True
        ):
            self.assertEqual(reader, wanted)
            self.assertIn(word, subject)
            self.assertEqual(method, calendar, subject)

    def _calendar(self, mail):
        self.assertEqual(mail.attachment_ids.mapped("mimetype"), ["text/calendar"])
        return vobject.readOne(mail.attachment_ids.raw.decode())

    # === WHO IS TOLD === #

    def test_each_step_has_its_template(self):
        for step in STEPS:
            template = self.env.ref(f"{MODULE}.mail_template_booking_{step}")
            self.assertEqual(template.model, "ess.booking", step)

    def test_booked_at_once(self):
        booking = self._book()
        self._assert_told(
            self._told_by(booking, "action_request"),
            (self.anais, "Confirmed: Van", "PUBLISH"),
            (self.bob, "Jardin Le Phare has booked Van", "PUBLISH"),
        )

    def test_asked_and_approved_by_the_owner(self):
        booking = self._book(self.asked)
        mails = self._told_by(booking, "action_request")
        self._assert_told(
            mails,
            (self.anais, "We have your request for Sound desk", None),
            (self.bob, "Jardin Le Phare asks for Sound desk", None),
        )
        self.assertIn("/my/requests", mails[1].body_html)
        self._assert_told(
            self._told_by(booking, "action_approve"),
            (self.anais, "Confirmed: Sound desk", "PUBLISH"),
        )

    def test_answered_by_the_federation(self):
        """The federation answers, the owner hears of the promise."""
        self.asked.approval = "federation"
        federation = self.asked.company_id.partner_id
        booking = self._book(self.asked)
        mails = self._told_by(booking, "action_request")
        self._assert_told(
            mails,
            (self.anais, "We have your request", None),
            (federation, "asks for Sound desk", None),
        )
        self.assertIn(f"/odoo/bookings/{booking.id}", mails[1].body_html)
        self._assert_told(
            self._told_by(booking, "action_approve"),
            (self.anais, "Confirmed", "PUBLISH"),
            (self.bob, "has booked Sound desk", "PUBLISH"),
        )

    def test_refused_with_its_reason(self):
        booking = self._book(self.asked)
        booking.action_request()
        mails = self._told_by(booking, "action_refuse", "It is being repaired.")
        self._assert_told(mails, (self.anais, "Refused: Sound desk", "CANCEL"))
        self.assertIn("It is being repaired.", mails.body_html)

    def test_cancelled(self):
        booking = self._book()
        booking.action_request()
        mails = self._told_by(booking, "action_cancel", "The market is off.")
        self._assert_told(
            mails,
            (self.anais, "Cancelled: Van", "CANCEL"),
            (self.bob, "Cancelled: Van", "CANCEL"),
        )
        for mail in mails:
            self.assertIn("The market is off.", mail.body_html)

    def test_moved(self):
        booking = self._book()
        booking.action_request()
        mails = self._told_by(
            booking, "action_reschedule", None, utc("2026-01-15 09:00")
        )
        self._assert_told(
            mails,
            (self.anais, "Changed: Van", "PUBLISH"),
            (self.bob, "Changed: Van for Jardin Le Phare", "PUBLISH"),
        )
        self.assertIn("Thursday 15 January 2026 09:00", mails[0].body_html)

    def test_waiting_then_served(self):
        first = self._book()
        first.action_request()
        second = self._booking(
            self.van, "2026-01-13 09:00", "2026-01-15 09:00", entity=self.semeurs
        )
        self._assert_told(
            self._told_by(second, "action_wait"),
            (self.semeurs, "On the waiting list: Van", None),
        )
        last = self._mails_about(second)[-1].id
        first.action_cancel("No need any more")
        self._assert_told(
            self._mails_about(second, last),
            (self.semeurs, "Confirmed: Van", "PUBLISH"),
            (self.bob, "has booked Van", "PUBLISH"),
        )

    def test_handed_over_and_returned(self):
        booking = self._book()
        booking.action_request()
        with self.at("2026-01-12 08:00:00"):
            self._assert_told(
                self._told_by(booking, "action_hand_over"),
                (self.anais, "You have it: Van", None),
            )
        with self.at("2026-01-14 08:00:00"):
            self._assert_told(
                self._told_by(booking, "action_return"),
                (self.anais, "Returned: Van", None),
                (self.bob, "Jardin Le Phare has returned Van", None),
            )

    def test_reminded(self):
        booking = self._book()
        booking.action_request()
        last = self._mails_about(booking)[-1].id
        with self.at("2026-01-11 09:00:00"):
            self.env["ess.booking"]._remind(booking)
        self._assert_told(
            self._mails_about(booking, last), (self.anais, "Reminder: Van", "PUBLISH")
        )

    def test_nobody_is_told_of_an_import(self):
        """2,400 bookings that come in a file are not 4,800 mails."""
        bookings = self.env["ess.booking"].with_context(import_file=True)
        booking = bookings.create(
            {
                "asset_id": self.van.id,
                "entity_id": self.phare.id,
                "start": utc("2026-01-12 09:00"),
                "stop": utc("2026-01-14 09:00"),
            }
        )
        booking.action_request()
        self.assertFalse(self._mails_about(booking))

    def test_a_member_acts_on_the_portal(self):
        """Mails are made for those who may not read templates nor partners."""
        booking = self._book().with_user(self.anais.user_ids)
        self._assert_told(
            self._told_by(booking, "action_request"),
            (self.anais, "Confirmed: Van", "PUBLISH"),
            (self.bob, "Jardin Le Phare has booked Van", "PUBLISH"),
        )

    # === WHAT THEY READ === #

    def test_each_in_their_language(self):
        self.anais.lang = "fr_FR"
        template = self.env.ref(f"{MODULE}.mail_template_booking_confirmed")
        template.with_context(lang="fr_FR").subject = "Oui : {{ object.asset_id.name }}"
        booking = self._book()
        french, english = self._told_by(booking, "action_request")
        self.assertEqual(french.subject, "Oui : Van")
        self.assertIn("lundi 12 janvier 2026 09:00", french.body_html)
        self.assertIn("anais", french.body_html)
        self.assertIn("Jardin Le Phare has booked Van", english.subject)
        self.assertIn("Monday 12 January 2026 09:00", english.body_html)
        self.assertIn("bob", english.body_html)

    def test_each_mail_in_each_language(self):
        """A body is translated as a whole, so one of last year would show here."""
        booking = self._book(self.asked)
        for lang in ("en_US", "fr_FR"):
            (self.anais | self.bob).lang = lang
            for step in STEPS:
                with self.subTest(lang=lang, step=step):
                    mails = self._told_by(booking, "_send_step", step)
                    self.assertEqual(len(mails), 1)
                    self.assertIn(booking.name, mails.subject)
                    self.assertIn(booking.name, mails.body_html)
                    self.assertIn(f'href="{booking.get_base_url()}', mails.body_html)

    def test_what_it_says(self):
        """What, when where it is, where, price, whose; the code stays on the page."""
        booking = self._book(self.asked, purpose="Concert")
        booking.action_request()
        booking.action_approve()
        mail = self._mails_about(booking)[-1]
        for words in (
            "Sound desk",
            "Europe/Paris",
            "3 rue de la Gare, 59100 Wattrelos",
            "Radio La Fabrique",
            "Jardin Le Phare",
            "Concert",
            booking.name,
            f"{booking.get_base_url()}/my/bookings/{booking.id}",
        ):
            self.assertIn(words, mail.body_html)
        self.assertEqual(booking.amount, 1920)  # 48 hours at 40 €
        self.assertIn("920", mail.body_html)
        self.assertNotIn("4711", mail.body_html)

    def test_free_of_charge(self):
        booking = self._book(self._asset("Ladder"))
        booking.action_request()
        self.assertIn("Free of charge", self._mails_about(booking)[1].body_html)

    # === THE CALENDAR FILE === #

    def test_one_event_from_first_to_last(self):
        """The event keeps its uid; each change is a higher sequence."""
        booking = self._book()
        booking.action_request()
        booking.action_reschedule(stop=utc("2026-01-15 09:00"))
        booking.action_reschedule(quantity=1, stop=utc("2026-01-14 12:00"))
        booking.action_cancel("The market is off.")
        events = [
            self._calendar(mail).vevent
            for mail in self._mails_about(booking)
            if mail.recipient_ids == self.anais
        ]
        self.assertEqual(len(events), 4)
        self.assertEqual(len({event.uid.value for event in events}), 1)
        self.assertEqual([int(e.sequence.value) for e in events], [0, 1, 2, 3])
        self.assertEqual(
            [e.status.value for e in events], [*["CONFIRMED"] * 3, "CANCELLED"]
        )
        self.assertEqual(
            events[0].dtstart.value.isoformat(), "2026-01-12T08:00:00+00:00"
        )
        self.assertEqual(events[0].dtend.value.isoformat(), "2026-01-14T08:00:00+00:00")
        self.assertIn("Wattrelos", events[0].location.value)

    def test_it_does_not_wait_for_the_next_hour(self):
        """The mail queue is woken as soon as there is something to send."""
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        woken = self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)])
        self._book().action_request()
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)]),
            woken,
        )

    def test_it_really_leaves_with_the_mail(self):
        booking = self._book()
        booking.action_request()
        with self.mock_mail_gateway():
            self._mails_about(booking).send()
        self.assertEqual(
            [[name for name, *_rest in sent["attachments"]] for sent in self._mails],
            [[f"{booking.name.replace('/', '-')}.ics"]] * 2,
        )
