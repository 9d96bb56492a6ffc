from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, plaintext2html

from .round import OFFICE
from .round_facts import as_fraction
from .round_words import in_words


class RoundMinimum(models.Model):
    """What happens when a supplier's minimum fails at the deadline."""

    _inherit = "ess.round"

    waiting_for = fields.Text(
        compute="_compute_waiting_for",
        groups=OFFICE,
        help="What the coordinator has to answer before the round can close.",
    )

    @api.depends(
        "supplier_ids.state",
        "supplier_ids.amount",
        "supplier_ids.weight",
        "offer_ids.minimum_state",
    )
    def _compute_waiting_for(self):
        for one in self:
            products = one._product_sentences(one._waiting_figures())
            one.waiting_for = "\n".join([*products, *one._asked()._shortfalls()])

    def _asked(self):
        return self.supplier_ids.filtered(lambda s: s.state == "asked")

    def _treat_short(self, short, result):
        """Carry out the policy of the round for suppliers below their minimum.

        :param list short: ids of these suppliers
        :return: whether the round goes on to close
        """
        self.ensure_one()
        suppliers = self.supplier_ids.browse(short)
        suppliers._note_ordered(result)
        if self.minimum_policy == "ask":
            suppliers.state = "asked"
            self._ask_coordinator(
                self._speaking().env._("A supplier's minimum is not reached")
            )
            return False
        if self.minimum_policy == "extend" and not self.extended_on:
            self._extend(suppliers._shortfalls(), {"suppliers": suppliers.ids})
            return False
        if self.minimum_policy == "freight":
            suppliers._order_with_freight()
        else:
            suppliers.state = "out"
        return True

    # === ASKING === #

    def _ask_coordinator(self, summary):
        """:param summary: a text of `_speaking`"""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._speaking().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=plaintext2html(self._speaking().waiting_for),
            user_id=self.coordinator_id.id,
        )

    def _speaking(self):
        """The round in the language of its coordinator."""
        self.ensure_one()
        return self.with_context(lang=self.coordinator_id.lang or self.env.lang)

    def _answered(self):
        """The last question has its answer: the round closes with it."""
        self.ensure_one()
        if self._asked() or self._asked_offers():
            return
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._close()

    # === PUTTING OFF === #

    def action_extend(self, date_close=None):
        """Put the deadline off; the coordinator's answer to a minimum that fails, too.

        :param date_close: new deadline, naive UTC; None takes the days of the round
        """
        rounds = self._require("facilitator")
        self._require_state("open")
        for one in rounds:
            moment = fields.Datetime.to_datetime(date_close) or one._later()
            if moment <= max(one.date_close or moment, fields.Datetime.now()):
                raise UserError(
                    self.env._(
                        "Closes: give a deadline that lies ahead, and later than the "
                        "present one; the next possible by days is %(date)s.",
                        date=one._when(one._later()),
                    )
                )
            one._touch()
            one._put_off(moment)
        return True

    def _extend(self, sentences, figures):
        """The deadline moves by itself, once.

        :param list sentences: what is missing
        :param dict figures: the same for the mail, see `_mail_shortfalls`
        """
        self.extended_on = fields.Datetime.now()
        self._put_off(self._later(), figures)
        self.message_post(body=" ".join(sentences))

    def _later(self):
        """The deadline after `extend_days`, at the same time on the clock."""
        self.ensure_one()
        now = fields.Datetime.now()
        later = self._moved(self.date_close or now, self.extend_days)
        return later if later > now else self._moved(now, self.extend_days)

    def _put_off(self, moment, figures=None):
        """
        :param figures: which minima are the cause, for the mail; those that the
            coordinator was asked about unless given
        """
        figures = figures or {
            "suppliers": self._asked().ids,
            "products": self._waiting_figures(),
        }
        self._ask_anew()
        self.write({"date_close": moment, "reminded_on": False})
        self._call_cron("close", moment)
        self._tell("extended", figures)

    def _ask_anew(self):
        """There is more time: all minima are looked at anew when it closes."""
        self.supplier_ids.filtered(lambda s: s.state != "open").state = "open"
        answered = self.offer_ids.filtered(lambda o: o.minimum_state != "open")
        answered.minimum_state = "open"
        self.cost_ids.filtered("is_automatic").unlink()
        self.activity_unlink(["mail.mail_activity_data_todo"])


