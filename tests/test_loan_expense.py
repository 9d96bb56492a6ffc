"""A stage is lent for free: its fuel and its cleaning are asked for, its use is not."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_loan_damage import DamageCommon
from .test_loan_inspection import LATER


@tagged("post_install", "-at_install")
class TestLoanExpense(DamageCommon):
    def _expense(self):
        """Cleaning after the stage came back on the 13th, said by its lender."""
        return self._say(self._returned(), self.bob)

    def _returned(self):
        loan = self._out(self.stage)
        with self.at(LATER):
            return self._record(loan, "return", self.bob)

    def _say(self, inspection, user):
        vals = {"kind": "expense", "description": "Cleaning"}
        with self.at(LATER):
            return inspection.loan_id.with_user(user)._report_damage(
                inspection.line_ids, vals
            )

    def test_agreed_expense_of_a_free_loan(self):
        expense = self._expense()
        expense.action_propose("borrower", cost="23,40")
        self.assertEqual(expense.sudo().state, "proposed")
        self.assertFalse(expense.sudo().exchange_ids)
        expense.with_user(self.anais).action_agree(seen_amount="23.40")
        exchange = expense.sudo().exchange_ids
        self.assertEqual(
            [exchange.nature, exchange.amount, exchange.value, exchange.saving],
            ["expense", 23.4, 23.4, 0],
        )
        self.assertEqual(exchange.provider_id, self.fabrique)
        self.assertEqual(exchange.receiver_id, self.phare)
        # the use itself stays free, by its own nature
        use = expense.sudo().loan_id.booking_ids.exchange_ids
        self.assertEqual((use.nature, use.amount), ("loan", 0))
        self.assertGreater(use.value, 0)

    def test_contested_and_dropped(self):
        expense = self._expense()
        expense.action_propose("borrower", cost=23.4)
        expense.with_user(self.anais).action_contest("We swept it.")
        expense.action_close("They did")
        self.assertEqual(expense.sudo().state, "closed")
        self.assertFalse(expense.sudo().exchange_ids)

    def test_only_the_lender_says_what_it_cost(self):
        inspection = self._returned()
        with self.assertRaisesRegex(AccessError, "the lender, and the federation"):
            self._say(inspection, self.anais)
        with self.assertRaises(AccessError):
            self._say(inspection, self.third)
        self.assertEqual(self._say(inspection, self.desk).sudo().kind, "expense")

    def test_an_expense_has_an_amount(self):
        with self.assertRaisesRegex(UserError, "Cost: enter what"):
            self._expense().action_propose("borrower", cost=0)

    def test_a_hire_keeps_its_nature(self):
        loan = self._out(self.van)
        with self.at(LATER):
            self._record(loan, "return", self.bob)
        exchange = loan.booking_ids.exchange_ids
        self.assertEqual(exchange.nature, "use")
        self.assertGreater(exchange.amount, 0)

    def test_expenses_have_a_product_of_their_own(self):
        company = self.env.company
        product = self.env["product.product"].create(
            {"name": "Expenses", "type": "service"}
        )
        company.ess_expense_product_id = product
        expense = self._expense()
        expense.action_propose("borrower", cost=10)
        expense.with_user(self.anais).action_agree()
        self.assertEqual(expense.sudo().exchange_ids.product_id, product)

    def test_what_is_not_there_does_not_leave(self):
        """The next one reads on its loan that the stage is out of service."""
        damage = self._damaged(self.stage)
        later = ("2026-01-15 09:00", "2026-01-16 09:00")
        loan = self._sign(self._loan(self.stage, entity=self.phare, window=later))
        self.env["ess.loan.disruption"]._disrupt(
            loan.booking_ids, "damage", damage=damage.sudo()
        )
        self.assertIn("Stage (", " ".join(loan._ready_reasons()))
        self.assertIn("is not there", " ".join(loan._ready_reasons()))
