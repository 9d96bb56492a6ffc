from odoo import models


class CostRunEvidenceData(models.Model):
    _inherit = "ess.cost.run"

    def _evidence(self, entity=None):
        """This run as plain data, for the evidence pack and the page of a member.

        :param entity: the only member that is named; the others are anonymous then,
            and the vendors are left out. All are named when empty.
        :return: dict of words, dates, money in company currency and exact fractions of
            a cent as text
        :rtype: dict
        """
        self.ensure_one()
        return {
            "number": self.name,
            "federation": self.company_id.name,
            "pool": self.pool_id.name,
            "kind": self._evidence_word("kind"),
            "state": self._evidence_word("state"),
            "date_from": self.date_from,
            "date_to": self.date_to,
            "currency": self.currency_id.name,
            "decimals": self.currency_id.decimal_places,
            "total": self.total,
            "key": self._evidence_key(),
            "sources": [
                {
                    "date": source.date,
                    "name": source.name,
                    "move": source.move_name or "",
                    "vendor": "" if entity else source.partner_id.name or "",
                    "amount": source.amount,
                }
                for source in self.source_ids
            ],
            "shares": self._evidence_shares_data(entity),
            "computed_by": self.computed_by_id.name or "",
            "computed_on": self.computed_on,
            "approved_by": self.approved_by_id.name or "",
            "approved_on": self.approved_on,
            "posted_by": self.posted_by_id.name or "",
            "posted_on": self.posted_on,
            "reason": self.reason or "",
            "content_hash": self.content_hash or "",
            "hash": self.chain_hash or "",
            "previous_hash": self.previous_id.chain_hash or "",
        }

    def _evidence_word(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(
            self[name], ""
        )

    def _evidence_key(self):
        version = self.version_id
        kinds = dict(version._fields["kind"]._description_selection(self.env))
        return {
            "name": version.key_id.name or "",
            "kind": kinds.get(version.kind, ""),
            "date_from": version.date_from,
            "date_to": version.date_to,
            "decision": version.decision or "",
            "decision_date": version.decision_date,
        }

    def _evidence_shares_data(self, entity):
        memberships = self._evidence_memberships()
        rows = []
        for number, share in enumerate(self.share_ids.sorted("id"), start=1):
            named = not entity or share.entity_id == entity
            regime = memberships.get(share.entity_id, self.env["ess.tax.regime"])
            tax = regime.tax_ids[:1]
            rows.append(
                {
                    "member": share.entity_id.name
                    if named
                    else self.env._("Member %s", number),
                    "own": bool(entity) and named,
                    "days": share.days,
                    "weight": share.weight or "",
                    "exact": share.exact,
                    "amount": share.amount,
                    "called": share.called,
                    "due": share.due,
                    "standalone": share.standalone,
                    "regime": regime.name or "" if named else "",
                    "code": tax.ubl_cii_tax_exemption_reason_code or ""
                    if named
                    else "",
                    "note": regime.note or "" if named else "",
                }
            )
        return rows

    def _evidence_memberships(self):
        """The regime of each member in the period of this run."""
        memberships = self.env["ess.cost.pool.member"].search(
            [
                ("pool_id", "=", self.pool_id.id),
                ("date_from", "<=", self.date_to),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date_from),
            ],
            order="date_from",
        )
        return {one.entity_id: one.regime_id for one in memberships}