class RoundSupplierMinimum(models.Model):
    """The coordinator's answers about one supplier."""

    _inherit = "ess.round.supplier"

    def action_order_anyway(self):
        """Order although the minimum is not reached, and share the freight."""
        return self._answer(self._order_with_freight)

    def action_leave_out(self):
        """Order nothing of this supplier in this round."""
        return self._answer(lambda: self.sudo().write({"state": "out"}))

    def _answer(self, act):
        self.ensure_one()
        own = self.round_id._require("facilitator")
        own._require_state("open")
        if self.sudo().state != "asked":
            raise UserError(
                self.env._(
                    "%s: nothing is asked about this supplier. Its minimum is looked "
                    "at when the round closes.",
                    self.sudo().partner_id.name,
                )
            )
        own._touch()
        act()
        own._answered()
        return True

    def _order_with_freight(self):
        """The freight is a cost that all who bought of this supplier share."""
        self.sudo().state = "freight"
        self._add_freight()

    def _add_freight(self):
        """Once for each supplier, whatever it is asked for; one that somebody has
        foreseen for it is that freight."""
        costs = self.sudo().round_id.cost_ids
        known = costs.filtered("is_automatic").supplier_ids
        for supplier in self.sudo() - known:
            foreseen = costs._waiting_freight(supplier)
            if foreseen:
                if not any(foreseen.mapped("estimated")):
                    foreseen[0].estimated = supplier.freight_amount
                continue
            # members read it, whoever's act or clock it was
            speaking = supplier.round_id._speaking()
            self.env["ess.round.cost"].sudo().create(
                {
                    "round_id": supplier.round_id.id,
                    "name": speaking.env._("Freight of %s", supplier.partner_id.name),
                    "kind": "freight",
                    "basis": "value",
                    "supplier_ids": [fields.Command.set(supplier.ids)],
                    "estimated": supplier.freight_amount,
                    "is_automatic": True,
                }
            )

    def _note_ordered(self, result):
        """Keep what would be ordered now, for the sentences about the minimum."""
        found = {one["id"]: one for one in result["suppliers"]}
        for supplier in self:
            one = found[supplier.id]
            supplier.write(
                {
                    "amount": float(Fraction(one["amount"])),
                    "weight": float(Fraction(one["weight"])),
                }
            )

    def _shortfalls(self):
        """One sentence for each minimum that is not reached, from the amounts kept."""
        sentences = []
        for supplier in self.sudo():
            kept = {"amount": supplier.amount, "weight": supplier.weight}
            sentences += supplier._short_sentences(kept)
        return sentences

    def _short_sentences(self, ordered):
        """What is missing to the minima of one supplier.

        :param dict ordered: `amount` and `weight`, as numbers or as stored text
        """
        self.ensure_one()
        amount, weight = Fraction(ordered["amount"]), Fraction(ordered["weight"])
        sentences = []
        if amount < as_fraction(self.minimum_amount):
            sentences.append(self._short_amount(amount))
        if weight < as_fraction(self.minimum_weight):
            sentences.append(self._short_weight(weight))
        return sentences

    def _short_amount(self, amount):
        return self.env._(
            "%(supplier)s: %(amount)s are ordered, its minimum is %(minimum)s; "
            "%(missing)s are missing.",
            supplier=self.partner_id.name,
            amount=self._money(amount),
            minimum=self._money(self.minimum_amount),
            missing=self._money(as_fraction(self.minimum_amount) - amount),
        )

    def _money(self, amount):
        return format_amount(self.env, float(amount), self.currency_id)

    def _short_weight(self, weight):
        least = as_fraction(self.minimum_weight)
        return self.env._(
            "%(supplier)s: %(weight)s kg are ordered, its minimum is %(minimum)s kg; "
            "%(missing)s kg are missing.",
            supplier=self.partner_id.name,
            weight=in_words(self.env, weight),
            minimum=in_words(self.env, least),
            missing=in_words(self.env, least - weight),
        )
