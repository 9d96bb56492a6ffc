"""Who sees and changes loans and what belongs to them: by record, by file, by act."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_loan import LoanCommon, utc

# What hangs on a loan and is read with it.
PARTS = ("ess.loan.signature", "ess.loan.extension")


@tagged("post_install", "-at_install")
class TestLoanAccess(LoanCommon):
    """Bob lends, Anaïs borrows; Les Semeurs look on, or keep a tent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.facilitator = cls._internal("faye", "ess_mutualisation.group_facilitator")
        cls.manager = cls._internal("mona", "ess_mutualisation.group_manager")
        cls.accountant = cls._internal("ada", "ess_mutualisation.group_accountant")
        cls.employee = cls._internal("emma", "base.group_user")
        cls.loan = cls._sign(cls, cls._loan(cls.van))
        cls.extension = cls.loan.with_user(cls.anais).action_ask_extension(
            utc("2026-01-15 09:00")
        )

    # === ROLES === #

    def test_roles(self):
        expected = {
            self.anais: {"borrower"},
            self.bob: {"lender"},
            self.third: set(),
            self.public: set(),
            self.employee: set(),
            self.accountant: set(),
            self.facilitator: {"borrower", "lender", "facilitator"},
            self.manager: {"borrower", "lender", "facilitator", "manager"},
        }
        for user, roles in expected.items():
            self.assertEqual(self.loan.with_user(user)._roles(), roles, user.login)
        sides = [
            self.loan.with_user(user)._side()
            for user in (self.anais, self.bob, self.third, self.facilitator)
        ]
        self.assertEqual(sides, ["borrower", "lender", None, None])

    def test_a_facilitator_of_another_company_is_a_stranger(self):
        other = self.env["res.company"].create({"name": "Another federation"})
        self.facilitator.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        loan = self.loan.with_user(self.facilitator)
        self.assertEqual(loan._roles(), set())
        with self.assertRaises(AccessError):
            loan.action_cancel("No")

    def test_a_custodian_acts_for_the_lender(self):
        tent = self._asset("Tent", custodian_id=self.semeurs.id)
        loan = self._loan(tent)
        self.assertEqual(loan.with_user(self.third)._side(), "lender")
        self.assertTrue(loan.with_user(self.third).has_access("read"))
        self.assertFalse(self.loan.with_user(self.third).has_access("read"))

    def test_nobody_is_on_both_sides(self):
        """Le Phare keeps the tent of La Fabrique, and borrows it."""
        tent = self._asset("Tent", custodian_id=self.phare.id)
        loan = self._loan(tent)
        self.assertEqual(loan.with_user(self.anais)._roles(), {"borrower"})

    # === RECORDS === #

    def test_who_reads(self):
        self.env.flush_all()
        readers = (
            self.anais,
            self.bob,
            self.facilitator,
            self.manager,
            self.accountant,
        )
        for model in ("ess.loan", *PARTS):
            for user in readers:
                found = self.env[model].with_user(user).search([])
                self.assertTrue(found, f"{user.login} {model}")
                found.read(["company_id", "display_name"])
            third = self.env[model].with_user(self.third).search([])
            self.assertFalse(third, model)
            for user in (self.public, self.employee):
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).search([])

    def test_members_write_nothing(self):
        for user in (self.anais, self.bob, self.third, self.public):
            for record, vals in (
                (self.loan, {"place": "Elsewhere"}),
                (self.loan._signatures()[0], {"signer_name": "X"}),
                (self.extension, {"stop": utc("2026-01-20 09:00")}),
                (self.extension, {"state": "agreed"}),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {vals}"):
                    record.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()

    def test_the_federation_signs_and_answers_by_acts_alone(self):
        for user in (self.facilitator, self.manager):
            for record in (self.loan._signatures()[0], self.extension):
                with self.assertRaises(AccessError, msg=user.login):
                    record.with_user(user).write({"company_id": False})
                with self.assertRaises(AccessError, msg=user.login):
                    record.with_user(user).unlink()

    # === FILES === #

    def test_the_signed_document(self):
        """Members get it from the page of the loan, which checks whose it is."""
        document = self.loan.document_id
        document.flush_recordset()
        for user in (self.facilitator, self.accountant):
            self.assertTrue(document.with_user(user).raw, user.login)
        for user in (self.anais, self.bob, self.third, self.public, self.employee):
            with self.assertRaises(AccessError, msg=user.login):
                document.with_user(user).read(["raw"])
        self.assertFalse(document.public)

    def test_the_signature_image(self):
        signature = self.loan._signatures()[0]
        for user in (self.anais, self.bob):
            self.assertTrue(signature.with_user(user).signature)
        with self.assertRaises(AccessError):
            signature.with_user(self.third).read(["signature"])

    # === CERTIFICATES === #

    def test_certificates_are_of_their_member(self):
        certificate = self._certificate("2026-01-01", "2026-12-31")
        certificate.flush_recordset()
        self.assertTrue(certificate.with_user(self.anais).number)
        for user in (self.bob, self.third, self.public):
            with self.assertRaises(AccessError, msg=user.login):
                certificate.with_user(user).read(["number"])
        for user in (self.anais, self.bob):
            with self.assertRaises(AccessError, msg=user.login):
                certificate.with_user(user).write({"date_to": "2027-12-31"})
            with self.assertRaises(AccessError, msg=user.login):
                self.env["ess.insurance.certificate"].with_user(user).create(
                    {
                        "entity_id": self.phare.id,
                        "insurer": "X",
                        "number": "X",
                        "date_from": "2026-01-01",
                        "date_to": "2026-12-31",
                    }
                )
