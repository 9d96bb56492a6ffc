"""What the coordinator meets in the back office of a round."""

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

    def test_a_substitute_is_packed_by_its_own_code(self):
        rye = self._goods("Rye", self.tax_5, self.buy_5, default_code="RYE")
        self.flours._receive(216, substitute_id=rye.id)
        line = self._of(self.flours.commitment_ids, self.phare)._packing_line()
        self.assertEqual((line["code"], line["name"]), ("RYE", "Rye"))
        self.assertEqual(line["instead_of"], "Flour")
