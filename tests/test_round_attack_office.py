"""What the office itself tries: figures that are decided, rounds of another company,
accounts that a coordinator may not read.
"""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_round import RoundCommon
from .test_round_settle import SettleCommon


@tagged("post_install", "-at_install")
class TestRoundAttackOffice(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("fa", "ess_mutualisation.group_facilitator")
        cls.manager = cls._internal("ma", "ess_mutualisation.group_manager")
        cls.accountant = cls._internal("ac", "ess_mutualisation.group_accountant")
        cls.employee = cls._internal("em", "base.group_user")
        cls.other = cls.env["res.company"].create({"name": "Other federation"})
        cls.elsewhere = cls._internal(
            "elsewhere",
            "ess_mutualisation.group_manager,ess_mutualisation.group_accountant",
        )
        cls.elsewhere.write(
            {"company_ids": [(6, 0, cls.other.ids)], "company_id": cls.other.id}
        )
        cls.draft = cls._round(name="February")
        cls.oats = cls._offer(
            cls._product("Oats"), cls.nord, [(0, 2.0)], buying=cls.draft
        )
        cls.round.action_open()
        cls.one = cls._commit(cls.flour, cls.phare, 7)
        cls.two = cls._commit(cls.flour, cls.semeurs, 17)

    def refused(self, sentence, act, *args, **kwargs):
        with self.assertRaisesRegex(UserError, sentence), self.cr.savepoint():
            act(*args, **kwargs)
            self.env.flush_all()

    # === WHAT IS DECIDED === #

    def test_prices_do_not_change_after_the_freeze(self):
        """Not by a default of the context, nor by a tier that comes from a draft."""
        self.round.action_close()
        tiers = self.env["ess.round.tier"].with_user(self.manager)
        new = {"from_quantity": 2, "price": 0.01}
        closed = "January is closed"
        self.refused(closed, tiers.create, {**new, "offer_id": self.flour.id})
        hidden = tiers.with_context(default_offer_id=self.flour.id)
        self.refused(closed, hidden.create, new)
        self.refused(closed, hidden.create, {"from_quantity": 2, "carton_price": 0.12})
        moved = self.oats.tier_ids.with_user(self.manager)
        vals = {"offer_id": self.flour.id, "from_quantity": 2}
        self.refused("another offer|closed", moved.write, vals)
        offer = self.oats.with_user(self.manager)
        vals = {"tier_ids": [Command.link(self.flour.tier_ids[0].id)]}
        self.refused("another offer|closed", offer.write, vals)
        self.assertEqual(self.flour.tier_ids.mapped("price"), [30.0, 27.0])

    def test_offers_and_suppliers_stay_in_their_round(self):
        """One that comes from a draft has no trail, and nobody saw it."""
        supplier = self.flour.supplier_id
        vals = {"round_id": self.round.id, "supplier_id": supplier.id}
        for state in ("open", "closed"):
            offer = self.oats.with_user(self.manager)
            self.refused(f"January is {state}", offer.write, vals)
            moved = self.oats.supplier_id.with_user(self.manager)
            vals_of_supplier = {"round_id": self.round.id, "partner_id": self.phare.id}
            self.refused("its round|January is", moved.write, vals_of_supplier)
            if state == "open":
                self.round.action_close()
        self.assertEqual(self.oats.round_id, self.draft)
        self.assertEqual(self.oats.supplier_id.round_id, self.draft)

    def test_nothing_is_decided_through_a_list_of_lines(self):
        """Commands of a form reach the same guards as the lines themselves."""
        self.round.action_close()
        buying = self.round.with_user(self.manager)
        for field, record, vals in (
            ("offer_ids", self.flour, {"ordered": 1}),
            ("offer_ids", self.flour, {"unit_price": 1}),
            ("offer_ids", self.flour, {"price_1": 1}),
            ("offer_ids", self.flour, {"tier_ids": [Command.clear()]}),
            ("offer_ids", self.flour, {"commitment_ids": [Command.clear()]}),
            (
                "offer_ids",
                self.flour,
                {"commitment_ids": [Command.update(self.one.id, {"allotted": 9})]},
            ),
            ("commitment_ids", self.one, {"allotted": 9}),
            ("commitment_ids", self.one, {"want": 9}),
            ("supplier_ids", self.flour.supplier_id, {"state": "out"}),
            ("supplier_ids", self.flour.supplier_id, {"minimum_amount": 1}),
        ):
            with self.subTest(field=field, vals=str(vals)):
                command = Command.update(record.id, vals)
                self.refused("", buying.write, {field: [command]})
        for field in ("offer_ids", "commitment_ids", "supplier_ids"):
            for command in (Command.clear(), Command.set([])):
                with self.subTest(field=field, command=command[0]):
                    self.refused("", buying.write, {field: [command]})
        with self.assertRaises(UserError):
            buying.write(
                {"share_ids": [Command.create({"kind": "goods", "amount": 9})]}
            )
        self.assertEqual((self.one.want, self.one.allotted), (7, 7))

    def test_nothing_is_decided_by_a_copy_a_default_or_a_file(self):
        buying = self.draft.with_user(self.manager)
        flour = self.oats.with_user(self.manager)
        hand = "not entered by hand|entered by hand"
        self.refused(hand, buying.copy, {"state": "done"})
        self.refused(hand, buying.copy, {"frozen_hash": "0"})
        self.refused(hand, buying.write, {"settled_on": "2026-01-01 08:00:00"})
        other = {"product_id": self.soap_product.id, "name": "Soap"}
        self.refused(hand, flour.copy, {**other, "ordered": 5})
        offers = self.env["ess.round.offer"].with_user(self.manager)
        vals = {
            **other,
            "round_id": self.draft.id,
            "supplier_id": self.oats.supplier_id.id,
            "uom_id": self.kilo.id,
        }
        self.refused(hand, offers.with_context(default_received=5).create, vals)
        commitments = self.env["ess.commitment"].with_user(self.manager)
        mine = {"offer_id": self.flour.id, "entity_id": self.fabrique.id, "want": 1}
        sly = commitments.with_context(default_allotted=5, default_collected=5)
        self.refused(hand, sly.create, mine)
        result = commitments.load([".id", "allotted"], [[str(self.one.id), "50"]])
        self.assertFalse(result["ids"])
        self.assertFalse(self.one.allotted)

    def test_what_is_no_number_is_no_price(self):
        """JSON knows NaN and Infinity; a round with one of them could never close."""
        self.env.flush_all()
        commitments = self.env["ess.commitment"].with_user(self.facilitator)
        tier = self.oats.tier_ids.with_user(self.facilitator)
        mine = {"offer_id": self.flour.id, "entity_id": self.fabrique.id, "want": 1}
        for number in (float("nan"), float("inf"), -1.0):
            for act, vals in (
                (commitments.create, {**mine, "ceiling": number}),
                (tier.write, {"price": number}),
                (tier.write, {"carton_price": number, "price": 1}),
            ):
                with self.subTest(vals=str(vals)), mute_logger("odoo.sql_db"):
                    with self.assertRaises(IntegrityError), self.cr.savepoint():
                        act(vals)
                        self.env.flush_all()
                self.env.invalidate_all()
        self.round.action_close()
        self.assertEqual(self.round.state, "closed")

    def test_whose_company_it_is_follows_the_round(self):
        """A company that is written would hide a line from its own office."""
        self.manager.company_ids |= self.other
        cost = self.env["ess.round.cost"].create(
            {"round_id": self.round.id, "name": "Freight"}
        )
        for record in (self.one, self.flour, self.flour.supplier_id, cost):
            own = record.with_user(self.manager)
            self.refused("", own.write, {"company_id": self.other.id})
            self.assertEqual(record.company_id, self.env.company, record._name)

    # === ANOTHER COMPANY === #

    def test_a_form_shows_no_round_of_another_company(self):
        """A question opened on a foreign round is filled in with nothing."""
        self.round.action_close()
        lines = {"line_ids": {"fields": {"offer_id": {}, "received": {}}}}
        for model, spec in (
            ("ess.round.receive", lines),
            ("ess.round.outlook", lines),
            ("ess.round.deadline", {"date_close": {}, "state": {}}),
        ):
            forms = self.env[model].with_user(self.elsewhere)
            with self.assertRaises(AccessError, msg=model):
                forms.onchange({"round_id": self.round.id}, ["round_id"], spec)
            with self.assertRaises(AccessError, msg=model), self.cr.savepoint():
                forms.create({"round_id": self.round.id}).read()
            with self.assertRaises(AccessError, msg=model), self.cr.savepoint():
                forms.with_context(default_round_id=self.round.id).create({}).read()

    def test_a_form_is_its_own_user_s(self):
        """What one coordinator looks at is not on the screen of another company."""
        mine = self.env["ess.round.outlook"].with_user(self.facilitator)
        outlook = mine.create({"round_id": self.round.id})
        self.assertTrue(outlook.member_ids)
        for model in ("ess.round.outlook", "ess.round.outlook.line"):
            forms = self.env[model].with_user(self.elsewhere)
            self.assertFalse(forms.search([]), model)
        members = self.env["ess.round.outlook.member"].with_user(self.elsewhere)
        self.assertFalse(members.search([]))
        with self.assertRaises(AccessError):
            outlook.member_ids.with_user(self.elsewhere).read(["entity_id", "want"])

    def test_another_company_commits_nothing_here(self):
        mine = {"offer_id": self.flour.id, "entity_id": self.fabrique.id}
        commitments = self.env["ess.commitment"].with_user(self.elsewhere)
        for vals in ({**mine, "want": 1}, {**mine, "quantity": 1}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                commitments.create(vals)
        self.assertEqual(self.flour.commitment_ids, self.one | self.two)

    def test_another_company_does_nothing_here(self):
        self.round.action_close()
        self.round.action_order()
        buying = self.round.with_user(self.elsewhere)
        supplier = self.flour.supplier_id.with_user(self.elsewhere)
        for act, args in (
            (buying.action_settle, ()),
            (buying.action_take_bill_lines, ()),
            (buying.action_receive, ()),
            (buying.action_message, ("Hello",)),
            (buying._packing_by_member, ()),
            (buying._packing_by_product, ()),
            (supplier._member_orders, ()),
            (supplier.action_export_csv, ()),
            (self.one.with_user(self.elsewhere).action_collect, ()),
            (buying.copy, ()),
            (buying.copy_data, ()),
        ):
            with self.assertRaises(AccessError, msg=str(act)):
                act(*args)

    # === THE ACCOUNTANT, THE EMPLOYEE, THE COORDINATOR === #

    def test_who_is_no_facilitator_decides_nothing(self):
        """An accountant settles, and that is all; an employee does nothing."""
        supplier = self.flour.supplier_id
        for user in (self.accountant, self.employee):
            buying = self.round.with_user(user)
            for act, args in (
                (buying.action_close, ()),
                (buying.action_cancel, ("No",)),
                (buying.action_extend, ("2026-01-20 08:00:00",)),
                (buying.action_order, ()),
                (buying.action_receive, ()),
                (buying.action_verify, ()),
                (buying._outlook, ()),
                (buying.copy, ()),
                (buying.write, ({"name": "Mine"},)),
                (supplier.with_user(user).action_leave_out, ()),
                (self.one.with_user(user).action_withdraw, ()),
                (self.one.with_user(user).action_collect, ()),
                (self.env["ess.round.receive"].with_user(user).create, ({},)),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {act}"):
                    act(*args)
        with self.assertRaises(AccessError):
            self.round.with_user(self.employee).action_settle()
        self.assertEqual(self.round.state, "open")


@tagged("post_install", "-at_install")
class TestRoundAttackBills(SettleCommon):
    """The coordinator here has no rights in Purchase nor in Accounting."""

    def _wages(self):
        """An entry that is none of the coordinator's business: 1,234.56 of wages."""
        journal = self.env["account.journal"].search([("type", "=", "general")])[:1]
        account = self.env["account.account"].search(
            [("account_type", "=", "expense")]
        )[:1]
        return self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {"name": "Wages", "account_id": account.id, side: 1234.56}
                    )
                    for side in ("debit", "credit")
                ],
            }
        )

    def test_no_account_is_read_through_a_shared_cost(self):
        """A form that is not saved shows no amount of a line that one may not read."""
        wages = self._wages().line_ids[0]
        costs = self.env["ess.round.cost"].with_user(self.facilitator)
        vals = {"round_id": self.one.id, "name": "?", "move_line_id": wages.id}
        spec = {"real_amount": {}, "is_known": {}}
        with self.assertRaises(AccessError):
            costs.onchange(vals, ["move_line_id"], spec)
        with self.assertRaises(AccessError), self.cr.savepoint():
            costs.create(vals)
        hidden = costs.with_context(default_move_line_id=wages.id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            hidden.create({"round_id": self.one.id, "name": "?"})
        cost = costs.create({"round_id": self.one.id, "name": "?"})
        with self.assertRaises(AccessError):
            cost.onchange({"move_line_id": wages.id}, ["move_line_id"], spec)
        with self.assertRaises(AccessError):
            cost.move_line_id = wages

    def test_a_coordinator_still_reads_what_its_round_costs(self):
        bill = self._bill(self.flours, extra=[("Transport", 45)])
        cost = self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Freight",
                "move_line_id": bill.invoice_line_ids[-1].id,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(cost.with_user(self.facilitator).real_amount, 45)

    def test_goods_of_another_round_are_no_shared_cost_here(self):
        """They are charged there; charged here too, they would be paid twice."""
        bill = self._bill(self.flours)
        other = self._round(name="Summer")
        with self.assertRaisesRegex(UserError, "another round"):
            self.env["ess.round.cost"].create(
                {
                    "round_id": other.id,
                    "name": "Sly",
                    "move_line_id": bill.invoice_line_ids[0].id,
                }
            )

    def test_an_order_is_not_slipped_into_a_round(self):
        """Its bills would be charged to the members of the round."""
        order = self.env["purchase.order"].create({"partner_id": self.papier.id})
        for vals in (
            {"ess_round_id": self.one.id},
            {"ess_supplier_id": self.one.supplier_ids[0].id},
        ):
            with self.assertRaisesRegex(UserError, "only a round says"):
                order.with_user(self.buyer).write(vals)
            with self.assertRaisesRegex(UserError, "only a round says"):
                self.env["purchase.order"].with_user(self.buyer).create(
                    {"partner_id": self.papier.id, **vals}
                )
        buying = self.one.with_user(self.buyer)
        with self.assertRaises(UserError):
            buying.write({"purchase_ids": [Command.link(order.id)]})
        self.assertFalse(order.ess_round_id)

    def test_a_cost_that_was_charged_stays(self):
        """It is corrected by its amount, of which the next settlement makes deltas."""
        cost = self.env["ess.round.cost"].create(
            {
                "round_id": self.one.id,
                "name": "Stand",
                "amount": 30,
                "is_final": True,
                "basis": "equal",
            }
        )
        self._bill(self.flours)
        self.one.action_settle()
        shares = self.one.share_ids.filtered(lambda s: s.cost_id == cost)
        self.assertEqual(sum(shares.mapped("amount")), 30)
        own = cost.with_user(self.facilitator)
        other = self._round(name="Summer")
        for vals in ({"round_id": other.id}, {"is_automatic": True}):
            with self.assertRaises(UserError, msg=str(vals)):
                own.write(vals)
        with self.assertRaisesRegex(UserError, "was charged"):
            own.unlink()
        with self.assertRaisesRegex(UserError, "was charged"):
            self.one.with_user(self.facilitator).write(
                {"cost_ids": [Command.delete(cost.id)]}
            )
        own.amount = 0
        self.one.action_settle()
        self.assertEqual(sum(shares.mapped("amount")), 0)
        self.assertEqual(sum(shares.exchange_ids.mapped("amount")), 0)

    def test_exchanges_of_a_round_stay_its_own(self):
        self._bill(self.flours)
        self.one.action_settle()
        exchange = self.one.share_ids.exchange_ids[0]
        other = self._round(name="Summer")
        user = self.accountant
        for vals in (
            {"round_id": other.id},
            {"round_share_id": False},
            {"amount": 1},
        ):
            with self.assertRaises(UserError, msg=str(vals)):
                exchange.with_user(user).write(vals)
        with self.assertRaises(UserError):
            exchange.with_user(user).unlink()

    def test_without_rights_in_purchase_nothing_is_bought(self):
        """The coordinator makes the orders; who may buy confirms them."""
        one = self._closed(name="Summer")
        own = one.with_user(self.facilitator)
        own.action_order()
        with self.assertRaises(AccessError):
            own.action_confirm_orders()
        with self.assertRaises(AccessError):
            own.supplier_ids.purchase_id.write({"note": "Mine"})
        with self.assertRaises(AccessError):
            own.write(
                {
                    "purchase_ids": [
                        Command.update(one.purchase_ids[0].id, {"note": "Mine"})
                    ]
                }
            )
        self.assertEqual(set(one.purchase_ids.mapped("state")), {"draft"})
