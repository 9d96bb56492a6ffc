import hashlib
import json

from odoo import fields, models


class LoanTerms(models.Model):
    """What both sides sign: the terms, as one text that always reads the same."""

    _inherit = "ess.loan"

    version = fields.Integer(
        readonly=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
        help="Counts the acts on this loan, so that two at the same time collide.",
    )

    amended_hash = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 of what both agree on, with the last extension.",
    )

    def _terms(self):
        """The terms of the agreement, without anything that may change by itself.

        :return: parties, period, items, price, deposit, insurance, charters, text
        :rtype: dict
        """
        self.ensure_one()
        loan = self.sudo().with_context(lang="en_US")
        items = loan._items().sorted("id")
        return {
            "loan": loan.name,
            "parties": loan._terms_parties(),
            "period": [str(loan.start), str(loan.stop)],
            "items": [loan._terms_item(booking) for booking in items],
            "conditions": {
                "kind": loan.kind,
                "place": loan.place or "",
                "purpose": loan.purpose or "",
                "deposit": loan._terms_deposit(),
                "insurance": loan._insurance_needed(),
                "charters": sorted(
                    [circle.id, circle.charter_version] for circle in loan._charters()
                ),
            },
            "text": loan._terms_text(),
            **loan._terms_more(),
        }

    def _terms_parties(self):
        return {
            "lender": [self.lender_id.id, self.lender_id.name],
            "lender_contact": self.lender_contact_id.name or "",
            "borrower": [self.entity_id.id, self.entity_id.name],
            "borrower_contact": self.contact_id.name or "",
        }

    def _terms_item(self, booking):
        asset = booking.asset_id
        return {
            "asset": [asset.id, asset.name],
            "quantity": booking.quantity,
            "start": str(booking.start),
            "stop": str(booking.stop),
            "value": f"{asset.replacement_value:.2f}",
            "amount": f"{booking.amount:.2f}",
        }

    def _terms_deposit(self):
        asked = self.deposit_ids.filtered(lambda d: d.state != "waived")
        return [[f"{one.amount:.2f}", one.holder] for one in asked.sorted("id")]

    def _terms_text(self):
        """The source of the text in every language: any of them may be read."""
        agreement = self.agreement_id
        return {
            code: str(agreement.with_context(lang=code).body or "")
            for code, _name in self.env["res.lang"].get_installed()
        }

    def _terms_more(self):
        """What other kinds of loans agree on besides.

        :rtype: dict
        """
        return {}

    def _charters(self):
        """Circles whose charter binds this loan: those that both share it in."""
        return (
            self._items().asset_id.circle_ids & self.sudo().entity_id.ess_circle_ids
        ).filtered("charter")

    def _terms_hash(self):
        """SHA-256 of the terms: what a signature is a signature of.

        :rtype: str
        """
        self.ensure_one()
        return self._hash(self._terms())

    def _hash(self, terms):
        text = json.dumps(terms, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # === CHANGES === #

    def _signatures(self):
        """Signatures that hold."""
        return self.sudo().signature_ids.filtered(lambda s: not s.voided_on)

    def _is_signed(self):
        """Whether both sides have signed what the terms are now."""
        self.ensure_one()
        return set(self._signatures().mapped("side")) == {"lender", "borrower"}

    def _void_if_changed(self):
        """Signatures hold for the terms that were read, and for no others.

        Once both have signed, what they signed is kept on paper: a name or a text that
        is edited later is no change of what they agreed on.
        """
        for loan in self.sudo():
            present = loan._signatures()
            if not present:
                continue
            terms = json.loads(json.dumps(loan._terms()))
            signed = present[0].terms or {}
            if loan._is_signed():
                terms, signed = loan._essence(terms), loan._essence(signed)
            if terms == signed or loan.amended_hash == loan._hash(terms):
                continue
            loan._void_signatures(loan._changes_in_words(signed, terms))

    def _essence(self, terms):
        """What both agree on: who, what, when, where, for how much."""
        kept = {key: value for key, value in terms.items() if key != "text"}
        parties = terms.get("parties") or {}
        kept["parties"] = [parties.get(side) for side in ("lender", "borrower")]
        kept["parties"] = [party[0] for party in kept["parties"] if party]
        kept["items"] = [
            [
                item["asset"][0],
                *(item[name] for name in ("quantity", "start", "stop", "amount")),
            ]
            for item in terms.get("items") or []
        ]
        kept["conditions"] = {
            name: value
            for name, value in (terms.get("conditions") or {}).items()
            if name not in ("charters", "insurance", "purpose")
        }
        return kept

    def _changes_in_words(self, before, now):
        """Which parts of the terms are no longer those that were signed."""
        words = {
            "parties": self.env._("the parties"),
            "period": self.env._("the dates"),
            "items": self.env._("the items"),
            "conditions": self.env._("the conditions"),
            "text": self.env._("the text of the agreement"),
        }
        changed = [
            word
            for key, word in words.items()
            if (before or {}).get(key) != now.get(key)
        ]
        return self.env._(
            "What changed since it was signed: %s.",
            ", ".join(changed) or self.env._("the conditions"),
        )

    def _void_signatures(self, reason):
        """Take back the signatures, keep them on record, and tell both sides."""
        for loan in self.sudo():
            present = loan._signatures()
            if not present:
                continue
            present.write({"voided_on": fields.Datetime.now(), "void_reason": reason})
            # the document stays among the attachments; it is no longer the agreement
            loan.write(
                {
                    "terms_hash": False,
                    "amended_hash": False,
                    "document_id": False,
                    "document_hash": False,
                }
            )
            if loan.state == "signed":
                loan.state = "to_sign"
            loan.message_post(
                body=self.env._("The signatures no longer hold. %s", reason)
            )
            loan._tell("voided")
