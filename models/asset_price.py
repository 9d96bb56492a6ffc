from collections import defaultdict
from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import float_round

from ..tools.booking_rules import billable
from ..tools.pricing import amount_in_cents

UNIT_UOMS = {
    "hour": "uom.product_uom_hour",
    "half_day": "ess_mutualisation.uom_half_day",
    "day": "uom.product_uom_day",
    "use": "uom.product_uom_unit",
}


class AssetPrice(models.Model):
    """What the use of an asset costs: a product, its unit, the member's pricelist."""

    _inherit = "ess.asset"

    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="What is billed for its use. Made by itself when a price is given.",
    )
    price = fields.Float(
        compute="_compute_price",
        inverse="_inverse_price",
        digits="Product Price",
        help="Price for one unit of time of one item, before the member's tariff.",
    )
    price_unit = fields.Selection(
        [("hour", "Hour"), ("half_day", "Half-day"), ("day", "Day"), ("use", "Use")],
        required=True,
        default="hour",
        string="Price per",
        tracking=True,
    )
    price_uom_id = fields.Many2one(
        "uom.uom", compute="_compute_price_uom_id", string="Price Unit of Measure"
    )

    def write(self, vals):
        res = super().write(vals)
        if "price_unit" in vals:
            self._align_product_uom()
        return res

    def _align_product_uom(self):
        """The product is measured in the unit of the price; a shared one is left."""
        shared = self._shared_products()
        for asset in self.filtered("product_id"):
            product = asset.sudo().product_id
            if product.uom_id == asset.price_uom_id:
                continue
            if product in shared:
                price = product.list_price
                asset.product_id = product.create(asset._prepare_product_vals())
                asset.product_id.sudo().list_price = price
            else:
                product.uom_id = asset.price_uom_id

    # === COMPUTE METHODS === #

    @api.depends("product_id.list_price")
    @api.depends_context("company")
    def _compute_price(self):
        for asset in self:
            asset.price = asset.sudo().product_id.list_price

    def _inverse_price(self):
        """Give each asset with a price its own product, in one batch.

        A product that several assets share keeps its price: the asset whose price
        is changed leaves it for one of its own.
        """
        shared = self._shared_products()
        new = self.filtered(
            lambda a: (a.price and not a.product_id) or a.product_id in shared
        )
        wanted = {asset: asset.price for asset in self}
        products = self.env["product.product"].sudo()
        products = products.create([asset._prepare_product_vals() for asset in new])
        for asset, product in zip(new, products, strict=True):
            asset.product_id = product
        for asset in self - new:
            product = asset.sudo().product_id
            if product and product.list_price != wanted[asset]:
                product.list_price = wanted[asset]

    def _shared_products(self):
        groups = (
            self.env["ess.asset"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("product_id", "in", self.product_id.ids)],
                ["product_id"],
                having=[("__count", ">", 1)],
            )
        )
        return self.env["product.product"].union(*(row[0] for row in groups))

    def _prepare_product_vals(self):
        self.ensure_one()
        return {
            "name": self.name,
            "default_code": self.code,
            "type": "service",
            "list_price": self.price,
            "uom_id": self.env.ref(UNIT_UOMS[self.price_unit]).id,
            "purchase_ok": False,
            "company_id": self.company_id.id,
        }

    @api.depends("price_unit")
    def _compute_price_uom_id(self):
        uoms = {unit: self.env.ref(xmlid) for unit, xmlid in UNIT_UOMS.items()}
        for asset in self:
            asset.price_uom_id = uoms.get(asset.price_unit)

    # === BUSINESS METHODS === #

    def _quote(self, entity, start, stop, quantity=1):
        """What this use costs this organisation, and its worth without a tariff.

        An organisation pays nothing for its own asset.

        :param entity: res.partner, may be empty (the list price applies)
        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :param int quantity: number of units of the asset
        :return: dict with `unit_price` (float, of the member's pricelist), `units`
            (Fraction, of `uom`), `quantity`, `uom`, `currency`, `amount` and `value`
            (floats on the currency's grid), `price_unit`
        """
        self.ensure_one()
        return self._quotes(entity, start, stop, quantity)[self.id]

    def _quotes(self, entity, start, stop, quantity=1):
        """See `_quote`: of many assets at once, in a constant number of queries.

        :return: {asset id: quote}
        :rtype: dict[int, dict]
        """
        assets, entity = self.sudo(), entity.sudo()
        units = {
            asset: billable(asset._local(start), asset._local(stop), asset.price_unit)
            for asset in assets
        }
        prices = assets._member_prices(
            entity, {asset: float(units[asset]) * quantity for asset in assets}
        )
        return {
            asset.id: asset._quote_of(entity, units[asset], quantity, prices[asset])
            for asset in assets
        }

    def _quote_of(self, entity, units, quantity, unit_price):
        list_price = self.product_id.list_price
        own = entity and entity == self.owner_id
        currency = self.currency_id

        def amount(price):
            cents = amount_in_cents(
                Fraction(repr(price)), units, quantity, currency.decimal_places
            )
            return currency.round(cents / 10**currency.decimal_places)

        return {
            "unit_price": 0.0 if own else unit_price,
            "list_price": list_price,
            "units": units,
            "quantity": quantity,
            "uom": self.price_uom_id,
            "price_unit": self.price_unit,
            "currency": currency,
            "amount": 0.0 if own else amount(unit_price),
            "value": amount(list_price),
        }

    def _member_prices(self, entity, quantities):
        """Unit prices by the member's pricelist (its solidarity tariff).

        Assets are priced together when they have the same company, currency and
        quantity, so that their number does not matter.

        :param dict quantities: {asset: units of time times items}
        :return: {asset: price}
        """
        prices = dict.fromkeys(self, 0.0)
        groups = defaultdict(self.browse)
        for asset in self.filtered("product_id"):
            key = (asset.company_id, asset.currency_id, quantities[asset] or 1.0)
            groups[key] |= asset
        for (company, currency, quantity), assets in groups.items():
            pricelist = entity.with_company(company).property_product_pricelist
            found = pricelist and pricelist._get_products_price(
                assets.product_id, quantity, currency=currency
            )
            for asset in assets:
                product = asset.product_id
                prices[asset] = found[product.id] if found else product.list_price
        # the price that is shown is the one that is multiplied, here and on invoices
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return {
            asset: float_round(price, precision_digits=digits)
            for asset, price in prices.items()
        }
