"""What happens without anybody: opening, closing, the next round, mails."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ..models.round_mail import STEPS
from .common import utc
from .common_round import RoundCommon


class RoundCronCase(RoundCommon):
    def _run(self, name, at=None):
        with self.at(at or "2026-01-05 08:00:00"), self.enter_registry_test_mode():
            cron = self.env.ref(f"ess_mutualisation.ir_cron_round_{name}")
            cron.method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestRoundCron(RoundCronCase):
    # === OPENING AND CLOSING === #

    def test_a_draft_opens_at_its_time(self):
        self.round.date_open = utc("2026-01-06 09:00")
        self._run("open", "2026-01-06 07:55:00")
        self.assertEqual(self.round.state, "draft")
        self._run("open", "2026-01-06 08:05:00")
        self.assertEqual(self.round.state, "open")
        self.assertEqual(self.round.date_open, utc("2026-01-06 09:00"), "as planned")

    def test_what_cannot_open_asks_its_coordinator_once(self):
        self.round.date_open = utc("2026-01-06 09:00")
        self.flour.tier_ids.unlink()
        for _twice in range(2):
            self._run("open", "2026-01-06 08:05:00")
        self.assertEqual(self.round.state, "draft")
        (todo,) = self.round.activity_ids
        self.assertIn("Flour T80 has no price", todo.note)

    def test_one_failure_does_not_stop_the_others(self):
        other = self._round(name="Other")
        self._offer(self.flour_product, self.nord, [(0, 30.0)], other)
        (self.round | other).action_open()
        close = type(other)._close

        def failing(one):
            if one == other:
                raise ValueError("The printer is on fire")
            return close(one)

        with (
            patch.object(type(other), "_close", failing),
            mute_logger("odoo.addons.ess_mutualisation.models.round_cron"),
        ):
            self._run("close", "2026-01-09 17:00:00")
        self.assertEqual((self.round.state, other.state), ("closed", "open"))

    # === COPIES AND SERIES === #

    def test_a_copy_has_offers_and_suppliers_of_its_own(self):
        self.soap.supplier_id.minimum_amount = 100
        self.env["ess.round.cost"].create(
            {
                "round_id": self.round.id,
                "name": "Freight",
                "estimated": 40,
                "supplier_ids": self.soap.supplier_id.ids,
            }
        )
        self.round.action_open()
        self._commit(self.flour, self.phare, 12)
        copy = self.round.copy()
        self.assertEqual((copy.name, copy.state), ("January (copy)", "draft"))
        self.assertFalse(copy.date_close or copy.commitment_ids or copy.previous_id)
        self.assertEqual(len(copy.offer_ids), 2)
        self.assertEqual(copy.offer_ids.supplier_id, copy.supplier_ids)
        self.assertFalse(copy.supplier_ids & self.round.supplier_ids)
        self.assertEqual(copy.supplier_ids.mapped("minimum_amount"), [0, 100])
        self.assertEqual(copy.cost_ids.supplier_ids.partner_id, self.lessive)
        flour = copy.offer_ids.filtered(lambda o: o.product_id == self.flour_product)
        self.assertEqual(flour.tier_ids.mapped("price"), [30, 27])
        self.assertFalse(flour.snapshot)

    def test_the_next_week_by_itself(self):
        """Opened Monday 5 January: the next one is there on Friday 9, opens on Monday
        12 at nine, and is opened once."""
        self.round.write({"repeat": "week", "date_delivery": "2026-01-14"})
        self.env["ess.round.slot"].create(
            {
                "round_id": self.round.id,
                "start": utc("2026-01-14 17:00"),
                "stop": utc("2026-01-14 19:00"),
            }
        )
        self.round.action_open()
        self._run("recur", "2026-01-09 07:00:00")
        self.assertFalse(self.round.next_ids)
        for _twice in range(2):
            self._run("recur", "2026-01-09 08:00:00")
        (following,) = self.round.next_ids
        self.assertEqual((following.name, following.state), ("January", "draft"))
        self.assertEqual(following.date_open, utc("2026-01-12 09:00"))
        self.assertEqual(following.date_close, utc("2026-01-16 18:00"))
        self.assertEqual(str(following.date_delivery), "2026-01-21")
        self.assertEqual(following.slot_ids.start, utc("2026-01-21 17:00"))
        self.assertIn("opens by itself", following.activity_ids.summary)
        self._run("open", "2026-01-12 08:00:00")
        self.assertEqual(following.state, "open")
        self._run("recur", "2026-01-16 08:00:00")
        self.assertEqual(following.next_ids.date_open, utc("2026-01-19 09:00"))

    def test_every_month_from_the_31st(self):
        """31 January, 28 February, 31 March; nine o'clock in summer time, too."""
        self.round.write({"repeat": "month", "date_close": utc("2026-02-05 18:00")})
        with self.at("2026-01-31 08:00:00"):
            self.round.action_open()
        days = []
        one = self.round
        for now in ("2026-02-27 08:00:00", "2026-03-30 08:00:00"):
            self._run("recur", now)
            one = one.next_ids
            days.append((one.date_open, one.date_close))
            with self.at("2026-03-31 07:00:00" if len(days) == 2 else now):
                one.action_open()
            one.date_open = days[-1][0]
        self.assertEqual(
            days,
            [
                (utc("2026-02-28 09:00"), utc("2026-03-05 18:00")),
                (utc("2026-03-31 09:00"), utc("2026-04-05 18:00")),
            ],
        )

    def test_rounds_that_nobody_looked_after_are_left_out(self):
        self.round.repeat = "week"
        self.round.action_open()
        self._run("recur", "2026-02-18 08:00:00")
        self.assertEqual(self.round.next_ids.date_open, utc("2026-02-16 09:00"))

    def test_a_deadline_put_off_does_not_drift(self):
        self.round.repeat = "week"
        self.round.action_open()
        self.round.action_extend("2026-01-11 17:00:00")
        self._run("recur", "2026-01-09 08:00:00")
        self.assertEqual(self.round.next_ids.date_close, utc("2026-01-16 18:00"))

    def test_the_end_of_a_series(self):
        self.round.repeat = "week"
        self.round.action_open()
        self.round.repeat = "no"
        self._run("recur", "2026-01-20 08:00:00")
        self.assertFalse(self.round.next_ids)


