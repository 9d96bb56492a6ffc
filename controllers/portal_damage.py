"""Damage and loss: what happened, who bears it."""

from odoo.exceptions import UserError
from odoo.http import request

from .portal_common import get_route, integer, post_route, units
from .portal_inspection import CommonsInspection

REPORT = ("kind", "quantity", "description")
PROPOSAL = ("bearer", "borrower_percent", "cost", "from_deposit")


class CommonsDamage(CommonsInspection):
    # === REPORT === #

    @get_route("/my/loans/<int:loan_id>/damages/new")
    def my_damage_new(self, loan_id, line=None, **params):
        loan = self._ess_record("ess.loan", loan_id)
        if not loan or "damage" not in loan._portal_buttons():
            return request.redirect("/my")
        return self._ess_damage_form(loan, {"line": line})

    def _ess_damage_form(self, loan, typed, sentence=None):
        lines = self._ess_damage_lines(loan)
        line = lines.filtered(lambda one: one.id == integer(typed.get("line")))
        line = line or lines[-1:]
        known = {
            "line": line.id,
            "kind": "loss" if line.lost_quantity else "damage",
            "quantity": line.lost_quantity or line.damaged_quantity or 1,
            "description": line.note or "",
        }
        return request.render(
            "ess_mutualisation.portal_damage_form",
            self._ess_loan_values(
                loan,
                "damage",
                lines=lines,
                kinds=self._ess_damage_kinds(loan),
                form={**known, **{k: v for k, v in typed.items() if v}},
                sentences=sentence and sentence.split("\n"),
            ),
        )

    def _ess_damage_kinds(self, loan):
        """What the reader may report: expenses are the lender's to say."""
        kinds = self._ess_labels("ess.loan.damage", "kind")
        lends = loan._side() == "lender"
        return [kind for kind in kinds if kind[0] != "expense" or lends]

    def _ess_damage_lines(self, loan):
        """Items that can be damaged: as they came back, or else as they left."""
        lines = loan.sudo().inspection_ids.line_ids.filtered(
            lambda one: one.inspection_id.state != "draft"
        )
        returned = lines.filtered(lambda one: one.kind == "return")
        return returned or lines

    @post_route("/my/loans/<int:loan_id>/damages/report")
    def my_damage_report(self, loan_id, line=None, **params):
        loan = self._ess_record("ess.loan", loan_id)
        if not loan:
            return request.redirect("/my")
        typed = {name: str(params.get(name) or "").strip() for name in REPORT}
        chosen = self._ess_damage_lines(loan).filtered(
            lambda one: one.id == integer(line)
        )
        damage = request.env["ess.loan.damage"]
        photos = self._ess_photos_sent("photos")
        try:
            with request.env.cr.savepoint():
                damage = loan._report_damage(
                    chosen, {**typed, "quantity": units(typed["quantity"], 0)}, photos
                )
        except UserError as error:
            sentence = str(error)
            if photos:  # a form cannot bring them back
                again = request.env._("Choose the photos again, please.")
                sentence = f"{sentence}\n{again}"
            return self._ess_damage_form(loan, {"line": line, **typed}, sentence)
        return request.redirect(
            f"/my/loans/{loan.id}/damages/{damage.id}?done=reported"
        )

    # === PAGE === #

    @get_route("/my/loans/<int:loan_id>/damages/<int:damage_id>", auth="public")
    def my_damage(self, loan_id, damage_id, access_token=None, done=None, **params):
        loan, damage = self._ess_damage(loan_id, damage_id, access_token)
        if not damage:
            return self._ess_loan_stranger()
        return self._ess_damage_page(loan, damage, done=done)

    def _ess_damage(self, loan_id, damage_id, access_token=None):
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan or damage_id not in loan.sudo().damage_ids.ids:
            return None, None
        return loan, request.env["ess.loan.damage"].browse(damage_id)

    def _ess_damage_page(
        self, loan, damage, sentence=None, typed=None, act=None, done=None
    ):
        damage_sudo, roles = damage.sudo(), loan._roles()
        form = {
            "bearer": damage_sudo.bearer or "borrower",
            "borrower_percent": f"{damage_sudo.borrower_percent or 50:g}",
            "cost": self._ess_typed_amount(damage_sudo.cost),
            "from_deposit": "on" if damage_sudo.from_deposit else "",
            "text": "",
            "reason": "",
        }
        state = damage_sudo.state
        return request.render(
            "ess_mutualisation.portal_damage",
            self._ess_loan_values(
                loan,
                "damage",
                damage=damage_sudo,
                deposit=loan.sudo()._live_deposit(),
                bearers=self._ess_labels("ess.loan.damage", "bearer"),
                proposes="lender" in roles
                and state in ("reported", "proposed", "contested"),
                answers="borrower" in roles and state == "proposed",
                form={**form, **(typed or {})},
                sentences=sentence and sentence.split("\n"),
                act=act,
                done=done,
            ),
        )

    # === WHO BEARS IT === #

    @post_route("/my/loans/<int:loan_id>/damages/<int:damage_id>/propose")
    def my_damage_propose(self, loan_id, damage_id, **params):
        typed = {name: str(params.get(name) or "").strip() for name in PROPOSAL}
        args = (
            typed["bearer"],
            typed["borrower_percent"],
            typed["cost"],
            bool(typed["from_deposit"]),
        )
        return self._ess_damage_act(
            loan_id, damage_id, "action_propose", *args, done="proposed", typed=typed
        )

    @post_route("/my/loans/<int:loan_id>/damages/<int:damage_id>/agree")
    def my_damage_agree(self, loan_id, damage_id, seen=None, **params):
        """:param str seen: the amount on the page; another one is not agreed to"""
        return self._ess_damage_act(
            loan_id, damage_id, "action_agree", seen, done="agreed"
        )

    @post_route("/my/loans/<int:loan_id>/damages/<int:damage_id>/close")
    def my_damage_close(self, loan_id, damage_id, reason="", **params):
        return self._ess_damage_act(
            loan_id,
            damage_id,
            "action_close",
            reason,
            done="closed",
            typed={"reason": reason},
        )

    @post_route("/my/loans/<int:loan_id>/damages/<int:damage_id>/contest")
    def my_damage_contest(self, loan_id, damage_id, text="", **params):
        return self._ess_damage_act(
            loan_id,
            damage_id,
            "action_contest",
            text,
            done="contested",
            typed={"text": text},
        )

    def _ess_damage_act(self, loan_id, damage_id, act, *args, done, typed=None):
        loan, damage = self._ess_damage(loan_id, damage_id)
        if not damage:
            return request.redirect("/my")
        sentence = self._ess_loan_try(damage, act, *args)
        if sentence:
            return self._ess_damage_page(loan, damage, sentence, typed, act=done)
        return request.redirect(f"/my/loans/{loan.id}/damages/{damage.id}?done={done}")
