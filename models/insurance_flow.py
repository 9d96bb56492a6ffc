import base64
import binascii
import logging
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

_logger = logging.getLogger(__name__)
DAY = timedelta(days=1)
MOST_BYTES = 10_000_000
# What a scan or a file of an insurer begins with.
FILES = (b"%PDF-", b"\x89PNG", b"\xff\xd8")
# Days before the end on which its holder is reminded, once each.
REMINDERS = (30, 7)


class InsuranceFlow(models.Model):
    """Certificates are given on the portal, and their end is announced."""

    _inherit = "ess.insurance.certificate"

    reminded_days = fields.Integer(
        readonly=True, copy=False, help="The last reminder that was sent: 30, then 7."
    )

    def _first_open_day(self, first, last):
        """The first day from first to last that none of these covers, or None."""
        day = first
        while day <= last:
            covering = self.filtered(lambda c, day=day: c._covers(day, day))
            if not covering:
                return day
            day = max(covering.mapped("date_to")) + DAY
        return None

    # === PORTAL === #

    @api.model
    def _portal_add(self, vals):
        """Record a certificate of the user's organisation.

        :param dict vals: insurer, number, date_from, date_to, ceiling (as typed),
            document (bytes or base64), document_name
        :raise UserError: names what is missing or wrong
        """
        entity = self.env.user._ess_entity()
        if not entity:
            raise AccessError(
                self.env._("Only the volunteers of a member organisation may do this.")
            )
        try:
            with self.env.cr.savepoint():
                made = self.sudo().create(
                    {
                        "entity_id": entity.id,
                        "company_id": self.env.company.id,
                        **self._portal_words(vals),
                        **self._portal_dates(vals),
                        "ceiling": self._portal_ceiling(vals.get("ceiling")),
                        **self._portal_file(vals),
                    }
                )
                made.flush_recordset()
        except UniqueViolation as error:
            raise UserError(
                self.env._("This certificate is recorded already.")
            ) from error
        return made.sudo(self.env.su)

    def _portal_words(self, vals):
        labels = {
            "insurer": self.env._("Insurer: write its name."),
            "number": self.env._("Number: write the number of the contract."),
        }
        words = {}
        for name, sentence in labels.items():
            words[name] = " ".join(str(vals.get(name) or "").split())[:120]
            if not words[name]:
                raise UserError(sentence)
        return words

    def _portal_dates(self, vals):
        try:
            first = fields.Date.to_date(vals.get("date_from") or None)
            last = fields.Date.to_date(vals.get("date_to") or None)
        except (TypeError, ValueError):
            first = last = None
        if not (first and last):
            raise UserError(
                self.env._("Validity: give the first and the last day of it.")
            )
        if last < first:
            raise UserError(
                self.env._("Validity: the last day comes after the first one.")
            )
        return {"date_from": first, "date_to": last}

    def _portal_ceiling(self, typed):
        text = str(typed or "").strip().removesuffix("€")
        for blank in " \u00a0\u202f":
            text = text.replace(blank, "")
        try:
            ceiling = float(text.replace(",", ".") or 0)
        except ValueError:
            ceiling = -1.0
        if not 0 <= ceiling < 1e12:
            raise UserError(
                self.env._(
                    "Ceiling: “%s” is not an amount such as 50000.", str(typed)[:20]
                )
            )
        return ceiling

    def _portal_file(self, vals):
        content = vals.get("document") or b""
        if isinstance(content, str):
            try:
                content = base64.b64decode(content, validate=True)
            except (binascii.Error, ValueError):
                content = b""
        if not content:
            raise UserError(
                self.env._("Certificate: choose its file, or take a photo of it.")
            )
        if not content.startswith(FILES) or len(content) > MOST_BYTES:
            raise UserError(
                self.env._(
                    "Certificate: it must be a PDF, a PNG or a JPEG of at most 10 MB."
                )
            )
        return {
            "document": base64.b64encode(content),
            "document_name": str(vals.get("document_name") or "")[:120]
            or self.env._("certificate"),
        }

    # === REMINDERS === #

    @api.model
    def _cron_remind_certificates(self):
        """Tell members 30 and 7 days before their insurance ends, once each."""
        today = fields.Date.context_today(self)
        due = self.search(
            [
                ("date_to", ">=", today),
                ("date_to", "<=", today + DAY * max(REMINDERS)),
                ("entity_id.active", "=", True),
            ]
        ).filtered(lambda c: c._reminder_due(today))
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for candidate in due:
            certificate = candidate.try_lock_for_update()
            if not certificate:
                continue
            try:
                with self.env.cr.savepoint():
                    if certificate._reminder_due(today):
                        certificate._remind(today)
            except Exception:
                _logger.exception("Certificate %s: no reminder", candidate.id)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _reminder_due(self, today):
        self.ensure_one()
        left = (self.date_to - today).days
        step = min((days for days in REMINDERS if left <= days), default=0)
        return bool(step) and (not self.reminded_days or step < self.reminded_days)

    def _remind(self, today):
        """In the same transaction as the mark: nobody is told twice."""
        self.ensure_one()
        left = (self.date_to - today).days
        self.reminded_days = min(days for days in REMINDERS if left <= days)
        if not self._is_renewed():
            self._tell_ending()

    def _is_renewed(self):
        """Whether another certificate goes on from the day after."""
        following = self.date_to + DAY
        return bool(
            self.search_count(
                [
                    ("entity_id", "=", self.entity_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("date_from", "<=", following),
                    ("date_to", ">=", following),
                ],
                limit=1,
            )
        )

    def _tell_ending(self):
        template = self.env.ref(
            "ess_mutualisation.mail_template_certificate_ending", False
        )
        if not template:
            return
        for reader in self.entity_id._ess_volunteers():
            template.sudo().with_context(
                ess_lang=reader.lang or self.entity_id.lang, ess_reader=reader.name
            ).send_mail(
                self.id, email_values={"recipient_ids": [Command.link(reader.id)]}
            )
