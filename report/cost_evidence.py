from fractions import Fraction

from odoo import fields, models
from odoo.tools import format_date, formatLang, html2plaintext

from .workbook import Column, Sheet, Table, build_workbook


class CostEvidence(models.Model):
    """The evidence pack: what `_evidence` says, laid out for paper and workbook."""

    _inherit = "ess.cost.run"

    def _evidence_pack(self, entity=None):
        """Sections of the pack in the language of the context.

        :param entity: the only member that is named, and vendors are not; all are
            named when empty
        :return: {'title', 'facts': [(label, value, kind)], 'tables': [Table],
            'signs': [(label, value, kind)], 'notes': [sentences]}; `tables` are costs,
            shares, key (where it has lines or components) and proof
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        evidence = self._evidence(entity)
        return {
            "title": self.env._("Evidence %s", evidence["run"]["name"]),
            "facts": self._pack_facts(evidence["run"], evidence["version"]),
            "tables": [
                self._pack_costs(evidence["sources"], vendors=not entity),
                self._pack_shares(evidence["shares"]),
                *self._pack_key(evidence["version"]),
                self._pack_proof(evidence),
            ],
            "signs": self._pack_signs(evidence["run"], evidence["hash"]),
            "notes": self._pack_notes(),
        }

    # === FACTS === #

    def _pack_facts(self, run, version):
        facts = [
            (self.env._("Federation"), run["company"], "text"),
            (self.env._("Pool"), run["pool"], "text"),
            (self.env._("Kind"), run["kind_label"], "text"),
            (self.env._("State"), run["state_label"], "text"),
            (self.env._("Takes back"), run["reversal_of"], "text"),
            (self.env._("Taken back by"), run["reversed_by"], "text"),
            (self.env._("From"), run["date_from"], "date"),
            (self.env._("To"), run["date_to"], "date"),
            (self.env._("Costs, untaxed"), self.total, "money"),
            (self.env._("Currency"), run["currency"], "text"),
            (self.env._("Key"), version["key"], "text"),
            (self.env._("How it splits"), version["kind_label"], "text"),
            (self.env._("Measured by"), version["measure"], "text"),
            (self.env._("Assets"), ", ".join(version["assets"]), "text"),
            (self.env._("In force from"), version["date_from"], "date"),
            (self.env._("In force until"), version["date_to"], "date"),
            (self.env._("Decision"), version["decision"], "text"),
            (self.env._("Decided on"), version["decision_date"], "date"),
            (self.env._("Document"), version["document"], "text"),
        ]
        return self._pack_filled(facts)

    def _pack_signs(self, run, hashes):
        signs = [
            (self.env._("Computed by"), run["computed_by"], "text"),
            (self.env._("Computed on"), run["computed_on"], "date"),
            (self.env._("Approved by"), run["approved_by"], "text"),
            (self.env._("Approved on"), run["approved_on"], "date"),
            (self.env._("Posted by"), run["posted_by"], "text"),
            (self.env._("Posted on"), run["posted_on"], "date"),
            (self.env._("Reason"), run["reason"], "text"),
            (self.env._("Hash of inputs and result"), hashes["content"], "text"),
            (self.env._("Run before"), hashes["previous_run"], "text"),
            (self.env._("Its hash"), hashes["previous"], "text"),
            (self.env._("Hash in the chain"), hashes["chain"], "text"),
        ]
        return self._pack_filled(signs)

    def _pack_filled(self, facts):
        """Without what is empty; days as dates."""
        return [
            (label, self._pack_day(value) if kind == "date" else value, kind)
            for label, value, kind in facts
            if value not in (None, False, "")
        ]

    def _pack_day(self, text):
        """The day of a date or a time in UTC, as the reader's day."""
        if len(text) <= 10:
            return fields.Date.to_date(text)
        time = fields.Datetime.to_datetime(text)
        return fields.Datetime.context_timestamp(self, time).date()

    # === TABLES === #

    def _pack_costs(self, sources, vendors):
        columns = [
            Column(self.env._("Date"), "date", 12),
            Column(self.env._("Cost"), width=44),
            Column(self.env._("Bill"), width=22),
            *([Column(self.env._("Vendor"), width=28)] if vendors else []),
            Column(self.env._("Amount"), "money", 14, total=True),
        ]
        rows = [
            (
                fields.Date.to_date(one["date"]),
                one["name"],
                one["bill"],
                *([one["vendor"]] if vendors else []),
                one["amount"],
            )
            for one in sources
        ]
        return Table(columns, rows, self.env._("Costs that are split"))

    def _pack_shares(self, shares):
        columns = [
            Column(self.env._("Member"), width=28),
            Column(self.env._("Days"), "quantity", 8),
            Column(self.env._("Weight"), width=14),
            Column(self.env._("Exact, in cents"), width=20),
            Column(self.env._("Share"), "money", 14, total=True),
            Column(self.env._("Called"), "money", 14, total=True),
            Column(self.env._("Due"), "money", 14, total=True),
            Column(self.env._("Tax Regime"), width=50),
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
                self._pack_regime(one),
            )
            for one in shares
        ]
        return Table(columns, rows, self.env._("Shares"))

    def _pack_regime(self, share):
        """Regime, code of the exemption, legal note, what the member declared."""
        parts = [share["regime"], *share["exemption_codes"]]
        parts += [html2plaintext(note).strip() for note in share["legal_notes"]]
        if share["declared_until"]:
            parts.append(
                self.env._(
                    "declared %(percent)s %% of taxed receipts, until %(date)s",
                    percent=formatLang(self.env, share["taxed_percent"]),
                    date=format_date(self.env, share["declared_until"]),
                )
            )
        return " · ".join(part for part in parts if part)

    def _pack_key(self, version):
        """What the key says of the members, where it says something of them."""
        tables = []
        if version["lines"]:
            levels = any(one["level"] for one in version["lines"])
            columns = [
                Column(self.env._("Member"), width=28),
                Column(self.env._("Weight in the key"), "quantity", 14),
                *([Column(self.env._("Level"), "quantity", 8)] if levels else []),
            ]
            rows = [
                (one["member"], one["weight"], *([one["level"]] if levels else []))
                for one in version["lines"]
            ]
            tables.append(Table(columns, rows, self.env._("The key")))
        if version["components"]:
            columns = [
                Column(self.env._("Component"), width=28),
                Column(self.env._("Level"), "quantity", 8),
                Column(self.env._("Cost"), "money", 14),
                Column(self.env._("Needed by"), width=60),
            ]
            rows = [
                (
                    one["name"],
                    one["level"] or None,
                    one["amount"],
                    ", ".join(one["members"]),
                )
                for one in version["components"]
            ]
            tables.append(Table(columns, rows, self.env._("Components of the key")))
        return tables

    def _pack_proof(self, evidence):
        """The sums once more, each beside what it has to be equal to."""
        proof = evidence["proof"]
        total = self._cents(self.total)
        sums = (
            (self.env._("Sum of the costs above"), proof["costs_cents"], total),
            (
                self.env._("Sum of the exact fractions"),
                Fraction(proof["exact_cents"]),
                total,
            ),
            (self.env._("Sum of the shares"), proof["shares_cents"], total),
            (
                self.env._("Called and due together"),
                proof["called_cents"] + proof["due_cents"],
                proof["shares_cents"],
            ),
        )
        yes, no = self.env._("Yes"), self.env._("No")
        rows = [
            (label, str(found), str(wanted), yes if found == wanted else no)
            for label, found, wanted in sums
        ]
        columns = [
            Column(self.env._("In cents"), width=36),
            Column(self.env._("Sum"), width=20),
            Column(self.env._("Has to be"), width=20),
            Column(self.env._("Equal"), width=10),
        ]
        return Table(columns, rows, self.env._("Proof of the sum"))

    def _pack_notes(self):
        return [
            self.env._(
                "Each member carries exactly its part of the common expenses: the "
                "exact fractions add up to the costs, without any rest."
            ),
            self.env._(
                "Cents: the exact fractions of the financial year so far are rounded "
                "once, by the largest remainder, and what earlier runs gave is taken "
                "off. So the runs of a year add up to the year."
            ),
            self.env._(
                "The hash is a SHA-256 over the inputs and the result, chained to the "
                "run before: a later change of either shows."
            ),
        ]

    # === WORKBOOK === #

    def _evidence_xlsx(self, entity=None):
        """The pack as a workbook: shares and key, costs, proof.

        :rtype: bytes
        """
        pack = self._evidence_pack(entity)
        costs, shares, *key, proof = pack["tables"]
        total = self.env._("Total")
        sheets = [
            Sheet(
                self.env._("Shares"),
                pack["title"],
                pack["facts"],
                [shares, *key],
                total,
            ),
            Sheet(self.env._("Costs"), pack["title"], [], [costs], total),
            Sheet(self.env._("Proof"), pack["title"], pack["signs"], [proof], total),
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
