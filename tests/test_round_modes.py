from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_round_settle import SettleCommon, cents


@tagged("post_install", "-at_install")
class TestRoundReferencing(SettleCommon):
    """Members order themselves: documents, no purchase, a commission."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.commission = cls._product("Commission", cls.tax_20)
        cls.one = cls._closed(
            name="Together",
            legal_mode="referencing",
            commission_percent=2.5,
            commission_product_id=cls.commission.id,
        )
        cls.one.action_order()

    def test_no_purchase_is_made(self):
        self.assertEqual(self.one.state, "ordered")
        self.assertFalse(self.one.purchase_ids)
        with self.assertRaisesRegex(UserError, "only while it is closed"):
            self.one.action_order()

    def test_each_member_has_its_order_for_each_supplier(self):
        nord, papier = self.one.supplier_ids
        orders = nord._member_orders()
        self.assertEqual(
            [(page["member"].name, page["total"]) for page in orders],
            [
                # 92 × 27.95 + 2 kg × 4.30
                ("Jardin Le Phare", 2580.00),
                ("Labo Les Semeurs", 1341.60),
                ("Radio La Fabrique", 2810.05),
            ],
        )
        self.assertEqual(orders[0]["lines"][0]["code"], "FL12")
        self.assertEqual(len(papier._member_orders()), 2)

    def test_an_order_says_all_that_the_supplier_needs(self):
        """2571.40 at 20 %, 8.60 at 5.5 %; to whom, where and when, in its language."""
        nord = self.one.supplier_ids[0]
        self.env["res.lang"]._activate_lang("fr_FR")
        nord.partner_id.lang = "fr_FR"
        self.phare.write({"street": "12 quai des Arts", "city": "Brest"})
        volunteer = self._volunteer(self.phare, "anais", name="Anaïs Le Gall")
        self._of(
            self.flours.commitment_ids, self.phare
        ).contact_id = volunteer.partner_id
        self.one.write({"place": "Depot, gate 3", "frozen_on": "2026-01-04 08:00:00"})
        (order, *_others) = nord._member_orders()
        self.assertEqual(order["contact"], volunteer.partner_id)
        self.assertEqual([tax["amount"] for tax in order["taxes"]], [514.28, 0.47])
        self.assertEqual(order["total_taxed"], 3094.75)
        reports = self.env["ir.actions.report"].with_user(volunteer)
        page = reports._render_qweb_html(
            "ess_mutualisation.report_round_member_orders", nord.ids
        )[0].decode()
        for text in (
            "12 quai des Arts",
            "Anaïs Le Gall",
            "Depot, gate 3",
            "20/01/2026",
            "04/01/2026",
            "094,75",
        ):
            self.assertIn(text, page)
        self.assertNotIn("Radio La Fabrique", page)
        report = self.env.ref("ess_mutualisation.action_report_round_member_orders")
        self.assertEqual(report.print_report_name, "object._orders_file_name()")
        self.assertNotIn("/", nord._orders_file_name())

    def test_a_member_gets_its_own_order_alone(self):
        volunteer = self._volunteer(self.phare, "volunteer")
        nord = self.one.supplier_ids[0].with_user(volunteer)
        pages = nord._member_orders(self.fabrique)
        self.assertEqual([page["member"] for page in pages], [self.phare])
        stranger = self._internal("employee", "base.group_user")
        with self.assertRaises(AccessError):
            nord.with_user(stranger)._member_orders()

    def test_a_commission_on_what_each_orders(self):
        self.one.action_settle()
        exchanges = self._exchanges()
        self.assertEqual(set(exchanges.mapped("nature")), {"commission"})
        self.assertEqual(exchanges.product_id, self.commission)
        # 2.5 % of 2810.05, of 2580.00 + 39.90, of 1341.60 + 19.95
        self.assertEqual(
            self._shares("commission"),
            {"Fabrique": 7025, "Phare": 6550, "Semeurs": 3404},
        )
        self.assertEqual(self.one.state, "done")
        self.one.action_settle()
        self.assertEqual(self._exchanges(), exchanges)

    def test_what_it_saved_counts_what_was_allotted(self):
        saving = self.one._saving(self.semeurs)
        self.assertEqual(cents(saving["paid"]), 136155)
        # 48 × 30.05 + 19.95
        self.assertEqual(cents(saving["alone"]), 146235)
        self.assertEqual(cents(saving["saved_alone"]), 10080)


@tagged("post_install", "-at_install")
class TestRoundAgent(SettleCommon):
    """The federation pays in the name of members: base and tax go through, exactly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nothing = cls._tax("0", 0)
        third_parties = cls.env["account.account"].create(
            {
                "code": "467901",
                "account_type": "asset_current",
                "name": "Paid for members",
            }
        )
        cls.disbursement = cls._product(
            "Disbursement",
            cls.nothing,
            property_account_income_id=third_parties.id,
        )
        cls.third_parties = third_parties
        cls.one = cls._ordered(
            name="Agent",
            legal_mode="agent",
            disbursement_product_id=cls.disbursement.id,
        )
        cls._count()

    def test_the_bill_is_no_expense(self):
        bill = self._bill(self.flours)
        goods = bill.invoice_line_ids.filtered("purchase_line_id")
        self.assertEqual(goods.account_id, self.third_parties)

    def test_base_and_tax_go_through_to_the_cent(self):
        bills = self._both_bills()
        self._freight()
        self.one.action_settle()
        shares = self.one.share_ids
        for name, field in (
            ("amount", "amount_untaxed"),
            ("tax_amount", "amount_tax"),
        ):
            self.assertEqual(
                sum(cents(share[name]) for share in shares),
                sum(cents(bill[field]) for bill in bills),
                name,
            )
        # 6048.00 at 20 %, for La Fabrique 2520.00 and 504.00
        flour = shares.filtered(
            lambda s: s.offer_id == self.flours and s.entity_id == self.fabrique
        )
        self.assertEqual((flour.amount, flour.tax_amount), (2520, 504))
        exchange = flour.exchange_ids
        self.assertEqual(
            (exchange.amount, exchange.product_id), (3024, self.disbursement)
        )
        self.assertEqual(exchange.name, "Agent: Flour, paid in your name")

    def test_the_invoice_adds_no_tax(self):
        bills = self._both_bills()
        self._freight()
        self.one.action_settle()
        invoices = self._settled().move_ids
        self.assertEqual(sum(cents(move.amount_tax) for move in invoices), 0)
        residue = self.one.share_ids.filtered(lambda s: s.kind == "residue")
        left = sum(cents(s.amount) + cents(s.tax_amount) for s in residue)
        self.assertEqual(
            sum(cents(move.amount_total) for move in invoices) + left,
            sum(cents(bill.amount_total) for bill in bills),
        )
        self.assertEqual(invoices.invoice_line_ids.account_id, self.third_parties)

    def test_no_product_of_disbursements(self):
        self.one.disbursement_product_id = False
        self._both_bills()
        with self.assertRaisesRegex(UserError, "Product of Disbursements: choose"):
            self.one.action_settle()


