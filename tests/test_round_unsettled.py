from odoo.fields import Command
from odoo.tests import tagged

from .test_round_settle import SettleCommon


@tagged("post_install", "-at_install")
class TestRoundUnsettled(SettleCommon):
    """What changes after a round was settled is pointed out until it is charged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one._receive({cls.flours: (240, 0, {}), cls.sheets: (15, 0, {})})

    def setUp(self):
        super().setUp()
        self.bills = self._bill(self.flours) | self._bill(self.sheets)
        self.one.action_settle()
        self.assertEqual((self.one.state, self.one.unsettled), ("done", ""))

    def _said(self):
        self.one.invalidate_recordset(["unsettled"])
        return self.one.unsettled.replace("\N{NO-BREAK SPACE}", " ")

    def _kinds(self):
        return self.one.activity_ids.activity_type_id.mapped("name")

    def _flour_line(self):
        return self.bills[0].invoice_line_ids[0]

    def _again(self, price):
        self.bills[0].button_draft()
        self._flour_line().price_unit = price
        self.bills[0].action_post()

    def test_a_bill_that_is_edited_is_charged_again(self):
        """2.40 more for a carton, 0.20 for each of the 240."""
        self._again(337.80)
        self.assertEqual(self.one.state, "received")
        self.assertIn(self.one, self.env["ess.round"].search([("state", "!=", "done")]))
        self.assertEqual(self._kinds(), ["Round to Settle Again"], "told once")
        self.assertEqual(self.one.activity_ids.user_id, self.buyer)
        self.assertIn(self.bills[0].name, self.one.activity_ids.note)
        said = self._said()
        self.assertIn("48.00 € more of 3 members, 0.00 € less of 0", said)
        before = self._exchanges()
        self.one.action_settle()
        new = self._exchanges() - before
        self.assertEqual(sorted(new.mapped("amount")), [9.60, 18.40, 20.00])
        self.assertEqual((self.one.state, self._said()), ("done", ""))
        self.assertFalse(self._kinds())
        self._assert_zero_sum()

    def test_a_bill_that_is_taken_back(self):
        self.bills[0].button_draft()
        self.assertEqual(self.one.state, "received")
        self.assertEqual(self._kinds(), ["Round to Settle Again"])
        self.assertIn("less of 3. Settle charges", self._said())
        self.assertIn("Not billed yet by its supplier", self.one.missing_facts)
        self.bills[0].action_post()
        self.assertEqual(self._said(), "", "it is what it was")
        before = self._exchanges()
        self.one.action_settle()
        self.assertEqual(self._exchanges(), before)
        self.assertEqual(self.one.state, "done")

    def test_what_nobody_bears_is_pointed_out_too(self):
        self.bills[0].button_draft()
        self.bills[0].invoice_line_ids = [
            Command.create({"name": "Pallets", "quantity": 1, "price_unit": 9.00})
        ]
        self.bills[0].action_post()
        said = self._said()
        self.assertIn("the residue is 9.00 € now, it was 0.00 €", said)

    def test_a_shared_cost_that_changes_is_pointed_out(self):
        cost = self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Help",
                "kind": "fee",
                "amount": 30.00,
                "is_final": True,
                "basis": "equal",
            }
        )
        said = self._said()
        self.assertIn("30.00 € more of 3 members", said)
        self.one.action_settle()
        cost.amount = 27.00
        said = self._said()
        self.assertIn("0.00 € more of 0 members, 3.00 € less of 3", said)

    def test_the_bill_of_a_carrier(self):
        line = self._bill(self.sheets, extra=[("Transport", 12.00)]).invoice_line_ids
        line = line.filtered(lambda li: li.name == "Transport")
        self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Transport",
                "basis": "equal",
                "move_line_id": line.id,
            }
        )
        self.one.action_settle()
        self.assertEqual((self.one.state, self._kinds()), ("done", []))
        line.move_id.button_draft()
        self.assertEqual(self.one.state, "received")
        self.assertEqual(self._kinds(), ["Round to Settle Again"])

    def test_who_only_keeps_the_books_may_post(self):
        """Telling the round of it asks for no right on rounds."""
        clerk = self._internal("clerk", "account.group_account_invoice")
        self.bills[0].with_user(clerk).button_draft()
        self.bills[0].with_user(clerk).action_post()
        self.assertEqual(self._kinds(), ["Round to Settle Again"])

    def test_a_coordinator_who_left_hinders_nobody(self):
        self.buyer.active = False
        self._again(337.80)
        self.assertEqual((self.one.state, self._kinds()), ("received", []))

    def test_the_sentence_is_cheap(self):
        self._again(337.80)
        self.env.invalidate_all()
        with self.assertQueryCount(45):
            self.one.read(["unsettled"])

    def test_a_line_of_nothing_is_no_bill(self):
        """The bill of a partial delivery names what is still to come, at 0."""
        self.bills[0].button_draft()
        self.bills[0].invoice_line_ids[1].quantity = 0
        self.bills[0].action_post()
        self.assertIn("by its supplier: Lentils.", self.one.missing_facts)
        self.one.action_settle()
        self.assertEqual(self.one.state, "received")
