from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .booking_flow import EARLY_HAND_OVER
from .booking_rules import RuleBroken
from .booking_waiting import SERVING

# What a volunteer may say about a booking on the portal.
PORTAL_FIELDS = {"start", "stop", "quantity", "purpose", "contact_id"}


class PortalRefused(Exception):  # noqa: N818 (it says what happened, not an error)
    """Undoes what was tried; carries what the page has to say."""

    def __init__(self, refusal):
        super().__init__(refusal["message"])
        self.refusal = refusal


class BookingPortal(models.Model):
    """What the portal asks of bookings. Every method checks for whom it works."""

    _inherit = "ess.booking"

    # === ASKING === #

    @api.model
    def _portal_draft(self, asset):
        """The request that this volunteer has begun for this asset, if any."""
        user = self.env.user
        return self.search(
            [
                ("asset_id", "=", asset.id),
                ("state", "=", "draft"),
                ("entity_id", "=", user._ess_entity().id),
                ("create_uid", "=", user.id),
            ],
            limit=1,
        )

    @api.model
    def _portal_ask(self, asset, vals, act="action_request"):
        """Ask for a use (or hold it, or wait for it) in the name of the user's member.

        A refusal leaves everything as it was.

        :param asset: ess.asset that the user may read
        :param dict vals: of PORTAL_FIELDS
        :param str act: `action_request`, `action_wait` or `_portal_hold`
        :return: (booking, None) or (empty, refusal of `_try`)
        """
        entity = self.env.user._ess_entity()
        if not entity:
            raise AccessError(
                self.env._("Only the volunteers of a member organisation may book.")
            )
        asset.check_access("read")
        vals = {name: value for name, value in vals.items() if name in PORTAL_FIELDS}
        vals.setdefault("contact_id", self.env.user.partner_id.id)
        draft = self._portal_draft(asset)
        try:
            with self.env.cr.savepoint():
                # for a refusal to know what was asked, the dates are written first
                freed = asset.browse()
                if draft:
                    # its own hold is no obstacle, and nobody else gets it meanwhile
                    freed = draft.sudo().occupancy_ids.asset_id
                    draft.sudo().with_context(ess_serving=SERVING).write(
                        {**vals, "hold_until": False}
                    )
                else:
                    draft = self.sudo().create(
                        {"asset_id": asset.id, "entity_id": entity.id, **vals}
                    )
                booking = draft.sudo(False)
                refusal = booking._try(act)
                if refusal:
                    raise PortalRefused(refusal)
                self._serve_waiting(freed)
        except PortalRefused as error:
            return self.browse(), error.refusal
        except UserError as error:
            refusal = {"message": str(error), "codes": ["refused"], "nearest": []}
            return self.browse(), refusal
        return booking, None

    def _portal_hold(self):
        """Keep the time of this draft, for somebody who could really have it."""
        self.ensure_one()
        reasons = self._reasons()
        if reasons:
            raise RuleBroken("\n".join(self._reason_sentences(reasons)), reasons)
        self._hold()

    def _portal_change(self, vals):
        """Change the dates, the quantity, the purpose of a booking of one's own.

        :return: None, or the refusal of `_try` with times near those asked for
        """
        self.ensure_one()
        booking = self._require("borrower", "facilitator")
        wanted = [vals.get(name) for name in ("start", "stop", "quantity")]
        refusal = self._try("action_reschedule", *wanted)
        if refusal:
            start, stop = wanted[0] or booking.start, wanted[1] or booking.stop
            refusal["nearest"] = booking.asset_id._nearest_free(
                start, stop, wanted[2] or booking.quantity, booking.occupancy_ids
            )
            return refusal
        if "purpose" in vals:
            booking.purpose = vals["purpose"]
        return None

    # === LISTS === #

    @api.model
    def _portal_answer_domain(self):
        """Requests that wait for the user's yes or no.

        :rtype: Domain
        """
        domain = Domain("state", "=", "requested")
        user = self.env.user
        if user._ess_is_facilitator():
            return domain
        entity = user._ess_entity()
        if not entity:
            return Domain.FALSE
        return (
            domain
            & (
                Domain("owner_id", "=", entity.id)
                | Domain("custodian_id", "=", entity.id)
            )
            & Domain("asset_id.approval", "!=", "federation")
        )

    @api.model
    def _portal_mine_domain(self):
        """Bookings of the user's organisation; begun requests are not shown.

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        if not entity:
            return Domain.FALSE
        return Domain("entity_id", "=", entity.id) & Domain("state", "!=", "draft")

    # === WORDS === #

    def _span_in_words(self, start=None, stop=None):
        """From when to when, in the asset's time and the reader's language."""
        self.ensure_one()
        return self.sudo().asset_id._span_in_words(
            start or self.start, stop or self.stop
        )

    def _portal_buttons(self):
        """What the user may do with this booking now, for the page to offer.

        The acts check again by themselves.

        :rtype: set[str]
        """
        self.ensure_one()
        roles, booking = self._roles(), self.sudo()
        buttons = set()
        if "borrower" in roles:
            if booking.state in ("waiting", "requested", "confirmed", "ongoing"):
                buttons.add("change")
            if booking.state in ("requested", "confirmed", "ongoing", "done"):
                buttons.add("repeat")
            over = booking.state in ("done", "cancelled", "refused")
            if over and booking.asset_id.with_env(self.env).has_access("read"):
                buttons.add("again")
        if roles & {"borrower", "lender"}:
            if booking.state in ("waiting", "requested", "confirmed"):
                buttons.add("cancel")
            if booking.state == "confirmed" and self._near_start():
                buttons.add("hand_over")
            if booking.state == "ongoing":
                buttons.add("return")
        if booking.state == "requested" and self._can_approve():
            buttons.add("answer")
        if "change" in buttons and not roles & {"lender", "facilitator"}:
            late = self._is_over() or self._cancel_reason()
            if booking.state == "confirmed" and late:
                buttons -= {"change", "cancel"}
        return buttons

    def _portal_disruption(self):
        """What its borrower has to choose when it cannot be had as agreed."""
        return self.sudo().disruption_ids.filtered(lambda one: one.state == "open")[:1]

    def _near_start(self):
        return self.sudo().start - fields.Datetime.now() <= EARLY_HAND_OVER
