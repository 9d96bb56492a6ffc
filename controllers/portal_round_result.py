"""What became of a round: what the member gets, pays and saved, and its collection."""

from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal_common import get_route, integer, post_route
from .portal_round import CommonsRound


class CommonsRoundResult(CommonsRound):
    @get_route("/my/rounds/<int:round_id>/result")
    def my_round_result(self, round_id, done=None, **params):
        buying = self._ess_round(round_id)
        if not buying:
            return request.redirect("/my")
        if buying._portal_takes():
            return request.redirect(f"/my/rounds/{buying.id}")
        return self._ess_round_result(buying, done=done)

    def _ess_round_result(self, buying, done=None, sentence=None):
        entity = request.env.user._ess_entity()
        return request.render(
            "ess_mutualisation.portal_round_result",
            self._ess_values(
                "round",
                buying=buying.sudo(),
                lines=buying._portal_result(entity),
                bill=buying._portal_bill(entity),
                saving=buying.sudo()._saving(entity),
                collection=buying._portal_collection(entity),
                slots=buying._portal_slots(entity),
                suppliers=buying._portal_suppliers(entity),
                has_left="member" not in buying._roles(),
                may_collect=buying._portal_may_collect(),
                messages=buying._portal_messages(entity),
                done=done,
                sentence=sentence,
            ),
        )

    @post_route("/my/rounds/<int:round_id>/ask")
    def my_round_ask(self, round_id, text="", **params):
        buying = self._ess_round(round_id)
        if not buying:
            return request.redirect("/my")
        is_open = buying._portal_takes()
        try:
            with request.env.cr.savepoint():
                buying._portal_ask(text)
        except UserError as error:
            page = self._ess_round_page if is_open else self._ess_round_result
            return page(buying, sentence=str(error))
        where = "" if is_open else "/result"
        return request.redirect(f"/my/rounds/{buying.id}{where}?done=asked")

    @post_route("/my/rounds/<int:round_id>/slot")
    def my_round_slot(self, round_id, slot=0, **params):
        buying = self._ess_round(round_id)
        if not buying:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                buying._portal_choose_slot(integer(slot))
        except UserError as error:
            return self._ess_round_result(buying, sentence=str(error))
        return request.redirect(f"/my/rounds/{buying.id}/result?done=slot")

    @get_route("/my/rounds/<int:round_id>/orders/<int:supplier_id>")
    def my_round_order(self, round_id, supplier_id, **params):
        """The member's own order to a supplier, where members order themselves."""
        buying = self._ess_round(round_id)
        supplier = buying and buying._portal_suppliers(
            request.env.user._ess_entity()
        ).filtered(lambda one: one.id == supplier_id)
        if not supplier:
            return request.redirect("/my")
        # with the rights of the user: in superuser mode it prints those of everybody
        content = request.env["ir.actions.report"]._render_qweb_pdf(
            "ess_mutualisation.action_report_round_member_orders", supplier.ids
        )[0]
        name = f"{supplier._orders_file_name()}.pdf"
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    # === HANDING OUT === #

    def _ess_collected_round(self, round_id):
        """A round whose goods the user may hand out; else None."""
        buying = self._ess_record("ess.round", round_id)
        if not buying or not buying._portal_may_collect():
            return None
        return buying

    def _ess_given(self, line, text):
        """:return: the steps that were typed for a line; None = all that it received
        :raise UserError: a sentence that names the product"""
        if len(line) != 1 or text is None or not text.strip():
            return None
        label = request.env._("Given")
        return self._ess_round_steps(line.sudo().offer_id, text, label)

    @get_route("/my/rounds/<int:round_id>/collect")
    def my_round_collect(self, round_id, **params):
        buying = self._ess_collected_round(round_id)
        if not buying:
            return request.redirect("/my")
        return self._ess_collect_page(buying)

    def _ess_collect_page(self, buying, sentence=None):
        return request.render(
            "ess_mutualisation.portal_round_collect",
            self._ess_values(
                "round",
                buying=buying.sudo(),
                members=buying._portal_hand_out(),
                sentence=sentence,
            ),
        )

    @post_route("/my/rounds/<int:round_id>/collect")
    def my_round_collected(
        self, round_id, commitment=0, member=0, given=None, undo="", **params
    ):
        """Tick off one product of a member, so many as the form says of it, or all
        that is left of its products."""
        buying = self._ess_collected_round(round_id)
        if not buying:
            return request.redirect("/my")
        lines = buying._portal_ticked(integer(commitment), integer(member), bool(undo))
        try:
            with request.env.cr.savepoint():
                quantity = 0 if undo else self._ess_given(lines, given)
                lines.action_collect(quantity)
        except UserError as error:
            return self._ess_collect_page(buying, sentence=str(error))
        return request.redirect(
            f"/my/rounds/{buying.id}/collect#member_{lines[:1].sudo().entity_id.id}"
        )
