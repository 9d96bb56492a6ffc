import hashlib
import json

from odoo import models

CANONICAL = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}


def canonical(data):
    """The one text of plain data: the same data always gives the same bytes."""
    return json.dumps(data, **CANONICAL)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class CostRunChain(models.Model):
    """Inputs and results in a chain of hashes, so that no change stays unseen."""

    _inherit = "ess.cost.run"

    def _snapshot_vals(self, inputs, result, **more):
        """The snapshot of a computation and its hash, as values of the run.

        :param inputs: sections of plain data
        :param result: what came out, as plain data
        """
        snapshot = canonical({"inputs": inputs, "result": result, **more})
        return {"snapshot": snapshot, "content_hash": digest(snapshot)}

    def _chain_vals(self):
        """The place of this run in the chain of its pool, as values."""
        last = self._chain()[-1:]
        return {
            "previous_id": last.id,
            "chain_hash": digest((last.chain_hash or "") + self.content_hash),
        }

    def _chain(self):
        """The chained runs of this run's pool, oldest first."""
        chained = self.search(
            [("pool_id", "=", self.pool_id.id), ("chain_hash", "!=", False)]
        )
        after = {run.previous_id: run for run in chained}
        ordered, run = self.browse(), after.get(self.browse())
        while run:
            ordered += run
            run = after.get(run)
        return ordered

    # === VERIFICATION === #

    def _verify_chain(self):
        """Say what no longer is as it was when the runs of these pools were posted.

        :return: sentences; none when all holds
        """
        found = []
        for pool in self.sudo().pool_id:
            runs = self.sudo().search(
                [
                    ("pool_id", "=", pool.id),
                    ("kind", "!=", "simulation"),
                    "|",
                    ("chain_hash", "!=", False),
                    ("state", "in", ("posted", "reversed")),
                ]
            )
            if not runs:
                continue
            if len(runs[0]._chain()) != len(runs):
                found.append(
                    self.env._("The chain of runs of %s is broken.", pool.name)
                )
            for run in runs.sorted("id"):
                found += run._verify_hashes() or run._verify_data()
        return found

    def _verify_hashes(self):
        found = []
        if digest(self.snapshot or "") != self.content_hash:
            found.append(self.env._("%s: its snapshot was changed.", self.name))
        before = self.previous_id.chain_hash or ""
        if digest(before + (self.content_hash or "")) != self.chain_hash:
            found.append(
                self.env._("%s: it does not follow the run before it.", self.name)
            )
        return found

    def _verify_data(self):
        """Compare what the database says today with what was hashed."""
        data = json.loads(self.snapshot)
        found = []
        if self._result_data() != data["result"]:
            found.append(self.env._("%s: its shares were changed.", self.name))
        if self._source_data() != data["inputs"]["sources"]:
            found.append(self.env._("%s: its costs were changed.", self.name))
        if self.state == "posted" and self.kind != "reversal":
            if self.version_id._as_data() != data["inputs"]["key"]:
                found.append(
                    self.env._("%s: the key that it used was changed.", self.name)
                )
            found += self._verify_uses(data["inputs"]["uses"])
        return found

    def _verify_uses(self, uses):
        if not uses:
            return []
        now = {row[1]: row for row in self.version_id._usage_rows(self._span)}
        changed = [use for use in uses if self._use_data(now.get(use[1])) != use]
        if not changed:
            return []
        return [
            self.env._(
                "%(run)s: %(count)s of the uses that it counted were changed.",
                run=self.name,
                count=len(changed),
            )
        ]

    def _use_data(self, row):
        if not row:
            return None
        model, id_, entity_id, day, quantity = row
        return [model, id_, entity_id, str(day), str(quantity)]

    def _result_data(self):
        """What this run gave, as plain data."""
        return {
            "total": self._cents(self.total),
            "shares": [
                [
                    share.entity_id.id,
                    share.exact,
                    self._cents(share.amount),
                    self._cents(share.called),
                ]
                for share in self.share_ids.sorted(lambda s: s.entity_id.id)
            ],
        }

    def _source_data(self):
        """The costs of this run, as the section of its inputs has them."""
        return [
            source._as_data()
            for source in self.source_ids.sorted(lambda s: (s.line_ref, s.id))
        ]
