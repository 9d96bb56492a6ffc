"""La Fabrique hires a van and chairs to Le Phare, and lends it a stage for free."""

from .common import EssCommon, utc

__all__ = ["PIXEL", "WINDOW", "LoanCommon", "LoanData", "utc"]

# A picture of one dot, as Odoo's signature form sends it.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
WINDOW = ("2026-01-12 09:00", "2026-01-14 09:00")


class LoanData:
    @classmethod
    def _set_up_loans(cls):
        cls.policy.loan_kind = "hire"
        cls.free_policy = cls.env["ess.booking.policy"].create(
            {"name": "Lent free", "opening_rule": "free", "loan_kind": "commodat"}
        )
        cls.stage = cls._asset(
            "Stage",
            policy_id=cls.free_policy.id,
            price=50.0,
            price_unit="day",
            replacement_value=3000,
        )
        # both sides, a third member and the federation
        cls.anais = cls._volunteer(cls.phare, "anais")
        cls.bob = cls._volunteer(cls.fabrique, "bob")
        cls.third = cls._volunteer(cls.semeurs, "third")

    @classmethod
    def _loan(cls, *assets, entity=None, window=WINDOW, quantity=1):
        """The loan of these assets, promised in one act."""
        bookings = cls.env["ess.booking"].union(
            *(cls._booking(one, *window, entity, quantity) for one in assets)
        )
        bookings.action_request()
        return bookings.loan_id

    def _sign(self, loan, *users):
        for user in users or (self.bob, self.anais):
            loan.with_user(user).action_sign(user.name, PIXEL)
        return loan

    @classmethod
    def _certificate(cls, first, last, entity=None, **vals):
        return cls.env["ess.insurance.certificate"].create(
            {
                "entity_id": (entity or cls.phare).id,
                "insurer": "Mutuelle du Nord",
                "number": f"{first}/{last}",
                "date_from": first,
                "date_to": last,
                **vals,
            }
        )


class LoanCommon(LoanData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_loans()
