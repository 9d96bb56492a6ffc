"""Two who order, or settle, one round at the same moment: done once.

The second connection has taken its snapshot before the first commits, as any request
has; it collides, and is tried again with fresh eyes. Data is committed, and deleted at
the end.
"""

from contextlib import contextmanager

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import NOW, EssData
from .common_round import RoundData

TABLES = (
    "ess_exchange purchase_order ess_round_share ess_round ess_occupancy ess_booking "
    "ess_asset_ess_circle_rel ess_asset ess_booking_policy ess_asset_category "
    "ess_circle_membership ess_circle"
).split()


@tagged("post_install", "-at_install")
class TestRoundSettleRaces(RoundData, EssData, BaseCase):
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
            partners = cls.fabrique | cls.phare | cls.semeurs | cls.nord | cls.lessive
            cls.partner_ids = tuple(partners.ids)
            products = cls.flour_product | cls.soap_product
            cls.template_ids = tuple(products.product_tmpl_id.ids)
            cls.round.cost_product_id = cls.flour_product
            cls.round.action_open()
            cls._commit(cls.flour, cls.phare, 24)
            cls._commit(cls.flour, cls.semeurs, 12)
            cls.round.action_close()
            cls.round_id = cls.round.id
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
            accounts = env["ess.round"].search([]).analytic_account_id.ids
            for table in TABLES:
                env.cr.execute(f'DELETE FROM "{table}"')  # pylint: disable=E8103
            env["account.analytic.account"].browse(accounts).unlink()
            env.flush_all()
            env.cr.execute(
                "DELETE FROM resource_resource WHERE resource_type='material'"
            )
            env.cr.execute(
                "DELETE FROM product_template WHERE id IN %s", [cls.template_ids]
            )
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    def _collide(self, early, late):
        """Both look, the first commits, the second collides.

        :param early: what the first does with the round; `late`: the second
        """
        with self._connection() as first, self._connection() as second:
            one = second["ess.round"].browse(self.round_id)
            one.read(["state", "version"])  # its snapshot
            early(first["ess.round"].browse(self.round_id))
            first.cr.commit()
            collided = False
            with mute_logger("odoo.sql_db"):
                try:
                    late(one)
                except SerializationFailure:
                    collided = True
            self.assertTrue(collided, "the second did not see the first at all")
            second.cr.rollback()

    def _both(self, act):
        """:return: what the second says when it is tried again"""

        def run(one):
            getattr(one, act)()

        self._collide(run, run)
        with self._connection() as again:
            try:
                getattr(again["ess.round"].browse(self.round_id), act)()
                again.cr.commit()
            except UserError as error:
                return str(error)
        return ""

    def test_ordered_and_settled_once(self):
        said = self._both("action_order")
        self.assertIn("January is ordered already", said)
        with self._connection() as env:
            orders = env["purchase.order"].search(
                [("ess_round_id", "=", self.round_id)]
            )
            self.assertEqual(len(orders), 1)
            one = env["ess.round"].browse(self.round_id)
            one._receive({o: (o.ordered, 0, {}) for o in one.offer_ids if o.ordered})
            env["ess.round.cost"].create(
                {
                    "round_id": self.round_id,
                    "name": "Help",
                    "kind": "fee",
                    "amount": 10,
                    "is_final": True,
                    "basis": "quantity",
                }
            )
            env.cr.commit()
        self.assertEqual(self._both("action_settle"), "")
        with self._connection() as env:
            exchanges = env["ess.exchange"].search(
                [("round_share_id.round_id", "=", self.round_id)]
            )
            # 24 and 12 of 36
            self.assertEqual(sorted(exchanges.mapped("amount")), [3.33, 6.67])
        self._settled_while_a_bill_changes()

    def _settled_while_a_bill_changes(self):
        """Whoever settles has not seen the bill that is posted at this moment, and who
        posts it has not seen the settlement: one of them begins again."""

        def settle(one):
            one.action_settle()

        def post(one):
            one._bill_changed(one.env["account.move"])

        self._collide(settle, post)
        self._collide(post, settle)
