from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.occupancy import Ledger, combine, free_steps

MIN_YEAR, MAX_YEAR = 1990, 2200
LONGEST = timedelta(days=3650)

# Every asset that a use of `root` takes, and how many units of each: the asset
# itself, its components, theirs… `roots(id)` says which assets are asked about.
SQL_NEED = SQL(
    """
    path(root, asset, quantity) AS (
        SELECT id, id, 1 FROM roots
        UNION ALL
        SELECT path.root, line.component_id, path.quantity * line.quantity
          FROM path JOIN ess_asset_component line ON line.parent_id = path.asset
    ),
    need AS (
        SELECT root, asset, SUM(quantity)::int AS quantity
          FROM path GROUP BY root, asset
    )
    """
)
# For each need, the highest load of its asset during the use with its buffers: a
# running sum over starts and ends, an end before a start at the same instant.
SQL_FREE = """
    span AS (
        SELECT need.root, need.asset, need.quantity, asset.capacity,
               %(start)s::timestamp - make_interval(mins => GREATEST(
                   COALESCE(own.buffer_before_minutes, 0),
                   COALESCE(top.buffer_before_minutes, 0))) AS start,
               %(stop)s::timestamp + make_interval(mins => GREATEST(
                   COALESCE(own.buffer_after_minutes, 0),
                   COALESCE(top.buffer_after_minutes, 0))) AS stop
          FROM need
          JOIN ess_asset asset ON asset.id = need.asset
          JOIN ess_asset root ON root.id = need.root
          LEFT JOIN ess_booking_policy own ON own.id = asset.policy_id
          LEFT JOIN ess_booking_policy top ON top.id = root.policy_id
    ),
    event AS (
        SELECT span.root, span.asset, change.at, change.delta
          FROM span
          JOIN ess_occupancy taken ON taken.asset_id = span.asset
           AND taken.start < span.stop AND taken.stop > span.start
           AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s)
         CROSS JOIN LATERAL (VALUES
               (GREATEST(taken.start, span.start), taken.quantity),
               (taken.stop, -taken.quantity)) AS change(at, delta)
    ),
    load AS (
        SELECT root, asset, SUM(delta) OVER (
                   PARTITION BY root, asset ORDER BY at, delta
                   ROWS UNBOUNDED PRECEDING) AS total
          FROM event
    ),
    peak AS (
        SELECT root, asset, MAX(total) AS total FROM load GROUP BY root, asset
    ),
    short AS (
        SELECT DISTINCT span.root
          FROM span LEFT JOIN peak USING (root, asset)
         WHERE span.capacity - COALESCE(peak.total, 0) < span.quantity * %(quantity)s
    )
    SELECT roots.id FROM roots
     WHERE roots.id NOT IN (SELECT root FROM short)
     ORDER BY roots.rank
"""


