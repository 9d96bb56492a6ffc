from collections import defaultdict
from fractions import Fraction

from odoo import fields, models
from odoo.fields import Domain

from ..tools.group_buying import Commitment, depends_on_each, glance
from ..tools.round_decision import offer_of
from .round_facts import as_fraction

SHOWN = ("open", "closed", "ordered", "received", "done", "cancelled")


class RoundPortal(models.Model):
    """What the pages of a round show a member, in a constant number of queries.

    Others appear as totals, never by name.
    """

    _inherit = "ess.round"

    def _portal_domain(self):
        """Rounds that the user's organisation may see (the rules apply too).

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        if not entity:
            return Domain.FALSE
        return Domain("state", "in", SHOWN) & (
            Domain("circle_id.membership_ids.entity_id", "=", entity.id)
            | Domain("commitment_ids.entity_id", "=", entity.id)
        )

    def _portal_rows(self, entity, offers=None, spoken_of=None):
        """What one member sees of each offer while the round is open.

        :param entity: the member
        :param offers: ess.round.offer to look at; all of the round unless given
        :param spoken_of: those of which is said what is missing; all unless given
        :return: [{'offer', 'mine', 'glance': tools' Glance, 'others', 'buyers',
            'now', 'worst': cents exactly (Fraction) of what the member would pay}]
        """
        self.ensure_one()
        own = self.sudo()
        offers = (own.offer_ids if offers is None else offers).sudo()
        spoken_of = offers if spoken_of is None else spoken_of
        books = own._portal_books(entity, offers)
        return [
            own._portal_row(offer, *books[offer.id], offer in spoken_of)
            for offer in offers
        ]

    def _portal_books(self, entity, offers):
        """What the figures of each offer follow from: sums of others where they do.

        :return: {offer id: (Offer, [Commitment], mine, how much others ask for, how
            many they are)}
        """
        mine = self._portal_mine(entity, offers)
        others = self._portal_others(entity, offers)
        found, uneven = {}, self.env["ess.round.offer"]
        for offer in offers:
            terms, own = offer_of(offer._facts()), mine.get(offer.id)
            book = [one for _count, one in others[offer.id]]
            asked = sum(one.want for one in book)
            if own and own.want:
                book.append(own._portal_alone(offer))
            if depends_on_each(terms, book, own and own.id, self.bump):
                uneven |= offer
            count = sum(count for count, _one in others[offer.id])
            found[offer.id] = terms, book, own, asked, count
        for offer_id, book in uneven._portal_each().items():
            terms, _sums, *rest = found[offer_id]
            found[offer_id] = terms, book, *rest
        return found

    def _portal_mine(self, entity, offers):
        found = self.env["ess.commitment"].search(
            [("offer_id", "in", offers.ids), ("entity_id", "=", entity.id)]
        )
        return {one.offer_id.id: one for one in found.sudo()}

    def _portal_others(self, entity, offers):
        """Commitments of all others: pooled by ceiling but for all-or-nothing minima.

        :return: {offer id: [(number of members, Commitment)]}
        """
        groups = (
            self.env["ess.commitment"]
            .sudo()
            ._read_group(
                Domain("offer_id", "in", offers.ids)
                & Domain("want", ">", 0)
                & Domain("entity_id", "!=", entity.id),
                ["offer_id", "has_ceiling", "ceiling", "minimum"],
                ["want:sum", "tolerance:sum", "__count"],
            )
        )
        steps = {offer.id: offer._step() for offer in offers}
        found = defaultdict(list)
        for offer, capped, ceiling, minimum, want, tolerance, count in groups:
            limit = as_fraction(ceiling) * steps[offer.id] if capped else None
            key = -1 - len(found[offer.id])
            one = Commitment(key, want, tolerance or 0, minimum or 0, limit)
            found[offer.id].append((count, one))
        return found

    def _portal_row(self, offer, terms, book, mine, asked, buyers, spoken_of):
        seen = glance(
            terms,
            book,
            mine.id if mine and mine.want else None,
            self.bump,
            self.ration_rule,
            with_missing=spoken_of,
        )
        return {
            "offer": offer,
            "mine": mine,
            "glance": seen,
            "others": asked,
            "buyers": buyers,
            "now": seen.gets * (seen.price or 0),
            "worst": self._portal_worst(mine, seen.outlook),
        }

    def _portal_worst(self, mine, outlook):
        """What the member pays at most: all that it would take, at its worst price."""
        if not outlook or outlook.worst is None:
            return 0
        return (mine.want + (mine.tolerance or 0)) * outlook.worst

    # === COSTS === #

    def _portal_costs(self, entity, rows):
        """What the member's part of the shared costs may be, by what is asked for now.

        An estimate: the real parts follow from what is received and billed.

        :return: Fraction of the currency
        """
        own, total = self.sudo(), Fraction(0)
        costs = own.cost_ids.filtered("estimated")
        if not costs or not any(row["glance"].gets for row in rows):
            return total
        members = own._portal_members(entity)
        for cost in costs:
            total += as_fraction(cost.estimated) * own._portal_part(
                cost, rows, members, entity
            )
        return total

    def _portal_members(self, entity):
        """How many members take part, the member among them."""
        others = (
            self.env["ess.commitment"]
            .sudo()
            ._read_group(
                [
                    ("round_id", "=", self.id),
                    ("want", ">", 0),
                    ("entity_id", "!=", entity.id),
                ],
                [],
                ["entity_id:count_distinct"],
            )
        )
        return others[0][0] + 1

    def _portal_part(self, cost, rows, members, entity):
        """The member's part of one cost, between 0 and 1, by its basis."""
        if cost.basis == "equal":
            return Fraction(1, members)
        if cost.basis == "hand":
            parts = {w.entity_id.id: as_fraction(w.parts) for w in cost.weight_ids}
            whole = sum(parts.values())
            return parts.get(entity.id, Fraction(0)) / whole if whole else Fraction(0)
        mine = whole = Fraction(0)
        for row in rows:
            offer, seen = row["offer"], row["glance"]
            if cost.supplier_ids and offer.supplier_id not in cost.supplier_ids:
                continue
            each = {
                "value": Fraction(seen.price or 0),
                "quantity": offer._step(),
                "weight": as_fraction(offer.weight) * offer._step(),
            }[cost.basis]
            mine += seen.gets * each
            whole += seen.quantity * each
        return mine / whole if whole else Fraction(0)

    # === LISTS === #

    def _portal_open_domain(self):
        """Rounds that still take commitments.

        :rtype: Domain
        """
        now = fields.Datetime.now()
        return Domain("state", "=", "open") & Domain("date_close", ">", now)

    def _portal_is_open(self):
        self.ensure_one()
        return self.sudo().state == "open" and not self._is_past_deadline()

    def _portal_takes(self):
        """Whether the page takes commitments of the user's organisation."""
        return self._portal_is_open() and "member" in self._roles()

    def _portal_counts(self, entity):
        """:return: {round id: for how many products the member asks}"""
        groups = self.env["ess.commitment"]._read_group(
            [
                ("round_id", "in", self.ids),
                ("entity_id", "=", entity.id),
                ("want", ">", 0),
            ],
            ["round_id"],
            ["__count"],
        )
        return {buying.id: count for buying, count in groups}
