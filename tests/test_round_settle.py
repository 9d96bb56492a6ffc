from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import float_round

from .common_purchase import PurchaseCommon


def cents(amount):
    return round(float_round(amount, precision_digits=2) * 100)


class SettleCommon(PurchaseCommon):
    """216 of 240 flours came, a paper too many; the bills differ from the orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls._ordered(cost_product_id=cls.freight.id)
        cls._count()

    @classmethod
    def _count(cls):
        cls.one._receive(
            {
                cls.flours: (216, 0, {}),
                cls.lentil: (11, 0, {}),
                cls.sheets: (16, 0, {}),
            }
        )

    def _bill(self, offer, price=None, extra=(), post=True):
        """The bill of the order of this offer, at another price of its line."""
        order = offer.purchase_line_id.order_id
        before = order.invoice_ids
        order.action_create_invoice()
        bill = order.invoice_ids - before
        bill.invoice_date = Date.context_today(bill)
        if price is not None:
            bill.invoice_line_ids.filtered(
                lambda li: li.purchase_line_id == offer.purchase_line_id
            ).price_unit = price
        bill.invoice_line_ids = [
            Command.create(
                {
                    "name": name,
                    "product_id": self.freight.id,
                    "quantity": 1,
                    "price_unit": amount,
                    "tax_ids": [Command.set(self.buy_20.ids)],
                }
            )
            for name, amount in extra
        ]
        if post:
            bill.action_post()
        return bill

    def _both_bills(self):
        """Flour 28.00 instead of 27.95, freight of 45.00 on the same bill."""
        return self._bill(self.flours, 336.00, [("Transport", 45.00)]) | self._bill(
            self.sheets
        )

    def _freight(self, basis="weight", **vals):
        """The line of freight becomes a shared cost of Nord Bio."""
        line = self.one._bill_lines()[2]
        return self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Transport",
                "basis": basis,
                "supplier_ids": [Command.set(self.one.supplier_ids[0].ids)],
                "move_line_id": line.id,
                **vals,
            }
        )

    def _shares(self, kind="goods", offer=None, cost=None):
        """{last word of the member, or None: cents}"""
        found = {}
        for share in self.one.share_ids:
            if share.kind != kind:
                continue
            if offer and share.offer_id != offer:
                continue
            if cost and share.cost_id != cost:
                continue
            name = share.entity_id.name
            found[name and name.split()[-1]] = cents(share.amount)
        return found

    def _residues(self):
        residues = self.one.share_ids.filtered(lambda s: s.kind == "residue")
        return sorted(cents(share.amount) for share in residues)

    def _exchanges(self):
        return self.env["ess.exchange"].search(
            [("round_share_id.round_id", "=", self.one.id)], order="id"
        )

    def _assert_zero_sum(self):
        """Members and residue are bills and costs, to the cent."""
        shares = self.one.share_ids.filtered(lambda s: s.kind != "commission")
        of_offers, of_costs, neither = self.one._bill_lines()
        billed = sum(cents(line.balance) for line in of_offers | of_costs | neither)
        billed += sum(
            cents(cost.amount)
            for cost in self.one.cost_ids
            if cost.is_final and not cost.move_line_id
        )
        self.assertEqual(sum(cents(share.amount) for share in shares), billed)
        self.assertEqual(cents(self.one.billed_amount), billed)


@tagged("post_install", "-at_install")
class TestRoundSettle(SettleCommon):
    """Real bills become what each member owes: differences only, never twice."""

    # === GOODS === #

    def test_members_pay_what_was_billed_for_what_they_got(self):
        self._both_bills()
        self.one.action_settle()
        self.assertEqual(
            self._shares(offer=self.flours),
            {"Fabrique": 252000, "Phare": 232400, "Semeurs": 120400},
        )
        self.assertEqual(
            self._shares(offer=self.lentil), {"Fabrique": 1505, "Phare": 860}
        )
        self.assertEqual(
            self._shares(offer=self.sheets), {"Phare": 3990, "Semeurs": 1995}
        )
        # the sixteenth paper is nobody's
        self.assertEqual(self._shares("residue", offer=self.sheets), {False: 399})
        self._assert_zero_sum()

    def test_nothing_is_charged_before_the_bill(self):
        self.one.action_settle()
        self.assertFalse(self._exchanges())
        self.assertIn("Not billed yet by its supplier: Flour", self.one.missing_facts)
        self.assertEqual(self.one.state, "received")
        self._bill(self.flours, post=False)
        self.one.action_settle()
        self.assertFalse(self._exchanges(), "a draft is no bill")

    def test_a_line_of_a_bill_that_is_nobody_s_can_be_seen(self):
        self._both_bills()
        self.one.action_settle()
        self.assertEqual(self._residues(), [399, 4500])
        self.assertIn("neither goods nor a shared cost: Transport", self._missing())
        self.assertEqual(self.one.state, "received")
        self._freight()
        self.one.action_settle()
        self.assertEqual(self._residues(), [0, 399])
        self.assertEqual(self.one.state, "done")
        self._assert_zero_sum()

    def _missing(self):
        return "\n".join(self.one._missing_facts())

    def test_settling_twice_adds_nothing(self):
        self._both_bills()
        self._freight()
        self.one.action_settle()
        before = self._exchanges()
        self.one.action_settle()
        self.assertEqual(self._exchanges(), before)
        self.assertEqual(len(before), 10)

    def test_a_credit_note_later_is_a_difference(self):
        bill = self._both_bills()[0]
        self._freight()
        self.one.action_settle()
        before = self._exchanges()
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        credit = self.env["account.move"].browse(
            wizard.create({"journal_id": bill.journal_id.id}).refund_moves()["res_id"]
        )
        flour = credit.invoice_line_ids.filtered(lambda li: li.name.find("Flour") >= 0)
        (credit.invoice_line_ids - flour).unlink()
        # 1.00 less for each of the 216
        flour.price_unit = 12.00
        credit.action_post()
        self.one.action_settle()
        new = self._exchanges() - before
        goods = {
            exchange.receiver_id.name.split()[-1]: cents(exchange.amount)
            for exchange in new
            if exchange.nature == "goods"
        }
        self.assertEqual(goods, {"Fabrique": -9000, "Phare": -8300, "Semeurs": -4300})
        self.assertEqual(
            new.filtered(lambda e: e.nature == "goods").mapped("quantity"), [0.0] * 3
        )
        self._assert_zero_sum()
        self.one.action_settle()
        self.assertEqual(self._exchanges(), before | new)

    def test_counted_anew_after_settling(self):
        """Twelve flours were found behind the door; they were billed."""
        self._both_bills()
        self.one.action_settle()
        before = self._exchanges()
        self.one._receive({self.flours: (215, 0, {})})
        self.one.action_settle()
        new = self._exchanges() - before
        self.assertEqual(sum(new.mapped("quantity")), -1)
        # one less is shared, which is billed all the same: residue
        self.assertEqual(self._shares("residue", offer=self.flours), {False: 2800})
        self._assert_zero_sum()

    def test_one_price_for_all_shows_its_residue(self):
        """6048.05 by 216 is no whole number of cents."""
        self.one.rounding = "uniform"
        bill = self._bill(self.flours, post=False)
        line = bill.invoice_line_ids[0]
        line.price_unit = 6048.05 / 18
        bill.action_post()
        self.one.action_settle()
        self.assertEqual(
            self._shares(offer=self.flours),
            {"Fabrique": 252002, "Phare": 232402, "Semeurs": 120401},
        )
        self.assertEqual(self._shares("residue", offer=self.flours), {})
        self._assert_zero_sum()

    # === SHARED COSTS === #

    def test_bases_of_a_shared_cost(self):
        self._both_bills()
        cost = self._freight("equal")
        for basis, expected in (
            # 6048.00 + 23.65 of goods: 2535.05, 2332.60, 1204.00
            ("value", {"Fabrique": 1879, "Phare": 1729, "Semeurs": 892}),
            ("equal", {"Fabrique": 1500, "Phare": 1500, "Semeurs": 1500}),
            # 90 + 3.5, 83 + 2 and 43 of 221.5
            ("quantity", {"Fabrique": 1899, "Phare": 1727, "Semeurs": 874}),
            # 2253.5, 2077 and 1075 of 5405.5 kg
            ("weight", {"Fabrique": 1876, "Phare": 1729, "Semeurs": 895}),
        ):
            cost.basis = basis
            self.one.action_settle()
            self.assertEqual(self._shares("cost"), expected, basis)
        self._assert_zero_sum()

    def test_by_hand(self):
        self._both_bills()
        cost = self._freight(
            "hand",
            weight_ids=[
                Command.create({"entity_id": self.semeurs.id, "parts": 2}),
                Command.create({"entity_id": self.phare.id, "parts": 1}),
            ],
        )
        self.one.action_settle()
        self.assertEqual(
            self._shares(cost=cost, kind="cost"), {"Semeurs": 3000, "Phare": 1500}
        )

    def test_without_weights_there_is_no_split_by_weight(self):
        self._both_bills()
        self._freight()
        self.one.state = "draft"
        self.one.offer_ids.weight = 0
        self.one.state = "received"
        with self.assertRaisesRegex(UserError, "Transport cannot be shared by weight"):
            self.one.action_settle()
        self.assertFalse(self._exchanges())

    def test_an_estimate_is_never_charged(self):
        self._both_bills()
        cost = self.env["ess.round.cost"].create(
            {"round_id": self.one.id, "name": "Help", "kind": "fee", "estimated": 90}
        )
        self.one.action_settle()
        self.assertEqual(self._shares("cost"), {})
        self.assertIn("real amount is not known: Help", self._missing())
        cost.write({"amount": 60, "is_final": True, "basis": "equal"})
        self.one.action_settle()
        self.assertEqual(
            self._shares("cost"), {"Fabrique": 2000, "Phare": 2000, "Semeurs": 2000}
        )
        self._assert_zero_sum()

    def test_deposits_on_containers_by_count(self):
        """Nine crates at 3.50: seven went to members, two of them come back later."""
        self._both_bills()
        crates = self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Crates",
                "kind": "container",
                "amount": 31.50,
                "is_final": True,
                "unit_amount": 3.50,
                "weight_ids": [
                    Command.create({"entity_id": self.fabrique.id, "parts": 4}),
                    Command.create({"entity_id": self.phare.id, "parts": 3}),
                ],
            }
        )
        self.one.action_settle()
        self.assertEqual(
            self._shares("cost", cost=crates), {"Fabrique": 1400, "Phare": 1050}
        )
        self.assertEqual(self._shares("residue", cost=crates), {False: 700})
        before = self._exchanges()
        crates.weight_ids[0].returned = 2
        self.one.action_settle()
        back = self._exchanges() - before
        self.assertEqual((back.receiver_id, back.amount), (self.fabrique, -7.00))
        self._assert_zero_sum()

    def test_a_line_of_a_bill_is_one_cost(self):
        self._both_bills()
        cost = self._freight()
        with (
            self.assertRaisesRegex(Exception, "one_cost_per_line"),
            self.cr.savepoint(),
        ):
            cost.copy({"move_line_id": cost.move_line_id.id})

    def test_only_lines_of_vendor_bills_that_one_may_read(self):
        """The amount of any other entry would be told to who coordinates."""
        bill = self._both_bills()[0]
        vals = {"round_id": self.one.id, "name": "Salary"}
        costs = self.env["ess.round.cost"]
        line = bill.line_ids.filtered(lambda li: li.display_type == "payment_term")
        with self.assertRaisesRegex(ValidationError, "no product line of a vendor"):
            costs.create({**vals, "move_line_id": line.id})
        line = bill.invoice_line_ids[0]
        with self.assertRaises(AccessError):
            costs.with_user(self.facilitator).create({**vals, "move_line_id": line.id})

    def test_each_share_explains_itself(self):
        self._both_bills()
        self._freight()
        self.one.action_settle()
        volunteer = self._volunteer(self.fabrique, "volunteer")
        mine = self._of(self.one.share_ids, self.fabrique).with_user(volunteer)
        words = {share.kind: share.explanation for share in mine}
        flour = mine.filtered(lambda s: s.sudo().offer_id == self.flours)
        self.assertIn("90", flour.explanation)
        self.assertIn("28.00", flour.explanation)
        # 2253.5 of 5405.5 kg
        self.assertRegex(words["cost"], r"41.69 % of .*45.00.* \(weight\)")
        residue = self.one.share_ids.filtered(lambda s: s.kind == "residue")
        self.assertEqual(residue.explanation, "Billed, but received by no member.")

    # === EXCHANGES AND THE SETTLEMENT === #

    def test_exchanges_say_what_was_bought(self):
        self._both_bills()
        self._freight()
        self.one.action_settle()
        mine = self._exchanges().filtered(lambda e: e.receiver_id == self.fabrique)
        flour = mine.filtered(lambda e: e.product_id == self.flour)
        self.assertEqual(
            (flour.nature, flour.quantity, flour.uom_id, flour.amount),
            ("goods", 90, self.unit, 2520),
        )
        self.assertEqual(flour.tax_ids, self.tax_20)
        self.assertEqual(flour.name, "Spring: Flour")
        # alone it would have been 30.05 each
        self.assertEqual((flour.value, flour.saving), (2704.50, 184.50))
        lentils = mine.filtered(lambda e: e.product_id == self.lentils)
        self.assertEqual((lentils.quantity, lentils.uom_id), (3.5, self.kilo))
        account = str(self.one.analytic_account_id.id)
        self.assertEqual(flour.analytic_distribution, {account: 100})

    def test_it_ties_out_in_the_books(self):
        """Σ allotted = received; members + residue = bills + fees; invoices = all of
        it, in cents, through a posted settlement."""
        bills = self._both_bills()
        self._freight()
        self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Help",
                "kind": "fee",
                "amount": 10.00,
                "is_final": True,
                "basis": "equal",
            }
        )
        self.one.action_settle()
        self._assert_zero_sum()
        for offer in self.one.offer_ids:
            got = sum(offer.commitment_ids.mapped("received"))
            self.assertEqual(got + offer.surplus, offer.received - offer.refused)
        settlement = self._settled()
        settled = self._exchanges()
        self.assertEqual(set(settled.mapped("state")), {"settled"})
        invoices = settlement.move_ids
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        invoiced = sum(cents(move.amount_untaxed) for move in invoices)
        residue = sum(self._residues())
        billed = sum(cents(bill.amount_untaxed) for bill in bills) + 1000
        self.assertEqual(invoiced + residue, billed)
        # 6048.00 + 23.65 + 45.00 + 63.84 + 10.00
        self.assertEqual(billed, 619049)
        self.assertEqual(residue, 399)
        # each of the invoices is its member's shares
        for member in (self.fabrique, self.phare, self.semeurs):
            invoice = invoices.filtered(lambda m, p=member: m.partner_id == p)
            shares = self._of(self.one.share_ids, member)
            self.assertEqual(
                cents(invoice.amount_untaxed), sum(cents(s.amount) for s in shares)
            )
        # settled again, nothing is left
        self.one.action_settle()
        self.assertEqual(self._exchanges(), settled)

    def test_the_balance_of_the_round_is_one_account(self):
        """Bills less invoices on its analytic account: the residue is left."""
        self._both_bills()
        cost = self._freight()
        cost.move_line_id.analytic_distribution = self.one._analytic_distribution()
        self.one.action_settle()
        self._settled()
        lines = self.env["account.analytic.line"].search(
            [("auto_account_id", "=", self.one.analytic_account_id.id)]
        )
        # a tax that nobody can deduct has no account and is a cost of its line
        lines = lines.filtered(lambda li: li.move_line_id.display_type == "product")
        self.assertEqual(cents(sum(lines.mapped("amount"))), -399)

    def test_what_follows_from_a_round_is_not_corrected_by_hand(self):
        self._both_bills()
        self.one.action_settle()
        exchange = self._exchanges()[0].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "follows from the bills of Spring"):
            exchange.amount = 1
        wizard = (
            self.env["ess.exchange.counter"]
            .with_user(self.accountant)
            .create({"exchange_ids": exchange.ids, "reason": "No"})
        )
        with self.assertRaisesRegex(UserError, "follows from the bills of Spring"):
            wizard.action_apply()

    def test_no_product_no_exchange(self):
        self.one.cost_product_id = False
        self._both_bills()
        self._freight()
        with self.assertRaisesRegex(UserError, "Product of Shared Costs: choose"):
            self.one.action_settle()

    # === ACCESS === #

    def test_who_settles(self):
        self._both_bills()
        volunteer = self._volunteer(self.phare, "volunteer")
        for user in (
            volunteer,
            self._internal("employee", "base.group_user"),
            self.env.ref("base.public_user"),
        ):
            with self.assertRaises(AccessError, msg=user.login):
                self.one.with_user(user).action_settle()
        self.one.with_user(self.facilitator).action_settle()
        self.assertTrue(self._exchanges())
        self.one.with_user(self.accountant).action_settle()

    def test_a_member_reads_its_own_shares_only(self):
        self._both_bills()
        self.one.action_settle()
        volunteer = self._volunteer(self.phare, "volunteer")
        shares = self.env["ess.round.share"].with_user(volunteer).search([])
        self.assertEqual(shares.entity_id, self.phare)
        with self.assertRaises(AccessError):
            self.env["ess.round.cost"].with_user(volunteer).search([])
