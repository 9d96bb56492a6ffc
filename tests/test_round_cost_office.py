"""Shared costs in the back office: who foresees them, who links them to bills."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_round_settle import SettleCommon


@tagged("post_install", "-at_install")
class TestRoundCostOffice(SettleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.env["ess.round"].create(
            {
                "name": "Summer",
                "circle_id": cls.circle.id,
                "coordinator_id": cls.facilitator.id,
                "date_close": "2026-02-01 18:00:00",
                "cost_product_id": cls.freight.id,
                "supplier_ids": [Command.create({"partner_id": cls.nord.id})],
            }
        )

    # === WHO COORDINATES === #

    def test_a_facilitator_without_accounting_foresees_costs(self):
        """Added, changed and taken away on the form of the round, draft or open."""
        self.assertFalse(self.facilitator.has_group("account.group_account_invoice"))
        for state in ("draft", "open"):
            self.new.state = state
            with self.subTest(state=state):
                with Form(self.new.with_user(self.facilitator)) as form:
                    with form.cost_ids.new() as cost:
                        cost.name = "Transport"
                        cost.estimated = 60
                    with form.cost_ids.new() as cost:
                        cost.name = "Crates"
                        cost.kind = "container"
                        cost.unit_amount = 4
                self.assertEqual(
                    self.new.cost_ids.mapped("name"), ["Transport", "Crates"]
                )
                with Form(self.new.with_user(self.facilitator)) as form:
                    with form.cost_ids.edit(0) as cost:
                        cost.estimated = 80
                        cost.supplier_ids.add(self.new.supplier_ids)
                self.assertEqual(self.new.cost_ids[0].estimated, 80)
                with Form(self.new.cost_ids[0].with_user(self.facilitator)) as form:
                    form.amount = 75
                    form.is_final = True
                self.assertEqual(self.new.cost_ids[0].real_amount, 75)
                with Form(self.new.with_user(self.facilitator)) as form:
                    form.cost_ids.remove(1)
                    form.cost_ids.remove(0)
                self.assertFalse(self.new.cost_ids)

    def test_she_copies_a_round_with_costs(self):
        self._both_bills()
        self._freight()
        foreseen = self.env["ess.round.cost"].create(
            {"round_id": self.one.id, "name": "Fee", "kind": "fee", "estimated": 20}
        )
        copy = self.one.with_user(self.facilitator).copy()
        self.assertEqual(copy.cost_ids.mapped("name"), ["Fee"])
        again = foreseen.with_user(self.facilitator).copy({"round_id": copy.id})
        self.assertEqual(again.estimated, 20)

    def test_she_reads_a_cost_of_a_bill_and_goes_on_writing(self):
        self._both_bills()
        cost = self._freight()
        with Form(cost.with_user(self.facilitator)) as form:
            form.name = "Carrier"
        with Form(self.one.with_user(self.facilitator)) as form:
            form.place = "Depot"
            with form.cost_ids.edit(0) as line:
                line.basis = "value"
        self.assertEqual(
            (cost.name, cost.basis, cost.real_amount), ("Carrier", "value", 45)
        )
        with self.assertRaises(AccessError):
            self.new.with_user(self.facilitator).write(
                {
                    "cost_ids": [
                        Command.create(
                            {"name": "X", "move_line_id": cost.move_line_id.id}
                        )
                    ]
                }
            )

    # === WHAT WAS FORESEEN === #

    def _cost(self, **vals):
        return self.env["ess.round.cost"].create(
            {"round_id": self.one.id, "name": "Freight", **vals}
        )

    def test_a_copy_has_what_was_foreseen(self):
        """Not what a bill or a minimum of the old round brought."""
        self._both_bills()
        nord = self.one.supplier_ids[0]
        self.one.action_take_bill_lines()
        self._cost(name="Of a minimum", estimated=30, is_automatic=True)
        self._cost(name="Nothing")
        self._cost(name="Transport foreseen", estimated=50)
        self._cost(name="Crates", kind="container", unit_amount=4)
        part = Command.create({"entity_id": self.phare.id, "parts": 3})
        key = self._cost(name="Key", kind="fee", basis="hand", weight_ids=[part])
        self._cost(name="Of Nord", estimated=9, supplier_ids=[Command.set(nord.ids)])
        new = self.one.copy()
        self.assertEqual(
            new.cost_ids.mapped("name"),
            ["Transport foreseen", "Crates", "Key", "Of Nord"],
        )
        self.assertEqual(new.cost_ids[2].weight_ids.parts, 3)
        self.assertNotEqual(new.cost_ids[2].weight_ids, key.weight_ids)
        self.assertEqual(new.cost_ids[3].supplier_ids, new.supplier_ids[0])

    def test_a_foreseen_freight_that_a_bill_told_is_foreseen_again(self):
        self._both_bills()
        self._cost(
            estimated=50, supplier_ids=[Command.set(self.one.supplier_ids[0].ids)]
        )
        self.one.action_take_bill_lines()
        cost = self.one.cost_ids
        self.assertEqual((cost.name, cost.real_amount), ("Freight", 45))
        again = self.one.copy().cost_ids
        self.assertEqual((again.estimated, again.is_known), (50, False))

    def test_a_bill_of_two_lines_is_not_guessed(self):
        """Which of the two was foreseen, a person says."""
        extra = [("Transport", 45.00), ("Crates", 12.00)]
        self._bill(self.flours, 336.00, extra)
        nord = self.one.supplier_ids[0]
        self._cost(estimated=50, supplier_ids=[Command.set(nord.ids)])
        self.one.with_user(self.accountant).action_take_bill_lines()
        self.assertEqual(
            sorted(self.one.cost_ids.mapped("name")), ["Crates", "Freight", "Transport"]
        )
        self.assertFalse(self.one.cost_ids[0].is_known)

    def test_a_freight_of_another_supplier_is_left_alone(self):
        self._both_bills()
        papier = self.one.supplier_ids[1]
        self._cost(estimated=50, supplier_ids=[Command.set(papier.ids)])
        self.one.action_take_bill_lines()
        self.assertEqual(self.one.cost_ids.mapped("name"), ["Freight", "Transport"])

    def test_the_freight_of_a_minimum_is_the_foreseen_one(self):
        """60 € are asked below the minimum; they were foreseen for this supplier."""
        nord = self.new.supplier_ids
        nord.freight_amount = 60
        cost = self._cost(round_id=self.new.id, supplier_ids=[Command.set(nord.ids)])
        nord._order_with_freight()
        self.assertEqual((self.new.cost_ids, cost.estimated), (cost, 60))
        cost.estimated = 75
        nord._order_with_freight()
        self.assertEqual((self.new.cost_ids, cost.estimated), (cost, 75))
        cost.supplier_ids = False
        nord._order_with_freight()
        self.assertEqual(self.new.cost_ids[1].name, "Freight of Nord Bio")

    # === THE ACCOUNTANT === #

    def test_the_accountant_links_a_bill_to_a_foreseen_freight(self):
        self._both_bills()
        line = self.one._bill_lines()[2]
        cost = self.env["ess.round.cost"].create(
            {"round_id": self.one.id, "name": "Freight", "estimated": 50}
        )
        with Form(cost.with_user(self.accountant)) as form:
            form.move_line_id = line
        self.assertEqual((cost.is_known, cost.real_amount), (True, 45))

    def test_the_accountant_makes_it_a_deposit(self):
        cost = self.env["ess.round.cost"].create(
            {"round_id": self.one.id, "name": "Crates", "estimated": 50}
        )
        with Form(cost.with_user(self.accountant)) as form:
            form.kind = "container"
            form.unit_amount = 4
            with form.weight_ids.new() as part:
                part.entity_id = self.phare
                part.parts = 3
        self.assertEqual((cost.kind, cost.weight_ids.parts), ("container", 3))
        with Form(cost.with_user(self.accountant)) as form:
            with form.weight_ids.edit(0) as part:
                part.returned = 1
        self.assertEqual(cost.weight_ids.returned, 1)

    def test_the_accountant_has_no_other_right(self):
        own = self.one.with_user(self.accountant)
        for record in (own, own.supplier_ids, own.offer_ids, own.commitment_ids):
            self.assertTrue(record.has_access("read"), record._name)
            for right in ("write", "create", "unlink"):
                self.assertFalse(record.has_access(right), (record._name, right))
        costs = self.env["ess.round.cost"].with_user(self.accountant)
        self.assertTrue(costs.has_access("write"))
        self.assertFalse(costs.has_access("create"))
        self.assertFalse(costs.has_access("unlink"))
        volunteer = self._volunteer(self.phare, "volunteer")
        with self.assertRaises(AccessError):
            self.env["ess.round.cost"].with_user(volunteer).search([])
