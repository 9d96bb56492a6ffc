"""A settlement as it stands once it is posted, made of plain records.

Le Phare borrowed La Fabrique's van for 120 € and got the chairs for nothing (worth
30 €); it carried 45.10 € of the federation's costs; Les Semeurs had nothing to do with
that. Balances: La Fabrique +120, federation +45.10, Le Phare −165.10.
"""

from odoo.fields import Date


class Settled:
    """Mixed into transaction and browser tests that have the federation."""

    @classmethod
    def _exchange(cls, date="2026-01-12", amount=0.0, nature="use", **vals):
        """From La Fabrique to Le Phare, by a booking of its own."""
        date = Date.to_date(date)
        booking = cls.env["ess.booking"].create(
            {
                "asset_id": cls.van.id,
                "entity_id": cls.phare.id,
                "start": f"{date} 08:00:00",
                "stop": f"{date} 17:00:00",
            }
        )
        return cls.env["ess.exchange"].create(
            {
                "name": "Van",
                "date": date,
                "provider_id": cls.fabrique.id,
                "receiver_id": cls.phare.id,
                "nature": nature,
                "quantity": 1,
                "value": amount,
                "amount": amount,
                "booking_id": booking.id,
                **vals,
            }
        )

    @classmethod
    def _exchanges(cls):
        day = cls.env.ref("uom.product_uom_day").id
        hour = cls.env.ref("uom.product_uom_hour").id
        return (
            cls._exchange(amount=120, quantity=3, uom_id=day, name="Van, 3 days")
            + cls._exchange(
                date="2026-01-20",
                name="=1+1 chairs",
                value=30.0,
                quantity=4,
                uom_id=hour,
            )
            + cls._exchange(
                date="2026-01-31",
                name="Depot, January",
                amount=45.10,
                provider_id=cls.env.company.partner_id.id,
            )
        )

    @classmethod
    def _settle(cls, exchanges=None, state="posted", **vals):
        """A settlement of these exchanges in its state, without accounting."""
        federation = cls.env.company.partner_id
        settlement = cls.env["ess.settlement"].create(
            {
                "name": "SET2026/0001",
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
                **vals,
            }
        )
        exchanges = cls._exchanges() if exchanges is None else exchanges
        cls.env["ess.settlement.item"].create(
            [
                {
                    "settlement_id": settlement.id,
                    "exchange_id": exchange.id,
                    "live": state != "reversed",
                    "kind": "invoice"
                    if exchange.provider_id == federation
                    else "statement",
                    **{
                        name: exchange[name].id
                        for name in ("provider_id", "receiver_id", "uom_id")
                    },
                    **{
                        name: exchange[name]
                        for name in (
                            "date",
                            "name",
                            "nature",
                            "quantity",
                            "value",
                            "amount",
                        )
                    },
                }
                for exchange in exchanges
            ]
        )
        parties = exchanges.provider_id | exchanges.receiver_id
        cls.env["ess.settlement.line"].create(
            [cls._line_vals(settlement, entity, exchanges) for entity in parties]
        )
        cls.env["ess.settlement.transfer"].create(
            [
                {
                    "settlement_id": settlement.id,
                    "debtor_id": exchange.receiver_id.id,
                    "creditor_id": exchange.provider_id.id,
                    "amount": exchange.amount,
                }
                for exchange in exchanges.filtered("amount")
            ]
        )
        settlement.state = state
        return settlement

    @classmethod
    def _line_vals(cls, settlement, entity, exchanges):
        gave = exchanges.filtered(lambda one: one.provider_id == entity)
        got = exchanges.filtered(lambda one: one.receiver_id == entity)
        net = sum(gave.mapped("amount")) - sum(got.mapped("amount"))
        return {
            "settlement_id": settlement.id,
            "entity_id": entity.id,
            "is_federation": entity == settlement.company_id.partner_id,
            "gave_value": sum(gave.mapped("value")),
            "received_value": sum(got.mapped("value")),
            "owes": sum(got.mapped("amount")),
            "is_owed": sum(gave.mapped("amount")),
            "net": net,
            "balance": net,
        }

    @staticmethod
    def _line_of(settlement, entity):
        return settlement.line_ids.filtered(lambda line: line.entity_id == entity)
