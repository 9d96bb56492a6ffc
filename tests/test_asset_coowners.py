from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssCommon, utc
from .common_cost import CostCommon


class CoownerData:
    @classmethod
    def _co_own(cls, asset, **vals):
        """La Fabrique holds 3 of 4 parts, Le Phare 1."""
        asset.write(
            {
                "share_ids": [
                    Command.create({"entity_id": cls.fabrique.id, "parts": 3}),
                    Command.create({"entity_id": cls.phare.id, "parts": 1}),
                ],
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestAssetCoowners(CoownerData, EssCommon):
    """A quarter of the hours of 2026 is 2,190 hours, of a van at 40.00 € a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._co_own(cls.van, coowner_use="share")

    def _use(self, start, stop, entity=None, asset=None, quantity=1):
        booking = self._booking(asset or self.van, start, stop, entity, quantity)
        booking.action_request()
        return booking

    def test_within_its_share_it_is_free(self):
        booking = self._use("2026-02-02 09:00", "2026-02-04 09:00")
        self.assertEqual(booking.amount, 0)
        self.assertEqual((booking.share_hours, booking.price_quantity), (48, 0))
        self.assertEqual(booking.value, 0, "nobody lent it what is its own")

    def test_nothing_was_exchanged_within_a_share(self):
        booking = self._use("2026-01-05 09:00", "2026-01-07 09:00")
        with self.at("2026-01-07 08:00:00"):
            booking._close(False)
        self.assertEqual(booking.state, "done")
        self.assertFalse(booking.exchange_ids)

    def test_beyond_its_share_pro_rata_of_the_whole(self):
        """2,160 hours were promised; of three days 30 hours are free, 42 are not."""
        self._use("2026-03-01 00:00", "2026-03-29 00:00")  # 672 h
        self._use("2026-04-01 00:00", "2026-05-01 00:00")  # 720 h
        self._use("2026-06-01 00:00", "2026-07-02 00:00")  # 744 h
        self._use("2026-08-01 00:00", "2026-08-02 00:00")  # 24 h
        booking = self._use("2026-09-07 09:00", "2026-09-10 09:00")
        self.assertEqual(booking.share_hours, 30)
        # 3 days × 40.00 € × 42/72
        self.assertEqual(booking.amount, 70)
        self.assertEqual(booking.value, 70)
        self.assertEqual(booking.price_quantity, 1.75)
        self.assertEqual(self._use("2026-10-05 09:00", "2026-10-06 09:00").amount, 40)

    def test_the_price_is_explained(self):
        user = self._volunteer(self.phare, "pha")
        self._use("2026-03-01 00:00", "2026-03-29 00:00")
        self._use("2026-04-01 00:00", "2026-05-01 00:00")
        self._use("2026-06-01 00:00", "2026-07-02 00:00")
        self._use("2026-08-01 00:00", "2026-08-02 00:00")
        quote = self.van.with_user(user)._portal_quote(
            utc("2026-09-07 09:00"), utc("2026-09-10 09:00")
        )
        self.assertEqual(quote["amount"].replace("\xa0", " "), "70.00 €")
        self.assertEqual(
            quote["detail"].replace("\xa0", " "),
            "3 days × 40.00 €; 30 of 72 h are free of charge, within your share of the "
            "year",
        )
        quote = self.van.with_user(user)._portal_quote(
            utc("2027-01-04 09:00"), utc("2027-01-05 09:00")
        )
        self.assertIn("free of charge, within your share of the year", quote["detail"])

    def test_a_use_over_new_year_counts_in_both(self):
        quote = self.van._quote(
            self.phare, utc("2026-12-31 12:00"), utc("2027-01-01 12:00")
        )
        self.assertEqual(quote["share_hours"], 24)
        self.assertEqual(quote["amount"], 0)

    def test_a_promise_does_not_count_against_itself(self):
        booking = self._use("2026-03-01 00:00", "2026-03-31 00:00")
        booking.action_reschedule(utc("2026-03-02 00:00"), utc("2026-05-31 00:00"))
        self.assertEqual(booking.amount, 0)
        self.assertEqual(booking.share_hours, 90 * 24 - 1)

    def test_what_is_promised_keeps_its_price(self):
        """2,159 of 2,190 hours are promised: 41 of 72 are beyond."""
        first = self._use("2026-03-01 00:00", "2026-05-30 00:00")
        later = self._use("2026-09-07 09:00", "2026-09-10 09:00")
        self.assertEqual((first.amount, later.amount), (0, 68.33))
        first.action_cancel("Rain")
        self.assertEqual(later.amount, 68.33)

    def test_others_pay_and_the_owner_never_does(self):
        window = ("2026-02-02 09:00", "2026-02-03 09:00")
        self.assertEqual(self._booking(self.van, *window, self.semeurs).amount, 40)
        self.assertEqual(self._booking(self.van, *window, self.fabrique).amount, 0)

    def test_only_where_it_is_agreed(self):
        self.van.coowner_use = "paid"
        booking = self._use("2026-02-02 09:00", "2026-02-03 09:00")
        self.assertEqual((booking.amount, booking.share_hours), (40, 0))

    def test_units_of_a_pool(self):
        """30 chairs: a quarter of 30 × 8,760 hours is 65,700."""
        self._co_own(self.chairs, coowner_use="share")
        allowed = self.chairs._share_of_year(self.phare, 2026)
        self.assertEqual(allowed, 65700)
        booking = self._use(
            "2026-02-02 09:00", "2026-02-03 09:00", asset=self.chairs, quantity=20
        )
        self.assertEqual((booking.share_hours, booking.amount), (480, 0))

    def test_opening_hours_where_a_use_lies_in_them(self):
        """Monday 9 to 12 only: 52 Mondays of 3 hours, a quarter is 39 hours."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Mondays",
                "tz": "Europe/Paris",
                "attendance_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "name": "Monday",
                            "dayofweek": "0",
                            "hour_from": 9,
                            "hour_to": 12,
                            "day_period": "morning",
                        }
                    ),
                ],
            }
        )
        self.van.resource_calendar_id = calendar
        self.assertEqual(self.van._share_of_year(self.phare, 2026), 2190)
        self.policy.opening_rule = "inside"
        self.assertEqual(self.van._share_of_year(self.phare, 2026), 39)

    def test_the_catalogue_asks_no_more_for_many(self):
        vans = self.van
        for number in range(8):
            van = self._asset(f"Van {number}", price=40.0, price_unit="day")
            self._co_own(van, coowner_use="share")
            vans |= van
        window = (utc("2026-02-02 09:00"), utc("2026-02-03 09:00"))

        def count(assets):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            assets._quotes(self.phare, *window)
            return self.env.cr.sql_log_count - before

        count(vans)
        self.assertEqual(count(vans[:2]), count(vans))


