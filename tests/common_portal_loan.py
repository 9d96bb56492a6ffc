"""Two members at their phones: La Fabrique lends, Le Phare borrows.

The van is hired at 40 € a day with a deposit of 300 €, the stage is lent for nothing
(commodat), the thirty chairs are hired at 0.50 € each. Times are relative to now: the
hand-over is due within the hour.
"""

import io
from datetime import datetime, timedelta, timezone

from PIL import Image

from .common_loan import PIXEL
from .common_portal import PortalCase

__all__ = ["PIXEL", "LoanPortalCase", "shot"]


def shot(colour="red", size=(40, 30)):
    """A photo of a phone."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


class LoanPortalCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.loan_kind = "hire"
        cls.van.write({"deposit_amount": 300.0, "code": "VAN-1"})
        cls.chairs.write({"approval": "auto"})
        cls.free_policy = cls.env["ess.booking.policy"].create(
            {"name": "Lent free", "opening_rule": "free", "loan_kind": "commodat"}
        )
        cls.stage = cls._asset("Stage", policy_id=cls.free_policy.id, price=50.0)
        cls.env["ess.asset.check"].create(
            {"category_id": cls.category.id, "name": "Clean"}
        )

    # === LOANS IN EACH STATE === #

    @staticmethod
    def soon(hours=0):
        """The next full hour, and so many more; naive UTC."""
        start = datetime.now(timezone.utc).replace(
            minute=0, second=0, microsecond=0, tzinfo=None
        )
        return start + timedelta(hours=1 + hours)

    def asked(self, *assets, days=0, quantity=1, **vals):
        """The loan of one act over these assets, as far as nobody has answered."""
        vals = {"start": self.soon(24 * days), "stop": self.soon(24 * days + 8)} | vals
        bookings = self.env["ess.booking"].create(
            [
                {
                    "asset_id": asset.id,
                    "entity_id": self.phare.id,
                    "contact_id": self.borrower.partner_id.id,
                    "quantity": min(quantity, asset.capacity),
                    **vals,
                }
                for asset in assets or [self.van]
            ]
        )
        bookings.with_user(self.borrower).action_request()
        return bookings.loan_id

    def to_sign(self, *assets, **vals):
        loan = self.asked(*assets, **vals)
        requested = loan.booking_ids.filtered(lambda b: b.state == "requested")
        if requested:
            requested.with_user(self.lender).action_approve()
        self.assertEqual(loan.state, "to_sign")
        return loan

    def signed(self, *assets, deposit=True, **vals):
        loan = self.to_sign(*assets, **vals)
        for user in (self.lender, self.borrower):
            loan.with_user(user).action_sign(user.name, PIXEL)
        asked = loan.deposit_ids.filtered(lambda one: one.state == "asked")
        if deposit and asked:
            asked.with_user(self.lender).action_hold("cheque", "123")
        self.assertEqual(loan.state, "signed")
        return loan

    def inspected(self, loan, kind, user=None, **found):
        """An inspection that this side has recorded: all is there, or `found`."""
        user = user or self.lender
        inspection = loan.with_user(user).action_inspect(kind)
        lines = {
            line.id: {"quantity": line.sudo().out_quantity, **found}
            for line in inspection.sudo().line_ids
        }
        inspection._fill({"lines": lines})
        inspection.action_record()
        return inspection.sudo()

    def out(self, *assets, **vals):
        loan = self.signed(*assets, **vals)
        self.inspected(loan, "hand_over")
        self.assertEqual(loan.state, "ongoing")
        return loan

    def late(self, *assets):
        """It should have been back yesterday."""
        loan = self.out(*assets)
        items = loan.booking_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ess_booking SET start = start - interval '3 days', "
            "stop = stop - interval '2 days' WHERE id = ANY(%s)",
            [items.ids],
        )
        self.env.cr.execute(
            "UPDATE ess_loan SET start = start - interval '3 days', "
            "stop = stop - interval '2 days' WHERE id = %s",
            [loan.id],
        )
        self.env.invalidate_all()
        return loan

    def damaged(self, **vals):
        """A dented van: reported at its return, nothing said yet about who pays."""
        loan = self.out()
        returned = self.inspected(loan, "return", damaged_quantity=1)
        damage = loan.damage_ids
        self.assertEqual(len(damage), 1)
        if vals:
            damage.with_user(self.lender).action_propose(**vals)
        return loan, returned, damage

    # === PAGES === #

    def words(self, url):
        """The page, without the line breaks of its source."""
        return " ".join(self.page(url).split())

    def text(self, response):
        return " ".join(response.text.split())
