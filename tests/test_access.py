"""Who may do what, asked the way RPC asks: model methods as each kind of user."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EssCommon, utc

OURS = "ess."
# The only writes that a portal user may attempt directly: none.
NEVER = ("create", "write", "unlink")


@tagged("post_install", "-at_install")
class TestAccess(EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._volunteer(cls.fabrique, "owner")
        cls.borrower = cls._volunteer(cls.phare, "borrower")
        cls.third = cls._volunteer(cls.semeurs, "third")
        cls.public = cls.env.ref("base.public_user")
        cls.employee = cls._internal("employee", "base.group_user")
        cls.facilitator = cls._internal("fa", "ess_mutualisation.group_facilitator")
        cls.manager = cls._internal("ma", "ess_mutualisation.group_manager")
        cls.accountant = cls._internal("ac", "ess_mutualisation.group_accountant")
        cls.van.private_instructions = "<p>Door code 4711</p>"
        cls.booking = cls._booking(cls.van, "2026-01-12 09:00", "2026-01-15 09:00")
        cls.booking.action_request()
        past = cls._booking(cls.van, "2026-01-06 09:00", "2026-01-07 09:00")
        past.action_request()
        with cls.at("2026-01-08 09:00:00"):
            past.action_done()
        cls.exchange = past.exchange_ids

    def _sees(self, user, record):
        model = record.with_user(user)
        if not model.has_access("read"):
            return False
        return bool(model.search([("id", "=", record.id)]))

    def _who_sees(self, record):
        names = "owner borrower third public employee facilitator manager accountant"
        return {n for n in names.split() if self._sees(getattr(self, n), record)}

    def test_reading(self):
        office = {"facilitator", "manager", "accountant"}
        members = {"owner", "borrower", "third"}
        self.assertEqual(self._who_sees(self.van), office | members)
        self.assertEqual(self._who_sees(self.booking), office | {"owner", "borrower"})
        self.assertEqual(self._who_sees(self.exchange), office | {"owner", "borrower"})
        self.assertEqual(self._who_sees(self.booking.occupancy_ids), office)
        self.assertEqual(self._who_sees(self.circle), office | members)
        self.assertEqual(self._who_sees(self.policy), office)
        self.assertEqual(
            self._who_sees(self.phare.ess_membership_ids), office | {"borrower"}
        )

    def test_new_owner_does_not_read_the_past(self):
        """Les Semeurs take the van over: what is to come is theirs, not January."""
        past = self.exchange.booking_id
        self.van.write({"owner_id": self.semeurs.id, "custodian_id": self.semeurs.id})
        self.env.flush_all()
        self.assertEqual(past.owner_id, self.fabrique)
        self.assertNotIn("third", self._who_sees(past))
        self.assertEqual(self.booking.owner_id, self.semeurs)
        self.assertIn("third", self._who_sees(self.booking))
        self.assertNotIn("owner", self._who_sees(self.booking))

    def test_insurance_certificate(self):
        """Valid through the whole of 2026; nobody's business but its own."""
        certificate = self.env["ess.insurance.certificate"].create(
            {
                "entity_id": self.phare.id,
                "insurer": "Mutuelle du Nord",
                "number": "N-1",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "ceiling": 10000,
            }
        )
        self.assertTrue(certificate.is_valid)
        self.assertFalse(
            certificate._covers(certificate.date_to, date(2027, 1, 1)), "one day late"
        )
        self.assertEqual(
            self._who_sees(certificate),
            {"facilitator", "manager", "accountant", "borrower"},
        )

    def test_publication(self):
        self.van.is_public = True
        self.assertIn("public", self._who_sees(self.van))
        self.van.published = False
        seen = self._who_sees(self.van)
        self.assertIn("owner", seen)
        self.assertFalse({"public", "borrower", "third"} & seen)
        self.van.write({"published": True, "is_public": False})
        self.semeurs.ess_circle_ids = False
        self.assertNotIn("third", self._who_sees(self.van))

    def test_custodian_sees_what_it_keeps(self):
        self.van.custodian_id = self.semeurs
        self.assertIn("third", self._who_sees(self.booking))
        self.booking.with_user(self.third).action_cancel("It broke down here")
        self.assertEqual(self.booking.state, "cancelled")

    def test_portal_and_public_write_nothing_directly(self):
        for model in self.env.registry:
            if not model.startswith(OURS) or self.env[model]._abstract:
                continue
            for user in (self.owner, self.borrower, self.public, self.employee):
                for operation in NEVER:
                    allowed = self.env[model].with_user(user).has_access(operation)
                    transient = self.env[model].is_transient()
                    self.assertFalse(
                        allowed and not transient, f"{user.login} {operation} {model}"
                    )
        closure = {
            "asset_id": self.van.id,
            "start": utc("2026-02-12 09:00"),
            "stop": utc("2026-02-12 12:00"),
        }
        for user in (self.owner, self.public, self.employee, self.accountant):
            with self.assertRaises(AccessError):
                self.env["ess.occupancy"].with_user(user).create(closure)
        row = self.env["ess.occupancy"].create(closure)
        for user in (self.owner, self.accountant):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"stop": utc("2026-02-12 13:00")})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_door_code_is_not_read_by_rpc(self):
        for user in (self.owner, self.borrower, self.third):
            asset = self.van.with_user(user)
            with self.assertRaises(AccessError):
                asset.read(["private_instructions"])
            with self.assertRaises(AccessError):
                asset.search([("private_instructions", "ilike", "4711")])
            with self.assertRaises(AccessError):
                asset.search_available(
                    utc("2026-02-12 09:00"),
                    utc("2026-02-12 12:00"),
                    1,
                    [("private_instructions", "ilike", "4711")],
                )
            with self.assertRaises(AccessError):
                asset.search([("occupancy_ids.booking_id.entity_id", "!=", False)])

    def test_door_code_is_shown_once_confirmed(self):
        sees = {
            name: self.booking.with_user(getattr(self, name))._sees_instructions()
            for name in ("owner", "borrower", "third", "accountant", "facilitator")
        }
        self.assertEqual(
            sees,
            {
                "owner": True,
                "borrower": True,
                "third": False,
                "accountant": False,
                "facilitator": True,
            },
        )
        self.booking.action_cancel("Rain")
        self.assertFalse(self.booking.with_user(self.borrower)._sees_instructions())

    def test_acts_of_strangers(self):
        """Every public act on a foreign booking ends in a refusal and no change."""
        draft = self._booking(self.van, "2026-03-12 09:00", "2026-03-12 12:00")
        guarded = self._asset("Stage", approval="owner")
        asked = self._booking(guarded, "2026-03-12 09:00", "2026-03-12 12:00")
        asked.action_request()
        acts = [
            (draft, "action_request"),
            (draft, "action_wait"),
            (asked, "action_approve"),
            (asked, "action_refuse", "No"),
            (self.booking, "action_cancel", "No"),
            (self.booking, "action_reschedule", None, utc("2026-01-16 09:00")),
            (self.booking, "action_hand_over"),
            (self.booking, "action_return"),
            (self.booking, "action_done"),
            (self.booking, "action_revive"),
            (self.booking, "action_repeat", "weekly", 1, 3),
        ]
        public_acts = {
            name for name in dir(type(self.booking)) if name.startswith("action_")
        }
        views = {"action_view_exchanges", "action_view_loan"}
        covered = {act[1] for act in acts} | views
        mixins = ("base", "portal.mixin", "mail.thread", "mail.activity.mixin")
        inherited = {
            name
            for name in public_acts
            if any(hasattr(self.env[mixin], name) for mixin in mixins)
        }
        self.assertEqual(public_acts - inherited - covered, set(), "an act untested")
        for user in (self.third, self.public, self.employee, self.accountant):
            for booking, name, *args in acts:
                with self.assertRaises(AccessError, msg=name):
                    getattr(booking.with_user(user), name)(*args)
        self.assertEqual(
            (draft | asked | self.booking).mapped("state"),
            ["draft", "requested", "confirmed"],
        )

    def test_borrower_does_not_answer_its_own_request(self):
        guarded = self._asset("Stage", approval="owner")
        asked = self._booking(guarded, "2026-03-12 09:00", "2026-03-12 12:00")
        asked.with_user(self.borrower).action_request()
        with self.assertRaises(AccessError):
            asked.with_user(self.borrower).action_approve()
        with self.assertRaises(AccessError):
            asked.with_user(self.borrower).action_refuse("No")
        with self.assertRaises(AccessError):
            asked.with_user(self.owner).action_request()

    def test_two_companies(self):
        """A facilitator of one federation is a stranger in the other."""
        other = self.env["res.company"].create({"name": "Other federation"})
        stranger = self._internal("stranger", "ess_mutualisation.group_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for record in (self.van, self.booking, self.exchange, self.circle, self.policy):
            self.assertFalse(self._sees(stranger, record), record._name)
        with self.assertRaises(AccessError):
            self.booking.with_user(stranger).action_cancel("Mine now")
