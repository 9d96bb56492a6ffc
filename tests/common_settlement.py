"""A federation that settles January 2026 with its three members on 2 February.

Van: 20 % on top; Meals: 5.5 % on top. The federation is the main company. Every
exchange comes from a draft booking of its own, as the settlement does not care.
"""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase

from .common import NOW, EssData, utc

SETTLING_DAY = "2026-02-02 09:00:00"


class SettlementData(EssData):
    @classmethod
    def _set_up_settlement(cls):
        cls._set_up_federation()
        cls.company = cls.env.company
        cls.federation = cls.company.partner_id
        cls.france = cls.env.ref("base.fr")
        cls.tax_20 = cls._tax("20", 20)
        cls.tax_5 = cls._tax("5.5", 5.5)
        cls.buy_20 = cls._tax("20", 20, type_tax_use="purchase")
        cls.hire = cls._product("Van hire", cls.tax_20)
        cls.meals = cls._product("Meals", cls.tax_5)
        cls.days = cls.env.ref("uom.product_uom_day")
        cls.clearing_account = cls.env["account.account"].create(
            {
                "name": "Clearing between members",
                "code": "467900",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )

    @classmethod
    def _tax(cls, name, amount, **vals):
        return cls.env["account.tax"].create(
            {
                "name": f"Test {name}",
                "amount": amount,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                **vals,
            }
        )

    @classmethod
    def _product(cls, name, taxes, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "taxes_id": [Command.set(taxes.ids)],
                "supplier_taxes_id": [Command.set(cls.buy_20.ids)],
                **vals,
            }
        )

    @classmethod
    def _exchange(cls, provider, receiver, amount, day="2026-01-12", **vals):
        """`amount` for the van; its worth is the same unless `value` says more."""
        booking = cls.env["ess.booking"].create(
            {
                "asset_id": cls.van.id,
                "entity_id": cls.phare.id,
                "start": utc("2026-01-12 09:00"),
                "stop": utc("2026-01-13 09:00"),
            }
        )
        return cls.env["ess.exchange"].create(
            {
                "name": vals.pop("name", f"{booking.name} Van"),
                "date": day,
                "provider_id": provider.id,
                "receiver_id": receiver.id,
                "product_id": cls.hire.id,
                "quantity": 1,
                "uom_id": cls.days.id,
                "value": amount,
                "amount": amount,
                "booking_id": booking.id,
                **vals,
            }
        )

    @classmethod
    def _settlement(cls, date_from="2026-01-01", date_to="2026-01-31", **vals):
        return cls.env["ess.settlement"].create(
            {"date_from": date_from, "date_to": date_to, **vals}
        )

    @classmethod
    def _settled(cls, **vals):
        settlement = cls._settlement(**vals)
        settlement.action_prepare()
        settlement.action_post()
        return settlement

    @staticmethod
    def _total(records, name):
        """The sum of what people see, without the dust of floats."""
        return round(sum(records.mapped(name)), 2)

    @staticmethod
    def _figures(records, *names):
        """[(name of the party, figures…)] of the lines of a settlement."""
        return [
            (line.entity_id.name, *(line[name] for name in names)) for line in records
        ]


class SettlementCommon(SettlementData, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.at(NOW):
            cls._set_up_settlement()
        cls.startClassPatcher(freeze_time(SETTLING_DAY))
