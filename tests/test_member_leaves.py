"""An organisation that is no member any more, or archived: what circles share is not
for its volunteers, what is its own still is.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EssCommon, utc
from .common_loan import PIXEL
from .common_records import RecordsData


@tagged("post_install", "-at_install")
class TestMemberLeaves(RecordsData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_records()
        cls.van.published = True
        cls.anais = cls._volunteer(cls.phare, "anais")
        theirs = cls.env["ess.need"].create(
            {
                "name": "A tent",
                "entity_id": cls.semeurs.id,
                "category_id": cls.env["ess.asset.category"]
                .create({"name": "Tents"})
                .id,
                "start": utc("2026-03-12 09:00"),
                "stop": utc("2026-03-12 18:00"),
            }
        )
        theirs.action_publish()
        slot = cls.env["ess.round.slot"].create(
            {
                "round_id": cls.round.id,
                "start": "2026-01-20 08:00:00",
                "stop": "2026-01-20 09:00:00",
            }
        )
        photo = cls.env["ess.asset.photo"].create(
            {"asset_id": cls.van.id, "image_1920": PIXEL}
        )
        cls.shared = [cls.round, slot, cls.van, photo, cls.circle, theirs]
        cls.own = [
            cls.booking,
            cls.commitment,
            cls.exchange,
            cls.loan,
            cls.need,
            cls.phare.ess_membership_ids,
            cls.use["ess.loan.damage"],
        ]

    def _check(self, reads):
        """Which records of others Anaïs reads; those of Le Phare always."""
        self.env.flush_all()
        for records, expected in ((self.shared, reads), (self.own, True)):
            for record in records:
                found = record.with_user(self.anais)
                name = record._name
                self.assertEqual(found.has_access("read"), expected, name)
                found = found.search([("id", "=", record.id)])
                self.assertEqual(bool(found), expected, name)

    def test_who_is_no_member_any_more(self):
        self._check(True)
        self.phare.ess_is_member = False
        self._check(False)
        with self.assertRaises(UserError):
            self.booking.with_user(self.anais).action_cancel("We leave")
        self.phare.ess_is_member = True
        self._check(True)

    def test_who_is_archived(self):
        self.phare.active = False
        self._check(False)
        commitments = self.env["ess.commitment"].with_user(self.anais)
        with self.assertRaises(AccessError):
            commitments._portal_commit(self.flour, {"want": 9}, 1)
        self.phare.active = True
        self._check(True)

    def test_nobody_is_a_member_of_no_circle(self):
        """Without a circle, an asset is not everybody's who has no organisation."""
        lonely = self._asset("Lonely", circle_ids=[])
        lonely.circle_ids = False
        nobody = self.env["res.partner"].create({"name": "Zoé", "is_company": True})
        user = self._volunteer(nobody, "nobody")
        self.assertFalse(lonely.with_user(user).has_access("read"))
