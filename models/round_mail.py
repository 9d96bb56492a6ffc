from fractions import Fraction

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

# step → to whom: every member of the circle, who has committed, or who gets something.
STEPS = {
    "opened": "circle",
    "reminder": "circle",
    "nudge": "committed",
    "extended": "circle",
    "cancelled": "committed",
    "result": "committed",
    "received": "served",
    "message": "committed",
}


class RoundMail(models.Model):
    """Members are told once, each in its language.

    An act notes what is to be told (`mails_due`), and a cron that it calls writes the
    mails in a transaction of their own: two hundred letters do not make a freeze wait,
    and none goes out for an act that was undone.
    """

    _inherit = "ess.round"

    def _tell(self, step, figures=None):
        """Note that members have to be told.

        :param str step: of STEPS
        :param figures: plain JSON for the mail
        """
        context = self.env.context
        silent = context.get("ess_silent") or context.get("import_file")
        if silent and self.env.user._is_internal():
            return
        for one in self.sudo():
            one.mails_due = [*(one.mails_due or []), {"step": step, "figures": figures}]
        self._call_cron("tell")

    def _call_cron(self, name, moment=None):
        """Have a cron of the rounds run at a moment, or now."""
        cron = self.env.ref(f"ess_mutualisation.ir_cron_round_{name}", False)
        if cron:
            cron.sudo()._trigger(moment)

    @api.model
    def _cron_tell(self):
        due = self.search([("mails_due", "!=", False)])
        self._each(due, lambda one: one._write_mails())
        # at once after the commit, not at the queue's next hour
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if due and queue:
            queue.sudo()._trigger()

    def _write_mails(self):
        self.ensure_one()
        due, self.mails_due = self.mails_due, False
        for one in due or []:
            self._write_mail(one["step"], one["figures"])

    def _write_mail(self, step, figures):
        template = self.env.ref(
            f"ess_mutualisation.mail_template_round_{step}", raise_if_not_found=False
        )
        if not template:
            return
        audience = STEPS[step]
        if step == "message":
            audience, figures = figures["audience"], figures["text"]
        for entity in self._told(audience):
            for reader in entity._ess_volunteers():
                template.with_context(
                    ess_lang=reader.lang or entity.lang or self.env.lang,
                    ess_reader=reader.name,
                    ess_entity=entity.id,
                    ess_figures=figures,
                ).send_mail(
                    self.id, email_values={"recipient_ids": [Command.link(reader.id)]}
                )

    def _told(self, audience):
        """Member organisations that a step is told to, in a steady order."""
        if audience == "circle":
            members = self.circle_id.entity_ids
        elif audience == "served":
            members = self.commitment_ids.filtered(
                lambda one: one.allotted or one.received
            ).entity_id
        else:
            members = self.commitment_ids.filtered("want").entity_id
        return members.filtered("active").sorted("id")

    def action_message(self, text, audience="committed"):
        """Write to the members, in words of one's own.

        :param str text: plain text
        :param str audience: `committed`, or `circle` for all who may commit
        """
        rounds = self._require("facilitator")
        rounds.filtered(lambda one: one.state == "draft")._require_state("open")
        text = (text or "").strip()
        if not text:
            raise UserError(self.env._("Message: write what the members have to know."))
        if audience not in ("committed", "circle"):
            audience = "committed"
        for one in rounds:
            one.message_post(
                body=text,
                subtype_xmlid=f"ess_mutualisation.mail_subtype_round_{audience}",
            )
            one._tell("message", {"text": text, "audience": audience})
        return True

    def _after_freeze(self):
        res = super()._after_freeze()
        self._tell("result")
        return res

    # === WHAT THE MAILS SAY === #

    def _mail_lines(self, entity_id):
        """What a member asked for, gets, at which price and why; for its mail."""
        self.ensure_one()
        mine = self.sudo().commitment_ids.filtered(
            lambda one: one.entity_id.id == entity_id and one.want
        )
        return [
            {
                "name": one.offer_id.name,
                "asked": one.offer_id._in_words(one.want),
                "gets": one.offer_id._in_words(one.allotted),
                "differs": one.allotted != one.want,
                "why": one._why(),
            }
            for one in mine.sorted(lambda one: (one.offer_id.name, one.id))
        ]

    def _mail_total(self, entity_id):
        """What a member's goods come to, untaxed, without shared costs."""
        total = Fraction(0)
        for one in self.sudo().commitment_ids:
            if one.entity_id.id == entity_id and one.allotted:
                total += one.allotted * one.offer_id._frozen_price()
        return float(total)

    def _mail_asked(self, entity_id):
        """How many products a member has asked for, as a sentence."""
        own = self.sudo()
        count = len(
            own.commitment_ids.filtered(
                lambda one: one.entity_id.id == entity_id and one.want
            )
        )
        if not count:
            return self.env._("Your organisation has asked for nothing yet.")
        if count == 1:
            return self.env._("Your organisation has asked for one product.")
        return self.env._("Your organisation has asked for %s products.", count)

    def _mail_shortfalls(self, figures):
        """Why the deadline was put off, when minima were the cause.

        :param dict figures: ids of `suppliers`, and `products` as
            `_product_sentences` takes them
        """
        figures = figures or {}
        suppliers = self.sudo().supplier_ids.browse(figures.get("suppliers") or [])
        products = self.sudo()._product_sentences(figures.get("products") or [])
        return [*products, *suppliers._shortfalls()]
