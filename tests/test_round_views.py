from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .test_round_settle import SettleCommon


@tagged("post_install", "-at_install")
class TestRoundViews(SettleCommon):
    """The back office opens what it may, and does on its screens what it does."""

    def test_forms_open_for_who_only_reads(self):
        self._both_bills()
        self._freight()
        self.one.action_settle()
        for user in (self.facilitator, self.accountant, self.buyer):
            for record in (
                self.one,
                self.flours,
                self.one.cost_ids,
                self._of(self.flours.commitment_ids, self.phare),
            ):
                with self.subTest(model=record._name, user=user.login):
                    form = Form(record.with_user(user))
                    self.assertEqual(form.id, record.id)

    def test_filters_can_be_ticked(self):
        for name in (
            "ess.round",
            "ess.round.offer",
            "ess.commitment",
            "ess.round.saving",
        ):
            model = self.env[name].with_user(self.facilitator)
            arch = etree.fromstring(model.get_view(view_type="search")["arch"])
            for node in arch.iter("filter"):
                with self.subTest(model=name, filter=node.get("name")):
                    if node.get("domain"):
                        model.search(self._safe(node.get("domain")), limit=1).mapped(
                            "display_name"
                        )
                    group = self._safe(node.get("context") or "{}").get("group_by")
                    if group:
                        model.formatted_read_group([], [group], ["__count"])

    def _safe(self, text):
        return safe_eval(text, {"uid": self.facilitator.id})

    def test_a_facilitator_makes_a_round(self):
        with Form(self.env["ess.round"].with_user(self.facilitator)) as form:
            form.name = "Dry goods"
            form.circle_id = self.circle
            form.date_close = "2026-02-01 18:00:00"
            with form.supplier_ids.new() as line:
                line.partner_id = self.nord
        self.assertEqual(form.record.state, "draft")

    def test_lines_of_bills_become_shared_costs_by_a_button(self):
        self._both_bills()
        self.one.with_user(self.accountant).action_take_bill_lines()
        cost = self.one.cost_ids
        self.assertEqual((cost.name, cost.real_amount), ("Transport", 45))
        self.assertEqual(cost.supplier_ids, self.one.supplier_ids[0])
        self.assertFalse(self.one._missing_facts())
        # pressed again, there is nothing more to take
        self.one.with_user(self.accountant).action_take_bill_lines()
        self.assertEqual(self.one.cost_ids, cost)

    def test_cancel_says_why(self):
        one = self._round(name="Summer")
        wizard = self.env["ess.round.cancel"].with_user(self.facilitator)
        wizard.create({"round_id": one.id, "reason": "No supplier"}).action_apply()
        self.assertEqual((one.state, one.reason), ("cancelled", "No supplier"))

    def test_a_later_deadline(self):
        one = self._round(name="Summer", date_close="2026-01-08 17:00:00")
        wizard = self.env["ess.round.deadline"].with_user(self.facilitator)
        form = Form(wizard.with_context(default_round_id=one.id))
        # three days later, at the same time
        self.assertEqual(str(form.date_close), "2026-01-11 17:00:00")
        form.save().action_apply()
        self.assertEqual(str(one.date_close), "2026-01-11 17:00:00")

    def test_what_would_happen_if_it_closed_now(self):
        """Asked 238 with 30 tolerated: two more fill the carton, and the tier."""
        one = self._closed(name="Summer")
        one.state = "open"
        wizard = self.env["ess.round.outlook"].with_user(self.facilitator)
        outlook = wizard.create({"round_id": one.id})
        flour = outlook.line_ids[0]
        self.assertEqual((flour.asked, flour.ordered), (238, 240))
        self.assertIn("27.95", flour.price)
        self.assertIn("252", flour.more)
        gets = {line.entity_id: line.gets for line in outlook.member_ids[:3]}
        self.assertEqual(sum(gets.values()), 240)
        self.assertEqual(outlook.action_refresh()["res_id"], outlook.id)
        self.assertEqual(one.state, "open")

    def test_vendor_prices_are_taken(self):
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.papier.id,
                "product_tmpl_id": self.paper.product_tmpl_id.id,
                "min_qty": 10,
                "price": 3.5,
            }
        )
        one = self._round(name="Summer", state="draft")
        wizard = self.env["ess.round.catalogue"].with_user(self.facilitator)
        with Form(wizard.with_context(default_round_id=one.id)) as form:
            form.vendor_ids.add(self.papier)
        form.record.action_apply()
        self.assertEqual(one.offer_ids.product_id, self.paper)

    def test_the_coordinator_sees_what_is_left_over(self):
        self.assertEqual(
            (self.flours.ordered_quantity, self.flours.missing_quantity), (240, 24)
        )
        self.assertEqual(self.sheets.surplus_quantity, 1)
        self.assertEqual(self.lentil.kept_quantity, 5.5)

    # === DOCUMENTS === #

    def _html(self, report, record, user):
        reports = self.env["ir.actions.report"].with_user(user)
        html, __ = reports._render_qweb_html(f"ess_mutualisation.{report}", record.ids)
        return html.decode()

    def test_packing_lists_are_printed(self):
        page = self._html("report_round_by_member", self.one, self.facilitator)
        self.assertIn("Jardin Le Phare", page)
        self.assertIn("FL12", page)
        page = self._html("report_round_by_product", self.one, self.facilitator)
        self.assertIn("Left over, nobody's", page)
        self.assertNotIn("width: 60%", page)

    def test_orders_of_members_are_printed(self):
        page = self._html(
            "report_round_member_orders", self.one.supplier_ids[0], self.facilitator
        )
        self.assertIn("Order of Radio La Fabrique", page)

    def test_a_member_prints_no_packing_list(self):
        volunteer = self._volunteer(self.phare, "volunteer")
        with self.assertRaisesRegex(Exception, "Packing lists are for"):
            self._html("report_round_by_member", self.one, volunteer)

    def test_the_file_of_the_supplier(self):
        supplier = self.one.supplier_ids[0]
        action = supplier.with_user(self.facilitator).action_export_csv()
        number = int(action["url"].split("/")[3].split("?")[0])
        text = self.env["ir.attachment"].browse(number).raw.decode("utf-8-sig")
        self.assertEqual(
            text.splitlines(),
            [
                "Code;Product;Quantity;Unit;Unit Price;Amount",
                "FL12;Flour;20;Carton of 12;335.40;6708.00",
                ";Lentils;5.5;kg;4.30;23.65",
            ],
        )
        self.assertEqual(supplier._cell("=1+1"), "'=1+1")
