from collections import defaultdict
from fractions import Fraction

from odoo import fields, models
from odoo.fields import Domain

from ..tools.group_buying import Commitment, glance
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

    def _portal_rows(self, entity, offers=None):
        """What one member sees of each offer while the round is open.

        :param entity: the member
        :param offers: ess.round.offer to look at; all of the round unless given
        :return: [{'offer', 'mine', 'glance': tools' Glance, 'step', 'others', 'buyers',
            'now', 'worst': cents exactly (Fraction) of what the member would pay}]
        """
        self.ensure_one()
        own = self.sudo()
        offers = (own.offer_ids if offers is None else offers).sudo()
        mine = own._portal_mine(entity, offers)
        others = own._portal_others(entity, offers)
        return [
            own._portal_row(offer, mine.get(offer.id), others[offer.id])
            for offer in offers
        ]

    def _portal_mine(self, entity, offers):
        found = self.env["ess.commitment"].search(
            [("offer_id", "in", offers.ids), ("entity_id", "=", entity.id)]
        )
        return {one.offer_id.id: one for one in found.sudo()}

    def _portal_others(self, entity, offers):
        """Commitments of all others: pooled by ceiling where that changes nothing.

        See `glance`: only an all-or-nothing minimum makes a member stand for itself.

        :return: {offer id: [(number of members, Commitment)]}
        """
        base = Domain("offer_id", "in", offers.ids) & Domain("want", ">", 0)
        base &= Domain("entity_id", "!=", entity.id)
        commitments = self.env["ess.commitment"].sudo()
        steps = {offer.id: offer._step() for offer in offers}
        found = defaultdict(list)

        def add(offer, count, capped, ceiling, figures):
            limit = as_fraction(ceiling) * steps[offer] if capped else None
            key = -1 - len(found[offer])
            found[offer].append((count, Commitment(key, *figures, ceiling=limit)))

        groups = commitments._read_group(
            base & Domain("minimum", "in", (0, False)),
            ["offer_id", "has_ceiling", "ceiling"],
            ["want:sum", "tolerance:sum", "__count"],
        )
        for offer, capped, ceiling, want, tolerance, count in groups:
            add(offer.id, count, capped, ceiling, (want, tolerance or 0))
        for one in commitments.search_fetch(base & Domain("minimum", ">", 0)):
            figures = (one.want, one.tolerance, one.minimum)
            add(one.offer_id.id, 1, one.has_ceiling, one.ceiling, figures)
        return found

    def _portal_row(self, offer, mine, others):
        book = [one for _count, one in others]
        step = offer._step()
        if mine and mine.want:
            ceiling = as_fraction(mine.ceiling) * step if mine.has_ceiling else None
            figures = (mine.want, mine.tolerance, mine.minimum)
            book.append(Commitment(mine.id, *figures, ceiling=ceiling))
        seen = glance(
            offer_of(offer._facts()),
            book,
            mine.id if mine and mine.want else None,
            self.bump,
            self.ration_rule,
        )
        outlook = seen.outlook
        return {
            "offer": offer,
            "mine": mine,
            "glance": seen,
            "others": sum(one.want for _count, one in others),
            "buyers": sum(count for count, _one in others),
            "now": seen.gets * (seen.price or 0),
            "worst": self._portal_worst(mine, outlook),
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
