import hashlib
import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

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

    def _agreement_facts(self):
        """What the agreement is about besides its items, as (label, sentence).

        :rtype: list[tuple[str, str]]
        """
        self.ensure_one()
        loan = self.sudo()
        facts = []
        if loan.start and loan.stop:
            period = self.env._(
                "from %(start)s to %(stop)s (%(tz)s)",
                start=self._in_words(loan.start),
                stop=self._in_words(loan.stop),
                tz=loan.tz,
            )
            facts.append((self.env._("Period"), period))
        if loan.place:
            facts.append((self.env._("Place"), loan.place))
        if loan.purpose:
            facts.append((self.env._("Purpose"), loan.purpose))
        return [
            *facts,
            *((self.env._("Deposit"), words) for words in self._deposit_words()),
            *((self.env._("Insurance"), words) for words in self._insurance_words()),
            *((self.env._("Charter"), words) for words in self._charter_words()),
            *((self.env._("Extension"), words) for words in self._extension_words()),
        ]

    def _deposit_words(self):
        sentences = {
            "lender": self.env._("%s, held by the lender"),
            "federation": self.env._("%s, held by the federation"),
        }
        return [
            sentences[one.holder] % format_amount(self.env, one.amount, one.currency_id)
            for one in self.sudo().deposit_ids.sorted("id")
            if one.state != "waived"
        ]

    def _insurance_words(self):
        if not (self.start and self.stop and self._insurance_needed()):
            return []
        return [
            self.env._("The borrower has to be insured over the whole loan."),
            *(
                self.env._(
                    "%(insurer)s, %(number)s, from %(first)s to %(last)s",
                    insurer=one.insurer,
                    number=one.number,
                    first=format_date(self.env, one.date_from),
                    last=format_date(self.env, one.date_to),
                )
                for one in self._certificates_used()
            ),
        ]

    def _charter_words(self):
        return [
            self.env._(
                "%(circle)s, version %(version)s",
                circle=circle.name,
                version=circle.charter_version,
            )
            for circle in self._charters()
        ]

    def _extension_words(self):
        agreed = self.sudo().extension_ids.filtered(lambda e: e.state == "agreed")
        return [
            self.env._(
                "until %(stop)s instead of %(before)s: asked by %(asked)s, agreed by "
                "%(agreed)s",
                stop=self._in_words(one.stop),
                before=self._in_words(one.stop_before),
                asked=one.asked_by_id.name,
                agreed=one.answered_by_id.name,
            )
            for one in agreed.sorted("id")
        ]

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
            # the nightly job has no language of its own
            named = loan.with_context(lang=loan._document_langs()[0])
            loan.document_id = self.env["ir.attachment"].create(
                {
                    "name": f"{named._get_report_base_filename()}.pdf",
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
