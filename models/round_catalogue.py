from fractions import Fraction
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .entered import entered
from .round_facts import as_fraction
from .round_words import plain_name

# A vendor's unit is so many steps of the product's, or it cannot be handed out.
SMALLEST_PART = 1000
# Said by the refreshing itself: a token that no caller from outside can give.
REFRESH = object()


class RoundCatalogue(models.Model):
    """Offers from what the vendors ask: tiers, cartons, delay, their code."""

    _inherit = "ess.round"

    def action_take_vendor_prices(self, vendor_ids, product_ids=None):
        """Add an offer for each product that these vendors have a price for.

        What is in the round already stays as it is.

        :param vendor_ids: ids of res.partner
        :param product_ids: ids of product.product; none: all that they sell
        """
        self.ensure_one()
        own = self._require("facilitator")
        own._require_state("draft", "open")
        vendors = self.env["res.partner"].browse(vendor_ids)
        products = self.env["product.product"].browse(product_ids or [])
        # what the facilitator may not read stays out of the round
        vendors.check_access("read")
        products.check_access("read")
        return own._take_vendor_prices(vendors, products)

    def _take_vendor_prices(self, vendors, products):
        """:return: the new offers"""
        self.ensure_one()
        known = {(o.supplier_id.partner_id, o.product_id) for o in self.offer_ids}
        found = self._vendor_prices(vendors, products)
        if not found:
            raise UserError(
                self.env._(
                    "Vendors: no price of %(vendors)s for %(products)s is valid on "
                    "%(date)s.",
                    vendors=", ".join(vendors.mapped("name")) or "–",
                    products=self._of_products(products),
                    date=fields.Date.to_string(self._price_date()),
                )
            )
        new = [key for key in found if key not in known]
        suppliers = self._suppliers_of([vendor for vendor, _product in new])
        return self.env["ess.round.offer"].create(
            [
                {
                    "round_id": self.id,
                    "supplier_id": suppliers[vendor].id,
                    "product_id": product.id,
                    "source": "vendor",
                    **self._vendor_terms(product, found[vendor, product]),
                }
                for vendor, product in new
            ]
        )

    def _of_products(self, products):
        if not products:
            return self.env._("any product")
        return ", ".join(products.mapped("display_name"))

    def _suppliers_of(self, vendors):
        """{vendor: its row in this round}, made where it is missing."""
        suppliers = {one.partner_id: one for one in self.supplier_ids}
        for vendor in vendors:
            if vendor not in suppliers:
                suppliers[vendor] = self.env["ess.round.supplier"].create(
                    {"round_id": self.id, "partner_id": vendor.id}
                )
        return suppliers

    # === WHAT THE VENDORS ASK === #

    def _price_date(self):
        """Prices have to be valid on the day of the order: that of the deadline."""
        self.ensure_one()
        moment = self.date_close or fields.Datetime.now()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.tz), moment
        ).date()

    def _vendor_prices(self, vendors, products):
        """{(vendor, product): its prices}, those of one unit of the vendor only.

        Of the same carton, that is: the one that comes first in the vendor's list.
        """
        day = self._price_date()
        sellers = self.env["product.supplierinfo"].search(
            [
                ("partner_id", "in", vendors.ids),
                ("company_id", "in", (False, self.company_id.id)),
                "|",
                ("date_start", "=", False),
                ("date_start", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ],
            order="sequence, id",
        )
        found = {}
        for seller in sellers:
            variants = seller.product_id or seller.product_tmpl_id.product_variant_ids
            for product in variants:
                if not product.active or (products and product not in products):
                    continue
                key = seller.partner_id, product
                prices = found.setdefault(key, seller)
                if seller.product_uom_id == prices[0].product_uom_id:
                    found[key] |= seller
        return found

    def _vendor_terms(self, product, sellers):
        """Values of an offer from a vendor's prices of a product.

        :raise UserError: a unit of the vendor that the product is not counted in
        """
        first = sellers[0]
        parts = self._parts_of(product, first)
        step = Fraction(1, parts.denominator)
        return {
            "name": first.product_name or plain_name(product),
            "code": first.product_code or product.default_code,
            "uom_id": product.uom_id.id,
            "vendor_uom_id": first.product_uom_id.id,
            "step": float(step),
            "carton": int(parts / step),
            "weight": product.weight,
            "delay": first.delay,
            "tax_ids": [
                Command.set(
                    product.taxes_id._filter_taxes_by_company(self.company_id).ids
                )
            ],
            "tier_ids": [
                Command.clear(),
                *map(Command.create, self._vendor_tiers(sellers, parts, step)),
            ],
        }

    def _parts_of(self, product, seller):
        """How many units of the product the vendor's unit holds, exactly."""
        unit, carton = product.uom_id, seller.product_uom_id
        parts = as_fraction(carton.factor) / as_fraction(unit.factor)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        step = as_fraction(round(1 / parts.denominator, digits))
        if (
            not unit._has_common_reference(carton)
            or parts.denominator > SMALLEST_PART
            # a twelfth is no number of hundredths: it would be stored as 0.08
            or step * parts.denominator != 1
        ):
            raise UserError(
                self.env._(
                    "%(product)s: %(vendor)s sells it by %(carton)s, which is no "
                    "number of %(unit)s; correct the vendor's unit.",
                    product=product.display_name,
                    vendor=seller.partner_id.name,
                    carton=carton.name,
                    unit=unit.name,
                )
            )
        return parts

    def _vendor_tiers(self, sellers, parts, step):
        """The vendor's tiers in steps, with the price of its carton, exactly.

        :param parts: units of the product in one of the vendor
        """
        carton = {}
        for seller in sellers:
            start = ceil(as_fraction(seller.min_qty) * parts / step)
            price = as_fraction(seller.price) * (1 - as_fraction(seller.discount) / 100)
            price = self._in_currency(seller, price)
            if start not in carton or price < carton[start]:
                carton[start] = price
        return [
            {
                "from_quantity": start,
                "price": float(price / parts),
                "carton_price": float(price),
            }
            for start, price in sorted(carton.items())
        ]

    def _in_currency(self, seller, price):
        if seller.currency_id == self.currency_id:
            return price
        converted = seller.currency_id._convert(
            float(price), self.currency_id, self.company_id, self._price_date()
        )
        return as_fraction(converted)


class RoundOfferCatalogue(models.Model):
    _inherit = "ess.round.offer"

    def _refresh_terms(self):
        """Take the vendors' prices of today for offers that came from them.

        :raise UserError: for a product that its vendor no longer has a price for
        """
        for offer in self.filtered(lambda o: o.source == "vendor"):
            vendor, own = offer.supplier_id.partner_id, offer.round_id
            found = own._vendor_prices(vendor, offer.product_id)
            sellers = found.get((vendor, offer.product_id))
            if not sellers:
                raise UserError(
                    self.env._(
                        "%(offer)s: %(vendor)s has no price for it that is valid on "
                        "%(date)s; renew it, enter one by hand, or leave the product "
                        "out.",
                        offer=offer.name,
                        vendor=vendor.name,
                        date=fields.Date.to_string(own._price_date()),
                    )
                )
            offer.with_context(ess_terms=REFRESH).write(
                own._vendor_terms(offer.product_id, sellers)
            )

    def write(self, vals):
        """Terms that are changed by hand are no longer the vendor's."""
        refreshing = self.env.context.get("ess_terms") is REFRESH
        terms = {"carton", "vendor_uom_id", "tier_ids", "step"} & set(vals)
        if not terms or refreshing:
            return super().write(vals)
        changed = self.filtered(
            lambda o: (
                vals.get("carton", o.carton) * as_fraction(vals.get("step", o.step))
                != o.carton * o._step()
            )
        )
        # the price of a unit stays; that of a carton was of the old one
        changed.tier_ids.filtered("carton_price").write({"carton_price": 0})
        return super().write({"source": "hand", **vals})


class RoundTierCatalogue(models.Model):
    """The price of a unit and that of a carton say the same."""

    _inherit = "ess.round.tier"

    @api.model_create_multi
    def create(self, vals_list):
        offers = self.env["ess.round.offer"]
        for vals in vals_list:
            if vals.get("carton_price") and not vals.get("price"):
                offer = offers.browse(entered(self, vals)["offer_id"])
                vals["price"] = self._unit_price(offer, vals["carton_price"])
        return super().create(vals_list)

    def write(self, vals):
        if "price" in vals and "carton_price" not in vals:
            vals = {**vals, "carton_price": 0}
        elif vals.get("carton_price") and "price" not in vals:
            price = self._unit_price(self.offer_id[:1], vals["carton_price"])
            vals = {**vals, "price": price}
        return super().write(vals)

    @api.model
    def _unit_price(self, offer, carton_price):
        units = offer.carton * offer._step()
        return float(as_fraction(carton_price) / units)
