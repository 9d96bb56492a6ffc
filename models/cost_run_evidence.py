from fractions import Fraction

from odoo import fields, models


class CostRunEvidence(models.Model):
    """All that proves a share, as plain data: for the PDF, the XLSX and the portal."""

    _inherit = "ess.cost.run"

    def _evidence(self, entity=None):
        """Sources, key and decision, exact fractions, cents, proof of the sum, hash.

        Whoever calls has checked the access; amounts are in the company's currency.

        :param entity: for this member alone: the others are "Member 2" and so on
        :return: a dict of plain data in the language of the environment
        """
        self.ensure_one()
        run = self.sudo()
        names = run._evidence_names(entity)
        return {
            "run": run._evidence_run(),
            "version": run._evidence_version(names),
            "sources": run._evidence_sources(),
            "shares": run._evidence_shares(entity, names),
            "proof": run._evidence_proof(),
            "hash": {
                "content": run.content_hash or "",
                "previous": run.previous_id.chain_hash or "",
                "previous_run": run.previous_id.name or "",
                "chain": run.chain_hash or "",
            },
        }

    def _evidence_names(self, entity):
        """{member id: name, or a number for the others} for everybody concerned."""
        members = (
            self.share_ids.entity_id
            | self.version_id.line_ids.entity_id
            | self.version_id.component_ids.entity_ids
        )
        return {
            member.id: member.name
            if entity is None or member == entity
            else self.env._("Member %s", number)
            for number, member in enumerate(members.sorted("id"), 1)
        }

    def _evidence_run(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "kind_label": labels[self.kind],
            "state": self.state,
            "state_label": states[self.state],
            "pool": self.pool_id.name,
            "company": self.company_id.name,
            "currency": self.currency_id.name,
            "date_from": fields.Date.to_string(self.date_from),
            "date_to": fields.Date.to_string(self.date_to),
            "reason": self.reason or "",
            "reversal_of": self.reversal_of_id.name or "",
            "reversed_by": self.reversal_ids.name or "",
            "computed_by": self.computed_by_id.name or "",
            "computed_on": fields.Datetime.to_string(self.computed_on) or "",
            "approved_by": self.approved_by_id.name or "",
            "approved_on": fields.Datetime.to_string(self.approved_on) or "",
            "posted_by": self.posted_by_id.name or "",
            "posted_on": fields.Datetime.to_string(self.posted_on) or "",
        }

    def _evidence_version(self, names):
        version = self.version_id
        kinds = dict(version._fields["kind"]._description_selection(self.env))
        measures = dict(version._fields["measure"]._description_selection(self.env))
        return {
            "key": version.key_id.name,
            "name": version.display_name,
            "kind": version.kind,
            "kind_label": kinds.get(version.kind, ""),
            "date_from": fields.Date.to_string(version.date_from) or "",
            "date_to": fields.Date.to_string(version.date_to) or "",
            "decision": version.decision or "",
            "decision_date": fields.Date.to_string(version.decision_date) or "",
            "document": version.decision_document_name or "",
            "capped": version.is_capped,
            "fixed_percent": version.fixed_percent,
            "measure": measures.get(version.measure, ""),
            "assets": version.asset_ids.mapped("name"),
            "lines": [
                {
                    "member": names[line.entity_id.id],
                    "weight": line.weight,
                    "level": line.level,
                }
                for line in version.line_ids.sorted(lambda x: x.entity_id.id)
            ],
            "components": [
                {
                    "name": component.name,
                    "level": component.level,
                    "amount": component.amount,
                    "products": component.product_ids.mapped("display_name"),
                    "members": [
                        names[member.id] for member in component.entity_ids.sorted("id")
                    ],
                }
                for component in version.component_ids
            ],
        }

    def _evidence_sources(self):
        return [
            {
                "date": fields.Date.to_string(source.date),
                "bill": source.move_name or "",
                "name": source.name,
                "vendor": source.partner_id.name or "",
                "product": source.product_id.display_name or "",
                "amount": source.amount,
            }
            for source in self.source_ids
        ]

    def _evidence_shares(self, entity, names):
        """The regime and the sentence are for the member itself, and the accountant."""
        regimes = self._regimes()
        return [
            {
                "id": share.id,
                "member": names[share.entity_id.id],
                "own": entity is not None and share.entity_id == entity,
                "days": share.days,
                "weight": share.weight or "",
                "exact": share.exact,
                "amount": share.amount,
                "called": share.called,
                "due": share.due,
                "standalone": share.standalone,
                "explanation": share.explanation,
                **self._evidence_regime(regimes.get(share.entity_id.id)),
            }
            if entity is None or share.entity_id == entity
            else {
                "id": 0,
                "member": names[share.entity_id.id],
                "own": False,
                "days": share.days,
                "weight": share.weight or "",
                "exact": share.exact,
                "amount": share.amount,
                "called": share.called,
                "due": share.due,
                "standalone": 0,
                "explanation": "",
                **self._evidence_regime(None),
            }
            for share in self.share_ids.sorted(lambda s: s.entity_id.id)
        ]

    def _evidence_regime(self, found):
        """
        :param found: regime, taxes, percent declared, last day of the declaration
        """
        nothing = self.env["ess.tax.regime"], self.env["account.tax"], 0, ""
        regime, taxes, percent, until = found or nothing
        notes = [note for note in taxes.mapped("invoice_legal_notes") if note]
        codes = taxes.mapped("ubl_cii_tax_exemption_reason_code")
        return {
            "regime": regime.name or "",
            "taxes": taxes.mapped("name"),
            "exemption_codes": [code for code in codes if code],
            "legal_notes": [str(note) for note in notes],
            "taxed_percent": percent,
            "declared_until": until,
        }

    def _evidence_proof(self):
        """Σ costs = Σ exact shares = Σ cents, and Σ called + Σ due = Σ shares."""
        costs = sum(self._cents(source.amount) for source in self.source_ids)
        exact = sum((Fraction(s.exact) for s in self.share_ids), Fraction())
        cents = sum(self._cents(s.amount) for s in self.share_ids)
        called = sum(self._cents(s.called) for s in self.share_ids)
        due = sum(self._cents(s.due) for s in self.share_ids)
        return {
            "costs_cents": costs,
            "exact_cents": str(exact),
            "shares_cents": cents,
            "called_cents": called,
            "due_cents": due,
            "holds": costs == exact == cents and called + due == cents,
        }
