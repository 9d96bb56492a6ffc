"""What a form shows before it is saved: nothing of what one may not read."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssCommon
from .common_cost import CostData
from .common_records import RecordsData


@tagged("post_install", "-at_install")
class TestLinks(RecordsData, CostData, EssCommon):
    """The manager of another company fills in forms, and saves none of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_records()
        cls._set_up_costs()
        cls.pool = cls._pool(cls._key())
        other = cls.env["res.company"].create({"name": "Other federation"})
        cls.elsewhere = cls._internal(
            "elsewhere",
            "ess_mutualisation.group_manager,ess_mutualisation.group_accountant",
        )
        cls.elsewhere.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        cls.secret = cls.env["product.product"].create(
            {
                "name": "Secret",
                "type": "service",
                "list_price": 4321,
                "company_id": cls.env.company.id,
            }
        )

    def test_of_another_company(self):
        for model, link, record in (
            ("ess.asset", "product_id", self.secret),
            ("ess.booking", "asset_id", self.van),
            ("ess.cost.budget", "pool_id", self.pool),
            ("ess.cost.run", "pool_id", self.pool),
            ("ess.cost.pool", "key_id", self.pool.key_id),
            ("ess.exchange", "booking_id", self.booking),
            ("ess.loan.damage", "booking_id", self.booking),
            ("ess.loan.deposit", "loan_id", self.loan),
            ("ess.loan.inspection", "loan_id", self.loan),
            ("ess.loan.inspection.line", "booking_id", self.booking),
            ("ess.round.slot", "round_id", self.round),
            ("ess.staff.loan", "loan_id", self.loan),
        ):
            forms = self.env[model].with_user(self.elsewhere)
            spec = {name: {} for name in forms._fields if name not in ("id", link)}
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env.invalidate_all()
                forms.onchange({link: record.id}, [link], spec)

    def test_in_the_lines_of_a_form(self):
        lines = [(0, 0, {"booking_id": self.booking.id})]
        forms = self.env["ess.loan.inspection"].with_user(self.elsewhere)
        spec = {"line_ids": {"fields": {"asset_id": {}, "out_quantity": {}}}}
        with self.assertRaises(AccessError):
            forms.onchange({"line_ids": lines}, ["line_ids"], spec)

    def test_no_price_of_another_company(self):
        assets = self.env["ess.asset"].with_user(self.elsewhere)
        vals = {"name": "Mine", "owner_id": self.fabrique.id}
        with self.assertRaises(UserError):
            assets.create({**vals, "product_id": self.secret.id})

    def test_what_is_linked_already_is_no_news(self):
        """A colleague may write a line whose product it may not read."""
        manager = self._internal("here", "ess_mutualisation.group_manager")
        booking = self.booking.with_user(manager)
        shown = booking.onchange(
            {"asset_id": self.van.id, "quantity": 1}, ["quantity"], {"amount": {}}
        )
        self.assertIn("value", shown)
