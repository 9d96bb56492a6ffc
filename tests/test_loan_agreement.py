"""Both sides sign the same terms; a change voids what was signed, and says so."""

import hashlib

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_loan import PIXEL, LoanCommon, utc

THURSDAY = utc("2026-01-15 09:00")


@tagged("post_install", "-at_install")
class TestLoanAgreement(LoanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("faye", "ess_mutualisation.group_facilitator")
        cls.loan = cls._loan(cls.van)

    def _sides(self, loan=None):
        return sorted((loan or self.loan)._signatures().mapped("side"))

    def _mails(self, loan=None):
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", "ess.loan"),
                ("res_id", "=", (loan or self.loan).id),
                ("is_notification", "=", False),
            ],
            order="id",
        )
        return [(m.recipient_ids, m.subject.split(":")[0]) for m in mails]

    # === SIGNING === #

    def test_both_sign(self):
        bob = self.loan.with_user(self.bob).action_sign("Bob Martin", PIXEL)
        self.assertEqual(self.loan.state, "to_sign")
        self.assertEqual((bob.side, bob.entity_id), ("lender", self.fabrique))
        self.assertEqual(bob.contact_id, self.bob.partner_id)
        self.assertEqual(bob.signer_name, "Bob Martin")
        self.assertFalse(self.loan.document_id)
        anais = self.loan.with_user(self.anais).action_sign("Anaïs Durand", PIXEL)
        self.assertEqual((anais.side, anais.entity_id), ("borrower", self.phare))
        self.assertEqual(self.loan.state, "signed")
        self.assertEqual(anais.terms_hash, bob.terms_hash)
        self.assertEqual(self.loan.terms_hash, bob.terms_hash)

    def test_the_document_is_kept_hashed_and_sent(self):
        self._sign(self.loan)
        document = self.loan.document_id
        self.assertEqual(
            self.loan.document_hash, hashlib.sha256(document.raw).hexdigest()
        )
        self.assertEqual(
            (document.res_model, document.res_id), ("ess.loan", self.loan.id)
        )
        text = document.raw.decode()
        for words in (
            "Radio La Fabrique",
            "Jardin Le Phare",
            "Van",
            self.loan.terms_hash,
        ):
            self.assertIn(words, text)
        self.assertEqual(
            self._mails()[-2:],
            [
                (self.anais.partner_id, "Signed by both"),
                (self.bob.partner_id, "Signed by both"),
            ],
        )
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.attachment_ids, document)
        before = document
        self.loan._ensure_document()
        self.assertEqual(self.loan.document_id, before, "it is made once")

    def test_who_may_not_sign(self):
        for user in (self.third, self.facilitator, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError, msg=user.login):
                self.loan.with_user(user).action_sign("Somebody", PIXEL)
        with self.assertRaisesRegex(AccessError, "in the name of another person"):
            self.loan.with_user(self.anais).action_sign(
                "Bob", PIXEL, contact=self.bob.partner_id.id
            )
        self.assertEqual(self._sides(), [])

    def test_a_custodian_does_not_sign_for_the_owner(self):
        tent = self._asset("Tent", custodian_id=self.semeurs.id)
        loan = self._loan(tent)
        self.assertEqual(loan.with_user(self.third)._roles(), {"lender"})
        with self.assertRaisesRegex(AccessError, "signed by a person of the lender"):
            loan.with_user(self.third).action_sign("Third", PIXEL)

    def test_what_is_no_signature(self):
        mine = self.loan.with_user(self.anais)
        for name in ("", "   ", None):
            with self.assertRaisesRegex(UserError, "Name: write"):
                mine.action_sign(name, PIXEL)
        for image in ("", None, "not base64!", "PHNjcmlwdD4=", PIXEL[:-20] + "%%"):
            with self.assertRaisesRegex(UserError, "Signature: draw"):
                mine.action_sign("Anaïs", image)
        mine.action_sign("Anaïs", f"data:image/png;base64,{PIXEL}")
        self.assertEqual(self._sides(), ["borrower"])

    def test_one_signature_per_side(self):
        self._sign(self.loan, self.anais)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "is signed already for your"),
        ):
            self._sign(self.loan, self.anais)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "INSERT INTO ess_loan_signature (loan_id, side, entity_id, contact_id, "
                "signer_name, signed_on, terms_hash) SELECT loan_id, side, entity_id, "
                "contact_id, signer_name, signed_on, terms_hash "
                "FROM ess_loan_signature WHERE loan_id = %s",
                [self.loan.id],
            )

    def test_the_page_was_older_than_the_terms(self):
        mine = self.loan.with_user(self.anais)
        seen = mine._terms_hash()
        self.loan.booking_ids.action_reschedule(None, THURSDAY)
        with self.assertRaisesRegex(UserError, "was changed since you opened it"):
            mine.action_sign("Anaïs", PIXEL, seen=seen)
        mine.action_sign("Anaïs", PIXEL, seen=mine._terms_hash())
        self.assertEqual(self._sides(), ["borrower"])

    def test_only_what_is_to_be_signed(self):
        self.chairs.approval = "owner"
        asked = self._loan(self.chairs, window=("2026-02-02 09:00", "2026-02-03 09:00"))
        with self.assertRaisesRegex(UserError, "only while it is to be signed"):
            self._sign(asked, self.anais)
        self._sign(self.loan)
        with self.assertRaisesRegex(UserError, "only while it is to be signed"):
            self._sign(self.loan, self.anais)

    # === VOIDED BY A CHANGE === #

    def _assert_voided(self, word, loan=None):
        loan = loan or self.loan
        self.assertEqual(self._sides(loan), [])
        self.assertEqual(loan.state, "to_sign")
        self.assertEqual(len(loan.signature_ids), 2, "they stay on record")
        for signature in loan.signature_ids:
            self.assertTrue(signature.voided_on)
            self.assertIn(word, signature.void_reason)
        self.assertFalse(loan.document_id)
        self.assertFalse(loan.terms_hash)
        self.assertEqual(
            self._mails(loan)[-2:],
            [
                (self.anais.partner_id, "To sign anew"),
                (self.bob.partner_id, "To sign anew"),
            ],
        )
        self.assertIn(word, loan.message_ids[0].body)

    def test_by_other_dates_of_the_borrower(self):
        self._sign(self.loan)
        self.loan.booking_ids.with_user(self.anais).action_reschedule(None, THURSDAY)
        self._assert_voided("the dates, the items")

    def test_by_the_form_of_the_facilitator(self):
        self._sign(self.loan)
        self.loan.booking_ids.with_user(self.facilitator).write({"stop": THURSDAY})
        self._assert_voided("the dates")

    def test_by_another_quantity(self):
        loan = self._loan(
            self.chairs, quantity=20, window=("2026-02-02 09:00", "2026-02-03 09:00")
        )
        self._sign(loan)
        loan.booking_ids.action_reschedule(quantity=25)
        self._assert_voided("the items", loan)

    def test_by_an_item_that_goes(self):
        loan = self._loan(
            self.van, self.chairs, window=("2026-02-02 09:00", "2026-02-03 09:00")
        )
        self._sign(loan)
        loan.booking_ids[0].action_cancel("Too big")
        self._assert_voided("the items", loan)

    def test_by_another_place(self):
        self._sign(self.loan)
        self.loan.with_user(self.facilitator).place = "Behind the church"
        self._assert_voided("the conditions")

    def test_by_another_deposit(self):
        self.van.deposit_amount = 300
        loan = self._loan(self.van, window=("2026-02-02 09:00", "2026-02-03 09:00"))
        self._sign(loan)
        loan.deposit_ids.with_user(self.facilitator).amount = 500
        self._assert_voided("the conditions", loan)

    def test_by_another_text(self):
        """The text changes under the first signature: the second signer ends it."""
        self._sign(self.loan, self.bob)
        self.loan.agreement_id.body = "<p>Other words.</p>"
        self._sign(self.loan, self.anais)
        self.assertEqual(self._sides(), ["borrower"])
        self.assertEqual(self.loan.state, "to_sign")
        bob = self.loan.signature_ids.filtered(lambda s: s.side == "lender")
        self.assertIn("the text of the agreement", bob.void_reason)
        self._sign(self.loan, self.bob)
        self.assertEqual(self.loan.state, "signed")

    def test_not_by_what_says_nothing_new(self):
        self._sign(self.loan)
        booking = self.loan.booking_ids
        booking.write({"purpose": "Concert", "stop": booking.stop})
        self.van.price = 99
        booking.action_reschedule(None, booking.stop)
        self.assertEqual(self._sides(), ["borrower", "lender"])
        self.assertEqual(self.loan.state, "signed")

    def test_not_by_what_is_on_paper_already(self):
        """A text, a name, a value or a language that comes later changes nothing."""
        self._sign(self.loan)
        self.loan.agreement_id.body = "<p>Other words.</p>"
        self.env["res.lang"]._activate_lang("fr_FR")
        self.van.write({"name": "The van", "replacement_value": 9000})
        self.phare.name = "Le Phare"
        self.policy.insurance_required = True
        self.circle.charter = "<p>Another charter.</p>"
        self.loan.write({"place": self.loan.place})
        self.loan.booking_ids.write({"stop": self.loan.stop})
        self.assertEqual(self._sides(), ["borrower", "lender"])

    def test_signed_anew(self):
        self._sign(self.loan)
        first = self.loan.document_hash
        self.loan.booking_ids.action_reschedule(None, THURSDAY)
        self._sign(self.loan)
        self.assertEqual(self.loan.state, "signed")
        self.assertEqual(len(self.loan.signature_ids), 4)
        self.assertNotEqual(self.loan.document_hash, first)

    # === THE TERMS === #

    def test_terms_are_the_same_for_everybody(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.anais.lang = "fr_FR"
        hashes = {
            self.loan.with_user(user).with_context(lang=user.lang)._terms_hash()
            for user in (self.anais, self.bob, self.facilitator)
        }
        self.assertEqual(len(hashes), 1)

    def test_terms_hold_what_is_agreed(self):
        self.van.replacement_value = 12000
        terms = self.loan._terms()
        self.assertEqual(terms["items"][0]["value"], "12000.00")
        self.assertEqual(terms["items"][0]["amount"], "80.00")
        self.assertEqual(terms["conditions"]["charters"], [[self.circle.id, 1]])
        self.assertEqual(
            terms["period"], ["2026-01-12 08:00:00", "2026-01-14 08:00:00"]
        )

    # === THE DOCUMENT === #

    def test_in_both_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.phare.lang, self.fabrique.lang = "fr_FR", "en_US"
        agreement = self.loan.agreement_id
        agreement.with_context(lang="fr_FR").body = "<p>Texte en français.</p>"
        report = self.env["ir.actions.report"]
        reader = self.loan.with_context(lang="fr_FR")
        name = "ess_mutualisation.report_loan_agreement"
        page = report.with_context(lang="fr_FR")._render_qweb_html(name, reader.ids)[0]
        self.assertIn("Texte en français", page.decode())
        self.assertNotIn("Hand-over and return", page.decode())
        self._sign(self.loan)
        text = self.loan.document_id.raw.decode()
        self.assertIn("Texte en français", text)
        self.assertIn("Hand-over and return", text)

    def test_what_could_not_be_printed_is_printed_at_night(self):
        def jammed(*_args):
            raise OSError("The printing machine is broken")

        self.patch(type(self.loan), "_render_agreement", jammed)
        with mute_logger("odoo.addons.ess_mutualisation.models.loan_document"):
            self._sign(self.loan)
        self.assertEqual(self.loan.state, "signed")
        self.assertFalse(self.loan.document_id)
        self.patch(type(self.loan), "_render_agreement", lambda *_args: b"%PDF-1")
        cron = type(self.env["ir.cron"])
        self.patch(cron, "_commit_progress", lambda *_args, **_kwargs: 1.0)
        self.env["ess.loan"]._cron_documents()
        self.assertEqual(self.loan.document_id.raw, b"%PDF-1")

    # === MAILS === #

    def test_who_is_told(self):
        self.assertEqual(
            self._mails(),
            [(self.anais.partner_id, "To sign"), (self.bob.partner_id, "To sign")],
        )
        self._sign(self.loan, self.bob)
        before = len(self._mails())
        self.loan.with_user(self.bob).action_ask_signatures()
        self.assertEqual(self._mails()[before:], [(self.anais.partner_id, "To sign")])
        self.loan.with_user(self.anais).action_cancel("Rain")
        self.assertEqual({word for _to, word in self._mails()[-2:]}, {"Cancelled"})
