from odoo import models
from odoo.exceptions import UserError

from .booking_rules import RuleBroken
from .need_proposal import LIVE
from .occupancy import NotFree

# In the context while lenders have said yes already. An object and not True: it cannot
# be sent from outside.
AGREED = object()


class NeedAccept(models.Model):
    """A proposal is taken: its bookings and loans are made in one act."""

    _inherit = "ess.need.proposal"

    def action_accept(self):
        """Book all of it, or nothing.

        When something is no longer free, that is noted and others are proposed; the
        answer then says so instead of an error, which would undo the note.

        :return: True, or a notice for the back office
        """
        self.ensure_one()
        sentences = self._accept()
        if not sentences:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "message": "\n".join(sentences),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _accept(self):
        """
        :return: None, or the sentences why it cannot be had any more
        """
        self.ensure_one()
        proposal = self.sudo()
        need = proposal.need_id
        need.with_env(self.env)._require("asker", "facilitator")
        need._require_state("published")
        proposal._require_ready()
        need._bump_answers()
        try:
            with self.env.cr.savepoint():
                self._book()
        except (NotFree, RuleBroken) as error:
            self.env.invalidate_all()
            proposal.state = "stale"
            need._propose()
            return str(error).split("\n")
        proposal.state = "accepted"
        need._after_accepting(proposal)
        return None

    def _require_ready(self):
        self.ensure_one()
        if self.state == "ready":
            return
        waiting = self.line_ids.filtered(lambda line: line.state == "asked")
        if self.state == "proposed" and waiting:
            raise UserError(
                self.env._(
                    "Proposal: %s has not answered yet; it can be accepted once every "
                    "lender agrees.",
                    waiting[0].lender_id.name,
                )
            )
        raise UserError(
            self.env._("Proposal: it is no longer offered; choose another one.")
        )

    def _book(self):
        """Ask for everything at once, by the gate and the rules that hold for all."""
        need = self.sudo().need_id
        bookings = (
            self.env["ess.booking"]
            .sudo()
            .create(
                [
                    need._booking_vals(line.asset_id, line.quantity)
                    for line in self.sudo().line_ids
                ]
            )
        )
        agreed = bookings.with_env(self.env).with_context(ess_need_agreed=AGREED)
        agreed.action_request()
        return bookings

    def _signature(self):
        """What it consists of, to know it again."""
        self.ensure_one()
        return frozenset((line.asset_id.id, line.quantity) for line in self.line_ids)


class NeedMet(models.Model):
    _inherit = "ess.need"

    def _after_accepting(self, proposal):
        """Met as a whole, it is over; otherwise the rest is looked for."""
        self.ensure_one()
        others = self.proposal_ids.filtered(lambda p: p.state in LIVE)
        if self.missing:
            others.state = "stale"
            self._propose()
            return
        self.state = "met"
        self._release_lenders(others)

    def _release_lenders(self, proposals):
        """Those who were asked in vain, or kept something ready, hear that it is over.

        Who lends something to this need is not told: the booking says it.
        """
        self.ensure_one()
        proposals = proposals.filtered(lambda p: p.state in LIVE)
        lines = proposals.line_ids.filtered(
            lambda line: line.told_on or line.state == "agreed"
        )
        lines -= lines.filtered(lambda one: one.lender_id in self.booking_ids.owner_id)
        self._tell_lenders("over", lines)
        proposals.state = "stale"


class BookingNeed(models.Model):
    _inherit = "ess.booking"

    def _needs_answer(self):
        """The lender said yes to the need already; the federation did not."""
        if self.env.context.get("ess_need_agreed") is AGREED:
            return self.approval == "federation"
        return super()._needs_answer()
