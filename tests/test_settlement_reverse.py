from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementReverse(SettlementCommon):
    """Posted documents change with their settlement, which is undone as a whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ess_clearing_account_id = cls.clearing_account
        cls.exchanges = (
            cls._exchange(cls.federation, cls.phare, 120, quantity=3)
            | cls._exchange(cls.fabrique, cls.federation, 50)
            | cls._exchange(cls.fabrique, cls.semeurs, 33.34)
            | cls._exchange(cls.semeurs, cls.phare, 0, value=25)
        )
        cls.settlement = cls._settled(mode="clearing")
        moves = cls.settlement.move_ids
        cls.invoice = moves.filtered(lambda m: m.move_type == "out_invoice")
        cls.bill = moves.filtered(lambda m: m.move_type == "in_invoice")
        cls.entry = moves.filtered(lambda m: m.move_type == "entry")
        cls.accountant = cls._internal("ac", "ess_mutualisation.group_accountant")

    # === GUARDS === #

    def test_documents_change_together_alone(self):
        for move in (self.invoice, self.entry):
            for act in ("button_draft", "button_cancel", "unlink"):
                with self.assertRaises(UserError, msg=act), self.cr.savepoint():
                    getattr(move, act)()
            with self.assertRaisesRegex(UserError, "reverse the settlement as a whole"):
                move.button_draft()
        for act in ("button_cancel", "unlink"):
            with (
                self.assertRaisesRegex(UserError, "belongs to the settlement"),
                self.cr.savepoint(),
            ):
                getattr(self.bill, act)()
        for change in ({"state": "draft"}, {"ess_settlement_id": False}):
            with self.assertRaisesRegex(UserError, "belongs to"), self.cr.savepoint():
                self.invoice.write(change)
        self.assertEqual(self.invoice.state, "posted")

    def test_figures_are_nobodys_to_write(self):
        mine = self.settlement.with_user(self.accountant)
        for records in (mine.item_ids, mine.line_ids, mine.transfer_ids):
            with self.assertRaises(AccessError):
                records[0].check_access("write")
        for vals in (
            {"state": "draft"},
            {"fingerprint": "x"},
            {"item_ids": [Command.clear()]},
        ):
            with self.assertRaisesRegex(UserError, "use the actions of the settlement"):
                mine.write(vals)
        with self.assertRaisesRegex(UserError, "use the actions of the settlement"):
            mine.create(
                {"date_from": "2026-02-01", "date_to": "2026-02-28", "state": "posted"}
            )
        with self.assertRaisesRegex(UserError, "settled by settlements alone"):
            self.exchanges.with_user(self.accountant).write({"settled_on": False})

    # === REVERSED === #

    def _reverse(self, **vals):
        """As the accountant does, from the button on the form."""
        wizard = self.env["ess.settlement.reverse"].with_user(self.accountant)
        wizard = wizard.with_context(
            active_model="ess.settlement", active_id=self.settlement.id
        )
        wizard = wizard.create({"reason": "Prices of January were wrong", **vals})
        wizard.action_apply()

    def test_reversed_as_a_whole(self):
        self._reverse()
        settlement = self.settlement
        self.assertEqual(settlement.state, "reversed")
        self.assertEqual(settlement.reason, "Prices of January were wrong")
        lines = settlement.move_ids.filtered(lambda m: m.state == "posted").line_ids
        for account, taken in lines.grouped("account_id").items():
            self.assertEqual(self._total(taken, "balance"), 0, account.display_name)
        self.assertEqual(set(lines.move_id.mapped("date")), {settlement.date})
        self.assertEqual(self.invoice.reversal_move_ids.move_type, "out_refund")
        self.assertEqual(self.invoice.payment_state, "reversed")
        self.assertTrue(all(self.entry.line_ids.mapped("reconciled")))
        self.assertEqual(self.bill.state, "cancel")
        # what was said is still there
        self.assertEqual(len(settlement.item_ids), 4)
        self.assertEqual(len(settlement.line_ids), 4)
        self.assertFalse(any(settlement.item_ids.mapped("live")))
        self.assertEqual(set(self.exchanges.mapped("state")), {"open"})
        self.assertFalse(self.exchanges.settlement_id)
        with self.assertRaisesRegex(UserError, "never deleted"):
            settlement.unlink()
        with self.assertRaisesRegex(UserError, "belongs to the settlement"):
            self.invoice.button_draft()
        with self.assertRaisesRegex(UserError, "is reversed"):
            settlement._reverse("Twice")

    def test_settled_anew(self):
        """The price is mended, and the same month is settled once more."""
        self._reverse()
        self.exchanges[0].amount = 90
        anew = self._settled(mode="clearing")
        self.assertEqual(anew.item_ids.exchange_id, self.exchanges)
        invoice = anew.move_ids.filtered(lambda m: m.move_type == "out_invoice")
        self.assertEqual(invoice.amount_untaxed, 90)
        self.assertEqual(
            self.settlement.item_ids.filtered("move_line_id")[0].amount, 120
        )
        anew._reverse("Once more")
        self.assertEqual(set(self.exchanges.mapped("state")), {"open"})

    def test_bill_that_was_posted_meanwhile(self):
        self.bill.ref = "FAB-1"
        self.bill.action_post()
        self._reverse()
        refund = self.bill.reversal_move_ids
        self.assertEqual((refund.move_type, refund.state), ("in_refund", "posted"))
        self.assertEqual(refund.amount_untaxed, 50)

    def test_paid_invoice(self):
        """The payment stays, and is there for the next invoice."""
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        payment = payment.create({})._create_payments()
        self._reverse()
        self.assertEqual(self.invoice.payment_state, "reversed")
        self.assertEqual((payment.amount, payment.state), (144, "in_process"))

    def test_date_of_the_mirror(self):
        self.company.sale_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "first open day is 02/01/2026"):
            self._reverse()
        with self.assertRaisesRegex(UserError, "reversal cannot be earlier"):
            self._reverse(date="2026-01-30")
        self.assertEqual(self.settlement.state, "posted")
        self._reverse(date="2026-02-01")
        mirror = self.invoice.reversal_move_ids
        self.assertEqual(str(mirror.date), "2026-02-01")
        self.assertEqual(str(mirror.invoice_date), "2026-02-01")

    def test_reason_is_needed(self):
        with self.assertRaisesRegex(UserError, "Reason: say why"):
            self._reverse(reason=" ")

    def test_invoice_that_was_credited_by_hand(self):
        """A gesture of 24.00 was made on the invoice: not all of it once more."""
        gesture = self.invoice._reverse_moves([{"date": "2026-02-02"}])
        gesture.invoice_line_ids.quantity = 0.5
        gesture.action_post()
        with self.assertRaisesRegex(UserError, "is credited already by"):
            self._reverse()
        gesture.button_draft()
        gesture.button_cancel()
        self._reverse()
        self.assertEqual(self.settlement.state, "reversed")

    def test_without_documents(self):
        self._exchange(self.fabrique, self.phare, 30)
        between = self._settled(mode="statement")
        between._reverse("Another day")
        self.assertEqual(between.state, "reversed")
        self.assertEqual(between.item_ids.exchange_id.state, "open")

    # === RIGHTS === #

    def test_a_member_sees_its_own_statement(self):
        """Le Phare received 120.00 from the federation and a free use."""
        volunteer = self._volunteer(self.phare, "volunteer")

        def seen(model):
            return self.env[model].with_user(volunteer).search([])

        line = seen("ess.settlement.line")
        self.assertEqual(line.entity_id, self.phare)
        self.assertEqual((line.received_value, line.net), (145, -120))
        self.assertEqual(len(seen("ess.settlement.item")), 2)
        self.assertEqual(seen("ess.settlement.transfer").mapped("amount"), [144])
        for model in ("ess.settlement", "ess.settlement.issue"):
            with self.assertRaises(AccessError):
                seen(model)
        self._reverse()
        self.assertEqual(seen("ess.settlement.line").state, "reversed")
        anew = self._settlement()
        anew.action_prepare()
        self.assertEqual(len(seen("ess.settlement.line")), 1, "not before it is posted")
        with self.assertRaises(AccessError):
            anew.with_user(volunteer).action_post()

    def test_copy_is_a_new_draft(self):
        copy = self.settlement.with_user(self.accountant).copy()
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.name, self.settlement.name)
        self.assertFalse(copy.item_ids or copy.move_ids)
        copy.unlink()

    def test_accountant_acts_and_others_read(self):
        self.settlement.with_user(self.accountant)._reverse("As the accountant")
        settlement = self.env["ess.settlement"].with_user(self.accountant)
        settlement = settlement.create(
            {"date_from": "2026-01-01", "date_to": "2026-01-31", "mode": "clearing"}
        )
        settlement.action_prepare()
        settlement.action_post()
        self.assertEqual(settlement.state, "posted")
        self.assertEqual(settlement.posted_by_id, self.accountant)
        manager = self._internal("ma", "ess_mutualisation.group_manager")
        seen = settlement.with_user(manager)
        self.assertEqual(len(seen.line_ids), 4)
        self.assertEqual(len(seen.item_ids), 4)
        for records in (seen, seen.line_ids, seen.item_ids, seen.transfer_ids):
            self.assertTrue(records.read())
        for act in ("action_prepare", "action_post", "action_reset"):
            with self.assertRaises(AccessError):
                getattr(seen, act)()
        with self.assertRaises(AccessError):
            seen._reverse("As the manager")

    def test_another_company_settles_its_own(self):
        other = self.env["res.company"].create({"name": "Other federation"})
        self.env.user.company_ids |= other
        settlement = self._settlement(company_id=other.id)
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            settlement.action_prepare()
