"""A small federation that every test starts from.

Now is Monday 5 January 2026, 09:00 in Paris. Three members in one circle: La Fabrique
owns a van, Le Phare borrows it, Les Semeurs look on. All accepted the charter.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

PARIS = ZoneInfo("Europe/Paris")
NOW = "2026-01-05 08:00:00"


def utc(text, zone=PARIS):
    """'2026-01-12 09:00' on the wall in Paris, as Odoo stores it."""
    local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


class EssData:
    """Builds the federation; mixed into transaction and browser tests."""

    @classmethod
    def _set_up_federation(cls):
        cls.env = cls.env(
            context={**cls.env.context, "tracking_disable": True, "lang": "en_US"}
        )
        cls.circle = cls.env["ess.circle"].create(
            {"name": "Métropole", "charter": "<p>We bring it back clean.</p>"}
        )
        cls.fabrique = cls._member("Radio La Fabrique", city="Wattrelos")
        cls.phare = cls._member("Jardin Le Phare", city="Roubaix")
        cls.semeurs = cls._member("Labo Les Semeurs", city="Tourcoing")
        cls.category = cls.env["ess.asset.category"].create({"name": "Vehicles"})
        cls.policy = cls.env["ess.booking.policy"].create(
            {"name": "Free", "opening_rule": "free", "reminder_hours": 24}
        )
        cls.van = cls._asset("Van", price=40.0, price_unit="day")
        cls.chairs = cls._asset("Chairs", capacity=30, price=0.5, price_unit="day")

    @classmethod
    def _member(cls, name, **vals):
        member = cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "ess_is_member": True,
                "email": f"{name.split()[-1].lower()}@example.org",
                "ess_circle_ids": [Command.link(cls.circle.id)],
                **vals,
            }
        )
        member.ess_membership_ids.action_accept_charter()
        return member

    @classmethod
    def _volunteer(cls, entity, login, **vals):
        """A portal user of this organisation (password = login)."""
        user = new_test_user(cls.env, login, groups="base.group_portal", **vals)
        user.partner_id.parent_id = entity
        return user

    @classmethod
    def _internal(cls, login, groups):
        return new_test_user(cls.env, login, groups=groups)

    @staticmethod
    def at(instant):
        """Later the same year: `with self.at("2026-01-05 08:16:00"): …` (UTC)."""
        return freeze_time(instant)

    @classmethod
    def _asset(cls, name, owner=None, **vals):
        return cls.env["ess.asset"].create(
            {
                "name": name,
                "owner_id": (owner or cls.fabrique).id,
                "category_id": cls.category.id,
                "policy_id": cls.policy.id,
                "tz": "Europe/Paris",
                **vals,
            }
        )

    @classmethod
    def _booking(cls, asset, start, stop, entity=None, quantity=1, **vals):
        """A draft by `entity` (Le Phare) at Paris wall-clock times."""
        return cls.env["ess.booking"].create(
            {
                "asset_id": asset.id,
                "entity_id": (entity or cls.phare).id,
                "start": utc(start),
                "stop": utc(stop),
                "quantity": quantity,
                **vals,
            }
        )


class EssCommon(EssData, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls._set_up_federation()
