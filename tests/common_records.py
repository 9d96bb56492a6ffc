"""One record of each kind that members read: for what must hold on all of them."""

from .common import utc
from .common_round import RoundData


class RecordsData(RoundData):
    """Le Phare books a van and chairs of La Fabrique, needs chairs, borrows Camille's
    time and buys flour; Les Semeurs look on."""

    @classmethod
    def _set_up_records(cls):
        cls.van.write({"published": False})
        cls.third = cls._volunteer(cls.semeurs, "third")
        cls.public = cls.env.ref("base.public_user")
        cls.employee = cls._internal("employee", "base.group_user")
        cls.booking = cls._booking(cls.van, "2026-01-12 09:00", "2026-01-15 09:00")
        cls.booking.action_request()
        later = cls._booking(cls.van, "2026-02-12 09:00", "2026-02-15 09:00")
        later.action_request()
        cls.disruption = cls.env["ess.loan.disruption"]._disrupt(later, "damage")
        cls.policy.loan_kind = "commodat"
        lent = cls._booking(cls.chairs, "2026-01-12 09:00", "2026-01-15 09:00")
        lent.action_request()
        cls.loan = lent.loan_id
        cls.extension = cls.env["ess.loan.extension"].create(
            {
                "loan_id": cls.loan.id,
                "stop_before": cls.loan.stop,
                "stop": utc("2026-01-16 09:00"),
            }
        )
        cls.use = {
            "ess.loan.inspection": cls.env["ess.loan.inspection"].create(
                {"loan_id": cls.loan.id, "kind": "hand_over"}
            ),
            "ess.loan.deposit": cls.env["ess.loan.deposit"].create(
                {"loan_id": cls.loan.id, "amount": 150}
            ),
            "ess.loan.damage": cls.env["ess.loan.damage"].create(
                {"loan_id": cls.loan.id, "booking_id": lent.id, "description": "Dent"}
            ),
        }
        cls.need = cls.env["ess.need"].create(
            {
                "name": "Chairs",
                "entity_id": cls.phare.id,
                "category_id": cls.category.id,
                "start": utc("2026-03-12 09:00"),
                "stop": utc("2026-03-12 18:00"),
                "quantity": 5,
            }
        )
        cls.need.action_publish()
        cls.staff = cls.env["ess.staff.loan"].create(
            {
                "lender_id": cls.fabrique.id,
                "entity_id": cls.phare.id,
                "person_id": cls._volunteer(cls.fabrique, "camille").partner_id.id,
                "qualification": "Bookkeeper",
                "hours": 35,
                "start": utc("2026-03-12 09:00"),
                "stop": utc("2026-03-12 18:00"),
            }
        )
        cls.exchange = cls.env["ess.exchange"].create(
            {
                "name": "Van",
                "booking_id": later.id,
                "provider_id": cls.fabrique.id,
                "receiver_id": cls.phare.id,
            }
        )
        cls.settlement = cls.env["ess.settlement"].create(
            {"date_from": "2026-01-01", "date_to": "2026-01-31"}
        )

        cls._set_up_round()
        cls.round.action_open()
        cls.commitment = cls._commit(cls.flour, cls.phare, 3)

    def _record(self, model):
        """The record of this kind: of others, for who is a stranger."""
        records = {
            "ess.asset": self.van,
            "ess.booking": self.booking,
            "ess.circle": self.circle,
            "ess.circle.membership": self.phare.ess_membership_ids,
            "ess.commitment": self.commitment,
            # made by their budget alone; the model is refused before the record
            "ess.cost.call": self.env["ess.cost.call"].browse(1),
            "ess.exchange": self.exchange,
            "ess.loan": self.loan,
            "ess.loan.disruption": self.disruption,
            "ess.loan.extension": self.extension,
            "ess.need": self.need,
            "ess.need.proposal": self.need.proposal_ids,
            "ess.need.proposal.line": self.need.line_ids,
            "ess.round": self.round,
            "ess.round.offer": self.flour,
            "ess.round.supplier": self.flour.supplier_id,
            "ess.settlement": self.settlement,
            "ess.staff.loan": self.staff,
            **self.use,
        }
        return records.get(model)
