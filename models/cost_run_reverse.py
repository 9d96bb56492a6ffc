from fractions import Fraction

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .cost_run_chain import canonical, digest


class CostRunReverse(models.Model):
    """A posted run is never edited: a mirror image undoes it as a whole."""

    _inherit = "ess.cost.run"

    def _reverse(self, reason):
        """Undo these runs by mirror runs, which say why.

        :return: the mirror runs
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the run is reversed."))
        self.check_access("write")
        mirrors = self.browse()
        for run in self.sudo():
            mirrors += run._reverse_one(reason)
        return mirrors

    def _reverse_one(self, reason):
        self.pool_id._bump()
        self._require_state("posted")
        if self.kind == "reversal":
            raise UserError(
                self.env._(
                    "%(run)s takes back %(original)s: compute these days again "
                    "instead.",
                    run=self.name,
                    original=self.reversal_of_id.name,
                )
            )
        self._check_lock(fields.Date.context_today(self))
        mirror = self.create(self._mirror_vals(reason))
        self.source_ids.live = False
        self.env["ess.cost.call.line"].search([("run_id", "=", self.id)]).run_id = False
        self.write({"state": "reversed", "reason": reason})
        exchanges = self.share_ids.exchange_ids.filtered(
            lambda e: not e.counter_of_id and not e.counter_ids
        )
        if exchanges:
            exchanges._make_counter(reason)
        snapshot = canonical(
            {
                "inputs": {
                    "reverses": [self.id, self.chain_hash, reason],
                    "sources": mirror._source_data(),
                },
                "result": mirror._result_data(),
            }
        )
        mirror.write({"snapshot": snapshot, "content_hash": digest(snapshot)})
        mirror.write(mirror._chain_vals())
        return mirror

    def _mirror_vals(self, reason):
        now = fields.Datetime.now()
        return {
            "pool_id": self.pool_id.id,
            "kind": "reversal",
            "date_from": self.date_from,
            "date_to": self.date_to,
            "version_id": self.version_id.id,
            "state": "posted",
            "total": -self.total,
            "reversal_of_id": self.id,
            "reason": reason,
            "posted_by_id": self.env.uid,
            "posted_on": now,
            "source_ids": [
                Command.create(self._mirror_source(source))
                for source in self.source_ids
            ],
            "share_ids": [
                Command.create(self._mirror_share(s)) for s in self.share_ids
            ],
        }

    def _mirror_source(self, source):
        return {
            "analytic_line_id": source.analytic_line_id.id,
            "line_ref": source.line_ref,
            "live": False,
            "date": source.date,
            "name": source.name,
            "move_id": source.move_id.id,
            "move_name": source.move_name,
            "partner_id": source.partner_id.id,
            "product_id": source.product_id.id,
            "amount": -source.amount,
        }

    def _mirror_share(self, share):
        return {
            "entity_id": share.entity_id.id,
            "days": share.days,
            "weight": share.weight,
            "exact": str(-Fraction(share.exact)),
            "amount": -share.amount,
            "called": -share.called,
            "due": -share.due,
            "standalone": -share.standalone,
            "facts": share.facts,
        }
