from math import floor

from odoo import models
from odoo.tools import SQL

from ..tools.group_buying import Commitment
from .round_facts import as_fraction

RAW = ["offer_id", "want", "tolerance", "minimum", "has_ceiling", "ceiling"]


class RoundOfferEach(models.Model):
    _inherit = "ess.round.offer"

    def _portal_each(self):
        """All commitments to these offers, as the freeze reads them, in one query.

        There may be tens of thousands: rows of the table in place of records.

        :return: {offer id: [Commitment]}
        """
        if not self:
            return {}
        self.env["ess.commitment"].flush_model([*RAW, "committed_on"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT offer_id, id, want, COALESCE(tolerance, 0),
                       COALESCE(minimum, 0),
                       CASE WHEN has_ceiling THEN COALESCE(ceiling, 0) END,
                       COALESCE(EXTRACT(EPOCH FROM committed_on), 0)
                  FROM ess_commitment
                 WHERE offer_id IN %s AND want > 0
                """,
                self._ids,
            )
        )
        steps, limits = {offer.id: offer._step() for offer in self}, {}
        found = {offer.id: [] for offer in self}
        for offer, key, want, tolerance, minimum, ceiling, moment in rows:
            limit = None
            if ceiling is not None:
                limit = limits.get((offer, ceiling))
                if limit is None:
                    limit = as_fraction(ceiling) * steps[offer]
                    limits[offer, ceiling] = limit
            found[offer].append(
                Commitment(key, want, tolerance, minimum, limit, floor(moment))
            )
        return found


class CommitmentAlone(models.Model):
    _inherit = "ess.commitment"

    def _portal_alone(self, offer):
        """This one, as a rule reads it among sums of others."""
        self.ensure_one()
        limit = as_fraction(self.ceiling) * offer._step() if self.has_ceiling else None
        return Commitment(
            self.id, self.want, self.tolerance or 0, self.minimum or 0, limit
        )
