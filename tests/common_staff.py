"""La Fabrique lends its bookkeeper to Le Phare: 35 hours in January, at cost."""

import base64

from .common import utc
from .common_loan import PIXEL

PAPER = base64.b64encode(b"%PDF-1.4 signed by hand")


class StaffData:
    @classmethod
    def _set_up_staff(cls):
        cls.camille = cls.env["res.partner"].create(
            {"name": "Camille Petit", "parent_id": cls.fabrique.id}
        )
        # both sides
        cls.bob = cls._volunteer(cls.fabrique, "bob")
        cls.anais = cls._volunteer(cls.phare, "anais")

    @classmethod
    def _staff(cls, **vals):
        return cls.env["ess.staff.loan"].create(
            {
                "lender_id": cls.fabrique.id,
                "entity_id": cls.phare.id,
                "person_id": cls.camille.id,
                "qualification": "Bookkeeper",
                "hours": 35,
                "start": utc("2026-01-05 09:00"),
                "stop": utc("2026-01-30 18:00"),
                **vals,
            }
        )

    @classmethod
    def _sign(cls, staff, *users):
        if staff.state == "draft":
            staff.action_ask_signatures()
        for user in users or (cls.bob, cls.anais):
            staff.with_user(user).action_sign(user.name, PIXEL)
        return staff

    @classmethod
    def _papers(cls, staff):
        staff.write(
            {
                "consent_document": PAPER,
                "consent_name": "consent.pdf",
                "consent_on": "2026-01-02",
                "convention_document": PAPER,
                "convention_name": "convention.pdf",
            }
        )

    @classmethod
    def _line(cls, staff, nature, cost, hours=0, **vals):
        return cls.env["ess.staff.loan.line"].create(
            {
                "staff_loan_id": staff.id,
                "nature": nature,
                "label": f"January {nature}",
                "cost": cost,
                "hours": hours,
                **vals,
            }
        )

    @classmethod
    def _costs(cls, staff):
        """700.10 of wages for 35 hours, 301.05 of charges, 24.90 of trains."""
        cls._line(staff, "wage", 700.10, 35)
        cls._line(staff, "charge", 301.05)
        cls._line(staff, "expense", 24.90)

    @classmethod
    def _billable(cls):
        staff = cls._staff()
        cls._sign(staff)
        cls._papers(staff)
        cls._costs(staff)
        return staff
