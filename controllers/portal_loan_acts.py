"""What the two sides do on the page of a loan."""

from odoo.exceptions import UserError
from odoo.http import request

from .portal_common import TIME_FIELDS, post_route
from .portal_loan import CommonsLoan

CERTIFICATE = ("insurer", "number", "date_from", "date_to", "ceiling")
DEPOSIT_ACTS = ("hold", "release", "keep", "waive")


class CommonsLoanActs(CommonsLoan):
    @post_route("/my/loans/<int:loan_id>/approve")
    def my_loan_approve(self, loan_id, **params):
        """Say yes to all that is asked for in it, in one act."""
        return self._ess_loan_act(
            loan_id, "action_approve", done="approved", record=self._ess_loan_requests
        )

    def _ess_loan_requests(self, loan):
        return request.env["ess.booking"].browse(loan.sudo()._requested().ids)

    @post_route("/my/loans/<int:loan_id>/cancel")
    def my_loan_cancel(self, loan_id, reason="", **params):
        return self._ess_loan_act(
            loan_id,
            "action_cancel",
            reason,
            done="cancelled",
            typed={"reason": reason},
        )

    # === INSURANCE === #

    @post_route("/my/loans/<int:loan_id>/insurance")
    def my_loan_insurance(self, loan_id, document=None, **params):
        loan = self._ess_record("ess.loan", loan_id)
        if not loan or "borrower" not in loan._roles():
            return request.redirect("/my")
        typed = {name: str(params.get(name) or "").strip() for name in CERTIFICATE}
        sentence = None
        try:
            with request.env.cr.savepoint():
                request.env["ess.insurance.certificate"]._portal_add(
                    self._ess_certificate(typed, document)
                )
        except UserError as error:
            sentence = str(error)
        if sentence:
            return self._ess_loan_page(
                loan, act="insured", sentence=sentence, typed=typed
            )
        return request.redirect(f"/my/loans/{loan.id}?done=insured")

    def _ess_certificate(self, typed, document):
        vals = dict(typed)
        if document:
            document.seek(0)  # read before, when this request is tried again
            vals |= {"document": document.read(), "document_name": document.filename}
        return vals

    # === DEPOSIT === #

    @post_route("/my/loans/<int:loan_id>/deposit/<string:act>")
    def my_loan_deposit(self, loan_id, act, **params):
        typed = {
            name: str(params.get(name) or "").strip()
            for name in ("method", "reference", "amount", "reason")
        }
        if act not in DEPOSIT_ACTS:
            return request.redirect("/my")
        args = {
            "hold": (typed["method"], typed["reference"]),
            "keep": (typed["amount"].rstrip("€ "), typed["reason"]),
            "waive": (typed["reason"],),
        }
        return self._ess_loan_act(
            loan_id,
            f"action_{act}",
            *args.get(act, ()),
            done=f"deposit_{act}",
            typed=typed,
            record=self._ess_loan_deposit,
        )

    def _ess_loan_deposit(self, loan):
        deposit = loan.sudo()._live_deposit()
        return request.env["ess.loan.deposit"].browse(deposit.id)

    # === MORE TIME === #

    @post_route("/my/loans/<int:loan_id>/extend")
    def my_loan_extend(self, loan_id, note="", **params):
        loan = self._ess_record("ess.loan", loan_id)
        if not loan:
            return request.redirect("/my")
        typed = {name: str(params.get(name) or "") for name in TIME_FIELDS[2:]}
        typed["note"] = note = str(note).strip()[:500]
        try:
            loan_sudo = loan.sudo()
            shown = {**self._ess_loan_form(loan_sudo), **typed}
            asset = loan_sudo._portal_clock()
            stop = self._ess_window(asset, shown, self._ess_loan_granularity(loan))[1]
            sentence = self._ess_loan_try(loan, "action_ask_extension", stop, note)
        except UserError as error:
            sentence = str(error)
        if sentence:
            return self._ess_loan_page(
                loan, act="extension_asked", sentence=sentence, typed=typed
            )
        return request.redirect(f"/my/loans/{loan.id}?done=extension_asked")

    @post_route("/my/loans/<int:loan_id>/extension/<string:act>")
    def my_loan_extension(self, loan_id, act, reason="", **params):
        acts = {"agree": (), "refuse": (reason,), "withdraw": ()}
        if act not in acts:
            return request.redirect("/my")
        return self._ess_loan_act(
            loan_id,
            f"action_{act}",
            *acts[act],
            done=f"extension_{act}",
            typed={"extension_reason": reason},
            record=self._ess_loan_extension,
        )

    def _ess_loan_extension(self, loan):
        asked = loan.sudo().extension_ids.filtered(lambda one: one.state == "asked")
        return request.env["ess.loan.extension"].browse(asked[:1].id)
