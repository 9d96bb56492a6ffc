"""More time: asked by the borrower, agreed by the lender, by the same gate."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.booking_rules import RuleBroken
from ..models.occupancy import NotFree
from .common_loan import LoanCommon, utc

THURSDAY = utc("2026-01-15 09:00")
OUT = "2026-01-13 08:00:00"


@tagged("post_install", "-at_install")
class TestLoanExtension(LoanCommon):
    """Le Phare has the van from Monday 12 to Wednesday 14, and wants Thursday too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("faye", "ess_mutualisation.group_facilitator")
        cls.loan = cls._sign(cls, cls._loan(cls.van))
        cls.loan.booking_ids._hand_over_use()
        cls.startClassPatcher(cls.at(OUT))

    def _ask(self, stop=THURSDAY, note=None):
        return self.loan.with_user(self.anais).action_ask_extension(stop, note)

    def _taken_until(self):
        return self.loan.booking_ids.occupancy_ids.stop

    def test_asked_and_agreed(self):
        extension = self._ask(note="The show goes on")
        self.assertEqual(extension.state, "asked")
        self.assertEqual(extension.stop_before, utc("2026-01-14 09:00"))
        self.assertEqual(extension.asked_by_id, self.anais.partner_id)
        self.assertEqual(self._taken_until(), utc("2026-01-14 09:00"), "not before")
        self.assertEqual(self.loan.booking_ids.amount, 80)
        extension.with_user(self.bob).action_agree()
        self.assertEqual(extension.state, "agreed")
        self.assertEqual(extension.answered_by_id, self.bob.partner_id)
        self.assertEqual(self._taken_until(), THURSDAY)
        self.assertEqual(self.loan.stop, THURSDAY)
        self.assertEqual(self.loan.booking_ids.amount, 120)

    def test_an_amendment_keeps_the_signatures(self):
        """Chained by its hash to what was signed; the signed document stays."""
        document, terms = self.loan.document_id, self.loan.terms_hash
        first = self._ask()
        first.with_user(self.bob).action_agree()
        self.assertEqual(self.loan.state, "ongoing")
        self.assertEqual(len(self.loan._signatures()), 2)
        self.assertEqual(self.loan.document_id, document)
        self.assertEqual(self.loan.terms_hash, terms)
        self.assertEqual(first.terms_hash, first._amendment_hash())
        second = self._ask(utc("2026-01-16 09:00"))
        second.with_user(self.bob).action_agree()
        chained = second.terms_hash
        first.sudo().terms_hash = "0" * 64
        self.assertNotEqual(second._amendment_hash(), chained)

    def test_before_it_left(self):
        """A signed loan is extended in the same way, without asking for approval."""
        self.chairs.approval = "owner"
        loan = self._loan(self.chairs, window=("2026-02-02 09:00", "2026-02-03 09:00"))
        loan.booking_ids.with_user(self.bob).action_approve()
        self._sign(loan)
        extension = loan.with_user(self.anais).action_ask_extension(
            utc("2026-02-04 09:00")
        )
        extension.with_user(self.bob).action_agree()
        self.assertEqual(loan.state, "signed")
        self.assertEqual(loan.booking_ids.state, "confirmed")
        loan.booking_ids.write({"purpose": "Market", "quantity": 1})
        self.assertEqual(len(loan._signatures()), 2)
        loan.booking_ids.write({"quantity": 2})
        self.assertEqual(len(loan._signatures()), 0, "anything else voids them")

    def test_who_asks_and_who_answers(self):
        for user in (self.third, self.bob, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError, msg=user.login):
                self.loan.with_user(user).action_ask_extension(THURSDAY)
        extension = self._ask()
        for user in (self.third, self.anais, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError, msg=user.login):
                extension.with_user(user).action_agree()
            with self.assertRaises(AccessError, msg=user.login):
                extension.with_user(user).action_refuse("No")
        for user in (self.third, self.bob):
            with self.assertRaises(AccessError, msg=user.login):
                extension.with_user(user).action_withdraw()
        extension.with_user(self.facilitator).action_agree()
        self.assertEqual(self.loan.stop, THURSDAY)

    def test_refused_with_a_reason(self):
        extension = self._ask()
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            extension.with_user(self.bob).action_refuse("")
        extension.with_user(self.bob).action_refuse("I need it myself")
        self.assertEqual(
            (extension.state, extension.reason), ("refused", "I need it myself")
        )
        self.assertEqual(self.loan.stop, utc("2026-01-14 09:00"))
        with self.assertRaisesRegex(UserError, "This extension is refused"):
            extension.with_user(self.bob).action_agree()
        self.assertEqual(self._ask().state, "asked", "one may ask again")

    def test_withdrawn(self):
        extension = self._ask()
        with self.assertRaisesRegex(UserError, "waits for an answer already"):
            self._ask(utc("2026-01-16 09:00"))
        extension.with_user(self.anais).action_withdraw()
        self.assertEqual(extension.state, "cancelled")
        self._ask(utc("2026-01-16 09:00"))

    def test_the_same_gate(self):
        """Les Semeurs have it from Wednesday noon: refused when it is asked."""
        self._loan(
            self.van,
            entity=self.semeurs,
            window=("2026-01-14 12:00", "2026-01-14 18:00"),
        )
        with self.assertRaisesRegex(NotFree, "Van is taken"):
            self._ask()
        self.assertFalse(self.loan.extension_ids)
        self.assertEqual(self._taken_until(), utc("2026-01-14 09:00"))
        self._ask(utc("2026-01-14 12:00"))

    def test_taken_between_asking_and_agreeing(self):
        extension = self._ask()
        self._loan(
            self.van,
            entity=self.semeurs,
            window=("2026-01-14 12:00", "2026-01-14 18:00"),
        )
        with self.assertRaisesRegex(NotFree, "Van is taken"), self.cr.savepoint():
            extension.with_user(self.bob).action_agree()
        self.assertEqual(extension.state, "asked")
        self.assertEqual(self.loan.stop, utc("2026-01-14 09:00"))

    def test_the_same_rules(self):
        self.policy.max_hours = 60
        with self.assertRaises(RuleBroken):
            self._ask()
        self._ask(utc("2026-01-14 21:00"))

    def test_what_is_no_extension(self):
        for stop in (utc("2026-01-14 09:00"), utc("2026-01-13 12:00")):
            with self.assertRaisesRegex(
                UserError, "New end: choose a time after Wed 14"
            ):
                self._ask(stop)
        for stop in (None, "", "soon"):
            with self.assertRaises(ValidationError):
                self._ask(stop)
        with self.at("2026-01-14 12:00:00"):
            # late already: the new end lies ahead of now
            with self.assertRaisesRegex(UserError, "New end"):
                self._ask(utc("2026-01-14 12:30"))
            self._ask(utc("2026-01-14 15:00"))

    def test_not_of_what_is_over(self):
        self.loan.booking_ids._close(utc("2026-01-13 09:00"))
        with self.assertRaisesRegex(UserError, "is completed; this is possible only"):
            self._ask()

    def test_the_loan_ends_otherwise_meanwhile(self):
        extension = self._ask()
        self.loan._amend(utc("2026-01-14 18:00"))
        with self.assertRaisesRegex(UserError, "has to be asked for anew"):
            extension.with_user(self.bob).action_agree()

    def test_who_is_told(self):
        def subjects():
            mails = self.env["mail.mail"].search(
                [
                    ("model", "in", ("ess.loan", "ess.booking")),
                    ("is_notification", "=", False),
                ],
                order="id",
            )
            return [(m.recipient_ids, m.subject) for m in mails]

        before = len(subjects())
        extension = self._ask()
        told = subjects()[before:]
        self.assertEqual([reader for reader, _subject in told], [self.bob.partner_id])
        self.assertIn("Jardin Le Phare asks for more time", told[0][1])
        before = len(subjects())
        extension.with_user(self.bob).action_agree()
        told = subjects()[before:]
        self.assertEqual([reader for reader, _subject in told], [self.loan.contact_id])
        self.assertIn("Agreed", told[0][1])

    def test_of_what_is_still_out(self):
        """20 chairs for two days, 12 are back: the third day costs 8 of them."""
        with self.at("2026-01-11 08:00:00"):
            loan = self._sign(self._loan(self.chairs, quantity=20))
        booking = loan.booking_ids
        booking._hand_over_use()
        self.assertEqual(booking.amount, 20)
        inspection = loan.with_user(self.bob).action_inspect("return")
        inspection.sudo().line_ids.quantity = 12
        inspection.with_user(self.bob).action_record()
        self._loan(
            self.chairs,
            entity=self.semeurs,
            quantity=22,
            window=("2026-01-14 09:00", "2026-01-15 09:00"),
        )
        extension = loan.with_user(self.anais).action_ask_extension(THURSDAY)
        extension.with_user(self.bob).action_agree()
        self.assertEqual(loan.stop, THURSDAY)
        self.assertEqual(booking.amount, 24)
        self.assertEqual(booking.price_quantity, 48)
        self.assertEqual(booking.value, 24)
