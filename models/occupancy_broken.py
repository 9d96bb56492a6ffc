from collections import defaultdict

from odoo import api, fields, models

from ..tools.occupancy import Ledger

PROMISED = ("requested", "confirmed")


class OccupancyBroken(models.Model):
    """Promises that something else makes impossible: who asked last gives way."""

    _inherit = "ess.occupancy"

    @api.model
    def _broken_by(self, claims, removed=None):
        """Bookings that no longer fit if these claims are there, whatever was promised.

        What is under way, closures and holds count as they are; promises are looked at
        in the order in which they were asked for.

        :param list[dict] claims: root occupancies, see `_replace`
        :param removed: ess.occupancy rows that do not count
        :return: ess.booking, requested or confirmed, in the order of their start
        """
        rows = [row for group in self._expand(claims) for row in group]
        bookings = self.env["ess.booking"].sudo()
        if not rows:
            return bookings
        assets = self.env["ess.asset"].sudo().browse({r["asset_id"] for r in rows})
        ledgers = {asset.id: Ledger(asset.capacity) for asset in assets}
        promised = defaultdict(list)
        for taken in self._overlapping(rows, removed):
            if taken.booking_id.state in PROMISED:
                promised[taken.booking_id].append(taken)
            else:
                ledgers[taken.asset_id.id].add(taken.start, taken.stop, taken.quantity)
        for row in rows:
            ledgers[row["asset_id"]].add(row["start"], row["stop"], row["quantity"])
        broken = bookings
        for booking in sorted(
            promised, key=lambda b: (b.requested_on or b.create_date, b.id)
        ):
            if all(
                ledgers[one.asset_id.id].free(one.start, one.stop) >= one.quantity
                for one in promised[booking]
            ):
                for one in promised[booking]:
                    ledgers[one.asset_id.id].add(one.start, one.stop, one.quantity)
            else:
                broken |= booking
        return broken.sorted(lambda b: (b.start, b.id))

    def _overlapping(self, rows, removed):
        """Rows of the assets concerned, within the time of all the claims."""
        now = fields.Datetime.now()
        return (
            self.sudo()
            .search(
                [
                    ("asset_id", "in", list({row["asset_id"] for row in rows})),
                    ("start", "<", max(row["stop"] for row in rows)),
                    ("stop", ">", min(row["start"] for row in rows)),
                    ("id", "not in", removed.ids if removed else []),
                ]
            )
            .filtered(lambda row: not row.expires_at or row.expires_at > now)
        )
