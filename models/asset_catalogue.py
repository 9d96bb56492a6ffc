from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ..tools.geo import distance_km

PHOTO = "/web/image/{model}/{id}/image_512"


class AssetCatalogue(models.Model):
    """What the catalogue shows of many assets at once.

    Searching obeys the reader's record rules; the cards are then made in superuser
    mode, in a number of queries that does not depend on the number of assets.
    """

    _inherit = "ess.asset"

    # === SEARCHING === #

    @api.model
    def _catalogue_domain(self, filters):
        """Assets that fit what is asked for, apart from dates and distance.

        :param dict filters: `words`, `category`, `circle`, `town`, `quantity`
        :rtype: Domain
        """
        domain = self._portal_domain()
        for word in (filters.get("words") or "").split():
            domain &= Domain.OR(
                [
                    Domain(name, "ilike", word)
                    for name in ("name", "code", "description", "category_id.name")
                ]
            )
        if filters.get("category"):
            domain &= Domain("category_id", "child_of", filters["category"])
        if filters.get("circle"):
            domain &= Domain("circle_ids", "in", [filters["circle"]])
        if filters.get("town"):
            domain &= Domain("city", "=", filters["town"])
        if filters.get("quantity", 1) > 1:
            domain &= Domain("capacity", ">=", filters["quantity"])
        return domain

    @api.model
    def _catalogue_search(self, filters, window=None, point=None):
        """Assets in the order in which the catalogue shows them.

        :param tuple window: (start, stop), naive UTC; None when no dates are given
        :param tuple point: (latitude, longitude) to measure from; None for nowhere
        :return: (assets, ids of those that are free, {id: kilometres})
        """
        domain = self._catalogue_domain(filters)
        assets = self.search_fetch(domain, ["latitude", "longitude", "owner_id"])
        free = None
        if window:
            free = set(
                self.search_available(*window, filters.get("quantity", 1), domain)
            )
            free -= assets._shut_all_along(*window)
            if not filters.get("taken"):
                assets = assets.filtered(lambda asset: asset.id in free)
        distances = assets._distances(point)
        if point:
            limit = filters.get("distance")
            if limit:
                assets = assets.filtered(lambda a: distances.get(a.id, 1e9) <= limit)
            # one's own things are known already: they come after the others'
            own = self.env.user._ess_entity().id
            assets = assets.sorted(
                lambda a: (a.owner_id.id == own, distances.get(a.id, 1e9))
            )
        if free is not None:
            assets = assets.sorted(lambda asset: asset.id not in free)
        return assets, free, distances

    def _shut_all_along(self, start, stop):
        """Ids of the assets whose place is never open between these times.

        Where pick-up and return are bound to opening hours, nobody can begin then.
        """
        opening = self._opening(start, stop)
        return {
            asset.id
            for asset in self.sudo()
            if asset.policy_id.opening_rule not in (False, "free")
            and opening[asset.id] is not None
            and not opening[asset.id]
        }

    def _distances(self, point):
        """Kilometres from a point, for the assets whose place is known."""
        if not point:
            return {}
        return {
            asset.id: distance_km(*point, asset.latitude, asset.longitude)
            for asset in self
            if asset.latitude or asset.longitude
        }

    # === CHOICES === #

    @api.model
    def _catalogue_towns(self):
        """Towns of the assets that the reader sees, with the middle of their places.

        :return: {town: (latitude, longitude) or None}
        """
        rows = self._read_group(
            self._portal_domain() & Domain("city", "!=", False),
            ["city"],
            ["latitude:avg", "longitude:avg"],
            order="city",
        )
        return {
            town: (latitude, longitude) if latitude or longitude else None
            for town, latitude, longitude in rows
        }

    # === CARDS === #

    def _catalogue_cards(
        self, entity, window=None, free=None, distances=None, whole_days=False
    ):
        """What a page of the catalogue says of each asset, in the order of `self`.

        :param entity: the reader's organisation (its tariff applies), may be empty
        :param bool whole_days: no hours were asked for; then nobody knows yet how many
            hours will be billed, and the price of one is shown
        :rtype: list[dict]
        """
        assets, distances = self.sudo(), distances or {}
        photos = assets._main_photos()
        left = assets._free_units(*window) if window else {}
        quotes = assets._quotes(entity, *window) if window else {}
        shut = assets._shut_all_along(*window) if window else ()
        prices = assets._prices_in_words(entity)
        cards = []
        for asset in assets:
            is_free = free is None or asset.id in free
            by_hours = asset.price_unit in ("hour", "half_day")
            quote = None if whole_days and by_hours else quotes.get(asset.id)
            cards.append(
                {
                    "asset": asset,
                    "url": f"/commons/{asset.id}",
                    "photo": photos.get(asset.id),
                    "icon": asset.category_id.icon or "fa-cube",
                    "distance": distances.get(asset.id),
                    "is_free": is_free,
                    "is_shut": asset.id in shut,
                    "free": left.get(asset.id, 0),
                    "amount": quote
                    and quote["amount"]
                    and asset._amount_in_words(quote["amount"]),
                    "price": prices[asset.id],
                }
            )
        return cards

    def _main_photos(self):
        """Address of the photo that stands for each asset; those without are left out.

        The first of its photos, or else the image that the back office shows.
        """
        photos = {}
        rows = (
            self.env["ess.asset.photo"]
            .sudo()
            .search_fetch([("asset_id", "in", self.ids)], ["asset_id"])
        )
        for photo in rows:
            url = PHOTO.format(model=photo._name, id=photo.id)
            photos.setdefault(photo.asset_id.id, url)
        images = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "image_512"),
                    ("res_id", "in", [i for i in self.ids if i not in photos]),
                ],
                ["res_id"],
            )
        )
        for image in images:
            photos[image.res_id] = PHOTO.format(model=self._name, id=image.res_id)
        return photos

    # === WORDS === #

    def _prices_in_words(self, entity):
        """ "From" prices at the member's tariff: '40.00 € per day'; 'Free' for none."""
        assets = self.sudo()
        prices = assets._member_prices(entity.sudo(), dict.fromkeys(assets, 1.0))
        words = {}
        for asset in assets:
            if asset.owner_id == entity:
                words[asset.id] = self.env._("Yours")
            elif not prices[asset]:
                words[asset.id] = self.env._("Free of charge")
            else:
                words[asset.id] = asset._price_in_words(prices[asset])
        return words

    def _price_in_words(self, price):
        amount = self._amount_in_words(price)
        return {
            "hour": self.env._("%s per hour", amount),
            "half_day": self.env._("%s per half-day", amount),
            "day": self.env._("%s per day", amount),
            "use": self.env._("%s per use", amount),
        }[self.price_unit]

    def _amount_in_words(self, amount):
        self.ensure_one()
        return format_amount(self.env, amount, self.currency_id)
