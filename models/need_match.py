import re
from collections import Counter
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..tools.geo import distance_km
from ..tools.need_matching import Offer, combinations
from .need_proposal import LIVE

# Assets whose rules are looked at, the nearest ones; more would answer nobody sooner.
MOST_CANDIDATES = 120
# Proposals that lenders are asked about at the same time, and at most in all.
MOST_PROPOSALS = 3
MOST_LIVE = 9
# Who has not answered by then may still do so, but others are asked as well.
PATIENCE = timedelta(days=2)


class NeedMatch(models.Model):
    """Which free assets could meet a need, and the proposals made of them."""

    _inherit = "ess.need"

    # === PLACE === #

    def _locate(self):
        """Where it is needed: the member's place, or one that is known in that town."""
        for need in self:
            entity = need.entity_id
            town = (need.city or "").strip()
            place = entity
            if town and town.lower() != (entity.city or "").strip().lower():
                place = entity.search(
                    [
                        ("ess_is_member", "=", True),
                        ("city", "=ilike", town),
                        ("partner_latitude", "!=", 0),
                    ],
                    order="id",
                    limit=1,
                )
            point = (place.partner_latitude, place.partner_longitude)
            if point != (need.latitude, need.longitude):
                need.write({"latitude": point[0], "longitude": point[1]})

    def _metres_to(self, asset):
        """Distance of an asset in whole metres; None when nobody knows."""
        self.ensure_one()
        if (self.latitude or self.longitude) and (asset.latitude or asset.longitude):
            there = (asset.latitude, asset.longitude)
            return round(1000 * distance_km(self.latitude, self.longitude, *there))
        town = (self.city or self.entity_id.city or "").strip().lower()
        return 0 if town and town == (asset.city or "").strip().lower() else None

    # === CANDIDATES === #

    def _candidate_domain(self):
        """Assets that the member may book and that nobody declined for these dates."""
        self.ensure_one()
        declined = self.line_ids.filtered(
            lambda line: line.state == "declined" and line._is_current()
        )
        domain = (
            Domain("published", "=", True)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("circle_ids", "in", self.entity_id._ess_accepted_circles().ids)
            & Domain("owner_id", "!=", self.entity_id.id)
            & Domain("custodian_id", "!=", self.entity_id.id)
            & Domain("id", "not in", declined.asset_id.ids)
        )
        if self.category_id:
            return domain & Domain("category_id", "child_of", self.category_id.id)
        return domain & self._words_domain()

    def _words_domain(self):
        """A need without a kind: assets whose name or kind has one of its words."""
        words = {word.rstrip("sx") for word in re.findall(r"\w{4,}", self.name.lower())}
        return Domain.OR(
            Domain(field, "ilike", word)
            for word in sorted(words)
            for field in ("name", "category_id.name")
        )

    def _candidates(self):
        """What lenders have left for this need.

        :return: {asset: tools Offer}
        """
        self.ensure_one()
        need = self.sudo()
        assets = need.env["ess.asset"].search(need._candidate_domain())
        assets = need._without_overlaps(assets)
        metres = {asset: need._metres_to(asset) for asset in assets}
        if need.radius_km:
            most = need.radius_km * 1000
            assets = assets.filtered(
                lambda a: metres[a] is not None and metres[a] <= most
            )
        free = assets._free_units(need.start, need.stop)
        assets = assets.filtered(lambda a: free[a.id]).sorted(
            lambda a: (metres[a] is None, metres[a] or 0, a.id)
        )
        return {
            asset: need._offer_of(asset, free[asset.id], metres[asset])
            for asset in assets[:MOST_CANDIDATES]
            if not need._new_booking(asset, 1)._reasons()
        }

    def _without_overlaps(self, assets):
        """For several units, no set of which a part is counted a second time."""
        if self.missing < 2:
            return assets
        needs = assets._needs()
        uses = Counter(asset for need in needs.values() for asset in need)
        return assets.filtered(
            lambda a: len(needs[a.id]) == 1 or all(uses[i] == 1 for i in needs[a.id])
        )

    def _offer_of(self, asset, units, metres):
        if asset.latitude or asset.longitude:
            place = ("point", f"{asset.latitude:.5f} {asset.longitude:.5f}")
        else:
            place = ("keeper", f"{asset.custodian_id.id} {asset.city or ''}".lower())
        lender = asset.owner_id.id
        return Offer(asset.id, lender, min(units, self.missing), metres, place)

    def _new_booking(self, asset, quantity):
        """The booking that this need would make, in memory only."""
        return self.env["ess.booking"].sudo().new(self._booking_vals(asset, quantity))

    def _booking_vals(self, asset, quantity):
        contact = self.contact_id or self.entity_id
        return {
            "asset_id": asset.id,
            "entity_id": self.entity_id.id,
            "contact_id": contact.id,
            "start": self.start,
            "stop": self.stop,
            "quantity": quantity,
            "purpose": self.name,
            "need_id": self.id,
        }

    # === PROPOSALS === #

    def _propose(self):
        """Fill up with the best combinations, and ask lenders not asked before."""
        for need in self.sudo():
            if need.state != "published" or not need.missing:
                continue
            need._drop_taken()
            live = need.proposal_ids.filtered(lambda p: p.state in LIVE)
            room = need._room(live)
            if room > 0:
                need._add_proposals(live, room)
            need._weigh()
            need._rank_proposals()
            need._ask_lenders()

    def _room(self, live):
        """How many more proposals are worth asking lenders about."""
        if live.filtered(lambda p: p.state == "ready" and p.quantity >= self.missing):
            return 0
        since = fields.Datetime.now() - PATIENCE
        fresh = live.filtered(lambda p: not p.by_hand and p.proposed_on > since)
        return min(MOST_PROPOSALS - len(fresh), MOST_LIVE - len(live))

    def _add_proposals(self, live, room):
        known = {proposal._signature() for proposal in live}
        offers = self._candidates()
        found = combinations(self.missing, offers.values(), room + len(known))
        by_id = {asset.id: asset for asset in offers}
        for combination in found:
            parts = [(by_id[key], units) for key, units in combination.parts]
            signature = frozenset((asset.id, units) for asset, units in parts)
            if room > 0 and signature not in known:
                self._make_proposal(parts)
                room -= 1

    def _make_proposal(self, parts, by_hand=False):
        """
        :param parts: list of (asset, units)
        :return: the proposal; what was answered before is not asked again
        """
        places = {}
        for asset, _units in parts:
            offer = self._offer_of(asset, 1, self._metres_to(asset))
            places[offer.spot] = offer.metres
        known = [metres for metres in places.values() if metres is not None]
        return self.env["ess.need.proposal"].create(
            {
                "need_id": self.id,
                "rank": 99,
                "by_hand": by_hand,
                "lender_count": len({asset.owner_id for asset, _units in parts}),
                "distance_km": sum(known) / 1000,
                "unknown_count": len(places) - len(known),
                "line_ids": [
                    fields.Command.create(self._line_vals(asset, units))
                    for asset, units in parts
                ],
            }
        )

    def _line_vals(self, asset, units):
        earlier = self.line_ids.filtered(
            lambda line: (
                line.asset_id == asset
                and line._is_current()
                and line.quantity >= units
                and line.state != "declined"
            )
        ).sorted(lambda line: line.state != "agreed")[:1]
        agreed = earlier.state == "agreed"
        return {
            "asset_id": asset.id,
            "lender_id": asset.owner_id.id,
            "quantity": units,
            "start": self.start,
            "stop": self.stop,
            "distance_km": (self._metres_to(asset) or 0) / 1000,
            "told_on": earlier.told_on,
            "state": "agreed" if agreed else "asked",
            "answered_on": agreed and earlier.answered_on,
            "answered_by_id": agreed and earlier.answered_by_id.id,
        }

    def _drop_taken(self):
        """What somebody else took meanwhile is no proposal any more."""
        for need in self:
            live = need.proposal_ids.filtered(lambda p: p.state in LIVE)
            free = live.line_ids.asset_id._free_units(need.start, need.stop)
            live.filtered(
                lambda p, free=free: any(
                    line.quantity > free[line.asset_id.id] for line in p.line_ids
                )
            ).state = "stale"

    def _rank_proposals(self):
        """Those that meet all of it first, then as the rule sorts them."""
        live = self.proposal_ids.filtered(lambda p: p.state in LIVE)
        best = live.sorted(
            lambda p: (
                -p.quantity,
                p.lender_count,
                p.unknown_count,
                p.distance_km,
                p.id,
            )
        )
        for rank, proposal in enumerate(best, 1):
            if proposal.rank != rank:
                proposal.rank = rank

    def _ask_anew(self):
        """What was asked for has changed: earlier proposals meet it no longer."""
        for need in self:
            need.proposal_ids.filtered(lambda p: p.state in LIVE).state = "stale"
            need._propose()
