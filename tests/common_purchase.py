"""A round that is closed: what was decided is written down, as a freeze leaves it.

Two suppliers. Nord Bio sells flour by cartons of 12 (30.05; from 240 on 27.95, reached
together) and lentils by the half kilo; Papier sells paper. La Fabrique, Le Phare and
Les Semeurs share what was ordered.
"""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from .common import NOW
from .common_settlement import SettlementData

DECIDED = ("allotted", "ordered", "unit_price")


class PurchaseData(SettlementData):
    """Builds rounds; mixed into transaction and browser tests."""

    @classmethod
    def _set_up_purchase(cls):
        cls._set_up_settlement()
        cls.buyer = new_test_user(
            cls.env,
            "buyer",
            groups="ess_mutualisation.group_facilitator,purchase.group_purchase_user",
        )
        cls.facilitator = new_test_user(
            cls.env, "coordinator", groups="ess_mutualisation.group_facilitator"
        )
        cls.accountant = new_test_user(
            cls.env,
            "bookkeeper",
            groups="ess_mutualisation.group_accountant,purchase.group_purchase_user",
        )
        cls.buy_5 = cls._tax("5.5", 5.5, type_tax_use="purchase")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.carton = cls.env["uom.uom"].create(
            {
                "name": "Carton of 12",
                "relative_uom_id": cls.unit.id,
                "relative_factor": 12,
            }
        )
        cls.flour = cls._goods("Flour", cls.tax_20, cls.buy_20)
        cls.lentils = cls._goods("Lentils", cls.tax_5, cls.buy_5, uom_id=cls.kilo.id)
        cls.paper = cls._goods("Paper", cls.tax_20, cls.buy_20)
        cls.freight = cls._product("Freight", cls.tax_20)
        cls.nord = cls.env["res.partner"].create({"name": "Nord Bio"})
        cls.papier = cls.env["res.partner"].create({"name": "Papier"})
        payable = cls.env["account.account"].create(
            {
                "code": "401998",
                "account_type": "liability_payable",
                "name": "Suppliers of rounds",
                "reconcile": True,
            }
        )
        (cls.nord | cls.papier).property_account_payable_id = payable

    @classmethod
    def _goods(cls, name, sale, purchase, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "taxes_id": [Command.set(sale.ids)],
                "supplier_taxes_id": [Command.set(purchase.ids)],
                "standard_price": 99,
                **vals,
            }
        )

    @classmethod
    def _round(cls, name="Spring", **vals):
        """A round with its two suppliers, still without offers."""
        one = cls.env["ess.round"].create(
            {
                "name": name,
                "circle_id": cls.circle.id,
                "coordinator_id": cls.buyer.id,
                "date_open": "2026-01-02 08:00:00",
                "date_close": "2026-01-04 08:00:00",
                "date_delivery": "2026-01-20",
                "state": "open",
                "supplier_ids": [
                    Command.create({"partner_id": cls.nord.id}),
                    Command.create({"partner_id": cls.papier.id}),
                ],
                **vals,
            }
        )
        return one

    @classmethod
    def _offer(cls, one, product, asked, supplier=None, tiers=(), **vals):
        """An offer with its outcome; `asked`: {member: (want, tolerance, allotted)}."""
        supplier = supplier or one.supplier_ids[0]
        price = vals.pop("unit_price")
        offer = cls.env["ess.round.offer"].create(
            {
                "round_id": one.id,
                "supplier_id": supplier.id,
                "product_id": product.id,
                "name": product.name,
                "uom_id": product.uom_id.id,
                "tax_ids": [Command.set(product.taxes_id.ids)],
                "tier_ids": [
                    Command.create({"from_quantity": start, "price": tier})
                    for start, tier in tiers or ((1, price),)
                ],
                "commitment_ids": [
                    Command.create(
                        {
                            "entity_id": member.id,
                            "want": want,
                            "tolerance": tolerance,
                            "allotted": allotted,
                        }
                    )
                    for member, (want, tolerance, allotted) in asked.items()
                ],
                **vals,
            }
        )
        offer.write(
            {
                "unit_price": price,
                "ordered": sum(allotted for _w, _t, allotted in asked.values()),
            }
        )
        return offer

    @classmethod
    def _closed(cls, **vals):
        """The round of the story, closed."""
        one = cls._round(**vals)
        cls.flours = cls._offer(
            one,
            cls.flour,
            {
                cls.fabrique: (100, 10, 100),
                cls.phare: (90, 20, 92),
                cls.semeurs: (48, 0, 48),
            },
            unit_price=27.95,
            tiers=((1, 30.05), (240, 27.95)),
            carton=12,
            vendor_uom_id=cls.carton.id,
            code="FL12",
            weight=25,
        )
        cls.lentil = cls._offer(
            one,
            cls.lentils,
            {cls.fabrique: (7, 0, 7), cls.phare: (4, 2, 4)},
            unit_price=4.30,
            step=0.5,
            weight=1,
        )
        cls.sheets = cls._offer(
            one,
            cls.paper,
            {cls.phare: (10, 0, 10), cls.semeurs: (5, 0, 5)},
            supplier=one.supplier_ids[1],
            unit_price=3.99,
            weight=2.5,
        )
        one.state = "closed"
        return one

    @classmethod
    def _ordered(cls, confirm=True, **vals):
        one = cls._closed(**vals)
        one.with_user(cls.buyer).action_order()
        if confirm:
            one.with_user(cls.buyer).action_confirm_orders()
        return one

    @classmethod
    def _of(cls, records, entity):
        return records.filtered(lambda r: r.entity_id == entity)


class PurchaseCommon(PurchaseData, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls._set_up_purchase()
