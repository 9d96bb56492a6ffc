from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL, format_datetime

from ..tools.occupancy import Ledger
from .occupancy import NotFree


class AssetGate(models.Model):
    """What the gate needs of an asset."""

    _inherit = "ess.asset"

    def _bump(self):
        """Update the version of these assets, in the order of their ids.

        Locking the rows would not be enough: under REPEATABLE READ a transaction that
        waited for a lock still reads its old snapshot. An update makes it fail with a
        serialization error, which Odoo answers by trying the request again.

        :return: assets whose time was given back by holds that are over
        """
        if not self.ids:
            return self
        self.env["ess.asset"].flush_model(["capacity"])
        self.env.execute_query(
            SQL(
                """
                UPDATE ess_asset
                   SET occupancy_version = COALESCE(occupancy_version, 0) + 1
                 WHERE id IN (SELECT id FROM ess_asset WHERE id = ANY(%s)
                               ORDER BY id FOR UPDATE)
                """,
                sorted(self.ids),
            )
        )
        return self.env["ess.occupancy"]._drop_expired(self.ids)

    def _recheck_capacity(self):
        """After a change of capacity: what is promised must still fit.

        :raise NotFree: names the asset and the first time that is short
        """
        self._bump()
        now = fields.Datetime.now()
        rows = (
            self.env["ess.occupancy"]
            .sudo()
            .search([("asset_id", "in", self.ids), ("stop", ">", now)])
        )
        by_asset = defaultdict(list)
        for row in rows:
            by_asset[row.asset_id].append(row)
        for asset in self:
            ledger = Ledger(asset.capacity)
            for row in by_asset[asset]:
                free = ledger.free(row.start, row.stop)
                if free < row.quantity:
                    raise NotFree(
                        self.env._(
                            "Capacity: %(asset)s cannot have only %(capacity)s units, "
                            "more are promised from %(start)s on. Move or cancel those "
                            "bookings first.",
                            asset=asset.display_name,
                            capacity=asset.capacity,
                            start=format_datetime(self.env, row.start, tz=asset.tz),
                        )
                    )
                ledger.add(row.start, row.stop, row.quantity)
        self._reset_exclusive()
        self.env["ess.booking"]._serve_waiting(self)

    def _reset_exclusive(self):
        """Rows follow the capacity; past rows of a former pool stay as they were."""
        self.env["ess.occupancy"].flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE ess_occupancy taken SET exclusive = (asset.capacity = 1)
                  FROM ess_asset asset
                 WHERE asset.id = taken.asset_id AND asset.id = ANY(%s)
                   AND (taken.stop > %s OR asset.capacity > 1)
                """,
                list(self.ids),
                fields.Datetime.now(),
            )
        )
        self.env["ess.occupancy"].invalidate_model(["exclusive"])

    def _rebuild_occupancy(self):
        """After a change of components: future uses take what they now need."""
        composites = self.sudo()._ancestors()
        composites._bump()
        now = fields.Datetime.now()
        roots = (
            self.env["ess.occupancy"]
            .sudo()
            .search(
                [
                    ("asset_id", "in", composites.ids),
                    ("parent_id", "=", False),
                    ("stop", ">", now),
                ]
            )
        )
        for root in roots:
            root._retake()