@tagged("post_install", "-at_install")
class TestRoundResale(SettleCommon):
    """The federation buys and resells: tax by the product, whatever it paid itself."""

    def test_tax_of_each_product(self):
        self._both_bills()
        self._freight()
        self.one.action_settle()
        invoice = self._settled().move_ids.filtered(
            lambda m: m.partner_id == self.fabrique
        )
        # 20 % of 2520.00 and 18.76 of freight, 5.5 % of 15.05
        self.assertEqual(cents(invoice.amount_untaxed), 255381)
        self.assertEqual(cents(invoice.amount_tax), 50775 + 83)

    def test_a_margin_is_a_commission_of_its_own(self):
        self.one.write(
            {
                "commission_percent": 5,
                "commission_product_id": self._product("Margin", self.tax_20).id,
            }
        )
        self._both_bills()
        self.one.action_settle()
        self.assertEqual(self._shares("commission")["Fabrique"], 12675)
        self._assert_zero_sum()

    def test_something_else_is_invoiced_as_what_it_is(self):
        rye = self._goods("Rye", self.tax_5, self.buy_5)
        self.one._receive({self.flours: (216, 0, {"substitute_id": rye.id})})
        self._both_bills()
        self.one.action_settle()
        goods = self._exchanges().filtered(lambda e: e.quantity == 90)
        self.assertEqual(goods.product_id, rye)
        self.assertEqual(goods.tax_ids, self.tax_5)

    def test_the_federation_s_own_part_stays_with_it(self):
        federation = self.company.partner_id
        federation.ess_is_member = True
        self.one.state = "open"
        federation.ess_circle_ids = [Command.link(self.circle.id)]
        mine = self.env["ess.commitment"].create(
            {
                "offer_id": self.sheets.id,
                "entity_id": federation.id,
                "want": 1,
                "allotted": 1,
            }
        )
        self.one.state = "received"
        self.one._receive({self.sheets: (16, 0, {})})
        self.assertEqual(mine.received, 1)
        self._both_bills()
        self.one.action_settle()
        self.assertNotIn(federation, self._exchanges().receiver_id)
        self.assertEqual(cents(self._of(self.one.share_ids, federation).amount), 399)
        self._assert_zero_sum()
