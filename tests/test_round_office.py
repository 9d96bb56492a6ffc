"""What the coordinator meets in the back office of a round."""

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_round import RoundCommon
from .test_round_settle import SettleCommon


@tagged("post_install", "-at_install")
class TestRoundOffice(RoundCommon):
    # === OPENING === #

    def test_what_settling_needs_is_asked_at_the_opening(self):
        self.round.write({"commission_percent": 2.5, "commission_product_id": False})
        with self.assertRaisesRegex(UserError, "Product of Commissions: choose the"):
            self.round.action_open()
        fee = self._product("Fee")
        self.round.write({"commission_product_id": fee.id, "legal_mode": "agent"})
        self.round.disbursement_product_id = False
        with self.assertRaisesRegex(UserError, "Product of Disbursements: choose the"):
            self.round.action_open()
        self.assertEqual(self.round.state, "draft")
        self.round.disbursement_product_id = fee
        self.round.action_open()
        self.assertEqual(self.round.state, "open")

    # === NAMES === #

    def test_names_have_no_code(self):
        """Members read "Comté", the supplier "[COM] Comté": once, not twice."""
        comte = self._product("Comté", default_code="COM", uom_id=self.kilo.id)
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.nord.id,
                "product_tmpl_id": comte.product_tmpl_id.id,
                "price": 16.5,
                "product_uom_id": self.kilo.id,
            }
        )
        offer = self.round._take_vendor_prices(self.nord, comte)
        self.assertEqual((offer.code, offer.name), ("COM", "Comté"))
        self.round.action_open()
        self.assertEqual(offer.name, "Comté")
        self._commit(offer, self.phare, 4)
        with self.at("2026-01-09 18:00:00"):
            self.round.action_close()
        self.round.action_order()
        self.assertEqual(offer.purchase_line_id.name, "[COM] Comté")

    def test_names_keep_their_variant(self):
        ripe = self.env["product.attribute"].create(
            {
                "name": "Ripe for",
                "value_ids": [
                    Command.create({"name": "6 months"}),
                    Command.create({"name": "12 months"}),
                ],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Comté",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": ripe.id,
                            "value_ids": [Command.set(ripe.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        template.product_variant_ids[0].default_code = "C6"
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.nord.id,
                "product_tmpl_id": template.id,
                "price": 16.5,
            }
        )
        offers = self.round._take_vendor_prices(self.nord, template.product_variant_ids)
        self.assertEqual(
            set(offers.mapped("name")), {"Comté (6 months)", "Comté (12 months)"}
        )

    # === HOST === #

    def test_the_host_is_of_the_circle(self):
        """Who is not in it cannot open the page on which goods are ticked off."""
        self.round.host_id = self.phare
        outside = self.env["res.partner"].create(
            {"name": "Elsewhere", "is_company": True, "ess_is_member": True}
        )
        with self.assertRaisesRegex(
            ValidationError, "Hosted by: Elsewhere is not in the circle"
        ):
            self.round.host_id = outside
        other = self.env["ess.circle"].create(
            {
                "name": "Others",
                "membership_ids": [Command.create({"entity_id": outside.id})],
            }
        )
        self.round.host_id = self.phare
        with self.assertRaisesRegex(ValidationError, "is not in the circle Others"):
            self.round.circle_id = other
        self.round.write({"circle_id": other.id, "host_id": outside.id})

    # === SCREENS === #

    def test_the_board_has_all_states_in_their_order(self):
        """What is over is there, but folded."""
        states = [state for state, _label in self.round._fields["state"].selection]
        rounds = self.env["ess.round"].with_context(read_group_expand=True)
        board = rounds.web_read_group(
            [("id", "=", self.round.id)],
            ["state"],
            auto_unfold=True,
            unfold_read_specification={"name": {}},
        )
        self.assertEqual([group["state"] for group in board["groups"]], states)
        opened = [g["state"] for g in board["groups"] if "__records" in g]
        self.assertEqual(opened, states[:5])

    def test_what_cannot_be_added_up_is_not(self):
        for model, names in {
            "ess.round.offer": "carton step unit_price weight delay ordered minimum",
            "ess.round.tier": "price from_quantity carton_price",
            "ess.commitment": "want allotted ceiling version",
        }.items():
            fields = self.env[model].fields_get(names.split(), ["aggregator"])
            self.assertFalse([n for n, f in fields.items() if f.get("aggregator")])

    def test_kilos_and_pieces_are_not_added_up(self):
        """3 and 5 bags are 8 units, 4 half kilos are 2 kg."""
        self.round.action_open()
        self._commit(self.flour, self.phare, 3)
        self._commit(self.flour, self.semeurs, 5)
        self._commit(self.soap, self.phare, 4)
        view = self.env["ess.commitment"].get_view(view_type="pivot")["arch"]
        rows = etree.fromstring(view).xpath("//field[@type='row']/@name")
        self.assertEqual(rows[0], "uom_id")
        found = self.env["ess.commitment"].formatted_read_group(
            [("round_id", "=", self.round.id)], ["uom_id"], ["quantity:sum"]
        )
        sums = {group["uom_id"][1]: group["quantity:sum"] for group in found}
        self.assertEqual(sums, {"Units": 8, "kg": 2})

    def test_what_is_asked_comes_with_what_to_do(self):
        self.soap.supplier_id.minimum_amount = 100
        self.round.action_open()
        self._commit(self.soap, self.phare, 4)
        arch = etree.fromstring(self.round.get_view(view_type="form")["arch"])
        banner = arch.xpath("//field[@name='waiting_for']/..")[0]
        self.assertIn("put the deadline off", "".join(banner.itertext()))
        buttons = arch.xpath("//button[@name='action_close']")
        main = [b for b in buttons if b.get("class") == "btn-primary"]
        self.assertEqual(len(buttons), 2)
        self.assertEqual(main[0].get("invisible"), "state != 'open' or waiting_for")


@tagged("post_install", "-at_install")
class TestRoundOfficeAfter(SettleCommon):
    def test_another_unit_cannot_come_instead(self):
        """Kilos of lentils are no bags of flour: nobody could say how many to bill."""
        wizard = self.env["ess.round.receive"].with_user(self.facilitator)
        form = Form(wizard.with_context(default_round_id=self.one.id))
        with form.line_ids.edit(0) as line:
            line.substitute_id = self.lentils
        with self.assertRaisesRegex(UserError, "Flour is counted in Units: Lentils"):
            form.save().action_apply()
        self.assertFalse(self.flours.substitute_id)
        with form.line_ids.edit(0) as line:
            line.substitute_id = self.paper
        form.save().action_apply()
        self.assertEqual(self.flours.substitute_id, self.paper)

    def test_orders_are_confirmed_while_one_waits(self):
        one = self.one
        self.assertFalse(one.is_order_waiting)
        one.purchase_ids[0].button_cancel()
        one.purchase_ids[0].button_draft()
        self.assertTrue(one.is_order_waiting)
        one.with_user(self.buyer).action_confirm_orders()
        self.assertFalse(one.is_order_waiting)
        arch = etree.fromstring(one.get_view(view_type="form")["arch"])
        (button,) = arch.xpath("//button[@name='action_confirm_orders']")
        self.assertIn("not is_order_waiting", button.get("invisible"))
        labels = {b.get("string") for b in arch.xpath("//header/button")}
        self.assertLessEqual({"Open the Round", "Order the Goods"}, labels)

    def test_prices_of_the_file_have_the_same_decimals(self):
        """33.00 beside 264.00; where one needs a third decimal, all have it."""
        nord = self.one.supplier_ids[0]

        def prices():
            rows = nord._csv().decode("utf-8-sig").splitlines()[1:]
            return [row.split(";")[4] for row in rows]

        self.flours.sudo().write({"unit_price": 2.75, "ordered": 96})
        self.assertEqual(prices(), ["33.00", "4.30"])
        self.lentil.sudo().unit_price = 4.305
        self.assertEqual(prices(), ["33.000", "4.305"])

    def test_a_substitute_is_packed_by_its_own_code(self):
        rye = self._goods("Rye", self.tax_5, self.buy_5, default_code="RYE")
        self.flours._receive(216, substitute_id=rye.id)
        line = self._of(self.flours.commitment_ids, self.phare)._packing_line()
        self.assertEqual((line["code"], line["name"]), ("RYE", "Rye"))
        self.assertEqual(line["instead_of"], "Flour")
