"""From the deposit to the books: January is settled on 2 February.

Le Phare hires La Fabrique's van for two days (80.00) against a deposit of 150.00. It
comes back with a dent that costs 100.00, of which Le Phare bears 60 %: 60.00, out of
the deposit. Le Phare gets 90.00 back; La Fabrique is owed 80.00 and 60.00.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW
from .common_loan import LoanData
from .common_settlement import SettlementCommon

OUT, BACK = "2026-01-12 08:00:00", "2026-01-14 08:00:00"


@tagged("post_install", "-at_install")
class TestLoanSettled(LoanData, SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deposit_account = cls.env["account.account"].create(
            {
                "name": "Deposits of members",
                "code": "165900",
                "account_type": "liability_current",
            }
        )
        cls.company.ess_deposit_account_id = cls.deposit_account
        with cls.at(NOW):
            cls._set_up_loans()
            cls.van.deposit_amount = 150
            cls.desk = cls._internal("desk", "ess_mutualisation.group_facilitator")

    def _lent(self, holder="federation"):
        """The loan of the van, signed, with its deposit held."""
        self.policy.deposit_holder = holder
        with self.at(NOW):
            loan = self._sign(self._loan(self.van))
            loan.deposit_ids.with_user(self.desk).action_hold("transfer", "VIR 1")
        with self.at(OUT):
            self._inspect(loan, "hand_over")
        return loan

    def _inspect(self, loan, kind):
        inspection = loan.with_user(self.bob).action_inspect(kind)
        inspection.action_record()
        return inspection

    def _damaged(self, loan, keep=60):
        """Back with a dent; 60.00 are agreed and kept of the deposit."""
        with self.at(BACK):
            inspection = self._inspect(loan, "return")
            damage = loan.with_user(self.bob)._report_damage(
                inspection.line_ids, {"description": "Dent in the door"}
            )
            damage.action_propose("shared", 60, 100, from_deposit=True)
            damage.with_user(self.anais).action_agree(60)
            loan.deposit_ids.with_user(self.desk).action_keep(keep, "Dent in the door")

    def _post_all(self, settlement):
        """The bills that the settlement left in draft are checked and posted."""
        bills = settlement.move_ids.filtered(lambda m: m.state == "draft")
        bills.invoice_date = "2026-01-31"
        bills.action_post()

    def _held(self):
        """Balance of the deposit account: minus what is held for members."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.deposit_account.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return self._total(lines, "balance")

    def _net(self, settlement):
        return {line.entity_id: line.net for line in settlement.line_ids}

    # === KEPT IN PART === #

    def test_kept_in_part_when_the_federation_collects(self):
        self._damaged(self._lent())
        self.company.ess_clearing_account_id = self.clearing_account
        settlement = self._settled(mode="clearing")
        net = self._net(settlement)
        # 80 + 60 of which 60 are in the hands of the federation already
        self.assertEqual(net[self.fabrique], 140)
        # it pays 150 less 90 now; of the 140 it owes, 60 come out of that
        self.assertEqual(net[self.phare], -140)
        self.assertEqual(net[self.federation], 0)
        invoice = settlement.move_ids.filtered(lambda m: m.move_type == "out_invoice")
        self.assertEqual(
            [invoice.partner_id, invoice.amount_untaxed, invoice.amount_tax],
            [self.phare, 60, 0],
        )
        bill = settlement.move_ids.filtered(lambda m: m.move_type == "in_invoice")
        self.assertEqual(
            [bill.partner_id, bill.amount_untaxed, bill.amount_tax],
            [self.fabrique, 60, 0],
        )
        self.assertEqual(
            (invoice | bill).invoice_line_ids.account_id, self.deposit_account
        )
        entry = settlement.move_ids.filtered(lambda m: m.move_type == "entry")
        self.assertEqual(sum(entry.line_ids.mapped("balance")), 0)
        by_member = {
            member: self._total(
                entry.line_ids.filtered(lambda li, m=member: li.partner_id == m),
                "balance",
            )
            for member in (self.fabrique, self.phare)
        }
        self.assertEqual(by_member, {self.fabrique: -80, self.phare: 80})
        self.assertEqual(self._held(), -60)
        self._post_all(settlement)
        self.assertEqual(self._held(), 0)

    def test_kept_in_part_when_members_settle_between_themselves(self):
        self._damaged(self._lent())
        settlement = self._settled(mode="statement")
        net = self._net(settlement)
        self.assertEqual([net[self.fabrique], net[self.phare]], [140, -140])
        self.assertFalse(settlement.move_ids.filtered(lambda m: m.move_type == "entry"))
        self._post_all(settlement)
        self.assertEqual(self._held(), 0)

    def test_worth_of_a_deposit_is_nobody_s_gift(self):
        self._damaged(self._lent())
        settlement = self._settlement()
        settlement.action_prepare()
        line = settlement.line_ids.filtered(lambda li: li.entity_id == self.phare)
        # the van 80 and the damage 60, nothing of the deposit
        self.assertEqual(line.received_value, 140)
        partner = self.phare._ess_reciprocity()[self.phare]
        money = [one for one in partner if one["kind"] == "money"]
        self.assertEqual([one["value"] for one in money], [-60])

    # === HELD OVER THE END OF A PERIOD === #

    def test_held_in_january_given_back_in_february(self):
        loan = self._lent()
        january = self._settled()
        invoice = january.move_ids.filtered(lambda m: m.move_type == "out_invoice")
        self.assertEqual(
            [invoice.amount_untaxed, invoice.invoice_line_ids.account_id],
            [150, self.deposit_account],
        )
        self.assertEqual(self._held(), -150)
        with self.at("2026-02-10 08:00:00"):
            self._inspect(loan, "return")
            loan.deposit_ids.with_user(self.desk).action_release()
        with self.at("2026-03-02 08:00:00"):
            february = self._settled(date_from="2026-02-01", date_to="2026-02-28")
        credit = february.move_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual([credit.amount_untaxed, credit.amount_tax], [150, 0])
        self.assertEqual(self._held(), 0)

    def test_held_and_given_back_in_one_period_is_on_no_document(self):
        loan = self._lent()
        with self.at(BACK):
            self._inspect(loan, "return")
            loan.deposit_ids.with_user(self.desk).action_release()
        settlement = self._settled()
        self.assertFalse(settlement.move_ids)
        self.assertEqual(self._net(settlement)[self.phare], -80)
        self.assertEqual(self._held(), 0)

    # === OTHER HOLDERS === #

    def test_lender_holds_it_and_nothing_of_it_is_in_the_books(self):
        self._damaged(self._lent("lender"))
        settlement = self._settled()
        net = self._net(settlement)
        # 80 + 60 − 60 that La Fabrique has kept
        self.assertEqual([net[self.fabrique], net[self.phare]], [80, -80])
        self.assertFalse(settlement.move_ids)

    def test_federation_lends_itself(self):
        """Its deposit, its van: 10 beyond the damage are owed for the reason given."""
        self.federation.write({"is_company": True, "ess_is_member": True})
        self.federation.ess_circle_ids = self.circle
        self.company.ess_damage_product_id = self._product("Damages", self._tax("0", 0))
        self.van.write({"owner_id": self.federation.id})
        self.van.custodian_id = self.fabrique
        self.van.product_id.taxes_id = self.company.ess_damage_product_id.taxes_id
        loan = self._lent_by_federation()
        with self.at(BACK):
            inspection = loan.with_user(self.desk).action_inspect("return")
            inspection.action_record()
            damage = loan.with_user(self.desk)._report_damage(
                inspection.line_ids, {"description": "Dent in the door"}
            )
            damage.action_propose("borrower", cost=60, from_deposit=True)
            damage.with_user(self.anais).action_agree()
            loan.deposit_ids.with_user(self.desk).action_keep(70, "Dent and cleaning")
        settlement = self._settled()
        # 80 of hire, and 70 for dent and cleaning
        self.assertEqual(self._net(settlement)[self.phare], -150)
        self.assertEqual(self._held(), 0)
        invoice = settlement.move_ids
        self.assertEqual(
            [invoice.move_type, invoice.amount_untaxed], ["out_invoice", 150]
        )

    def _lent_by_federation(self):
        with self.at(NOW):
            carl = self._volunteer(self.federation, "carl")
            loan = self._sign(self._loan(self.van), carl, self.anais)
            loan.deposit_ids.with_user(self.desk).action_hold("transfer")
        with self.at(OUT):
            loan.with_user(self.desk).action_inspect("hand_over").action_record()
        return loan

    # === WHAT IS MISSING === #

    def test_without_an_account_nothing_is_posted(self):
        self.company.ess_deposit_account_id = False
        self._lent()
        settlement = self._settlement()
        settlement.action_prepare()
        issue = settlement.issue_ids.filtered(lambda i: i.code == "no_deposit_account")
        self.assertEqual(
            [issue.severity, issue.res_model], ["1_blocking", "res.company"]
        )
        with self.assertRaisesRegex(UserError, "has no account for deposits"):
            settlement.action_post()
        self.company.ess_deposit_account_id = self.deposit_account
        self.deposit_account.active = False
        settlement.action_prepare()
        self.assertIn("no_deposit_account", settlement.issue_ids.mapped("code"))
