import hashlib
import logging

from odoo import api, models
from odoo.exceptions import UserError

REPORT = "ess_mutualisation.report_loan_agreement"
_logger = logging.getLogger(__name__)


class LoanDocument(models.Model):
    """The agreement on paper: in the reader's language, and once as it was signed."""

    _inherit = "ess.loan"

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Agreement %s", self.name.replace("/", "-"))

    def _agreement_html(self):
        """The text of the agreement about this loan, in the language of the context.

        :rtype: Markup
        """
        self.ensure_one()
        loan = self.sudo()
        agreement = loan.agreement_id
        if not agreement:
            return ""
        return agreement._render_field(
            "body", loan.ids, set_lang=self.env.lang or "en_US"
        )[loan.id]

    def _document_langs(self):
        """Languages of both parties: the signed document is in each of them."""
        self.ensure_one()
        loan = self.sudo()
        installed = dict(self.env["res.lang"].get_installed())
        langs = []
        for party in (loan.lender_id, loan.entity_id):
            lang = party.lang if party.lang in installed else "en_US"
            if lang not in langs:
                langs.append(lang)
        return langs

    def _report_langs(self):
        """Languages to print in: both parties' once it is signed, else the reader's."""
        if self.env.context.get("ess_both_languages"):
            return self._document_langs()
        return [self.env.lang or "en_US"]

    def _ensure_document(self):
        """Keep the signed agreement and its hash; made once per pair of signatures.

        A printing machine that fails does not undo signatures: the nightly job tries
        again.
        """
        if self.env.context.get("ess_silent"):
            # an import or the demonstration: printed by the nightly job
            return
        for loan in self.sudo():
            if loan.document_id or not loan._is_signed():
                continue
            try:
                with self.env.cr.savepoint():
                    content = loan._render_agreement()
            except (UserError, OSError, ValueError):
                _logger.warning("Agreement %s could not be printed", loan.name)
                continue
            loan.document_id = self.env["ir.attachment"].create(
                {
                    "name": f"{loan._get_report_base_filename()}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": "ess.loan",
                    "res_id": loan.id,
                }
            )
            loan.document_hash = hashlib.sha256(content).hexdigest()

    def _render_agreement(self):
        """:return: the signed document, in the languages of both parties
        :rtype: bytes
        """
        report = self.env["ir.actions.report"].with_context(ess_both_languages=True)
        return report._render_qweb_pdf(REPORT, self.ids)[0]

    @api.model
    def _cron_documents(self):
        """Print what could not be printed when it was signed."""
        late = self.search(
            [
                ("document_id", "=", False),
                ("terms_hash", "!=", False),
                ("state", "in", ("signed", "ongoing", "done")),
            ]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for loan in late:
            if loan.try_lock_for_update():
                loan._ensure_document()
            if not self.env["ir.cron"]._commit_progress(1):
                break
