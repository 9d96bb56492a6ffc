from fractions import Fraction

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.round_decision import decide, fingerprint, short_of, short_products

UNDECIDED = {
    "frozen_on": False,
    "frozen_by_id": False,
    "frozen_input": False,
    "frozen_result": False,
    "frozen_hash": False,
}


class RoundFreeze(models.Model):
    """The freeze: one transaction that decides from the raw commitments.

    What it was decided from and what came out are stored with their hash, so that
    anybody can decide it again (`action_verify`).
    """

    _inherit = "ess.round"

    def action_close(self):
        """Decide the round now, at its deadline or before.

        A supplier below its minimum is treated as the round says, which may put off
        the deadline, or wait for the coordinator, in place of closing.
        """
        rounds = self._require("facilitator")
        for one in rounds:
            one._close()
        return True

    def _close(self):
        """Freeze the round, unless its policy for failed minima wants something else.

        :return: whether it is closed now
        """
        self.ensure_one()
        self._require_state("open")
        self._touch()
        self._shut_gates()
        facts, result = self._decided()
        short = short_products(facts, result)
        if short:
            if not self._treat_short_products(short):
                return False
            facts, result = self._decided()
        short = short_of(result)
        if short:
            if not self._treat_short(short, result):
                return False
            facts, result = self._decided()
        self._store_decision(facts, result)
        self._after_freeze()
        return True

    def _decided(self):
        """:return: (facts, result), as they are now"""
        facts = self._facts()
        return facts, decide(facts)

    def _store_decision(self, facts, result):
        """Write what was decided on the round, its offers, members and suppliers."""
        self._store_offers(result)
        self._store_commitments(result)
        self._store_suppliers(result)
        self._close_product_minima()
        self.write(
            {
                "state": "closed",
                "frozen_on": fields.Datetime.now(),
                "frozen_by_id": self.env.uid,
                "frozen_input": facts,
                "frozen_result": result,
                "frozen_hash": fingerprint(facts, result),
            }
        )
        self.env.flush_all()

    def _store_offers(self, result):
        offers = {offer.id: offer for offer in self.offer_ids}
        for one in result["offers"]:
            offer = offers[one["id"]]
            price = offer._unit_price_of(one["price"])
            offer.write(
                {
                    "ordered": one["ordered"],
                    "unit_price": float(price or 0),
                    "step_price": one["price"] or False,
                }
            )

    def _store_commitments(self, result):
        commitments = self.env["ess.commitment"].browse(
            [row[0] for row in result["commitments"]]
        )
        for one, (_key, got, code, figures) in zip(
            commitments, result["commitments"], strict=True
        ):
            one.write({"allotted": got, "reason_code": code, "reason_figures": figures})

    def _store_suppliers(self, result):
        """`amount` and `weight` are what is ordered: of one left out, nothing."""
        suppliers = {one.id: one for one in self.supplier_ids}
        for one in result["suppliers"]:
            supplier, ordered = suppliers[one["id"]], Fraction(one["amount"])
            weight = Fraction(one["weight"])
            state = supplier.state
            if one["out"] or not any(supplier.offer_ids.mapped("ordered")):
                state, ordered, weight = "out", 0, 0
            elif state != "freight":
                state = "ok"
            supplier.write(
                {"state": state, "amount": float(ordered), "weight": float(weight)}
            )

    def _after_freeze(self):
        """What follows a freeze; anything else may be hooked in here."""

    # === REOPENING === #

    def action_reopen(self, date_close=None):
        """Take the decision back, before anything is ordered: members commit again.

        :param date_close: new deadline, naive UTC; needed when the old one has passed
        """
        rounds = self._require("manager")
        self._require_state("closed")
        for one in rounds:
            one._touch()
            one._reopen(fields.Datetime.to_datetime(date_close) or one.date_close)
        return True

    def _reopen(self, date_close):
        self.ensure_one()
        if not date_close or date_close <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "Closes: the deadline of %(round)s has passed; give one that lies "
                    "ahead.",
                    round=self.name,
                )
            )
        self.message_post(
            body=self.env._(
                "Opened again. What had been decided on %(date)s (%(hash)s) no longer "
                "counts.",
                date=fields.Datetime.to_string(self.frozen_on),
                hash=self.frozen_hash,
            )
        )
        self._forget_decision()
        self.write({**UNDECIDED, "state": "open", "date_close": date_close})

    def _forget_decision(self):
        self.commitment_ids.write(
            {"allotted": 0, "reason_code": False, "reason_figures": False}
        )
        self.offer_ids.write({"ordered": 0, "unit_price": 0, "step_price": False})
        self.supplier_ids.write({"amount": 0, "weight": 0})
        self._ask_anew()

    # === REPLAY === #

    def _replay(self):
        """What is wrong with a frozen round when it is decided again from its input.

        :return: sentences; none when input, result and hash belong together
        """
        self.ensure_one()
        own = self.sudo()
        facts, result = own.frozen_input, own.frozen_result
        wrong = []
        if fingerprint(facts, result) != own.frozen_hash:
            wrong.append(
                self.env._(
                    "The stored input and result no longer have the hash that was "
                    "written at the freeze."
                )
            )
        if decide(facts) != result:
            wrong.append(
                self.env._("Deciding again from the stored input gives another result.")
            )
        commitments = self.env["ess.commitment"].sudo()
        commitments = commitments.browse([row[0] for row in result["commitments"]])
        for one, row in zip(commitments, result["commitments"], strict=True):
            if one.allotted == row[1]:
                continue
            wrong.append(
                self.env._(
                    "%(member)s was allotted %(decided)s of %(offer)s, but "
                    "%(found)s is written there now.",
                    member=one.entity_id.name,
                    offer=one.offer_id.name,
                    decided=one.offer_id._in_words(row[1]),
                    found=one.offer_id._in_words(one.allotted),
                )
            )
        return wrong

    def action_verify(self):
        """Decide a frozen round again from its stored input, and say what comes out."""
        self.ensure_one()
        self._require("facilitator")
        if not self.sudo().frozen_hash:
            self._require_state("closed")
        wrong = self._replay()
        if wrong:
            raise UserError("\n".join(wrong))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Decided again from the stored commitments: the same result."
                ),
            },
        }
