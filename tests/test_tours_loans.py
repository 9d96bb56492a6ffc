from odoo import fields
from odoo.tests import tagged

from .common_portal_loan import LoanPortalCase


@tagged("post_install", "-at_install")
class TestToursLoans(LoanPortalCase):
    """Fifty chairs for a party, by people who have only their phones.

    La Fabrique has 30 chairs at 0.50 € and asks 2 € of deposit for each, Les Semeurs
    have 25. Le Phare takes 30 and 20 for a day: 15 € and 10 €. Two chairs of
    La Fabrique come back broken: 80 €, shared by half. It keeps these 40 € of the
    deposit of 60 €.
    """

    browser_size = "375x667"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        furniture = cls.env["ess.asset.category"].create({"name": "Furniture"})
        seats = {"category_id": furniture.id, "approval": "owner"}
        cls.chairs.write({"deposit_amount": 2.0, **seats})
        cls.garden = cls._asset(
            "Garden chairs",
            owner=cls.semeurs,
            capacity=25,
            price=0.5,
            price_unit="day",
            **seats,
        )

    def test_from_the_need_to_the_settlement(self):
        ours, theirs = self._need_is_met()
        self._agreements_are_signed(ours, theirs)
        self._chairs_leave_and_a_part_comes_back(ours)
        self._two_are_broken(ours)
        self.inspected(theirs, "hand_over", self.third)
        self.inspected(theirs, "return", self.third)
        self._both_read_what_they_owe()

    def tour(self, name, user, url="/my/loans"):
        self.start_tour(url, f"ess_loans_{name}", login=user.login, timeout=180)
        self.env.invalidate_all()

    def _need_is_met(self):
        """:return: the loans of La Fabrique and of Les Semeurs"""
        self.tour("need", self.borrower, "/my")
        need = self.env["ess.need"].search([("entity_id", "=", self.phare.id)])
        self.assertEqual((need.quantity, need.state), (50, "published"))
        for user in (self.lender, self.third):
            self.assertFalse(need.booking_ids)
            self.tour("agree", user, "/my")
        self.tour("take", self.borrower, "/my")
        self.assertEqual(need.state, "met")
        loans = need.booking_ids.loan_id.sorted(lambda loan: loan.deposit_ids, True)
        self.assertEqual(
            [(loan.lender_id, loan.booking_ids.quantity) for loan in loans],
            [(self.fabrique, 30), (self.semeurs, 20)],
        )
        return loans

    def _agreements_are_signed(self, *loans):
        for loan, user in zip(loans, (self.lender, self.third), strict=True):
            self.assertEqual(loan.signature_ids.mapped("side"), ["borrower"])
            self.tour("sign", user, "/my")
            self.assertEqual(loan.state, "signed")
            self.assertTrue(loan.document_id)

    def _chairs_leave_and_a_part_comes_back(self, loan):
        self.tour("hand_over", self.lender)
        self.assertEqual((loan.state, loan.deposit_ids.state), ("ongoing", "held"))
        self.assertEqual(loan.deposit_ids.amount, 60)
        left = loan.inspection_ids
        self.assertEqual(
            (left.line_ids.quantity, len(left.line_ids.photo_ids)), (30, 1)
        )
        self.tour("return_a_part", self.borrower)
        self.assertEqual(left.state, "agreed")
        self.assertEqual(loan.state, "ongoing")
        self.assertEqual(loan.booking_ids.returned_quantity, 20)

    def _two_are_broken(self, loan):
        self.tour("damage", self.lender)
        self.assertEqual(loan.state, "done")
        damage = loan.damage_ids
        self.assertEqual((damage.quantity, len(damage.photo_ids)), (2, 1))
        self.assertEqual((damage.cost, damage.amount), (80, 40))
        self.tour("agree_on_damage", self.borrower)
        self.assertEqual(damage.state, "agreed")
        self.assertEqual(set(loan.inspection_ids.mapped("state")), {"agreed"})
        self.tour("keep", self.lender)
        deposit = loan.deposit_ids
        self.assertEqual((deposit.state, deposit.kept_amount), ("kept", 40))

    def _both_read_what_they_owe(self):
        exchanges = self.env["ess.exchange"].search([])
        self.assertEqual(sorted(exchanges.mapped("amount")), [-40, 10, 15, 40])
        today = fields.Date.today()
        settlement = self.env["ess.settlement"].create(
            {
                "date_from": min(exchanges.mapped("date")),
                "date_to": max(*exchanges.mapped("date"), today),
                "mode": "statement",
            }
        )
        settlement.action_prepare()
        settlement.action_post()
        self.assertEqual(
            {line.entity_id: line.net for line in settlement.line_ids if line.net},
            {self.fabrique: 15, self.semeurs: 10, self.phare: -25},
        )
        self.tour("statement_of_borrower", self.borrower, "/my")
        self.tour("statement_of_lender", self.lender, "/my")