@tagged("post_install", "-at_install")
class TestAssetPool(CoownerData, CostCommon):
    """A repair of the van of 1,200.00 € reaches the members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._co_own(cls.van)
        plan = cls.env["account.analytic.plan"].create({"name": "Assets"})
        cls.account = cls.env["account.analytic.account"].create(
            {"name": "Van", "plan_id": plan.id}
        )

    def _carried_by(self, key):
        pool = self._pool(key, name="The van")
        self.van.write(
            {"cost_pool_id": pool.id, "analytic_account_id": self.account.id}
        )
        return pool

    def _repair(self, pool, distribution=None, post=True):
        vals = self._bill_vals(pool, "2026-02-01", "Repair", 1200.0)
        line = vals["invoice_line_ids"][0][2]
        line["analytic_distribution"] = distribution or {str(self.account.id): 100}
        bill = self.env["account.move"].create(vals)
        if post:
            bill.action_post()
        return bill

    def test_by_ownership(self):
        key = self._key("ownership", asset_ids=self.van.ids)
        pool = self._carried_by(key)
        self._repair(pool)
        self.assertEqual(
            self._cents(self._run(pool).share_ids),
            {"Fabrique": 90000, "Phare": 30000, "Semeurs": 0},
        )

    def test_by_use(self):
        """Le Phare 18 hours, Les Semeurs 6: three quarters and one."""
        key = self._key("usage", measure="hours", asset_ids=self.van.ids)
        pool = self._carried_by(key)
        for entity, stop in ((self.phare, "2026-01-06 18:00"), (self.semeurs, None)):
            start = "2026-01-06 00:00" if stop else "2026-01-08 12:00"
            booking = self._booking(self.van, start, stop or "2026-01-08 18:00", entity)
            booking.action_request()
            with self.at("2026-01-09 08:00:00"):
                booking._close(False)
        self._repair(pool)
        self.assertEqual(
            self._cents(self._run(pool).share_ids),
            {"Fabrique": 0, "Phare": 90000, "Semeurs": 30000},
        )

    def test_the_bill_names_both(self):
        pool = self._carried_by(self._key())
        bill = self._repair(pool)
        both = f"{self.account.id},{pool.analytic_account_id.id}"
        self.assertEqual(bill.invoice_line_ids.analytic_distribution, {both: 100})
        self.assertEqual(pool.cost_total, 1200)

    def test_who_named_a_pool_decided_otherwise(self):
        pool = self._carried_by(self._key())
        other = self._pool(self._key(), name="Other")
        named = {f"{self.account.id},{other.analytic_account_id.id}": 100}
        bill = self._repair(pool, named)
        self.assertEqual(bill.invoice_line_ids.analytic_distribution, named)
        self.assertEqual(pool.cost_total, 0)

    def test_half_a_bill_for_the_van(self):
        pool = self._carried_by(self._key())
        elsewhere = self.account.copy({"name": "Garden"})
        self._repair(pool, {str(self.account.id): 50, str(elsewhere.id): 50})
        self.assertEqual(pool.cost_total, 600)

    def test_an_account_of_two_pools_leads_nowhere(self):
        pool = self._carried_by(self._key())
        other = self._pool(self._key(), name="Other")
        self.chairs.write(
            {"cost_pool_id": other.id, "analytic_account_id": self.account.id}
        )
        self._repair(pool)
        self.assertEqual((pool.cost_total, other.cost_total), (0, 0))

    def test_the_asset_opens_its_pool(self):
        pool = self._carried_by(self._key())
        action = self.van.action_view_cost_pool()
        self.assertEqual((action["res_model"], action["res_id"]), (pool._name, pool.id))
        stranger = self._volunteer(self.semeurs, "third")
        self.van.published = False
        with self.assertRaises(AccessError):
            self.van.with_user(stranger).action_view_cost_pool()