@tagged("post_install", "-at_install")
class TestRoundMails(RoundCronCase, MockEmail):
    """Anaïs of Le Phare reads French, Bob of La Fabrique English; Les Semeurs have
    no volunteer: the organisation itself is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.anais = cls._volunteer(cls.phare, "anais").partner_id
        cls.bob = cls._volunteer(cls.fabrique, "bob").partner_id
        cls.anais.lang, cls.bob.lang = "fr_FR", "en_US"

    def _mails(self, at=None):
        """{reader: (subject, body)} of the mails that are written now."""
        domain = [("model", "=", "ess.round"), ("is_notification", "=", False)]
        before = self.env["mail.mail"].sudo().search(domain)
        self._run("tell", at)
        new = self.env["mail.mail"].sudo().search(domain) - before
        self.assertEqual(len(new.recipient_ids), len(new), "nobody is told twice")
        return {mail.recipient_ids: (mail.subject, mail.body_html) for mail in new}

    def test_each_step_has_its_template(self):
        for step in STEPS:
            template = self.env.ref(f"ess_mutualisation.mail_template_round_{step}")
            self.assertEqual(template.model, "ess.round", step)

    def test_opened(self):
        self.round.place = "12 rue du Port"
        self.round.action_open()
        mails = self._mails()
        self.assertEqual(set(mails), {self.anais, self.bob, self.semeurs})
        subject, body = mails[self.bob]
        self.assertEqual(subject, "Open until 9 January 2026: January")
        self.assertIn("Hello bob", body)
        self.assertIn("12 rue du Port", body)
        self.assertIn(f"/my/rounds/{self.round.id}", body)
        self.assertFalse(self._mails(), "told once")

    def test_reminded_once(self):
        self.round.action_open()
        self._commit(self.flour, self.fabrique, 3)
        self._mails()
        self._run("remind", "2026-01-07 16:55:00")
        self.assertFalse(self.round.reminded_on)
        for _twice in range(2):
            self._run("remind", "2026-01-07 17:00:00")
        mails = self._mails("2026-01-07 17:00:00")
        self.assertEqual(set(mails), {self.anais, self.bob, self.semeurs})
        self.assertIn("has asked for one product", mails[self.bob][1])
        self.assertIn("has asked for nothing yet", mails[self.semeurs][1])
        # a deadline that is put off is worth a reminder of its own
        with self.at("2026-01-08 08:00:00"):
            self.round.action_extend("2026-01-12 17:00:00")
        self.assertFalse(self.round.reminded_on)

    def test_no_reminder_of_what_opened_the_day_before(self):
        with self.at("2026-01-08 08:00:00"):
            self.round.action_open()
        self._run("remind", "2026-01-09 08:00:00")
        self.assertFalse(self.round.reminded_on)

    def test_a_better_price_is_near_once_for_each_price(self):
        """23 bags of 24: one more makes it 27 in place of 30, −10 %."""
        self.round.action_open()
        one = self._commit(self.flour, self.phare, 11)
        self._mails()
        self._run("nudge")
        self.assertFalse(self._mails(), "13 are missing, more than a carton")
        one.want = 23
        for _twice in range(2):
            self._run("nudge")
        mails = self._mails()
        self.assertEqual(set(mails), {self.anais})
        self._commit(self.flour, self.fabrique, 1)
        one.want = 22
        self._run("nudge")
        self.assertFalse(self._mails(), "that price was told of already")
        self.assertEqual(
            self.round._nudge_sentences(
                [{"offer": self.flour.id, "missing": 1, "price": "27", "gain": "10"}]
            ),
            ["Flour T80: 1 more make it 27.00\u00a0€ for everybody (−10 %)."],
        )

    def test_put_off_with_the_reason(self):
        self.soap.supplier_id.minimum_amount = 100
        self.round.minimum_policy = "extend"
        self.round.action_open()
        self._commit(self.soap, self.phare, 10)
        self._mails()
        self._run("close", "2026-01-09 17:00:00")
        _subject, body = self._mails("2026-01-09 17:00:00")[self.bob]
        self.assertIn("its minimum is 100.00", body)

    def test_called_off(self):
        self.round.action_open()
        self._commit(self.flour, self.fabrique, 3)
        self._mails()
        self.round.action_cancel("The van is broken.")
        mails = self._mails()
        self.assertEqual(set(mails), {self.bob}, "who has committed")
        self.assertIn("The van is broken.", mails[self.bob][1])

    def test_a_draft_that_is_called_off_tells_nobody(self):
        self.round.action_cancel("A mistake.")
        self.assertFalse(self._mails())

    def test_the_result_and_why(self):
        """20 asked for, one carton of 12 comes: each reads its own lines only."""
        self.round.action_open()
        self._commit(self.flour, self.fabrique, 12)
        self._commit(self.flour, self.phare, 8)
        self._commit(self.soap, self.phare, 3)
        self._mails()
        self._run("close", "2026-01-09 17:00:00")
        mails = self._mails("2026-01-09 17:00:00")
        self.assertEqual(set(mails), {self.anais, self.bob})
        subject, body = mails[self.bob]
        self.assertEqual(subject, "What you get: January")
        self.assertIn("7 of the 12 asked for", body)
        self.assertIn("210.00", body)
        self.assertNotIn("Soap", body)
        self.assertNotIn("Phare", body)
        self.assertIn("Soap", mails[self.anais][1])
        self.assertIn("162,00", mails[self.anais][1], "as French writes it")
        self.assertFalse(self._mails("2026-01-09 17:05:00"))

    def test_the_goods_are_there(self):
        """24 bags are ordered, 18 come: nine of twelve for each of two; told once."""
        self.round.action_open()
        self._commit(self.flour, self.fabrique, 12)
        self._commit(self.flour, self.phare, 12)
        self._commit(self.soap, self.phare, 3)
        self._mails()
        self.round.action_close()
        self._mails()
        self.round.action_order()
        self.round._receive({self.flour: (18, 0, {})})
        self.assertFalse(self._mails(), "the soap has not come yet")
        self.round._receive({self.soap: (3, 0, {})})
        mails = self._mails()
        self.assertEqual(set(mails), {self.anais, self.bob})
        subject, body = mails[self.bob]
        self.assertEqual(subject, "The goods are there: January")
        self.assertIn("9", body)
        self.assertIn(
            "18 came of the 24 ordered; they are shared out in proportion",
            body,
        )
        self.assertNotIn("Soap", body)
        self.round._receive({self.flour: (20, 0, {})})
        self.assertFalse(self._mails(), "a later count does not call them again")

    def test_a_message_of_the_coordinator(self):
        with self.assertRaisesRegex(UserError, "January is draft"):
            self.round.action_message("Hello")
        self.round.action_open()
        self._commit(self.flour, self.fabrique, 3)
        self._mails()
        question = self.env["ess.round.message"].with_context(
            active_model="ess.round", active_id=self.round.id
        )
        question.create({"text": "The van comes <late>."}).action_apply()
        mails = self._mails()
        self.assertEqual(set(mails), {self.bob})
        subject, body = mails[self.bob]
        self.assertEqual(subject, "About January")
        self.assertIn("The van comes &lt;late&gt;.", body)
        self.round.action_message("To all", "circle")
        self.assertEqual(set(self._mails()), {self.anais, self.bob, self.semeurs})
        with self.assertRaisesRegex(UserError, "Message: write what"):
            self.round.action_message("  ")

    def test_an_act_that_is_undone_tells_nobody(self):
        self.flour.tier_ids.unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.round.action_open()
        self.assertFalse(self._mails())

    def test_a_demonstration_tells_nobody(self):
        self.round.with_context(ess_silent=True).action_open()
        self.assertFalse(self._mails())
