"""The borrower is insured on every day of the loan, extension included."""

from base64 import b64encode

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_loan import PIXEL, LoanCommon, utc

PDF = b"%PDF-1.4 a certificate"


@tagged("post_install", "-at_install")
class TestLoanInsurance(LoanCommon):
    """The van goes from Monday 12 January 09:00 to Wednesday 14 January 09:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.insurance_required = True
        cls.loan = cls._sign(cls, cls._loan(cls.van))

    # === OVER THE WHOLE LOAN === #

    def test_none(self):
        reason = self.loan._insurance_reason()
        self.assertIn(
            "no certificate of Jardin Le Phare is valid on 01/12/2026", reason
        )
        self.assertIn("from 01/12/2026 to 01/14/2026", reason)
        with self.assertRaisesRegex(UserError, "no certificate of Jardin Le Phare"):
            self.loan._check_ready()

    def test_it_ends_inside_the_loan(self):
        self._certificate("2025-01-01", "2026-01-13")
        with self.assertRaisesRegex(
            UserError, "ends on 01/13/2026, the loan on 01/14/2026"
        ):
            self.loan._check_ready()

    def test_it_begins_inside_the_loan(self):
        self._certificate("2026-01-13", "2026-12-31")
        self.assertIn("is valid on 01/12/2026", self.loan._insurance_reason())

    def test_it_covers_the_loan_exactly(self):
        self._certificate("2026-01-12", "2026-01-14")
        self.assertEqual(self.loan._ready_reasons(), [])
        self.loan._check_ready()

    def test_one_after_the_other(self):
        self._certificate("2025-01-01", "2026-01-12")
        self._certificate("2026-01-14", "2026-12-31")
        self.assertIn("ends on 01/12/2026", self.loan._insurance_reason())
        self._certificate("2026-01-13", "2026-01-13")
        self.assertFalse(self.loan._insurance_reason())

    def test_of_somebody_else(self):
        self._certificate("2025-01-01", "2026-12-31", entity=self.semeurs)
        self._certificate("2025-01-01", "2026-12-31", entity=self.fabrique)
        self.assertTrue(self.loan._insurance_reason())

    def test_days_are_those_of_the_place(self):
        """Until midnight in Paris (23:00 UTC) of the last day: that day is enough."""
        loan = self._loan(self.chairs, window=("2026-02-02 00:00", "2026-02-04 00:00"))
        self._certificate("2026-02-02", "2026-02-03")
        self.assertFalse(loan._insurance_reason())

    def test_not_asked_for(self):
        self.policy.insurance_required = False
        self.assertFalse(self.loan._insurance_reason())
        self.loan._check_ready()

    def test_a_longer_loan_needs_more(self):
        self._certificate("2025-01-01", "2026-01-14")
        self.assertFalse(self.loan._insurance_reason())
        self.loan.booking_ids.action_reschedule(None, utc("2026-01-15 09:00"))
        self.assertIn("ends on 01/14/2026", self.loan._insurance_reason())

    # === OVER THE EXTENSION === #

    def test_the_extension_is_refused_when_it_is_asked(self):
        self._certificate("2025-01-01", "2026-01-14")
        self.loan.booking_ids._hand_over_use()
        mine = self.loan.with_user(self.anais)
        with self.assertRaisesRegex(
            UserError, "ends on 01/14/2026, the loan on 01/15/2026"
        ):
            mine.action_ask_extension(utc("2026-01-15 09:00"))
        self.assertFalse(self.loan.extension_ids)
        mine.action_ask_extension(utc("2026-01-14 18:00"))

    def test_the_extension_is_refused_when_it_is_agreed(self):
        certificate = self._certificate("2025-01-01", "2026-12-31")
        self.loan.booking_ids._hand_over_use()
        extension = self.loan.with_user(self.anais).action_ask_extension(
            utc("2026-01-15 09:00")
        )
        certificate.date_to = "2026-01-14"
        with self.assertRaisesRegex(UserError, "ends on 01/14/2026"):
            extension.with_user(self.bob).action_agree()
        self.assertEqual(extension.state, "asked")
        self.assertEqual(self.loan.stop, utc("2026-01-14 09:00"))

    # === CEILING === #

    def test_a_low_ceiling_is_said(self):
        self.van.replacement_value = 12000
        certificate = self._certificate("2025-01-01", "2026-12-31", ceiling=10000)
        self.assertIn("10,000.00", self.loan._insurance_warnings()[0])
        self.assertIn("12,000.00", self.loan._insurance_warnings()[0])
        self.assertFalse(self.loan._insurance_reason(), "it is no reason to refuse")
        certificate.ceiling = 12000
        self.assertEqual(self.loan._insurance_warnings(), [])

    # === ON THE PORTAL === #

    def _add(self, user=None, **vals):
        vals = {
            "insurer": "Mutuelle du Nord",
            "number": "A 17",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "ceiling": "50 000,50",
            "document": PDF,
            "document_name": "certificate.pdf",
            **vals,
        }
        certificates = self.env["ess.insurance.certificate"]
        return certificates.with_user(user or self.anais)._portal_add(vals)

    def test_a_member_adds_its_certificate(self):
        certificate = self._add()
        self.assertEqual(certificate.entity_id, self.phare)
        self.assertEqual(certificate.ceiling, 50000.5)
        self.assertEqual(certificate.document, b64encode(PDF))
        self.assertFalse(self.loan._insurance_reason())

    def test_not_of_another_member(self):
        """Whose it is comes from the login, not from the form."""
        certificate = self._add(entity_id=self.semeurs.id)
        self.assertEqual(certificate.entity_id, self.phare)
        with self.assertRaises(AccessError):
            certificate.with_user(self.third).read(["number"])
        with self.assertRaises(AccessError):
            self._add(self.env.ref("base.public_user"))

    def test_what_is_no_certificate(self):
        for vals, word in (
            ({"insurer": " "}, "Insurer"),
            ({"number": None}, "Number"),
            ({"date_to": ""}, "Validity: give"),
            ({"date_from": "tomorrow"}, "Validity: give"),
            ({"date_to": "2025-12-31"}, "the last day comes after"),
            ({"ceiling": "much"}, "Ceiling: “much”"),
            ({"ceiling": "-1"}, "Ceiling"),
            ({"ceiling": "nan"}, "Ceiling"),
            ({"document": b""}, "choose its file"),
            ({"document": "<svg/>"}, "choose its file"),
            ({"document": b"MZ program"}, "must be a PDF"),
            ({"document": b"%PDF-" + b"0" * 10_000_000}, "must be a PDF"),
        ):
            with self.assertRaisesRegex(UserError, word, msg=str(vals)[:50]):
                self._add(**vals)
        self._add(document=PIXEL)
        with self.assertRaisesRegex(UserError, "recorded already"):
            self._add()

    # === REMINDERS === #

    def _remind(self, instant):
        """Subjects of the mails that one nightly run sends."""
        mails = self.env["mail.mail"].search_count([])
        certificates = self.env["ess.insurance.certificate"]
        cron = type(self.env["ir.cron"])
        self.patch(cron, "_commit_progress", lambda *_args, **_kwargs: 1.0)
        with self.at(instant):
            certificates._cron_remind_certificates()
        found = self.env["mail.mail"].search([], order="id")[mails:]
        return [(mail.recipient_ids, mail.subject) for mail in found]

    def test_reminded_twice_and_no_more(self):
        self._certificate("2025-04-01", "2026-03-31")
        anais = self.anais.partner_id
        self.assertEqual(self._remind("2026-02-28 06:00:00"), [])
        told = self._remind("2026-03-01 06:00:00")
        self.assertEqual([reader for reader, _words in told], [anais])
        self.assertIn("ends on 03/31/2026", told[0][1])
        self.assertEqual(self._remind("2026-03-02 06:00:00"), [])
        self.assertEqual(len(self._remind("2026-03-24 06:00:00")), 1)
        self.assertEqual(self._remind("2026-03-25 06:00:00"), [])
        self.assertEqual(self._remind("2026-03-31 06:00:00"), [])
        self.assertEqual(self._remind("2026-04-01 06:00:00"), [])

    def test_not_when_it_goes_on(self):
        self._certificate("2025-04-01", "2026-03-31")
        self._certificate("2026-04-01", "2027-03-31")
        self.assertEqual(self._remind("2026-03-01 06:00:00"), [])

    def test_one_failure_does_not_stop_the_others(self):
        first = self._certificate("2025-04-01", "2026-03-30")
        self._certificate("2025-04-01", "2026-03-31", entity=self.semeurs)
        original = type(first)._tell_ending

        def failing(record):
            if record == first:
                raise ValueError("no address")
            return original(record)

        self.patch(type(first), "_tell_ending", failing)
        with self.assertLogs("odoo.addons.ess_mutualisation", "ERROR"):
            told = self._remind("2026-03-02 06:00:00")
        self.assertEqual([reader for reader, _w in told], [self.third.partner_id])
        self.assertFalse(first.reminded_days, "it is tried again")
