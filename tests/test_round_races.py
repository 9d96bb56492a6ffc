"""Two real connections on one round: nothing lost, nothing double.

Data is committed, and deleted at the end.
"""

from contextlib import contextmanager
from threading import Barrier, Thread
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import IntegrityConstraintViolation, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import NOW, EssData
from .common_round import RoundData

# Deleting a round deletes what is in it.
TABLES = (
    "ess_round ess_occupancy ess_booking ess_asset_ess_circle_rel ess_asset "
    "ess_booking_policy ess_asset_category ess_circle_membership ess_circle"
).split()


@tagged("post_install", "-at_install")
class TestRoundRaces(RoundData, EssData, BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls._set_up_round()
            cls.anais = cls._volunteer(cls.phare, "race_anais")
            cls.basile = cls._volunteer(cls.phare, "race_basile")
            cls.carole = cls._volunteer(cls.semeurs, "race_carole")
            users = cls.anais | cls.basile | cls.carole
            cls.user_ids = tuple(users.ids)
            partners = cls.fabrique | cls.phare | cls.semeurs | cls.nord | cls.lessive
            cls.partner_ids = tuple((users.partner_id | partners).ids)
            products = cls.flour_product | cls.soap_product
            cls.template_ids = tuple(products.product_tmpl_id.ids)
            env.cr.commit()

    @classmethod
    @contextmanager
    def _connection(cls, user=None):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, user.id if user else SUPERUSER_ID, {})
            cr.rollback()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            for table in TABLES:
                env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103
            env.cr.execute(
                "DELETE FROM resource_resource WHERE resource_type='material'"
            )
            env.cr.execute(
                "DELETE FROM product_template WHERE id IN %s", [cls.template_ids]
            )
            env["res.users"].browse(cls.user_ids).active = False
            env.flush_all()
            env.cr.execute("DELETE FROM res_users WHERE id IN %s", [cls.user_ids])
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    def setUp(self):
        """An open round on which Le Phare asks for 12 of flour; committed."""
        super().setUp()
        with self._connection() as env:
            type(self).env = env
            buying = self._round(name="Race")
            offer = self._offer(
                self.flour_product.with_env(env),
                self.nord.with_env(env),
                [(0, 30.0), (24, 27.0)],
                buying,
                carton=12,
            )
            buying.action_open()
            one = self._commit(offer, self.phare, 12)
            self.round_id, self.offer_id, self.one_id = buying.id, offer.id, one.id
            env.cr.commit()

    # === HOW THEY RACE === #

    def _race(self, first, second, users=(None, None)):
        """Both look, the first commits, the second collides and is tried again.

        :return: what the second got at last
        """
        attempts, results = [], []

        def counted(env):
            attempts.append(1)
            try:
                result = second(env)
                env.flush_all()
            except SerializationFailure:
                attempts.append("collided")
                raise
            results.append(result)

        with self._connection(users[0]) as early, self._connection(users[1]) as late:
            late.cr.execute("SELECT count(*) FROM ess_commitment")
            first(early)
            early.flush_all()
            early.cr.commit()
            with (
                patch("odoo.service.model.time.sleep"),
                mute_logger("odoo.sql_db", "odoo.service.model"),
            ):
                retrying(lambda: counted(late), late)
            late.cr.commit()
        self.assertIn("collided", attempts, "the second did not see the first at all")
        return results[0]

    def _say(self, want, version=0):
        def act(env):
            offer = env["ess.round.offer"].browse(self.offer_id)
            return env["ess.commitment"]._portal_commit(offer, {"want": want}, version)

        return act

    def _close(self, env):
        return env["ess.round"].browse(self.round_id).action_close()

    @contextmanager
    def _result(self):
        with self._connection() as env:
            yield env["ess.round"].browse(self.round_id)

    # === TWO VOLUNTEERS === #

    def test_two_volunteers_change_one_commitment(self):
        _one, refusal = self._race(
            self._say(14, 1), self._say(20, 1), (self.anais, self.basile)
        )
        self.assertEqual(refusal["codes"], ["stale"])
        self.assertIn("it is now 14", refusal["message"])
        self.assertIn("you gave 20", refusal["message"])
        with self._result() as buying:
            self.assertEqual(buying.commitment_ids.want, 14)

    def test_two_volunteers_make_the_first_commitment(self):
        with self._connection() as env:
            env.cr.execute("DELETE FROM ess_commitment WHERE id = %s", [self.one_id])
            env.cr.commit()
        _one, refusal = self._race(
            self._say(5), self._say(7), (self.anais, self.basile)
        )
        self.assertEqual(refusal["codes"], ["stale"])
        with self._result() as buying:
            self.assertEqual(buying.commitment_ids.mapped("want"), [5])

    def test_two_members_do_not_wait_for_each_other(self):
        """Commitments of two members collide on nothing, whatever their gates."""
        with self._connection() as env:
            other = self.semeurs.id % 16 != self.phare.id % 16
            env.cr.rollback()
        if not other:
            self.skipTest("these two members share a gate in this database")
        with (
            self._connection(self.anais) as one,
            self._connection(self.carole) as two,
        ):
            two.cr.execute("SELECT count(*) FROM ess_commitment")
            self._say(13, 1)(one)
            one.flush_all()
            # not even committed: the second is not held up
            two.cr.execute("SET LOCAL lock_timeout = '2s'")
            _made, refusal = self._say(4)(two)
            self.assertIsNone(refusal)
            two.cr.commit()
            one.cr.commit()
        with self._result() as buying:
            self.assertEqual(sorted(buying.commitment_ids.mapped("want")), [4, 13])

    # === A COMMITMENT AT THE SECOND OF THE FREEZE === #

    def test_a_commitment_just_before_the_freeze_is_in(self):
        """The freeze looked before it was there: it is tried again, and counts it."""
        self._race(self._say(4), self._close, (self.carole, None))
        with self._result() as buying:
            self.assertEqual(buying.state, "closed")
            self.assertEqual(sum(buying.commitment_ids.mapped("want")), 16)
            rows = buying.frozen_input["offers"][0]["commitments"]
            self.assertEqual(sorted(row[2] for row in rows), [4, 12])
            self.assertEqual(buying._replay(), [])

    def test_a_change_just_before_the_freeze_is_in(self):
        self._race(self._say(24, 1), self._close, (self.anais, None))
        with self._result() as buying:
            self.assertEqual(buying.commitment_ids.allotted, 24)
            self.assertEqual(buying.offer_ids.unit_price, 27)

    def test_a_commitment_just_after_the_freeze_is_refused(self):
        one, refusal = self._race(self._close, self._say(4), (None, self.carole))
        self.assertFalse(one)
        self.assertIn("Race is closed", refusal["message"])
        with self._result() as buying:
            self.assertEqual(buying.commitment_ids.mapped("want"), [12])

    def test_a_withdrawal_just_after_the_freeze_is_refused(self):
        def withdraw(env):
            env["ess.commitment"].browse(self.one_id).action_withdraw()

        with self.assertRaisesRegex(UserError, "Race is closed"):
            self._race(self._close, withdraw, (None, self.anais))
        with self._result() as buying:
            self.assertEqual(buying.commitment_ids.allotted, 12)

    def test_the_database_refuses_it_too(self):
        """Without the ORM: whoever writes past the rules."""
        with self._connection() as env:
            # where the assertion makes its savepoint
            type(self).env = env
            self._close(env)
            env.flush_all()
            for statement in (
                "UPDATE ess_commitment SET want = 1 WHERE id = %s",
                "DELETE FROM ess_commitment WHERE id = %s",
            ):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityConstraintViolation),
                ):
                    env.cr.execute(statement, [self.one_id])

    def test_a_new_price_at_the_second_of_the_freeze(self):
        """The coordinator corrects a price: it is in the decision, or refused."""

        def correct(env):
            env["ess.round.offer"].browse(self.offer_id).tier_ids[0].price = 31

        self._race(correct, self._close)
        with self._result() as buying:
            self.assertEqual(buying.offer_ids.unit_price, 31)
            self.assertEqual(buying._replay(), [])

    # === TWO FREEZES, TWO ACTS === #

    def test_two_freezes_make_one(self):
        with self.assertRaisesRegex(UserError, "Race is closed"):
            self._race(self._close, self._close)
        with self._result() as buying:
            self.assertEqual(buying.state, "closed")
            self.assertEqual(buying.commitment_ids.allotted, 12)

    def test_closed_while_it_is_called_off(self):
        def cancel(env):
            env["ess.round"].browse(self.round_id).action_cancel("Rain")

        with self.assertRaisesRegex(UserError, "Race is cancelled"):
            self._race(cancel, self._close)
        with self._result() as buying:
            self.assertFalse(buying.frozen_hash)

    def test_two_answers_about_one_product(self):
        """12 of a minimum of 36: one leaves it out, the other orders it anyway."""
        with self._connection() as env:
            buying = env["ess.round"].browse(self.round_id)
            buying.product_policy = "ask"
            buying.offer_ids.minimum = 36
            buying.action_close()
            self.assertEqual(buying.offer_ids.minimum_state, "asked")
            env.cr.commit()

        def answer(name):
            def act(env):
                offer = env["ess.round.offer"].browse(self.offer_id)
                try:
                    return getattr(offer, name)()
                except UserError as error:
                    return str(error)

            return act

        said = self._race(answer("action_leave_out"), answer("action_order_anyway"))
        self.assertIn("Race is closed", said)
        with self._result() as buying:
            self.assertEqual(buying.offer_ids.minimum_state, "out")
            self.assertEqual((buying.state, buying.offer_ids.ordered), ("closed", 0))

    def test_two_crons_make_one_next_round(self):
        with self._result() as buying:
            buying.repeat = "week"
            buying.env.cr.commit()

        def follow(env):
            env["ess.round"].browse(self.round_id)._make_next()

        with self._connection() as early, self._connection() as late:
            late.cr.execute("SELECT count(*) FROM ess_round")
            follow(early)
            early.cr.commit()
            with (
                mute_logger("odoo.sql_db", "odoo.service.model"),
                self.assertRaisesRegex(ValidationError, "The next round of this one"),
            ):
                retrying(lambda: follow(late), late)
        with self._result() as buying:
            self.assertEqual(len(buying.next_ids), 1)

    def test_three_volunteers_and_the_freeze_at_the_same_moment(self):
        """Threads press together: what is accepted is decided on, all of it."""
        barrier, outcomes = Barrier(4), {}

        def press(name, user, act):
            with self._connection(user) as env:
                env.cr.execute("SELECT 1 FROM ess_commitment")
                barrier.wait(10)
                try:
                    outcomes[name] = retrying(lambda: act(env), env)
                except UserError as error:
                    outcomes[name] = str(error)

        acts = [
            ("anais", self.anais, self._say(15, 1)),
            ("basile", self.basile, self._say(16, 1)),
            ("carole", self.carole, self._say(4)),
            ("freeze", None, self._close),
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            threads = [Thread(target=press, args=args) for args in acts]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertIs(outcomes.pop("freeze"), True)
        accepted = {name: refusal is None for name, (_one, refusal) in outcomes.items()}
        self.assertFalse(accepted["anais"] and accepted["basile"])
        with self._result() as buying:
            rows = buying.frozen_input["offers"][0]["commitments"]
            decided = {row[1]: row[2] for row in rows}
            stored = {one.entity_id.id: one.want for one in buying.commitment_ids}
            self.assertEqual(decided, stored)
            first = 15 if accepted["anais"] else 16 if accepted["basile"] else 12
            self.assertEqual(decided[self.phare.id], first)
            self.assertEqual(
                decided.get(self.semeurs.id), 4 if accepted["carole"] else None
            )
