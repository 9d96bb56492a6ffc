"""Chairs around Roubaix, for the tests of needs.

Le Phare (Roubaix) needs chairs on 12 June. La Fabrique (Wattrelos, 3 km away) has 30,
Les Semeurs (Tourcoing, 4 km) have 25, Le Moulin (Lille, 12 km) has 60.
"""

from .common import EssCommon, utc

DAY = ("2026-06-12 09:00", "2026-06-12 18:00")


class NeedData:
    @classmethod
    def _set_up_needs(cls):
        cls.moulin = cls._member("Le Moulin", city="Lille")
        for member, latitude, longitude in (
            (cls.phare, 50.6900, 3.1800),
            (cls.fabrique, 50.7000, 3.2200),
            (cls.semeurs, 50.7200, 3.1600),
            (cls.moulin, 50.6300, 3.0600),
        ):
            member.write({"partner_latitude": latitude, "partner_longitude": longitude})
        cls.furniture = cls.env["ess.asset.category"].create({"name": "Furniture"})
        cls.chairs.write(
            {
                "category_id": cls.furniture.id,
                "approval": "owner",
                "latitude": 50.7,
                "longitude": 3.22,
            }
        )
        seats = {"category_id": cls.furniture.id, "approval": "owner", "price": 0.5}
        cls.stools = cls._asset("Stools", cls.semeurs, capacity=25, **seats)
        cls.benches = cls._asset("Benches", cls.moulin, capacity=60, **seats)

    @classmethod
    def _need(cls, quantity=40, window=DAY, entity=None, **vals):
        return cls.env["ess.need"].create(
            {
                "name": "Chairs",
                "entity_id": (entity or cls.phare).id,
                "category_id": cls.furniture.id,
                "quantity": quantity,
                "start": utc(window[0]),
                "stop": utc(window[1]),
                **vals,
            }
        )

    @classmethod
    def _published(cls, quantity=40, window=DAY, entity=None, **vals):
        need = cls._need(quantity, window, entity, **vals)
        need.action_publish()
        return need

    @staticmethod
    def _parts(proposals):
        """[{asset name: units}, …] in the order of the ranks."""
        return [
            {line.asset_id.name: line.quantity for line in proposal.line_ids}
            for proposal in proposals.sorted("rank")
        ]

    @staticmethod
    def _live(need):
        return need.proposal_ids.filtered(lambda p: p.state in ("proposed", "ready"))

    @staticmethod
    def _agree_all(proposal):
        """Every lender who was asked says yes."""
        for line in proposal.line_ids:
            if line.state == "asked":
                line.action_agree()


class NeedCommon(NeedData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_needs()
        cls.lou = cls._volunteer(cls.fabrique, "lou", name="Lou of La Fabrique")
        cls.sam = cls._volunteer(cls.semeurs, "sam", name="Sam of Les Semeurs")
        cls.bo = cls._volunteer(cls.phare, "bo", name="Bo of Le Phare")
        cls.facilitator = cls._internal(
            "need-facilitator", "ess_mutualisation.group_facilitator"
        )
