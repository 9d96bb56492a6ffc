from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.need_matching import combinations
from .booking_rules import RuleBroken
from .need_proposal import LIVE
from .occupancy import NotFree


class NeedFlow(models.Model):
    """Publishing, closing, offering: the same acts for the desk and the portal."""

    _inherit = "ess.need"

    # === PUBLISHING === #

    def action_publish(self):
        """Show it to the members of one's circles, and ask lenders who could meet it.

        A need that was closed, or that lost one of its bookings, is published again.
        """
        needs = self._require("asker", "facilitator")
        self._require_state("draft", "closed", "met")
        for need in needs:
            need._check_publishable()
        needs.write(
            {
                "state": "published",
                "published_on": fields.Datetime.now(),
                "reason": False,
            }
        )
        needs._locate()
        needs._propose()
        return True

    def _check_publishable(self):
        self.ensure_one()
        if self.start <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "Dates: the need begins on %s, which is over; choose a time to "
                    "come.",
                    self._span_in_words(),
                )
            )
        if not self.missing:
            raise UserError(
                self.env._(
                    "How many: all %s are booked already; nothing is missing.",
                    self.quantity,
                )
            )
        entity = self.entity_id
        if not entity._ess_accepted_circles():
            circle = entity.ess_circle_ids[:1].name
            raise UserError(
                self.env._(
                    "Circles: %(entity)s has not accepted the charter of %(circle)s "
                    "yet; accept it first, on the page of the organisation.",
                    entity=entity.name,
                    circle=circle,
                )
                if circle
                else self.env._(
                    "Circles: %s is in no circle, so nobody would see its need; the "
                    "federation can change that.",
                    entity.name,
                )
            )

    # === CLOSING === #

    def action_close(self, reason=None):
        """It is needed no longer; the lenders who were asked hear so.

        :param str reason: read by them; may be empty for a draft
        """
        needs = self._require("asker", "facilitator")
        self._require_state("draft", "published")
        reason = (reason or "").strip()
        for need in needs:
            if not reason and need.state == "published":
                raise UserError(
                    self.env._("Reason: say why, so that those who were asked know.")
                )
            need._end(reason)
        return True

    def _end(self, reason):
        """Close for good what is open of it."""
        self.ensure_one()
        self.write({"state": "closed", "reason": reason or False})
        self._release_lenders(self.proposal_ids)

    # === OFFERING === #

    def action_offer(self, asset_id, quantity=None):
        """Offer an asset of one's own organisation, asked for it or not.

        What it leaves missing is looked for at other lenders'.

        :param int asset_id: ess.asset that the user's organisation owns or keeps
        :param int quantity: units; None offers as many as are free and needed
        :return: True
        :raise NotFree: with what is left of it
        :raise RuleBroken: when the member could not book it
        """
        self.ensure_one()
        asset = self._offered_asset(asset_id)
        self._require_state("published")
        need = self.sudo()
        free = asset._free_units(need.start, need.stop)[asset.id]
        quantity = quantity or min(max(free, 1), need.missing)
        need._check_offer(asset, quantity)
        need._bump_answers()
        need._drop_earlier_offer(asset)
        quantity = min(quantity, need.missing)
        rest = need._rest_without(asset, need.missing - quantity)
        proposal = need._make_proposal([(asset, quantity), *rest], by_hand=True)
        proposal.line_ids.filtered(
            lambda line: line.asset_id == asset and line.state != "agreed"
        )._note("agreed", self.env.user.partner_id)
        need._weigh()
        need._rank_proposals()
        need._ask_lenders()
        return True

    def _offered_asset(self, asset_id):
        """:return: the asset in superuser mode, if the user may offer it here"""
        user = self.env.user
        self.check_access("read")
        asset = self.env["ess.asset"].browse(asset_id).exists()
        desk = user._ess_is_facilitator() and self.sudo().company_id in user.company_ids
        if not asset or not (self.env.su or desk or asset._is_lender()):
            raise AccessError(
                self.env._("You can offer what your own organisation owns or keeps.")
            )
        asset = asset.sudo()
        if self.sudo().entity_id in asset._lender_entities():
            raise UserError(
                self.env._(
                    "Asset: %(asset)s is %(entity)s's own; it can be booked at once.",
                    asset=asset.display_name,
                    entity=self.sudo().entity_id.name,
                )
            )
        return asset

    def _check_offer(self, asset, quantity):
        if quantity < 1:
            raise UserError(
                self.env._("How many: offer at least one, not %s.", quantity)
            )
        reasons = self._new_booking(asset, quantity)._reasons()
        if reasons:
            sentences = [asset._reason_sentence(reason) for reason in reasons]
            raise RuleBroken("\n".join(sentences), reasons)
        shortage = asset._shortage(self.start, self.stop, quantity)
        if shortage:
            raise NotFree(shortage)

    def _drop_earlier_offer(self, asset):
        """A new offer of the same asset stands for the one before."""
        earlier = self.proposal_ids.filtered(
            lambda p: p.by_hand and p.state in LIVE and asset in p.line_ids.asset_id
        )
        earlier.state = "stale"

    def _rest_without(self, asset, missing):
        """What others could add to an offer: (asset, units) pairs; empty if not all."""
        if not missing:
            return []
        offers = {one: o for one, o in self._candidates().items() if one != asset}
        found = combinations(missing, offers.values(), 1)
        by_id = {one.id: one for one in offers}
        return [(by_id[key], units) for one in found for key, units in one.parts]
