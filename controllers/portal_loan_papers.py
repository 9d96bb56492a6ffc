"""Papers of a loan: the agreement, the signature, files and photos."""

from odoo.exceptions import UserError
from odoo.http import request, route

from .portal_common import get_route, integer
from .portal_loan import CommonsLoan

LONGEST_NAME = 100
LARGEST_IMAGE = 1920


class CommonsLoanPapers(CommonsLoan):
    # === AGREEMENT === #

    @get_route("/my/loans/<int:loan_id>/agreement", auth="public")
    def my_loan_agreement(self, loan_id, access_token=None, **params):
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan:
            return self._ess_loan_stranger()
        buttons = loan._portal_buttons()
        return request.render(
            "ess_mutualisation.portal_loan_agreement",
            self._ess_loan_values(
                loan,
                buttons=buttons,
                party=self._ess_loan_party(loan),
                signer=request.env.user.partner_id.name if "sign" in buttons else "",
                seen=loan.sudo()._terms_hash() if "sign" in buttons else "",
            ),
        )

    def _ess_loan_party(self, loan):
        """The organisation in whose name the reader would sign."""
        side, loan_sudo = loan._side(), loan.sudo()
        return loan_sudo.lender_id if side == "lender" else loan_sudo.entity_id

    @route("/my/loans/<int:loan_id>/sign", type="jsonrpc", auth="user", website=True)
    def my_loan_sign(self, loan_id, name=None, signature=None, **params):
        loan = self._ess_record("ess.loan", loan_id)
        if not loan:
            return {"error": request.env._("This loan is not yours to sign.")}
        name = str(name or "").strip()[:LONGEST_NAME]
        # the form of Odoo sends name and image only: what was read is in the address
        seen = request.httprequest.args.get("seen")
        sentence = self._ess_loan_try(
            loan, "action_sign", name, signature or "", None, seen
        )
        if sentence:
            return {"error": sentence}
        return {
            "force_refresh": True,
            "redirect_url": f"/my/loans/{loan.id}?done=signed",
        }

    @get_route("/my/loans/<int:loan_id>/pdf", auth="public")
    def my_loan_pdf(self, loan_id, access_token=None, **params):
        """The document that both signed; before, the agreement as it stands."""
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan:
            return self._ess_loan_stranger()
        document = loan.sudo().document_id
        if document and loan.sudo().state not in ("draft", "to_sign"):
            stream = request.env["ir.binary"]._get_stream_from(document)
            return stream.get_response(as_attachment=True)
        return self._ess_loan_report(loan, "action_report_loan_agreement")

    @get_route("/my/loans/<int:loan_id>/sheet", auth="public")
    def my_loan_sheet(self, loan_id, access_token=None, **params):
        """The sheet to print, for a place without network."""
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan:
            return self._ess_loan_stranger()
        return self._ess_loan_report(loan, "action_report_loan_sheet")

    def _ess_loan_report(self, loan, report):
        return self._show_report(
            model=loan.sudo(),
            report_type="pdf",
            report_ref=f"ess_mutualisation.{report}",
            download=True,
        )

    # === PHOTOS === #

    @get_route(
        "/my/loans/<int:loan_id>/photo/<int:photo_id>",
        "/my/loans/<int:loan_id>/photo/<int:photo_id>/<int:size>",
        auth="public",
    )
    def my_loan_photo(self, loan_id, photo_id, size=0, access_token=None, **params):
        loan = self._ess_loan_by(loan_id, access_token)
        if not loan:
            return self._ess_loan_stranger()
        photo = request.env["ess.loan.photo"].sudo().browse(photo_id).exists()
        if photo.loan_id.id != loan.id:
            return request.not_found()
        size = integer(size, 0, 0, LARGEST_IMAGE)
        stream = request.env["ir.binary"]._get_image_stream_from(
            photo, field_name="image_1920", width=size, height=size
        )
        return stream.get_response()

    # === CERTIFICATES === #

    @get_route("/my/loans/<int:loan_id>/certificate/<int:certificate_id>")
    def my_loan_certificate(self, loan_id, certificate_id, **params):
        """The borrower's certificate, for the two sides of a loan."""
        loan = self._ess_record("ess.loan", loan_id)
        if not loan or not loan._roles():
            return request.redirect("/my")
        certificates = request.env["ess.insurance.certificate"].sudo()
        certificate = certificates.browse(certificate_id).exists()
        if certificate.entity_id != loan.sudo().entity_id or not certificate.document:
            return request.not_found()
        try:
            stream = request.env["ir.binary"]._get_stream_from(
                certificate, "document", certificate.document_name
            )
        except UserError:
            return request.not_found()
        return stream.get_response(as_attachment=True)
