"""Two accountants, two real connections: one set of entries."""

from freezegun import freeze_time

from odoo.tests import tagged

from .common_races import RaceCase
from .common_settlement import SETTLING_DAY, SettlementData

# In the order in which they can be deleted.
TABLES = (
    "ess_settlement_transfer ess_settlement_issue ess_settlement_item "
    "ess_settlement_line ess_exchange account_partial_reconcile account_move_line "
    "account_move ess_settlement ess_booking ess_asset_ess_circle_rel ess_asset "
    "ess_booking_policy ess_asset_category ess_circle_membership ess_circle"
).split()


@tagged("post_install", "-at_install")
class TestSettlementRaces(SettlementData, RaceCase):
    seen_table = "ess_settlement_item"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(SETTLING_DAY))
        cls.addClassCleanup(cls._clean_up)
        with cls._connection() as env:
            cls.env = env
            cls._set_up_settlement()
            members = cls.fabrique | cls.phare | cls.semeurs
            cls.partner_ids = tuple(members.ids)
            env.cr.commit()

    @classmethod
    def _clean_up(cls):
        with cls._connection() as env:
            cls._forget(env, TABLES)
            cls._delete_resources(env)
            for records in (
                cls.hire | cls.meals,
                cls.tax_20 | cls.tax_5 | cls.buy_20,
                cls.clearing_account,
            ):
                records.with_env(env).unlink()
            env.cr.execute("DELETE FROM res_partner WHERE id IN %s", [cls.partner_ids])
            env.cr.commit()

    @staticmethod
    def _forget(env, tables):
        """Settled exchanges cannot be deleted, which tests have to do all the same."""
        trigger = "ALTER TABLE ess_exchange {} TRIGGER ess_exchange_frozen"
        env.cr.execute(trigger.format("DISABLE"))
        RaceCase._delete(env, tables)
        env.cr.execute(trigger.format("ENABLE"))

    def setUp(self):
        super().setUp()
        with self._connection() as env:
            provider, receiver = (
                self.federation.with_env(env),
                self.phare.with_env(env),
            )
            type(self).env = env
            self.exchange_id = self._exchange(provider, receiver, 40).id
            env.cr.commit()
        self.addCleanup(self._forget_exchanges)

    def _forget_exchanges(self):
        with self._connection() as env:
            self._forget(env, TABLES[:10])
            env.cr.commit()

    def _draft(self, *acts):
        with self._connection() as env:
            settlement = env["ess.settlement"].create(
                {"date_from": "2026-01-01", "date_to": "2026-01-31"}
            )
            for act in acts:
                getattr(settlement, act)()
            env.cr.commit()
            return settlement.id

    def _act(self, settlement_id, name, *args):
        return lambda env: getattr(env["ess.settlement"].browse(settlement_id), name)(
            *args
        )

    def _moves(self):
        with self._connection() as env:
            moves = env["account.move"].search([("ess_settlement_id", "!=", False)])
            return sorted((m.move_type, m.state, m.amount_total) for m in moves)

    def test_posted_twice_at_once(self):
        one = self._draft("action_prepare")
        self._race(
            self._act(one, "action_post"),
            self._act(one, "action_post"),
            "is posted; this is possible only while it is prepared",
        )
        self.assertEqual(self._moves(), [("out_invoice", "posted", 48)])

    def test_posted_while_it_is_reset(self):
        one = self._draft("action_prepare")
        self._race(
            self._act(one, "action_post"),
            self._act(one, "action_reset"),
            "is posted; this is possible only while it is prepared",
        )
        self.assertEqual(self._moves(), [("out_invoice", "posted", 48)])

    def test_reversed_twice_at_once(self):
        one = self._draft("action_prepare", "action_post")
        self._race(
            self._act(one, "_reverse", "Wrong price"),
            self._act(one, "_reverse", "Wrong month"),
            "is reversed; this is possible only while it is posted",
        )
        self.assertEqual(
            self._moves(),
            [("out_invoice", "posted", 48), ("out_refund", "posted", 48)],
        )

    def test_prepared_twice_at_once(self):
        """The second starts anew: both see the same positions, once."""
        one = self._draft()
        with self._connection() as early, self._connection() as late:
            late.cr.execute("SELECT count(*) FROM ess_settlement_item")
            self._act(one, "action_prepare")(early)
            early.cr.commit()
            self._retry(self._act(one, "action_prepare"), late)
        with self._connection() as env:
            settlement = env["ess.settlement"].browse(one)
            self.assertEqual(len(settlement.item_ids), 1)
            self.assertEqual(len(settlement.line_ids), 2)
            self.assertEqual(settlement.posting_version, 2)

    def test_two_settlements_take_the_same_exchange(self):
        one, two = self._draft(), self._draft()
        self._race(
            self._act(one, "action_prepare"),
            self._act(two, "action_prepare"),
            "has just taken some of the same exchanges",
            collides=False,
        )
        with self._connection() as env:
            items = env["ess.settlement.item"].search([])
            self.assertEqual(items.settlement_id.id, one)
            self.assertEqual(env["ess.settlement"].browse(two).state, "draft")

    def test_exchange_changes_while_it_is_posted(self):
        """The new amount is not settled unseen: prepare again."""
        one = self._draft("action_prepare")

        def dearer(env):
            env["ess.exchange"].browse(self.exchange_id).amount = 50

        self._race(dearer, self._act(one, "action_post"), "has changed since")
        self.assertEqual(self._moves(), [])
