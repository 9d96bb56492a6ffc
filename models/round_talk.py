from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

LONGEST = 2000
SHOWN = 10


class RoundTalk(models.Model):
    """What the coordinator writes to the members, and what one of them asks."""

    _inherit = "ess.round"

    def _portal_messages(self, entity):
        """What was written to the members of the round, the latest first.

        A message to those who have committed is for them alone.

        :return: mail.message in superuser mode
        """
        self.ensure_one()
        name = "ess_mutualisation.mail_subtype_round_"
        subtypes = self.env.ref(f"{name}circle")
        if self._has_committed(entity):
            subtypes |= self.env.ref(f"{name}committed")
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "ess.round"),
                    ("res_id", "=", self.id),
                    ("subtype_id", "in", subtypes.ids),
                ],
                limit=SHOWN,
            )
        )

    def _portal_ask(self, text):
        """Ask the coordinator something, in the name of the user's organisation.

        It is noted on the round and sent to the coordinator alone, whose answer by mail
        goes to who asked; other members read neither.
        """
        self.ensure_one()
        own, person = self._require("member", "buyer"), self.env.user.partner_id
        text = (text or "").replace("\x00", "").strip()
        if not text:
            raise UserError(self.env._("Your question: write what you want to know."))
        if len(text) > LONGEST:
            raise UserError(
                self.env._(
                    "Your question: %(length)s characters are too many, at most "
                    "%(most)s go in.",
                    length=len(text),
                    most=LONGEST,
                )
            )
        coordinator = own.coordinator_id
        lang = coordinator.lang or self.env.lang
        own.message_post(
            body=plaintext2html(text),
            body_is_html=True,
            subject=self.with_context(lang=lang).env._(
                "%(member)s asks about %(round)s",
                member=self.env.user._ess_entity().name,
                round=own.name,
            ),
            author_id=person.id,
            email_from=person.email_formatted,
            reply_to=person.email_formatted,
            reply_to_force_new=True,
            partner_ids=coordinator.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
