import json
from hashlib import sha256

from odoo import fields, models


class CostRunDecided(models.Model):
    """What is added to the snapshot when a run is posted: who decided, which taxes.

    The decision and the tax regimes may still be mended while a run is looked at; from
    the posting on, the evidence shows them as they were then.
    """

    _inherit = "ess.cost.run"

    def _decided(self, memberships):
        """As plain data, in an order.

        :param memberships: {member: its membership} on the last day
        """
        return {
            "decision": self.version_id._decision_data(),
            "regimes": [
                [
                    entity.id,
                    member.regime_id.id or 0,
                    member.regime_id.tax_ids.ids,
                    f"{member.declared_percent:.2f}",
                    fields.Date.to_string(member.declared_until) or "",
                ]
                for entity, member in sorted(
                    memberships.items(), key=lambda pair: pair[0].id
                )
                if entity in self.share_ids.entity_id
            ],
        }

    def _regimes(self):
        """{member id: (regime, taxes, percent, until)} of the members of this run."""
        run = self.reversal_of_id or self
        posted = json.loads(run.snapshot or "{}").get("decided")
        rows = (posted or run._decided(run.pool_id._memberships_on(run.date_to)))[
            "regimes"
        ]
        regimes = self.env["ess.tax.regime"].with_context(active_test=False)
        taxes = self.env["account.tax"]
        return {
            entity_id: (
                regimes.browse(regime_id or []).exists(),
                taxes.browse(tax_ids).exists(),
                float(percent),
                until,
            )
            for entity_id, regime_id, tax_ids, percent, until in rows
        }


class CostKeyVersionDecision(models.Model):
    _inherit = "ess.cost.key.version"

    def _decision_data(self):
        """The decision behind this version: words, day, and what its document says."""
        self.ensure_one()
        document = self.with_context(bin_size=False).decision_document or b""
        return [
            self.decision or "",
            fields.Date.to_string(self.decision_date) or "",
            sha256(document).hexdigest() if document else "",
        ]


class CostRunVerify(models.Model):
    """What a hash alone does not show: that the books follow from what was hashed."""

    _inherit = "ess.cost.run"

    def action_verify_chain(self):
        """Say whether the runs of these pools are as they were when posted."""
        self.check_access("read")
        found = self._verify_chain()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if found else "success",
                "sticky": bool(found),
                "message": "\n".join(found)
                or self.env._(
                    "Nothing was changed: costs, key, shares and exchanges of all "
                    "runs of the pool are as they were posted."
                ),
            },
        }

    def _verify_data(self):
        data = json.loads(self.snapshot)
        found = super()._verify_data() + self._verify_place(data)
        if self._exchanged() != self._to_exchange():
            found.append(
                self.env._("%s: its exchanges are not what its shares say.", self.name)
            )
        if self.kind != "reversal" and self.state == "posted":
            decided = data.get("decided", {}).get("decision")
            if decided and decided != self.version_id._decision_data():
                found.append(
                    self.env._("%s: the decision on its key was changed.", self.name)
                )
        return found

    def _verify_place(self, data):
        """Its days, its state, and that it still holds its costs."""
        found, original = [], self.reversal_of_id
        state = "reversed" if self.reversal_ids else "posted"
        live = {state == "posted" and not original}
        if self._frame() != (
            original._frame() if original else data["inputs"]["period"]
        ):
            found.append(self.env._("%s: its days were changed.", self.name))
        if self.state != state:
            found.append(self.env._("%s: its state was changed.", self.name))
        if set(self.source_ids.mapped("live")) - live:
            found.append(
                self.env._("%s: its costs were let go, or taken back.", self.name)
            )
        return found

    def _frame(self):
        """Pool, days and kind; a mirror has those of what it takes back."""
        kind = self.reversal_of_id.kind or self.kind
        return [self.pool_id.id, str(self.date_from), str(self.date_to), kind]

    def _to_exchange(self):
        """{(member id, nature): cents} that its exchanges have to come to."""
        if self.state == "reversed" or self.kind == "reversal":
            return {}
        federation = self.company_id.partner_id
        cents = {}
        for share in self.share_ids:
            if share.entity_id != federation:
                cents[share.entity_id.id, "share"] = self._cents(share.amount)
                cents[share.entity_id.id, "advance"] = -self._cents(share.called)
        return {key: amount for key, amount in cents.items() if amount}

    def _exchanged(self):
        """The same of the exchanges that there are, corrections included."""
        cents = {}
        for exchange in self.share_ids.exchange_ids:
            key = exchange.receiver_id.id, exchange.nature
            cents[key] = cents.get(key, 0) + self._cents(exchange.amount)
        return {key: amount for key, amount in cents.items() if amount}
