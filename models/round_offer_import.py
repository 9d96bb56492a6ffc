from odoo import api, models
from odoo.fields import Domain

from .round_facts import as_fraction
from .round_words import in_words

TIERS = ((2, "from_2", "price_2"), (3, "from_3", "price_3"))


class RoundOfferImport(models.Model):
    """A supplier's price list from a file: good rows go in, faulty ones are named."""

    _name = "ess.round.offer"
    _inherit = ["ess.round.offer", "ess.import.mixin"]

    @api.model
    def _imports_by_row(self, columns):
        return "vendor_name" in columns or "price_1" in columns

    @api.model
    def _import_defaults(self):
        buying = self._import_round()
        defaults = {"round_id": buying.id} if buying else {}
        return {**super()._import_defaults(), "source": "file", **defaults}

    @api.model
    def _import_round(self):
        context = self.env.context
        known = context.get("ess_round_id") or context.get("default_round_id")
        return self.env["ess.round"].browse(known or []).exists()

    @api.model
    def _import_refusals(self, vals_list):
        refusals = super()._import_refusals(vals_list)
        known = self._import_known_offers()
        products = self._known_products(vals_list)
        rates = {}
        for index, vals in enumerate(vals_list):
            sentence = (
                self._import_missing(vals)
                or self._import_prices(vals)
                or self._import_tax(vals, rates)
                or self._import_product(vals, products)
                or self._import_again(vals, known)
            )
            if sentence:
                refusals.setdefault(index, sentence)
        return refusals

    @api.model
    def _import_missing(self, vals):
        buying = self.env["ess.round"].browse(vals.get("round_id") or [])
        if not buying:
            return self.env._(
                "Round: none is chosen; open the import from the round that the offers "
                "are for."
            )
        if buying.state not in ("draft", "open"):
            return self.env._(
                "Round: %s is closed; offers come in while it is a draft or open.",
                buying.name,
            )
        if not (vals.get("name") or vals.get("product_id")):
            return self.env._("Product: empty; give its name.")
        if not ((vals.get("vendor_name") or "").strip() or vals.get("supplier_id")):
            return self.env._("Vendor: empty; give its name.")
        return ""

    @api.model
    def _import_prices(self, vals):
        """Figures that cannot be; a tier without its price or its quantity."""
        for name in ("carton", "minimum", "weight", "price_1", "price_2", "price_3"):
            value = vals.get(name) or 0
            least = 1 if name == "carton" and name in vals else 0
            if value < least:
                return self.env._(
                    "%(field)s: %(value)s; it is at least %(least)s.",
                    field=self._import_label(name),
                    value=value,
                    least=least,
                )
        if vals.get("price_1") in (None, False):
            return self.env._("Price: empty; give the price of one unit.")
        last = 1
        for _number, start, price in TIERS:
            given = vals.get(start) or 0, vals.get(price) or 0
            if not any(given):
                continue
            if not given[0]:
                return self.env._(
                    "%s: empty, but its price is given.", self._import_label(start)
                )
            if vals.get(price) in (None, False):
                return self.env._(
                    "%(field)s: empty, but the tier begins at %(start)s.",
                    field=self._import_label(price),
                    start=given[0],
                )
            if given[0] <= last:
                return self.env._(
                    "%(field)s: %(start)s; it comes after the tier from %(last)s.",
                    field=self._import_label(start),
                    start=given[0],
                    last=last,
                )
            last = given[0]
        return ""

    @api.model
    def _import_tax(self, vals, rates):
        rate = vals.get("tax_percent")
        if not rate:
            return ""
        if rate not in rates:
            rates[rate] = bool(self._tax_of(rate))
        if rates[rate]:
            return ""
        taxes = self.env["account.tax"].sudo()
        found = taxes.search(
            [
                *taxes._check_company_domain(self.env.company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
            ]
        )
        known = ", ".join(
            f"{in_words(self.env, as_fraction(one))}\u00a0%"
            for one in sorted(set(found.mapped("amount")))
        )
        words = {
            "rate": in_words(self.env, as_fraction(rate)),
            "known": known or self.env._("none"),
        }
        archived = self.with_context(active_test=False)._tax_of(rate)
        if archived:
            # charts of accounts bring reduced rates that nobody has switched on yet
            return self.env._(
                "VAT: the company's sales tax of %(rate)s %%, %(tax)s, is archived; "
                "have it activated by who keeps the accounts (active are %(known)s).",
                tax=archived.name,
                **words,
            )
        return self.env._(
            "VAT: the company has no sales tax of %(rate)s %%; it has %(known)s.",
            **words,
        )

    @api.model
    def _import_product(self, vals, products):
        """A reference means one product; another name is most likely another one."""
        product = products.get(self._product_key(vals))
        name = vals.get("name")
        if not product or not name or product.name.casefold() == name.casefold():
            return ""
        return self.env._(
            "Reference: %(code)s is '%(known)s' here already, not '%(name)s'.",
            code=vals.get("code"),
            known=product.name,
            name=name,
        )

    @api.model
    def _import_known_offers(self):
        buying = self._import_round()
        return {
            (offer.supplier_id.partner_id.name, offer.code or "", offer.name): False
            for offer in buying.offer_ids
        }

    @api.model
    def _import_again(self, vals, known):
        key = (vals.get("vendor_name") or "", vals.get("code") or "", vals.get("name"))
        if key not in known:
            known[key] = True
            return ""
        if known[key]:
            return self.env._("%s is in this file already.", vals.get("name"))
        return self.env._("%s is in this round already.", vals.get("name"))

    # === FOUND BY OTHERS === #

    @api.model
    def _search_display_name(self, operator, value):
        """A file of commitments names offers by their reference, within its round."""
        domain = super()._search_display_name(operator, value)
        buying = self.env.context.get("ess_round_id")
        if buying:
            domain = Domain(domain) & Domain("round_id", "=", buying)
        return domain


class RoundImport(models.Model):
    """The import screens of a round: what comes in is of this round."""

    _inherit = "ess.round"

    def action_view_import_offers(self):
        return self._import_screen("ess.round.offer")

    def action_view_import_commitments(self):
        return self._import_screen("ess.commitment")

    def _import_screen(self, model):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "import",
            "params": {
                "active_model": model,
                "context": {"ess_round_id": self.id},
            },
        }
