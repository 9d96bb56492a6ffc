"""Bookings that cannot be had as agreed: wait, take another one, or give it up."""

from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal_common import get_route, integer, post_route
from .portal_loan import CommonsLoan

CHOICES = ("wait", "other", "cancel")
MOST = 80


class CommonsDisruption(CommonsLoan):
    @get_route("/my/disruptions")
    def my_disruptions(self, **params):
        """What is to be chosen; one alone is shown at once."""
        disruptions = request.env["ess.loan.disruption"]
        found = disruptions
        if disruptions.has_access("read"):
            found = disruptions.search(self._ess_disruption_domain(), limit=MOST)
        if len(found) == 1:
            return request.redirect(f"/my/disruptions/{found.id}")
        return request.render(
            "ess_mutualisation.portal_disruptions",
            self._ess_values("loans", disruptions=found.sudo()),
        )

    @get_route("/my/disruptions/<int:disruption_id>", auth="public")
    def my_disruption(self, disruption_id, access_token=None, done=None, **params):
        """By login, or by the token of a mail, which lets one read."""
        try:
            disruption_sudo = self._document_check_access(
                "ess.loan.disruption", disruption_id, access_token
            )
        except (AccessError, MissingError):
            return self._ess_loan_stranger()
        disruption = request.env["ess.loan.disruption"].browse(disruption_sudo.id)
        return self._ess_disruption_page(disruption, done=done)

    def _ess_disruption_page(self, disruption, sentence=None, done=None):
        disruption_sudo = disruption.sudo()
        mine = request.env.user._ess_entity() == disruption_sudo.entity_id
        chooses = mine and disruption_sudo.state in ("open", "wait")
        others = request.env["ess.asset"]
        if chooses:
            others = disruption._alternatives()
        assets = others.sudo(False)
        return request.render(
            "ess_mutualisation.portal_disruption",
            self._ess_values(
                "loans",
                disruption=disruption_sudo,
                booking=disruption_sudo.booking_id,
                token_only=not disruption.has_access("read"),
                chooses=chooses,
                others=others.sudo(),
                photos=assets._filtered_access("read")._main_photos(),
                prices=assets._prices_in_words(request.env.user._ess_entity()),
                sentences=sentence and sentence.split("\n"),
                done=done,
            ),
        )

    @post_route("/my/disruptions/<int:disruption_id>/<string:choice>")
    def my_disruption_choose(self, disruption_id, choice, asset_id=None, **params):
        disruption = self._ess_record("ess.loan.disruption", disruption_id)
        if not disruption or choice not in CHOICES:
            return request.redirect("/my")
        args = ()
        if choice == "other":
            args = (request.env["ess.asset"].browse(integer(asset_id)),)
        sentence = self._ess_loan_try(disruption, f"action_{choice}", *args)
        if sentence:
            return self._ess_disruption_page(disruption, sentence)
        return request.redirect(f"/my/disruptions/{disruption.id}?done={choice}")
