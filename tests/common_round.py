"""A round that tests of buying together start from.

Le Phare, Les Semeurs and La Fabrique buy of two suppliers until Friday 9 January 2026,
18:00 in Paris: flour by the bag, in cartons of 12 from Nord Bio; soap by the half kilo
from La Lessive, which takes no order below 100 €.
"""

from odoo.fields import Command

from .common import EssCommon, utc

CLOSES = "2026-01-09 18:00"


class RoundData:
    """Builds a round; mixed into transaction, race and browser tests."""

    @classmethod
    def _set_up_round(cls):
        partners = cls.env["res.partner"]
        cls.nord = partners.create({"name": "Grossiste Nord Bio", "is_company": True})
        cls.lessive = partners.create({"name": "La Lessive", "is_company": True})
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.flour_product = cls._product("Flour T80", weight=25)
        cls.soap_product = cls._product("Soap", uom_id=cls.kilo.id, weight=1)
        cls.round = cls._round()
        cls.flour = cls._offer(
            cls.flour_product,
            cls.nord,
            [(0, 30.0), (24, 27.0)],
            carton=12,
            weight=25,
        )
        cls.soap = cls._offer(
            cls.soap_product, cls.lessive, [(0, 8.0)], step=0.5, weight=1
        )

    @classmethod
    def _product(cls, name, **vals):
        return cls.env["product.product"].create(
            {"name": name, "type": "consu", "purchase_ok": True, **vals}
        )

    @classmethod
    def _round(cls, **vals):
        return cls.env["ess.round"].create(
            {
                "name": "January",
                "circle_id": cls.circle.id,
                "date_close": utc(CLOSES),
                "tz": "Europe/Paris",
                **vals,
            }
        )

    @classmethod
    def _supplier(cls, partner, buying=None, **vals):
        buying = buying or cls.round
        found = buying.supplier_ids.filtered(lambda s: s.partner_id == partner)
        if not found:
            found = cls.env["ess.round.supplier"].create(
                {"round_id": buying.id, "partner_id": partner.id}
            )
        if vals:
            found.write(vals)
        return found

    @classmethod
    def _offer(cls, product, partner, tiers, buying=None, **vals):
        """An offer; `tiers` are (from, price of one unit), from in steps."""
        buying = buying or cls.round
        return cls.env["ess.round.offer"].create(
            {
                "round_id": buying.id,
                "supplier_id": cls._supplier(partner, buying).id,
                "product_id": product.id,
                "name": product.name,
                "uom_id": product.uom_id.id,
                "tier_ids": [
                    Command.create({"from_quantity": start, "price": price})
                    for start, price in tiers
                ],
                **vals,
            }
        )

    @classmethod
    def _commit(cls, offer, entity, want, **vals):
        return cls.env["ess.commitment"].create(
            {"offer_id": offer.id, "entity_id": entity.id, "want": want, **vals}
        )


class RoundCommon(RoundData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_round()
