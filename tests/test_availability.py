import random
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EssCommon, utc


@tagged("post_install", "-at_install")
class TestAvailability(EssCommon):
    """What is free from A to B: the same answer by SQL, by steps and by brute force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.room = cls._asset("Room")
        cls.hall = cls._asset(
            "Hall",
            component_ids=[
                Command.create({"component_id": cls.room.id}),
                Command.create({"component_id": cls.chairs.id, "quantity": 10}),
            ],
        )
        cls.all = cls.van | cls.chairs | cls.room | cls.hall

    def _take(self, asset, start, stop, quantity=1):
        self.env["ess.occupancy"].create(
            {
                "asset_id": asset.id,
                "start": utc(start),
                "stop": utc(stop),
                "quantity": quantity,
            }
        )

    def _free(self, start, stop, quantity=1):
        ids = self.env["ess.asset"].search_available(
            utc(start), utc(stop), quantity, [("id", "in", self.all.ids)]
        )
        return self.env["ess.asset"].browse(ids)

    def test_search(self):
        window = ("2026-01-12 09:00", "2026-01-12 18:00")
        self.assertEqual(self._free(*window), self.all.sorted("name"))
        self._take(self.room, "2026-01-12 10:00", "2026-01-12 11:00")
        self.assertEqual(self._free(*window), self.chairs | self.van)
        self.assertEqual(self._free(*window, 31), self.all.browse())
        self._take(self.chairs, "2026-01-12 09:00", "2026-01-12 12:00", 6)
        self._take(self.chairs, "2026-01-12 12:00", "2026-01-12 18:00", 6)
        self.assertEqual(self._free(*window, 24), self.chairs)
        self.assertEqual(self._free(*window, 25), self.all.browse())
        self.assertEqual(
            self._free("2026-01-12 11:00", "2026-01-12 12:00"), self.all.sorted("name")
        )

    def test_search_knows_buffers(self):
        self.policy.buffer_before_minutes = 60
        self._take(self.van, "2026-01-12 09:00", "2026-01-12 12:00")
        self.assertNotIn(self.van, self._free("2026-01-12 12:00", "2026-01-12 13:00"))
        self.assertIn(self.van, self._free("2026-01-12 13:00", "2026-01-12 14:00"))

    def test_units_that_one_booking_could_take(self):
        """An hour of cleaning around each use: the figure is what can be had."""
        self._take(self.chairs, "2026-01-12 09:00", "2026-01-12 12:00", 12)
        noon, one = utc("2026-01-12 12:00"), utc("2026-01-12 13:00")
        self.assertEqual(self.chairs._free_units(noon, one), {self.chairs.id: 30})
        self.policy.buffer_before_minutes = 60
        free = self.all._free_units(noon, one)
        self.assertEqual(free[self.chairs.id], 18)
        self.assertEqual((free[self.hall.id], free[self.van.id]), (1, 1))
        self._take(self.chairs, "2026-01-12 09:00", "2026-01-12 12:00", 9)
        free = self.all._free_units(noon, one)
        self.assertEqual((free[self.chairs.id], free[self.hall.id]), (9, 0))
        self.assertEqual(
            self.all._free_units(one, utc("2026-01-12 14:00"))[self.hall.id], 1
        )

    def test_steps(self):
        """The hall follows its scarcest component: 25 chairs out leave no hall."""
        self._take(self.chairs, "2026-01-12 10:00", "2026-01-12 12:00", 25)
        steps = (self.chairs | self.hall).availability(
            utc("2026-01-12 09:00"), utc("2026-01-12 13:00")
        )
        ten, noon = utc("2026-01-12 10:00"), utc("2026-01-12 12:00")
        nine, one = utc("2026-01-12 09:00"), utc("2026-01-12 13:00")
        self.assertEqual(
            steps[self.chairs.id], [[nine, ten, 30], [ten, noon, 5], [noon, one, 30]]
        )
        self.assertEqual(
            steps[self.hall.id], [[nine, ten, 1], [ten, noon, 0], [noon, one, 1]]
        )

    def test_agrees_with_brute_force(self):
        """400 random questions: SQL, steps and a walk by quarter hours agree."""
        dice = random.Random(20260105)
        day = utc("2026-01-12 00:00")
        quarter = timedelta(minutes=15)
        taken = []
        for _ in range(60):
            asset = dice.choice(self.all)
            first = dice.randrange(0, 90)
            start = day + first * quarter
            stop = start + dice.randrange(1, 12) * quarter
            units = dice.randrange(1, 8) if asset == self.chairs else 1
            claim = {"asset_id": asset.id, "start": start, "stop": stop}
            claim["quantity"] = units
            gate = self.env["ess.occupancy"]
            if not gate._shortages(gate._expand([claim])):
                gate.create(claim)
                needs = {asset: units}
                if asset == self.hall:
                    needs |= {self.room: 1, self.chairs: 10}
                taken += [(a, start, stop, n) for a, n in needs.items()]

        def free_at(asset, instant):
            used = sum(n for a, b, e, n in taken if a == asset and b <= instant < e)
            return asset.capacity - used

        def free(asset, instant):
            if asset != self.hall:
                return free_at(asset, instant)
            return min(
                free_at(self.hall, instant),
                free_at(self.room, instant),
                free_at(self.chairs, instant) // 10,
            )

        self.assertGreater(len(taken), 30)
        for _ in range(100):
            start = day + dice.randrange(0, 90) * quarter
            length = dice.randrange(1, 12)
            stop = start + length * quarter
            quantity = dice.choice([1, 1, 2, 9])
            instants = [start + n * quarter for n in range(length)]
            expected = {
                asset.id: min(free(asset, i) for i in instants) for asset in self.all
            }
            steps = self.all.availability(start, stop)
            self.assertEqual(
                {a: min(step[2] for step in s) for a, s in steps.items()}, expected
            )
            found = self.env["ess.asset"].search_available(
                start, stop, quantity, [("id", "in", self.all.ids)]
            )
            self.assertEqual(
                set(found), {a for a, left in expected.items() if left >= quantity}
            )

    def test_wrong_questions(self):
        ask = self.env["ess.asset"].search_available
        with self.assertRaisesRegex(ValidationError, "must come after the start"):
            ask("2026-01-12 10:00:00", "2026-01-12 09:00:00")
        with self.assertRaisesRegex(ValidationError, "must be dates and times"):
            ask("tomorrow", "2026-01-12 09:00:00")
        with self.assertRaisesRegex(ValidationError, "check the years"):
            ask("2026-01-12 10:00:00", "9999-01-12 09:00:00")
        with self.assertRaisesRegex(ValidationError, "at least 1, not 0"):
            ask("2026-01-12 10:00:00", "2026-01-12 11:00:00", 0)

    def test_only_what_one_may_see(self):
        """A stranger's volunteer neither finds the van nor reads its steps."""
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "is_company": True, "ess_is_member": True}
        )
        user = self._volunteer(stranger, "stranger")
        window = (utc("2026-01-12 09:00"), utc("2026-01-12 10:00"))
        self.assertEqual(
            self.env["ess.asset"].with_user(user).search_available(*window), []
        )
        with self.assertRaises(AccessError):
            self.van.with_user(user).availability(*window)
        phare = self._volunteer(self.phare, "phare")
        self.assertEqual(len(self.van.with_user(phare).availability(*window)), 1)

    def test_queries_do_not_grow(self):
        """One query for the search, the same few for the steps: 20 or 200 assets."""
        window = (utc("2026-01-12 09:00"), utc("2026-01-14 10:00"))
        Asset = self.env["ess.asset"]

        def grow(number):
            return Asset.create(
                [
                    {
                        "name": f"Thing {n}",
                        "owner_id": self.fabrique.id,
                        "policy_id": self.policy.id,
                        "capacity": n % 5 + 1,
                    }
                    for n in range(number)
                ]
            )

        counts = []
        for number in (20, 180):
            assets = grow(number)
            self.env["ess.occupancy"].create(
                [
                    {
                        "asset_id": asset.id,
                        "start": utc("2026-01-13 09:00"),
                        "stop": utc("2026-01-13 10:00"),
                    }
                    for asset in assets
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            domain = [("name", "=like", "Thing%")]
            Asset.search_available(*window, domain=domain)
            with self.assertQueryCount(1):
                self.assertTrue(Asset.search_available(*window, domain=domain))
            things = Asset.search(domain)
            before = self.cr.sql_log_count
            steps = things.availability(*window)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(steps), len(things))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 3)
