"""Hand-over and return: what leaves, what comes back, and in which state."""

from odoo.exceptions import UserError
from odoo.http import request

from .portal_common import get_route, post_route, units
from .portal_loan import CommonsLoan

KINDS = ("hand_over", "return")
COUNTS = {
    "quantity": "quantity",
    "lost": "lost_quantity",
    "damaged": "damaged_quantity",
}
TEXTS = ("condition", "note")
METERS = ("meter_km", "meter_hours")


class CommonsInspection(CommonsLoan):
    # === OPEN === #

    @post_route("/my/loans/<int:loan_id>/inspect/<string:kind>")
    def my_loan_inspect(self, loan_id, kind, **params):
        """Open the form, or go on with the one that was begun."""
        loan = self._ess_record("ess.loan", loan_id)
        if not loan or kind not in KINDS:
            return request.redirect("/my")
        sentence = self._ess_loan_try(loan, "action_inspect", kind)
        if sentence:
            return self._ess_loan_page(loan, sentence=sentence)
        draft = self._ess_inspections(loan).filtered(
            lambda one: one.kind == kind and one.state == "draft"
        )
        return request.redirect(f"/my/loans/{loan.id}/inspections/{draft[:1].id}")

    def _ess_inspections(self, loan):
        return loan.sudo().inspection_ids

    def _ess_inspection(self, loan_id, inspection_id, access_token=None):
        """The loan and its inspection, with the user's rights; None for strangers."""
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan or inspection_id not in self._ess_inspections(loan).ids:
            return None, None
        return loan, request.env["ess.loan.inspection"].browse(inspection_id)

    # === PAGE === #

    @get_route("/my/loans/<int:loan_id>/inspections/<int:inspection_id>", auth="public")
    def my_inspection(
        self, loan_id, inspection_id, access_token=None, done=None, **params
    ):
        loan, inspection = self._ess_inspection(loan_id, inspection_id, access_token)
        if not inspection:
            return self._ess_loan_stranger()
        return self._ess_inspection_page(loan, inspection, done=done)

    def _ess_inspection_page(self, loan, inspection, sentence=None, typed=None, **more):
        """The form while it is being recorded; afterwards what was found."""
        roles = loan._roles()
        inspection_sudo = inspection.sudo()
        draft = inspection_sudo.state == "draft"
        writes = draft and bool(roles & {"lender", "borrower"})
        values = self._ess_loan_values(
            loan,
            "inspection",
            inspection=inspection_sudo,
            typed=typed or {},
            sentences=sentence and sentence.split("\n"),
            conditions=self._ess_labels("ess.loan.inspection.line", "condition"),
            results=self._ess_labels("ess.loan.inspection.check", "result"),
            answers=self._ess_may_acknowledge(loan, inspection_sudo),
            **{"done": None, "scanned": None, "act": None, **more},
        )
        page = "portal_inspection_form" if writes else "portal_inspection"
        return request.render(f"ess_mutualisation.{page}", values)

    def _ess_labels(self, model, name):
        return request.env[model]._fields[name]._description_selection(request.env)

    def _ess_may_acknowledge(self, loan, inspection_sudo):
        """Whether the reader's side has still to say that it is so."""
        side = loan._side()
        if inspection_sudo.state != "recorded" or not side:
            return False
        return not inspection_sudo[f"{side}_ack_on"]

    def _ess_scan(self, loan, inspection, code):
        """What the code of a label stands for in this loan, or why it does not.

        :return: {'code', 'line' (its id), 'sentence'}
        """
        code = str(code or "").strip()[:200]
        try:
            with request.env.cr.savepoint():
                found = loan._scan(code)
        except UserError as error:
            found = str(error)
        if isinstance(found, str):
            return {"code": code, "line": None, "sentence": found}
        line = found.sudo()
        if line.inspection_id.id != inspection.id:
            sentence = request.env._(
                "%s is on another list of this loan.", line.asset_id.name
            )
            return {"code": code, "line": None, "sentence": sentence}
        return {"code": code, "line": line.id, "sentence": None}

    # === SAVE AND RECORD === #

    @post_route("/my/loans/<int:loan_id>/inspections/<int:inspection_id>/save")
    def my_inspection_save(
        self, loan_id, inspection_id, record=None, look=None, **params
    ):
        """Keep what was typed and photographed; then record it, if asked to.

        A refusal to record loses nothing: it was saved one step before.

        :param look: look up the code that was scanned, instead
        """
        loan, inspection = self._ess_inspection(loan_id, inspection_id)
        if not inspection:
            return request.redirect("/my")
        typed = {k: v for k, v in params.items() if isinstance(v, str)}
        vals = self._ess_found(inspection.sudo(), params)
        sentence = self._ess_loan_try(inspection, "_fill", vals)
        if sentence:
            # a browser cannot send a photo again: keep it, whatever else was refused
            self._ess_loan_try(inspection, "_fill", self._ess_photos_of(vals))
        else:
            typed = {}
            if record:
                sentence = self._ess_loan_try(inspection, "action_record")
        if sentence:
            return self._ess_inspection_page(loan, inspection, sentence, typed)
        if look:
            scanned = self._ess_scan(loan, inspection, params.get("scan"))
            return self._ess_inspection_page(loan, inspection, scanned=scanned)
        url = f"/my/loans/{loan.id}/inspections/{inspection.id}"
        return request.redirect(f"{url}?done={'recorded' if record else 'saved'}")

    def _ess_found(self, inspection_sudo, params):
        """The form as `_fill` takes it: a dict for each line."""
        lines = {
            line.id: self._ess_found_line(line, params)
            for line in inspection_sudo.line_ids
        }
        return {"note": str(params.get("note") or "").strip()[:2000], "lines": lines}

    def _ess_found_line(self, line, params):
        found = {}
        for name, field in COUNTS.items():
            if f"{name}_{line.id}" in params:
                found[field] = units(params[f"{name}_{line.id}"], 0)
        for name in TEXTS:
            if f"{name}_{line.id}" in params:
                found[name] = str(params[f"{name}_{line.id}"]).strip()[:2000]
        for name in METERS:
            typed = str(params.get(f"{name}_{line.id}") or "").strip()
            if typed:
                found[name] = typed[:16]
        found["checks"] = {
            check.id: params[f"check_{check.id}"]
            for check in line.check_ids
            if f"check_{check.id}" in params
        }
        return {**found, "photos": self._ess_photos_sent(f"photos_{line.id}")}

    def _ess_photos_of(self, vals):
        return {
            "lines": {
                line_id: {"photos": found["photos"]}
                for line_id, found in vals["lines"].items()
                if found["photos"]
            }
        }

    def _ess_photos_sent(self, name):
        """The photos of a form's field.

        :return: list of (file name, bytes)
        """
        files = request.httprequest.files.getlist(name)
        for one in files:
            one.seek(0)  # read before, when this request is tried again
        return [(one.filename, one.read()) for one in files if one.filename]

    @post_route(
        "/my/loans/<int:loan_id>/inspections/<int:inspection_id>/photos/<int:photo_id>"
        "/delete"
    )
    def my_inspection_photo(self, loan_id, inspection_id, photo_id, **params):
        """Take back a photo while the inspection is being recorded."""
        loan, inspection = self._ess_inspection(loan_id, inspection_id)
        if not inspection:
            return request.redirect("/my")
        sentence = self._ess_loan_try(inspection, "_drop_photo", photo_id)
        if sentence:
            return self._ess_inspection_page(loan, inspection, sentence)
        return request.redirect(f"/my/loans/{loan.id}/inspections/{inspection.id}")

    # === THE OTHER SIDE === #

    @post_route("/my/loans/<int:loan_id>/inspections/<int:inspection_id>/acknowledge")
    def my_inspection_acknowledge(self, loan_id, inspection_id, **params):
        return self._ess_inspection_answer(
            loan_id, inspection_id, "action_acknowledge", done="agreed"
        )

    @post_route("/my/loans/<int:loan_id>/inspections/<int:inspection_id>/contest")
    def my_inspection_contest(self, loan_id, inspection_id, text="", **params):
        return self._ess_inspection_answer(
            loan_id, inspection_id, "action_contest", text, done="contested"
        )

    def _ess_inspection_answer(self, loan_id, inspection_id, act, *args, done):
        loan, inspection = self._ess_inspection(loan_id, inspection_id)
        if not inspection:
            return request.redirect("/my")
        sentence = self._ess_loan_try(inspection, act, *args)
        if sentence:
            typed = {"text": args[0]} if args else {}
            return self._ess_inspection_page(
                loan, inspection, sentence, typed, act=done
            )
        return request.redirect(
            f"/my/loans/{loan.id}/inspections/{inspection.id}?done={done}"
        )
