from fractions import Fraction

from odoo import models

from .workbook import Column, Sheet, Table, build_workbook


class CostEvidence(models.Model):
    """The evidence pack: what `_evidence` says, laid out for paper and workbook."""

    _inherit = "ess.cost.run"

    def _evidence_pack(self, entity=None):
        """Sections of the pack in the language of the context.

        :param entity: the only member that is named; all when empty
        :return: {'title', 'facts': [(label, value, kind)], 'tables': [Table],
            'signs': [(label, value, kind)], 'notes': [sentences]}
        :rtype: dict
        """
        self.ensure_one()
        evidence = self._evidence(entity)
        return {
            "title": self.env._("Evidence %s", evidence["number"]),
            "facts": self._evidence_facts(evidence),
            "tables": [
                self._evidence_sources(evidence),
                self._evidence_shares(evidence),
                self._evidence_proof(evidence),
            ],
            "signs": self._evidence_signs(evidence),
            "notes": self._evidence_notes(evidence),
        }

    def _evidence_facts(self, evidence):
        _, key = self.env._, evidence["key"]
        facts = [
            (_("Federation"), evidence["federation"], "text"),
            (_("Pool"), evidence["pool"], "text"),
            (_("Kind"), evidence["kind"], "text"),
            (_("State"), evidence["state"], "text"),
            (_("From"), evidence["date_from"], "date"),
            (_("To"), evidence["date_to"], "date"),
            (_("Costs, untaxed"), evidence["total"], "money"),
            (_("Currency"), evidence["currency"], "text"),
            (_("Key"), key["name"], "text"),
            (_("How it splits"), key["kind"], "text"),
            (_("In force from"), key["date_from"], "date"),
            (_("In force until"), key["date_to"], "date"),
            (_("Decision"), key["decision"], "text"),
            (_("Decided on"), key["decision_date"], "date"),
        ]
        return [fact for fact in facts if fact[1] not in (None, False, "")]

    def _evidence_sources(self, evidence):
        _ = self.env._
        vendors = any(one.get("vendor") for one in evidence["sources"])
        columns = [
            Column(_("Date"), "date", 12),
            Column(_("Cost"), width=44),
            Column(_("Document"), width=20),
            *([Column(_("Vendor"), width=28)] if vendors else []),
            Column(_("Amount"), "money", 14, total=True),
        ]
        rows = [
            (
                one["date"],
                one["name"],
                one["move"],
                *([one["vendor"]] if vendors else []),
                one["amount"],
            )
            for one in evidence["sources"]
        ]
        return Table(columns, rows, _("Costs that are split"))

    def _evidence_shares(self, evidence):
        _ = self.env._
        regimes = any(one.get("regime") for one in evidence["shares"])
        columns = [
            Column(_("Member"), width=28),
            Column(_("Days"), "quantity", 8),
            Column(_("Weight"), width=14),
            Column(_("Exact, in cents"), width=20),
            Column(_("Share"), "money", 14, total=True),
            Column(_("Called"), "money", 14, total=True),
            Column(_("Due"), "money", 14, total=True),
            *([Column(_("Tax Regime"), width=44)] if regimes else []),
        ]
        rows = [
            (
                one["member"],
                one["days"],
                one["weight"],
                one["exact"],
                one["amount"],
                one["called"],
                one["due"],
                *([self._regime_words(one)] if regimes else []),
            )
            for one in evidence["shares"]
        ]
        return Table(columns, rows, _("Shares"))

    def _regime_words(self, share):
        parts = (share.get("regime"), share.get("code"), share.get("note"))
        return " · ".join(part for part in parts if part)

    def _evidence_proof(self, evidence):
        """The sums once more, computed from what stands in the table above."""
        _ = self.env._
        shares = evidence["shares"]
        factor = 10 ** evidence["decimals"]
        total = round(evidence["total"] * factor)
        exact = sum((Fraction(one["exact"]) for one in shares), Fraction(0))
        cents = sum(round(one["amount"] * factor) for one in shares)
        spent = sum(round(one["amount"] * factor) for one in evidence["sources"])
        rows = [
            (_("Costs of the run"), str(total), ""),
            (_("Sum of the costs above"), str(spent), self._holds(spent, total)),
            (_("Sum of the exact fractions"), str(exact), self._holds(exact, total)),
            (_("Sum of the shares"), str(cents), self._holds(cents, total)),
        ]
        columns = [
            Column(_("In cents"), width=36),
            Column(_("Sum"), width=20),
            Column(_("Equal to the costs"), width=20),
        ]
        return Table(columns, rows, _("Proof of the sum"))

    def _holds(self, one, other):
        return self.env._("Yes") if one == other else self.env._("No")

    def _evidence_signs(self, evidence):
        _ = self.env._
        signs = [
            (_("Computed by"), evidence["computed_by"], "text"),
            (_("Computed on"), evidence["computed_on"], "date"),
            (_("Approved by"), evidence["approved_by"], "text"),
            (_("Approved on"), evidence["approved_on"], "date"),
            (_("Posted by"), evidence["posted_by"], "text"),
            (_("Posted on"), evidence["posted_on"], "date"),
            (_("Reason"), evidence["reason"], "text"),
            (_("Hash of inputs and result"), evidence["content_hash"], "text"),
            (_("Hash in the chain"), evidence["hash"], "text"),
            (_("Hash of the run before"), evidence["previous_hash"], "text"),
        ]
        return [sign for sign in signs if sign[1] not in (None, False, "")]

    def _evidence_notes(self, evidence):
        _ = self.env._
        return [
            _(
                "Each member carries exactly its part of the common expenses: the "
                "exact fractions add up to the costs, without any rest."
            ),
            _(
                "Cents: the exact fractions of the financial year so far are rounded "
                "once, by the largest remainder, and what earlier runs gave is taken "
                "off. So the runs of a year add up to the year."
            ),
            _(
                "The hash is a SHA-256 over the inputs and the result, chained to the "
                "run before: a later change of either shows."
            ),
        ]

    def _evidence_xlsx(self, entity=None):
        """The pack as a workbook.

        :rtype: bytes
        """
        _, pack = self.env._, self._evidence_pack(entity)
        sources, shares, proof = pack["tables"]
        total = _("Total")
        sheets = [
            Sheet(_("Shares"), pack["title"], pack["facts"], [shares], total),
            Sheet(_("Costs"), sources.title, [], [sources], total),
            Sheet(_("Proof"), proof.title, pack["signs"], [proof], total),
        ]
        return build_workbook(sheets)


class CostShareEvidence(models.Model):
    _inherit = "ess.cost.share"

    def _share_pack(self):
        """The pack for the member of this share, who alone is named."""
        self.ensure_one()
        self.check_access("read")
        share = self.sudo()
        return share.run_id._evidence_pack(share.entity_id)

    def _share_xlsx(self):
        self.ensure_one()
        self.check_access("read")
        share = self.sudo()
        return share.run_id._evidence_xlsx(share.entity_id)
