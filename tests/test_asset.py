from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EssCommon


@tagged("post_install", "-at_install")
class TestAsset(EssCommon):
    def test_place_follows_the_custodian(self):
        """The van stands in Wattrelos; moved to Le Phare it stands in Roubaix."""
        self.fabrique.write({"street": "1 rue A", "partner_latitude": 50.7})
        van = self._asset("Second van")
        self.assertEqual((van.city, van.street), ("Wattrelos", "1 rue A"))
        self.assertEqual(van.custodian_id, self.fabrique)
        self.assertAlmostEqual(van.latitude, 50.7)
        van.custodian_id = self.phare
        self.assertEqual((van.city, van.street), ("Roubaix", False))
        elsewhere = self._asset("Third van", city="Lille", street="2 rue B")
        self.assertEqual((elsewhere.city, elsewhere.street), ("Lille", "2 rue B"))
        self.assertEqual(elsewhere.latitude, 0)

    def test_kinds(self):
        self.assertEqual((self.van.kind, self.chairs.kind), ("single", "pool"))
        hall = self._asset("Hall")
        self.env["ess.asset.component"].create(
            {"parent_id": hall.id, "component_id": self.van.id}
        )
        self.assertEqual(hall.kind, "composite")
        with self.assertRaisesRegex(
            ValidationError, "31 × Chairs, of which .* only 30"
        ):
            self.env["ess.asset.component"].create(
                {"parent_id": hall.id, "component_id": self.chairs.id, "quantity": 31}
            )

    def test_circles_and_hours(self):
        """The owner's circles by default; no office hours unless told."""
        self.assertEqual(self.van.circle_ids, self.circle)
        self.assertFalse(self.van.resource_calendar_id)
        self.assertFalse(self.van.resource_id.calendar_id)
        self.assertEqual(self.van.tz, "Europe/Paris")

    def test_approval_follows_the_policy_until_chosen(self):
        self.assertEqual(self.van.approval, "auto")
        self.policy.copy({"approval": "owner"})
        strict = self.policy.copy({"approval": "owner", "name": "Strict"})
        self.van.policy_id = strict
        self.assertEqual(self.van.approval, "owner")
        self.van.approval = "federation"
        self.assertEqual(self.van.approval, "federation")

    def test_only_members_own(self):
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        with self.assertRaisesRegex(ValidationError, "not a member organisation"):
            self._asset("Truck", owner=shop)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "ess_member_is_organisation"),
            self.cr.savepoint(),
        ):
            self.env["res.partner"].create({"name": "Ada", "ess_is_member": True})

    def test_shares_of_co_owners(self):
        share = self.env["ess.asset.share"].create(
            {"asset_id": self.van.id, "entity_id": self.phare.id, "parts": 2}
        )
        self.env["ess.asset.share"].create(
            {"asset_id": self.van.id, "entity_id": self.fabrique.id, "parts": 1}
        )
        self.assertAlmostEqual(share.percent, 66.6667, 2)

    def test_category_tree_and_properties(self):
        self.category.asset_properties_definition = [
            {"name": "seats", "string": "Seats", "type": "integer"}
        ]
        self.van.properties = {"seats": 9}
        self.assertEqual(self.van.properties["seats"], 9)
        child = self.category.create({"name": "Vans", "parent_id": self.category.id})
        self.assertEqual(child.display_name, "Vehicles / Vans")
        with self.assertRaisesRegex(UserError, "Recursion"):
            self.category.parent_id = child

    def test_charter_versions(self):
        """A new text asks again; another name does not."""
        membership = self.phare.ess_membership_ids
        self.assertTrue(membership.charter_accepted)
        self.circle.name = "Métropole de Lille"
        self.assertTrue(membership.charter_accepted)
        self.circle.charter = "<p>We also fill it up.</p>"
        self.assertFalse(membership.charter_accepted)
        self.assertNotIn(
            membership,
            membership.search([("charter_accepted", "=", True)]),
        )
        membership.action_accept_charter()
        self.assertTrue(membership.charter_accepted)
        self.assertEqual(membership.accepted_version, 2)
