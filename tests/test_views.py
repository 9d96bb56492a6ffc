from lxml import etree

from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import EssCommon, utc

MODULE = "ess_mutualisation"


@tagged("post_install", "-at_install")
class TestViews(EssCommon):
    """Every screen opens for those who have it in their menu."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = new_test_user(
            cls.env, "views-facilitator", groups=f"{MODULE}.group_facilitator"
        )
        cls.manager = new_test_user(
            cls.env, "views-manager", groups=f"{MODULE}.group_manager"
        )
        cls.accountant = new_test_user(
            cls.env, "views-accountant", groups=f"{MODULE}.group_accountant"
        )
        cls.booking = cls._booking(cls.van, "2026-01-05 09:00", "2026-01-05 17:00")
        cls.booking.action_request()
        cls.booking.action_hand_over()
        cls.booking.action_return()
        cls.exchange = cls.booking.exchange_ids
        cls.env["ess.occupancy"].create(
            {
                "asset_id": cls.chairs.id,
                "start": utc("2026-01-06 09:00"),
                "stop": utc("2026-01-06 12:00"),
                "kind": "maintenance",
            }
        )

    def _actions(self, user):
        """Window actions behind the entries of the app that the user sees."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        root = self.env.ref(f"{MODULE}.ess_mutualisation_menu_root").id
        found, level = [], [root]
        while level:
            menu = menus[level.pop()]
            level += menu["children"]
            if menu["action_model"] == "ir.actions.act_window":
                found.append(menu["action_id"])
        return self.env["ir.actions.act_window"].sudo().browse(set(found))

    def _open(self, user, action):
        """Load each view of an action and read what it shows, as the client does."""
        model = self.env[action.res_model].with_user(user)
        model = model.with_context(**safe_eval(action.context or "{}"))
        views = [(False, kind) for kind in action.view_mode.split(",")]
        loaded = model.get_views([*views, (False, "search")], {"toolbar": True})
        names = {
            field.get("name")
            for kind in action.view_mode.split(",")
            for field in etree.fromstring(loaded["views"][kind]["arch"]).xpath(
                "//field[not(ancestor::field)]"
            )
        }
        domain = safe_eval(action.domain or "[]", {"uid": user.id})
        model.search(domain, limit=5).read(list(names))

    def test_each_entry_opens(self):
        for user, least in (
            (self.facilitator, 14),
            (self.manager, 14),
            (self.accountant, 14),
        ):
            actions = self._actions(user)
            self.assertGreaterEqual(len(actions), least, user.login)
            for action in actions:
                with self.subTest(user=user.login, action=action.name):
                    self._open(user, action)

    def test_search_filters_are_valid_domains(self):
        """Each filter can be ticked: relative dates, searches of computed fields."""
        for name in ("ess.asset", "ess.booking", "ess.exchange", "ess.occupancy"):
            model = self.env[name].with_user(self.facilitator)
            arch = model.get_view(view_type="search")["arch"]
            self._tick(model, arch)
        view = self.env.ref(f"{MODULE}.res_partner_view_search_member")
        model = self.env["res.partner"].with_user(self.facilitator)
        self._tick(model, model.get_view(view.id, "search")["arch"])
        model = self.env["ess.asset.use"].with_user(self.accountant)
        self._tick(model, model.get_view(view_type="search")["arch"])

    def _tick(self, model, arch):
        for node in etree.fromstring(arch).iter("filter"):
            with self.subTest(model=model._name, filter=node.get("name")):
                if node.get("domain"):
                    model.search(
                        safe_eval(node.get("domain"), {"uid": self.env.uid}), limit=1
                    )
                group = safe_eval(node.get("context") or "{}").get("group_by")
                if group:
                    model.formatted_read_group([], [group], ["__count"])

    def test_today_is_the_reader_s_day(self):
        """At 00:30 in Paris, 'today' holds what starts at 23:00 the same evening."""
        late = self._booking(self.chairs, "2026-01-05 23:00", "2026-01-06 01:00")
        early = self._booking(self.chairs, "2026-01-06 00:00", "2026-01-06 02:00")
        model = self.env["ess.booking"].with_context(tz="Europe/Paris")
        today = [("start", "<", "=0H +1d"), ("stop", ">", "=0H")]
        found = model.search(today)
        self.assertIn(late, found)
        self.assertNotIn(early, found)

    def test_facilitator_makes_an_asset(self):
        """Two fields are enough; place and custodian follow the owner."""
        with Form(self.env["ess.asset"].with_user(self.facilitator)) as form:
            form.name = "Projector"
            form.owner_id = self.fabrique
            form.price = 15
            form.price_unit = "day"
            with form.component_ids.new() as line:
                line.component_id = self.chairs
                line.quantity = 2
        asset = form.record
        self.assertEqual(asset.custodian_id, self.fabrique)
        self.assertEqual(asset.city, "Wattrelos")
        self.assertEqual(asset.kind, "composite")
        self.assertEqual(asset.sudo().product_id.list_price, 15)

    def test_facilitator_books(self):
        """The price is shown before anything is saved."""
        with Form(self.env["ess.booking"].with_user(self.facilitator)) as form:
            form.asset_id = self.van
            form.entity_id = self.phare
            form.start = utc("2026-01-12 09:00")
            form.stop = utc("2026-01-14 09:00")
            self.assertEqual(form.amount, 80)
        form.record.action_request()
        self.assertEqual(form.record.state, "confirmed")

    def test_facilitator_closes_an_asset_by_hand(self):
        with Form(self.env["ess.occupancy"].with_user(self.facilitator)) as form:
            form.asset_id = self.van
            form.kind = "maintenance"
            form.start = utc("2026-02-02 09:00")
            form.stop = utc("2026-02-03 09:00")
        self.assertEqual(form.record.exclusive, True)

    def test_facilitator_welcomes_a_member(self):
        action = self.env.ref(f"{MODULE}.res_partner_action_member")
        partners = self.env["res.partner"].with_user(self.facilitator)
        partners = partners.with_context(**safe_eval(action.context))
        with Form(partners) as form:
            form.name = "Les Amis"
            with form.ess_membership_ids.new() as line:
                line.circle_id = self.circle
        self.assertTrue(form.record.ess_is_member)
        self.assertEqual(form.record.ess_circle_ids, self.circle)

    def test_manager_writes_a_policy(self):
        with Form(self.env["ess.booking.policy"].with_user(self.manager)) as form:
            form.name = "By the day"
            form.granularity = "day"
        self.assertEqual(form.record.approval, "auto")

    def test_forms_open_for_who_only_reads(self):
        for record in (
            self.van,
            self.booking,
            self.exchange,
            self.circle,
            self.category,
            self.policy,
            self.phare,
            self.env["ess.occupancy"].search([], limit=1),
        ):
            for user in (self.accountant, self.facilitator):
                with self.subTest(model=record._name, user=user.login):
                    form = Form(record.with_user(user))
                    self.assertEqual(form.id, record.id)

    def test_smart_buttons(self):
        facilitator = self.env(user=self.facilitator)
        van, phare = self.van.with_env(facilitator), self.phare.with_env(facilitator)
        booking = self.booking.with_env(facilitator)
        circle = self.circle.with_env(facilitator)
        for action, model, records in (
            (van.action_view_bookings(), "ess.booking", booking),
            (van.action_view_occupancy(), "ess.occupancy", booking.occupancy_ids),
            (booking.action_view_exchanges(), "ess.exchange", booking.exchange_ids),
            (phare.action_ess_bookings(), "ess.booking", booking),
            (phare.action_ess_exchanges(), "ess.exchange", booking.exchange_ids),
            (circle.action_view_assets(), "ess.asset", van | self.chairs),
            (circle.action_view_members(), "res.partner", phare),
        ):
            with self.subTest(model=model, name=action["name"]):
                found = facilitator[model].search(action["domain"])
                self.assertLessEqual(records, found)
        self.assertEqual(van.booking_count, 1)
        self.assertEqual(phare.ess_booking_count, 1)
        self.assertEqual(phare.ess_exchange_count, 1)
        self.assertEqual(van.action_open_portal()["url"], f"/commons/{van.id}")
