from odoo import api, fields, models
from odoo.fields import Command

FIRST = 1
TIERS = ((2, "from_2", "price_2"), (3, "from_3", "price_3"))
PRICES = {"price_1", "from_2", "price_2", "from_3", "price_3"}
FLAT = PRICES | {"tax_percent", "vendor_name"}


class RoundOfferColumns(models.Model):
    """An offer as one row of a supplier's price list has it."""

    _inherit = "ess.round.offer"

    vendor_name = fields.Char(
        compute="_compute_columns",
        inverse="_inverse_columns",
        help="Made when there is no such vendor.",
    )
    price_1 = fields.Float(
        string="Price",
        min_display_digits="Product Price",
        compute="_compute_columns",
        inverse="_inverse_columns",
        help="Of one unit, for the smallest order.",
    )
    from_2 = fields.Integer(
        string="Second Tier from",
        compute="_compute_columns",
        inverse="_inverse_columns",
        help="In steps.",
    )
    price_2 = fields.Float(
        string="Price of the Second Tier",
        min_display_digits="Product Price",
        compute="_compute_columns",
        inverse="_inverse_columns",
    )
    from_3 = fields.Integer(
        string="Third Tier from",
        compute="_compute_columns",
        inverse="_inverse_columns",
        help="In steps.",
    )
    price_3 = fields.Float(
        string="Price of the Third Tier",
        min_display_digits="Product Price",
        compute="_compute_columns",
        inverse="_inverse_columns",
    )
    tax_percent = fields.Float(
        string="VAT (%)",
        digits=(5, 2),
        compute="_compute_columns",
        inverse="_inverse_columns",
    )

    @api.depends("tier_ids.price", "tier_ids.from_quantity", "tax_ids", "supplier_id")
    def _compute_columns(self):
        for offer in self:
            tiers = [
                (tier.from_quantity, tier.price)
                for tier in offer.tier_ids.sorted("from_quantity")
            ]
            tiers += [(0, 0.0)] * (3 - len(tiers))
            offer.price_1 = tiers[0][1]
            offer.from_2, offer.price_2 = tiers[1]
            offer.from_3, offer.price_3 = tiers[2]
            offer.tax_percent = sum(offer.tax_ids.mapped("amount"))
            offer.vendor_name = offer.supplier_id.partner_id.name

    def _inverse_columns(self):
        """`create` and `write` have turned them into tiers, taxes, vendors before."""

    @api.model_create_multi
    def create(self, vals_list):
        rows = [dict(vals) for vals in vals_list]
        if any(FLAT & set(vals) for vals in rows):
            self._find_or_make(rows)
        return super().create([self._unflatten(vals) for vals in rows])

    def write(self, vals):
        if not FLAT & set(vals):
            return super().write(vals)
        for offer in self:
            # a row has all its prices: those that are not given stay
            kept = {name: offer[name] for name in PRICES}
            row = {**kept, **vals} if PRICES & set(vals) else dict(vals)
            super(RoundOfferColumns, offer).write(offer._unflatten(row))
        return True

    @api.model
    def _unflatten(self, vals):
        """Prices of a row become tiers, its rate of VAT a tax of the company."""
        flat = {name: vals.pop(name) for name in FLAT if name in vals}
        if PRICES & set(flat):
            tiers = [(FIRST, flat.get("price_1"))]
            tiers += [(flat.get(start), flat.get(price)) for _n, start, price in TIERS]
            vals["tier_ids"] = [
                Command.clear(),
                *(
                    Command.create({"from_quantity": start, "price": price})
                    for start, price in tiers
                    if start and price is not None and price is not False
                ),
            ]
        if "tax_percent" in flat:
            tax = self._tax_of(flat["tax_percent"])
            vals.setdefault("tax_ids", [Command.set(tax.ids)])
        return vals

    # === FOUND OR MADE === #

    @api.model
    def _find_or_make(self, rows):
        """Fill the supplier and the product of rows that give their names only."""
        self._fill_suppliers(rows)
        self._fill_products(rows)

    @api.model
    def _fill_suppliers(self, rows):
        suppliers = self.env["ess.round.supplier"]
        known = {}
        for vals in rows:
            name = (vals.get("vendor_name") or "").strip()
            buying = vals.get("round_id") or self.env.context.get("default_round_id")
            if vals.get("supplier_id") or not (name and buying):
                continue
            vals["round_id"] = buying
            if (buying, name) not in known:
                vendor = self._vendors(name)[:1] or self._make_vendor(name)
                found = suppliers.search(
                    [("round_id", "=", buying), ("partner_id", "=", vendor.id)]
                )
                known[buying, name] = found or suppliers.create(
                    {"round_id": buying, "partner_id": vendor.id}
                )
            vals["supplier_id"] = known[buying, name].id

    @api.model
    def _vendors(self, name):
        """Organisations of this name, those that sell to us already first."""
        return (
            self.env["res.partner"]
            .search([("name", "=", name), ("parent_id", "=", False)])
            .sorted(lambda p: (-p.supplier_rank, p.id))
        )

    @api.model
    def _make_vendor(self, name):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, "supplier_rank": 1}
        )

    @api.model
    def _fill_products(self, rows):
        """By the reference, else by the name; what is not there is made at once."""
        waiting = [vals for vals in rows if not vals.get("product_id")]
        products = self._known_products(waiting)
        missing = {}
        for vals in waiting:
            key = self._product_key(vals)
            if key and key not in products:
                missing.setdefault(key, self._product_vals(vals))
        made = self.env["product.product"].sudo().create(list(missing.values()))
        products |= dict(zip(missing, made, strict=True))
        for vals in waiting:
            product = products.get(self._product_key(vals))
            if product:
                vals["product_id"] = product.id
                vals.setdefault("uom_id", product.uom_id.id)
                vals.setdefault("name", product.name)

    @api.model
    def _product_key(self, vals):
        return (vals.get("code") or "", vals.get("name") or "") if vals else None

    @api.model
    def _known_products(self, rows):
        """{(reference, name): product} of those that are here already."""
        codes = {vals["code"] for vals in rows if vals.get("code")}
        names = {vals["name"] for vals in rows if vals.get("name")}
        found = self.env["product.product"].search(
            [
                *self.env["product.product"]._check_company_domain(self.env.company),
                "|",
                ("default_code", "in", list(codes)),
                ("name", "in", list(names)),
            ]
        )
        by_code = {p.default_code: p for p in found if p.default_code}
        by_name = {p.name: p for p in found}
        known = {}
        for vals in rows:
            code, name = self._product_key(vals)
            product = by_code.get(code) or (by_name.get(name) if not code else None)
            if product:
                known[code, name] = product
        return known

    @api.model
    def _product_vals(self, vals):
        rate = vals.get("tax_percent")
        sale = self._tax_of(rate) if rate is not None else None
        bought = self._tax_of(rate, "purchase") if rate is not None else None
        return {
            "name": vals.get("name") or vals.get("code"),
            "default_code": vals.get("code") or False,
            "type": "consu",
            "purchase_ok": True,
            "weight": vals.get("weight") or 0,
            "taxes_id": [Command.set(sale.ids if sale else [])],
            "supplier_taxes_id": [Command.set(bought.ids if bought else [])],
            **({"uom_id": vals["uom_id"]} if vals.get("uom_id") else {}),
        }

    @api.model
    def _tax_of(self, percent, use="sale"):
        """The company's usual tax of a rate, on goods; none at 0 %."""
        taxes = self.env["account.tax"].sudo()
        if not percent:
            return taxes
        found = taxes.search(
            [
                *taxes._check_company_domain(self.env.company),
                ("type_tax_use", "=", use),
                ("amount_type", "=", "percent"),
                ("amount", "=", percent),
            ]
        )
        return found.sorted(
            lambda t: (t.price_include, t.tax_scope != "consu", t.sequence, t.id)
        )[:1]