class AssetAvailability(models.Model):
    """When an asset is free. Reads occupancies only; the gate alone writes them."""

    _inherit = "ess.asset"

    # === PUBLIC METHODS === #

    @api.model
    @api.readonly
    def search_available(self, start, stop, quantity=1, domain=None):
        """Assets of which `quantity` units are free from start to stop, all the time.

        Public: the caller's record rules decide which assets are looked at. Buffers
        of the policies and components of composites are taken into account; opening
        hours and other rules are not.

        :param start: naive UTC datetime, or its string
        :param stop: naive UTC datetime, or its string; half-open
        :param int quantity: units asked for
        :param domain: restricts the assets
        :return: ids in the model's order, by one SQL query whatever their number
        :rtype: list[int]
        """
        start, stop = self._check_window(start, stop)
        if not isinstance(quantity, int) or quantity < 1:
            raise ValidationError(
                self.env._("Quantity: ask for at least 1, not %s.", quantity)
            )
        query = self._search(domain or [], order=self._order)
        self._flush_availability()
        rows = self.env.execute_query(
            SQL(
                "WITH RECURSIVE roots AS ("
                "SELECT id, ROW_NUMBER() OVER () AS rank FROM (%s) AS asked), %s, %s",
                query.select(),
                SQL_NEED,
                SQL(
                    SQL_FREE,
                    start=start,
                    stop=stop,
                    quantity=quantity,
                    now=fields.Datetime.now(),
                ),
            )
        )
        return [row[0] for row in rows]

    @api.readonly
    def availability(self, start, stop):
        """Free units of these assets, step by step, between start and stop.

        Public: the caller must be allowed to read the assets. Nothing is said about
        who takes the time. Steps are maximal, half-open and tile the window; a
        composite is as free as its scarcest component.

        :param start: naive UTC datetime, or its string
        :param stop: naive UTC datetime, or its string
        :return: {asset id: [[start, stop, free], …]}, in two SQL queries
        :rtype: dict[int, list[list]]
        """
        start, stop = self._check_window(start, stop)
        self.check_access("read")
        steps = self._free_steps(start, stop)
        return {
            asset_id: [[step[0], step[1], max(step[2], 0)] for step in asset_steps]
            for asset_id, asset_steps in steps.items()
        }

    # === BUSINESS METHODS === #

    def _check_window(self, start, stop):
        """Both bounds as naive UTC datetimes, in the right order.

        :raise ValidationError: when a bound is missing, unreadable, out of range, or
            when the end does not come after the start
        """
        try:
            start = fields.Datetime.to_datetime(start)
            stop = fields.Datetime.to_datetime(stop)
        except (TypeError, ValueError) as error:
            raise ValidationError(
                self.env._(
                    "Dates: '%(start)s' and '%(stop)s' must be dates and times such as "
                    "2026-06-12 14:00:00.",
                    start=start,
                    stop=stop,
                )
            ) from error
        if not start or not stop:
            raise ValidationError(self.env._("Dates: give both a start and an end."))
        if stop <= start:
            raise ValidationError(
                self.env._(
                    "Dates: the end (%(stop)s) must come after the start (%(start)s).",
                    start=start,
                    stop=stop,
                )
            )
        if (
            not MIN_YEAR <= start.year <= stop.year <= MAX_YEAR
            or stop - start > LONGEST
        ):
            raise ValidationError(
                self.env._(
                    "Dates: from %(start)s to %(stop)s is more than ten years long or "
                    "too far away; check the years.",
                    start=start,
                    stop=stop,
                )
            )
        return start, stop

    def _flush_availability(self):
        for model, names in (
            ("ess.asset", ["capacity", "policy_id"]),
            ("ess.asset.component", ["parent_id", "component_id", "quantity"]),
            ("ess.booking.policy", ["buffer_before_minutes", "buffer_after_minutes"]),
            ("ess.occupancy", None),
        ):
            self.env[model].flush_model(names)

    def _needs(self):
        """What one unit of each of these assets takes.

        :return: {root id: {asset id: units}}, the root itself included, one query
        """
        if not self.ids:
            return {}
        self.env["ess.asset.component"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "WITH RECURSIVE roots AS (SELECT unnest(%s) AS id), %s "
                "SELECT need.root, need.asset, need.quantity, asset.capacity "
                "FROM need JOIN ess_asset asset ON asset.id = need.asset",
                list(self.ids),
                SQL_NEED,
            )
        )
        needs = defaultdict(dict)
        for root, asset, quantity, _capacity in rows:
            needs[root][asset] = quantity
        return dict(needs)

    def _ancestors(self):
        """These assets and every composite that contains one of them."""
        found, level = self, self
        while level:
            lines = self.env["ess.asset.component"].sudo()
            level = lines.search([("component_id", "in", level.ids)]).parent_id - found
            found |= level
        return found

    def _free_steps(self, start, stop, without=None):
        """Steps of free units per asset, composites combined (see `availability`).

        :param without: ess.occupancy to leave out (what a booking takes itself)
        :return: {asset id: [(start, stop, free), …]}
        """
        self._flush_availability()
        needs = self._needs()
        taken_ids = {asset for need in needs.values() for asset in need}
        intervals, capacities = self._taken(taken_ids, start, stop, without)
        single = {
            asset: free_steps(intervals[asset], capacities[asset], start, stop)
            for asset in taken_ids
        }
        return {
            root: combine([(single[asset], units) for asset, units in need.items()])
            if len(need) > 1
            else single[root]
            for root, need in needs.items()
        }

    def _free_units(self, start, stop, without=None):
        """Units of each asset that one booking from start to stop could take.

        Buffers count as they do at the gate, so that what is said here can be had.

        :param without: ess.occupancy to leave out
        :return: {asset id: units}, in two SQL queries whatever the number
        """
        self._flush_availability()
        roots = self.sudo()
        needs = roots._needs()
        assets = roots.browse({asset for need in needs.values() for asset in need})
        head = {a.id: a.policy_id.buffer_before_minutes for a in assets}
        tail = {a.id: a.policy_id.buffer_after_minutes for a in assets}
        first = start - timedelta(minutes=max(head.values(), default=0))
        last = stop + timedelta(minutes=max(tail.values(), default=0))
        intervals, capacities = self._taken(assets.ids, first, last, without)
        ledgers = {
            asset: Ledger(capacity, intervals[asset])
            for asset, capacity in capacities.items()
        }

        def units(root, asset, each):
            before = timedelta(minutes=max(head[asset], head[root]))
            after = timedelta(minutes=max(tail[asset], tail[root]))
            return ledgers[asset].free(start - before, stop + after) // each

        return {
            root: max(min(units(root, asset, each) for asset, each in need.items()), 0)
            for root, need in needs.items()
        }

    def _taken(self, asset_ids, start, stop, without=None):
        """Taken intervals and capacities of assets, in one query.

        :return: ({asset id: [(start, stop, quantity)]}, {asset id: capacity})
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT asset.id, asset.capacity, taken.start, taken.stop, taken.quantity
                  FROM ess_asset asset
             LEFT JOIN ess_occupancy taken ON taken.asset_id = asset.id
                   AND taken.start < %(stop)s AND taken.stop > %(start)s
                   AND (taken.expires_at IS NULL OR taken.expires_at > %(now)s)
                   AND NOT taken.id = ANY(%(without)s)
                 WHERE asset.id = ANY(%(assets)s)
                """,
                start=start,
                stop=stop,
                now=fields.Datetime.now(),
                without=list(without.ids) if without else [],
                assets=list(asset_ids),
            )
        )
        intervals, capacities = defaultdict(list), {}
        for asset, capacity, taken_start, taken_stop, quantity in rows:
            capacities[asset] = capacity
            if quantity:
                intervals[asset].append((taken_start, taken_stop, quantity))
        return intervals, capacities
