"""Two real connections act on one loan: one wins, the other reads a sentence.

As in the races for an asset, the second takes its snapshot before the first commits.
Data is committed, and deleted at the end.
"""

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..models.occupancy import NotFree
from .common import NOW, EssData, utc
from .common_loan import PIXEL, WINDOW

# In the order in which they can be deleted.
LOANS = (
    "ess_loan_signature ess_loan_extension ess_loan_deposit ess_exchange "
    "ess_occupancy ess_booking ess_loan"
).split()
TABLES = (
    "ess_asset_ess_circle_rel ess_asset ess_booking_policy ess_asset_category "
    "ess_circle_membership ess_circle"
).split()
THURSDAY = utc("2026-01-15 09:00")


@tagged("post_install", "-at_install")
class TestLoanRaces(EssData, BaseCase):
    """La Fabrique (Bob) hires its van to Le Phare (Anaïs) from Monday to Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_federation()
            cls.policy.loan_kind = "hire"
            people = env["res.partner"].create(
                [
                    {"name": "Bob", "parent_id": cls.fabrique.id},
                    {"name": "Anaïs", "parent_id": cls.phare.id},
                ]
            )
            cls.bob, cls.anais = people.ids
            members = cls.fabrique | cls.phare | cls.semeurs
            cls.partner_ids = (*people.ids, *members.ids)
            env.cr.commit()

    @classmethod
    @contextmanager
    def _connection(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
            cr.rollback()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            for table in (*LOANS, *TABLES):
                env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103
            env.cr.execute(
                "DELETE FROM resource_resource WHERE resource_type='material'"
            )
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    def setUp(self):
        super().setUp()
        with self._connection() as env:
            booking = self._draft(env, self.phare)
            booking.action_request()
            self.booking_id, self.loan_id = booking.id, booking.loan_id.id
            env.cr.commit()
        self.addCleanup(self._forget)

    def _forget(self):
        with self._connection() as env:
            env["ir.attachment"].search(
                [("res_model", "in", ("ess.loan", "ess.loan.signature"))]
            ).unlink()
            for table in LOANS:
                env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103
            env.cr.commit()

    def _draft(self, env, entity, window=WINDOW):
        return env["ess.booking"].create(
            {
                "asset_id": self.van.id,
                "entity_id": entity.id,
                "start": utc(window[0]),
                "stop": utc(window[1]),
            }
        )

    def _committed(self, act):
        with self._connection() as env:
            made = act(env)
            env.cr.commit()
            return made.id

    def _loan(self, env):
        return env["ess.loan"].browse(self.loan_id)

    def _sign(self, contact_id, seen=None):
        return lambda env: self._loan(env).action_sign("Me", PIXEL, contact_id, seen)

    def _signed_and_out(self):
        def act(env):
            self._sign(self.bob)(env)
            self._sign(self.anais)(env)
            env["ess.booking"].browse(self.booking_id)._hand_over_use()
            return self._loan(env)

        self._committed(act)

    def _race(self, first, second, error=None, sentence=None):
        """Both look, the first commits; the second collides, and is tried again."""
        attempts = []

        def counted(env):
            attempts.append(1)
            try:
                second(env)
                env.flush_all()
            except SerializationFailure:
                attempts.append("collided")
                raise

        with self._connection() as early, self._connection() as late:
            late.cr.execute("SELECT count(*) FROM ess_loan")
            first(early)
            early.flush_all()
            early.cr.commit()
            with (
                patch("odoo.service.model.time.sleep"),
                mute_logger("odoo.sql_db", "odoo.service.model"),
            ):
                if error:
                    with self.assertRaisesRegex(error, sentence):
                        retrying(lambda: counted(late), late)
                else:
                    retrying(lambda: counted(late), late)
                    late.cr.commit()
        self.assertIn("collided", attempts, "the second did not see the first at all")

    def _found(self, act):
        with self._connection() as env:
            return act(self._loan(env))

    # === EXTENSION === #

    def test_extension_against_a_new_booking(self):
        """Les Semeurs book Wednesday noon while the lender agrees to Thursday."""
        self._signed_and_out()
        extension_id = self._committed(
            lambda env: self._loan(env).action_ask_extension(THURSDAY)
        )
        other_id = self._committed(
            lambda env: self._draft(
                env, self.semeurs, ("2026-01-14 12:00", "2026-01-14 18:00")
            )
        )

        def book(env):
            env["ess.booking"].browse(other_id).action_request()

        def agree(env):
            env["ess.loan.extension"].browse(extension_id).action_agree()

        self._race(book, agree, NotFree, "Van is taken")
        self.assertEqual(self._found(lambda one: one.stop), utc(WINDOW[1]))
        self.assertEqual(self._found(lambda one: one.extension_ids.state), "asked")

    def test_a_new_booking_against_the_extension(self):
        """The other way round: the extension is there first."""
        self._signed_and_out()
        extension_id = self._committed(
            lambda env: self._loan(env).action_ask_extension(THURSDAY)
        )
        other_id = self._committed(
            lambda env: self._draft(
                env, self.semeurs, ("2026-01-14 12:00", "2026-01-14 18:00")
            )
        )
        self._race(
            lambda env: env["ess.loan.extension"].browse(extension_id).action_agree(),
            lambda env: env["ess.booking"].browse(other_id).action_request(),
            NotFree,
            "Van is taken",
        )
        self.assertEqual(self._found(lambda one: one.stop), THURSDAY)

    def test_agreed_while_it_is_withdrawn(self):
        self._signed_and_out()
        extension_id = self._committed(
            lambda env: self._loan(env).action_ask_extension(THURSDAY)
        )

        def answer(name):
            return lambda env: getattr(
                env["ess.loan.extension"].browse(extension_id), name
            )()

        self._race(
            answer("action_withdraw"),
            answer("action_agree"),
            UserError,
            "This extension is withdrawn",
        )
        self.assertEqual(self._found(lambda one: one.stop), utc(WINDOW[1]))

    def test_two_people_ask_at_once(self):
        self._signed_and_out()

        def ask(env):
            self._loan(env).action_ask_extension(THURSDAY)

        self._race(ask, ask, UserError, "waits for an answer already")
        self.assertEqual(self._found(lambda one: len(one.extension_ids)), 1)

    # === SIGNATURES === #

    def test_both_sides_sign_at_once(self):
        """Neither sees the other at first: the second one completes the agreement."""
        self._race(self._sign(self.bob), self._sign(self.anais))
        self.assertEqual(self._found(lambda one: one.state), "signed")
        self.assertTrue(self._found(lambda one: one.document_hash))

    def test_one_side_signs_twice_at_once(self):
        self._race(
            self._sign(self.anais),
            self._sign(self.anais),
            UserError,
            "is signed already for your organisation",
        )
        self.assertEqual(self._found(lambda one: len(one.signature_ids)), 1)

    def test_signed_while_it_is_changed(self):
        """Who reads Wednesday does not sign Thursday."""
        seen = self._found(lambda one: one._terms_hash())

        def change(env):
            booking = env["ess.booking"].browse(self.booking_id)
            booking.action_reschedule(None, THURSDAY)

        self._race(
            change,
            self._sign(self.anais, seen),
            UserError,
            "was changed since you opened it",
        )
        self.assertEqual(self._found(lambda one: len(one.signature_ids)), 0)

    def test_changed_while_it_is_signed(self):
        """The change comes after the signature, which it voids."""

        def change(env):
            booking = env["ess.booking"].browse(self.booking_id)
            booking.action_reschedule(None, THURSDAY)

        self._race(self._sign(self.anais), change)
        self.assertEqual(self._found(lambda one: len(one._signatures())), 0)
        self.assertTrue(self._found(lambda one: one.signature_ids.voided_on))
