"""Two real connections: the first commits while the second is at work on the same.

The second takes its snapshot before the first commits, as any request does (session
and user are read first). Data is committed, so each test class deletes its own.
"""

from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger


class RaceCase(BaseCase):
    # a table that both read at their start
    seen_table = "res_partner"
    racing_user_id = SUPERUSER_ID
    # what the second reads, unless a test says otherwise
    refusal = UserError

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    @classmethod
    @contextmanager
    def _connection(cls, user_id=SUPERUSER_ID):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, user_id, {"lang": "en_US"})
            cr.rollback()

    @staticmethod
    def _delete(env, tables):
        """Delete all rows of these tables of ours, past every guard."""
        for table in tables:
            env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103

    @classmethod
    def _delete_resources(cls, env):
        env.cr.execute("DELETE FROM resource_resource WHERE resource_type='material'")

    def _race(self, first, second, sentence="", error=None, collides=True):
        """Both look, the first commits, the second must fail and say why.

        :param first, second: functions of an environment
        :param bool collides: whether the second has to meet the first in the database
        """
        attempts = []

        def counted(env):
            attempts.append(1)
            try:
                second(env)
                env.flush_all()
            except SerializationFailure:
                attempts.append("collided")
                raise

        user_id = self.racing_user_id
        with self._connection(user_id) as early, self._connection(user_id) as late:
            late.cr.execute(f'SELECT count(*) FROM "{self.seen_table}"')  # pylint: disable=E8103
            first(early)
            early.flush_all()
            early.cr.commit()
            with self.assertRaisesRegex(error or self.refusal, sentence):
                self._retry(counted, late)
        if collides:
            self.assertIn("collided", attempts, "the second did not see the first")

    @staticmethod
    def _retry(act, env):
        """As Odoo does it for a request, without waiting and without noise."""
        with (
            patch("odoo.service.model.time.sleep"),
            mute_logger("odoo.sql_db", "odoo.service.model"),
        ):
            return retrying(lambda: act(env), env)
