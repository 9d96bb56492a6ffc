from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from .booking_flow import EARLY_HAND_OVER
from .loan_damage_flow import UNDECIDED

# What waits for somebody, the most urgent first: each is a domain (`_todo_…`), for
# lists and counts, and a sentence (`_step_…`), for the page.
TODO = (
    "disruption",
    "late",
    "extension",
    "acknowledge",
    "damage",
    "answer",
    "sign",
    "deposit",
    "hand_over",
    "release",
)
# On the page of one loan, certificates are looked at too, before the hand-over.
PAGE = (*TODO[:7], "insurance", *TODO[7:])
# What is said when nothing waits for the reader.
WAITING = ("cancelled", "draft", "to_sign", "signed", "ongoing", "open_ends")


class Step(NamedTuple):
    """What comes next: a sentence, and the page or the act of the main button."""

    sentence: str
    label: str = ""
    url: str = ""  # of a page
    post: str = ""  # of an act
    todo: bool = False


class LoanPortalSteps(models.Model):
    """What one side of a loan has to do next. Every method takes the side."""

    _inherit = "ess.loan"

    def _portal_todo(self, sentence, label, url="", post=""):
        base = f"/my/loans/{self.id}"
        return Step(
            sentence,
            label,
            url and (url if url.startswith("/my") else base + url),
            post and base + post,
            todo=True,
        )

    # === A BOOKING THAT CANNOT BE HAD AS AGREED === #

    def _todo_disruption(self, side):
        if side == "lender":
            return Domain.FALSE
        return Domain("booking_ids.disruption_ids.state", "=", "open")

    def _step_disruption(self, side):
        disruptions = self.booking_ids.disruption_ids
        disruption = disruptions.filtered(lambda one: one.state == "open")[:1]
        if side == "lender" or not disruption:
            return None
        return self._portal_todo(
            self.env._(
                "%s is not there as agreed: choose what suits you.",
                disruption.asset_id.name,
            ),
            self.env._("Choose"),
            url=f"/my/disruptions/{disruption.id}",
        )

    # === LATE === #

    def _todo_late(self, side):
        return Domain("state", "=", "ongoing") & Domain(
            "stop", "<", fields.Datetime.now()
        )

    def _step_late(self, side):
        if not self.is_late:
            return None
        due = self._portal_instant(self.stop)
        if side == "borrower":
            sentence = self.env._(
                "It should have been back on %(due)s: bring it back now, or call "
                "%(lender)s.",
                due=due,
                lender=self.lender_id.name,
            )
        else:
            sentence = self.env._(
                "It should have been back on %(due)s: %(borrower)s is reminded. Record "
                "the return as soon as it is there.",
                due=due,
                borrower=self.entity_id.name,
            )
        return self._portal_todo(
            sentence, self.env._("Record the return"), post="/inspect/return"
        )

    # === MORE TIME === #

    def _todo_extension(self, side):
        if side == "borrower":
            return Domain.FALSE
        return Domain("state", "in", ("to_sign", "signed", "ongoing")) & Domain(
            "extension_ids.state", "=", "asked"
        )

    def _step_extension(self, side):
        extension = self.extension_ids.filtered(lambda one: one.state == "asked")[:1]
        open_states = ("to_sign", "signed", "ongoing")
        if side == "borrower" or not extension or self.state not in open_states:
            return None
        return self._portal_todo(
            self.env._(
                "%(borrower)s asks to keep it until %(stop)s: say yes or no.",
                borrower=self.entity_id.name,
                stop=self._portal_instant(extension.stop),
            ),
            self.env._("Answer"),
            url="#extension",
        )

    # === WHAT THE OTHER SIDE RECORDED === #

    def _todo_acknowledge(self, side):
        return Domain(
            "inspection_ids",
            "any",
            [
                ("state", "=", "recorded"),
                ("contested", "=", False),
                (f"{side}_ack_on", "=", False),
            ],
        )

    def _step_acknowledge(self, side):
        inspection = self.inspection_ids.filtered(
            lambda one: (
                one.state == "recorded"
                and not one.contested
                and not one[f"{side}_ack_on"]
            )
        )[:1]
        if not inspection:
            return None
        other = self._other_name(side)
        if inspection.kind == "hand_over":
            sentence = self.env._(
                "%s recorded the hand-over: look at it and say whether it is right.",
                other,
            )
        else:
            sentence = self.env._(
                "%s recorded the return: look at it and say whether it is right.",
                other,
            )
        return self._portal_todo(
            sentence,
            self.env._("Look at it"),
            url=f"/inspections/{inspection.id}",
        )

    # === DAMAGE === #

    def _todo_damage(self, side):
        states = {"lender": ("reported", "contested"), "borrower": ("proposed",)}
        return Domain("damage_ids.state", "in", states[side])

    def _step_damage(self, side):
        states = {"lender": ("reported", "contested"), "borrower": ("proposed",)}
        damage = self.damage_ids.filtered(lambda one: one.state in states[side])[:1]
        if not damage:
            return None
        asset = damage.asset_id.name
        if side == "borrower":
            sentence = self.env._(
                "%(lender)s says who bears the damage of %(asset)s: agree, or say why "
                "not.",
                lender=self.lender_id.name,
                asset=asset,
            )
        elif damage.state == "contested":
            sentence = self.env._(
                "%(borrower)s does not agree about the damage of %(asset)s: look at it "
                "again.",
                borrower=self.entity_id.name,
                asset=asset,
            )
        else:
            sentence = self.env._(
                "A damage of %s was reported: say what it costs and who bears it.",
                asset,
            )
        label = self.env._("See the damage")
        return self._portal_todo(sentence, label, url=f"/damages/{damage.id}")

    # === REQUEST AND SIGNATURE === #

    def _todo_answer(self, side):
        if side == "borrower":
            return Domain.FALSE
        return Domain(
            "booking_ids",
            "any",
            [("state", "=", "requested"), ("asset_id.approval", "!=", "federation")],
        )

    def _step_answer(self, side):
        if side == "borrower" or not self._requested():
            return None
        return self._portal_todo(
            self.env._("%s asks for it: say yes or no.", self.entity_id.name),
            self.env._("Say yes"),
            post="/approve",
        )

    def _todo_sign(self, side):
        signed = [("side", "=", side), ("voided_on", "=", False)]
        party = "lender_id" if side == "lender" else "entity_id"
        return (
            Domain("state", "=", "to_sign")
            & Domain("signature_ids", "not any", signed)
            & Domain(party, "=", self.env.user._ess_entity().id)
        )

    def _step_sign(self, side):
        if self.state != "to_sign" or self._signed(side):
            return None
        if self.env.user._ess_entity() != self._party(side):
            return None  # who keeps it for its owner does not sign
        if side == "lender":
            sentence = self.env._("Read the agreement and sign it as the lender.")
        else:
            sentence = self.env._("Read the agreement and sign it as the borrower.")
        label = self.env._("Read and sign")
        return self._portal_todo(sentence, label, url="/agreement")

    def _step_insurance(self, side):
        """Only for the page of one loan: it reads certificates."""
        if side == "lender" or self.state not in ("to_sign", "signed"):
            return None
        reason = self._insurance_reason()
        if not reason:
            return None
        label = self.env._("Send the certificate")
        return self._portal_todo(reason, label, url="#insurance")

    # === DEPOSIT === #

    def _todo_deposit(self, side):
        if side == "borrower":
            return Domain.FALSE
        asked = [("state", "=", "asked"), ("holder", "=", "lender")]
        return Domain("state", "=", "signed") & Domain("deposit_ids", "any", asked)

    def _step_deposit(self, side):
        deposit = self._live_deposit()
        asked = deposit.state == "asked" and deposit.holder == "lender"
        if side == "borrower" or self.state != "signed" or not asked:
            return None
        return self._portal_todo(
            self.env._(
                "Take the deposit of %(amount)s of %(borrower)s before you hand it "
                "over.",
                amount=self._portal_amount(deposit.amount),
                borrower=self.entity_id.name,
            ),
            self.env._("I have the deposit"),
            url="#deposit",
        )

    def _todo_release(self, side):
        if side == "borrower":
            return Domain.FALSE
        held = [("state", "=", "held"), ("holder", "=", "lender")]
        undecided = [("state", "in", UNDECIDED)]
        return (
            Domain("state", "in", ("done", "cancelled"))
            & Domain("deposit_ids", "any", held)
            & Domain("damage_ids", "not any", undecided)
        )

    def _step_release(self, side):
        deposit = self._live_deposit()
        held = deposit.state == "held" and deposit.holder == "lender"
        if side == "borrower" or self.state not in ("done", "cancelled") or not held:
            return None
        if self._undecided_damages():
            return None
        due = deposit._cents_due()
        if due:
            return self._portal_todo(
                self.env._(
                    "As agreed, keep %(due)s of the deposit of %(amount)s and give the "
                    "rest back to %(borrower)s.",
                    due=self._portal_amount(deposit._from_cents(due)),
                    amount=self._portal_amount(deposit.amount),
                    borrower=self.entity_id.name,
                ),
                self.env._("Keep a part of the deposit"),
                url="#deposit",
            )
        return self._portal_todo(
            self.env._(
                "You still hold the deposit of %(amount)s: give it back to "
                "%(borrower)s.",
                amount=self._portal_amount(deposit.amount),
                borrower=self.entity_id.name,
            ),
            self.env._("Give the deposit back"),
            url="#deposit",
        )

    def _portal_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # === HAND-OVER === #

    def _todo_hand_over(self, side):
        soon = fields.Datetime.now() + EARLY_HAND_OVER
        return (
            Domain("state", "=", "signed")
            & Domain("start", "<=", soon)
            & Domain("deposit_ids", "not any", [("state", "=", "asked")])
        )

    def _step_hand_over(self, side):
        if self.state != "signed" or not self._near_start():
            return None
        if self._live_deposit().state == "asked":
            return None
        if side == "lender":
            sentence = self.env._(
                "Hand it over to %s: count, look at it together, take a photo.",
                self.entity_id.name,
            )
        else:
            sentence = self.env._(
                "Fetch it at %(place)s: count, look at it together, take a photo.",
                place=self.place or self.lender_id.name,
            )
        return self._portal_todo(
            sentence, self.env._("Start the hand-over"), post="/inspect/hand_over"
        )

    # === NOTHING TO DO BUT TO WAIT === #

    def _wait_cancelled(self, side):
        if self.state != "cancelled":
            return None
        return Step(self.env._("This loan was cancelled."))

    def _wait_draft(self, side):
        if self.state != "draft":
            return None
        if self._requested():
            who = self.lender_id.name
        else:
            who = self.company_id.partner_id.name
        return Step(self.env._("Waiting for the answer of %s to the request.", who))

    def _wait_to_sign(self, side):
        if self.state != "to_sign":
            return None
        missing = [one for one in ("lender", "borrower") if not self._signed(one)]
        names = [
            (self.lender_id if one == "lender" else self.entity_id).name
            for one in missing
        ]
        if len(names) == 2:
            return Step(
                self.env._(
                    "Waiting for the signatures of %(first)s and %(second)s.",
                    first=names[0],
                    second=names[1],
                )
            )
        return Step(self.env._("Waiting for the signature of %s.", (names or [""])[0]))

    def _wait_signed(self, side):
        if self.state != "signed":
            return None
        deposit = self._live_deposit()
        if deposit.state == "asked":
            return Step(self._portal_bring_deposit(deposit, side))
        return Step(
            self.env._(
                "Signed by both. The hand-over is on %(start)s at %(place)s.",
                start=self._portal_instant(self.start),
                place=self.place or self.lender_id.name,
            )
        )

    def _portal_bring_deposit(self, deposit, side):
        holder = self.lender_id
        if deposit.holder == "federation":
            holder = self.company_id.partner_id
        if side != "borrower":
            return self.env._(
                "%(borrower)s has still to give the deposit of %(amount)s to "
                "%(holder)s. The hand-over is on %(start)s.",
                borrower=self.entity_id.name,
                amount=self._portal_amount(deposit.amount),
                holder=holder.name,
                start=self._portal_instant(self.start),
            )
        return self.env._(
            "Give the deposit of %(amount)s to %(holder)s. The hand-over is on "
            "%(start)s at %(place)s.",
            amount=self._portal_amount(deposit.amount),
            holder=holder.name,
            start=self._portal_instant(self.start),
            place=self.place or self.lender_id.name,
        )

    def _wait_ongoing(self, side):
        if self.state != "ongoing":
            return None
        due = self._portal_instant(self.stop)
        if self._returns() and self._still_out():
            sentence = self.env._(
                "A part is back; %(count)s still out with %(borrower)s until %(due)s.",
                count=self._still_out(),
                borrower=self.entity_id.name,
                due=due,
            )
        elif side == "borrower":
            sentence = self.env._("You have it until %s.", due)
        else:
            sentence = self.env._(
                "%(borrower)s has it until %(due)s.",
                borrower=self.entity_id.name,
                due=due,
            )
        if not side:
            return Step(sentence)
        return Step(
            sentence,
            self.env._("Record the return"),
            post=f"/my/loans/{self.id}/inspect/return",
        )

    def _wait_open_ends(self, side):
        """Everything is back, but something is not settled yet."""
        undecided = self._undecided_damages()
        if undecided:
            return Step(
                self.env._(
                    "It is back. Who bears the damage of %s is not agreed yet.",
                    undecided[:1].asset_id.name,
                )
            )
        deposit = self._live_deposit()
        if deposit.state == "held":
            holder = self.lender_id
            if deposit.holder == "federation":
                holder = self.company_id.partner_id
            return Step(
                self.env._(
                    "It is back. %(holder)s still holds the deposit of %(amount)s.",
                    holder=holder.name,
                    amount=self._portal_amount(deposit.amount),
                )
            )
        return None

    def _wait_over(self, side):
        return Step(self.env._("Everything is back. Thank you."))
