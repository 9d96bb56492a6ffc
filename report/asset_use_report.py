from odoo import api, fields, models
from odoo.tools import SQL

from ..models.booking import TAKING

# A request takes time, but it is not yet a use.
USED = tuple(state for state in TAKING if state != "requested")
# Ratios of two columns; the same ratio of sums holds for any group of rows.
RATES = {
    "use_rate": ("used_hours", "capacity_hours"),
    "lent_rate": ("lent_hours", "capacity_hours"),
}

# Months begin at midnight in the asset's own zone; a use over midnight is cut there.
# What was promised and what really happened: buffers do not count as use, and a use
# that came back early counts until it was back.
SQL_TAKEN = """
    taken AS (
        SELECT row.asset_id, row.kind, row.quantity, row.booking_id,
               row.parent_id IS NULL AS direct,
               booking.entity_id = asset.owner_id AS own,
               GREATEST(row.start, booking.start) AS start,
               LEAST(row.stop, booking.stop, booking.returned_on) AS stop
          FROM ess_occupancy row
          JOIN ess_asset asset ON asset.id = row.asset_id
          LEFT JOIN ess_booking booking ON booking.id = row.booking_id
         WHERE row.kind IN ('own_use', 'maintenance', 'closure')
            OR row.kind = 'booking' AND booking.state IN %(used)s
    ),
    life AS (
        SELECT asset.id AS asset_id, resource.tz,
               date_trunc('month', LEAST(asset.create_date, MIN(taken.start))
                   AT TIME ZONE 'UTC' AT TIME ZONE resource.tz) AS first,
               date_trunc('month', CASE WHEN asset.active
                   THEN LEAST(%(now)s::timestamp + interval '12 months', GREATEST(
                              %(now)s::timestamp, MAX(MAX(taken.stop)) OVER ()))
                   ELSE COALESCE(MAX(taken.stop), asset.create_date) END
                   AT TIME ZONE 'UTC' AT TIME ZONE resource.tz) AS last
          FROM ess_asset asset
          JOIN resource_resource resource ON resource.id = asset.resource_id
          LEFT JOIN taken ON taken.asset_id = asset.id
         GROUP BY asset.id, resource.tz
    ),
    span AS (
        SELECT life.asset_id, month.day,
               month.day AT TIME ZONE life.tz AT TIME ZONE 'UTC' AS start,
               (month.day + interval '1 month')
                   AT TIME ZONE life.tz AT TIME ZONE 'UTC' AS stop
          FROM life CROSS JOIN LATERAL
               generate_series(life.first, life.last, interval '1 month') month(day)
    )
"""
# Opening hours bound what can be used only where the whole use lies within them: what
# is fetched on Friday and brought back on Monday is used at the weekend as well.
SQL_OPEN = """
    weekday AS (
        SELECT hours.calendar_id, hours.dayofweek::int + 1 AS isodow,
               SUM(hours.hour_to - hours.hour_from)
                   / CASE WHEN calendar.two_weeks_calendar THEN 2 ELSE 1 END AS open
          FROM resource_calendar_attendance hours
          JOIN resource_calendar calendar ON calendar.id = hours.calendar_id
         WHERE hours.day_period <> 'lunch' AND hours.display_type IS NULL
         GROUP BY hours.calendar_id, hours.dayofweek, calendar.two_weeks_calendar
    ),
    opening AS (
        SELECT month.day AS month, weekday.calendar_id, SUM(weekday.open) AS open
          FROM (SELECT DISTINCT day FROM span) month
         CROSS JOIN LATERAL generate_series(
               month.day, month.day + interval '1 month' - interval '1 day',
               interval '1 day') date(day)
          JOIN weekday ON weekday.isodow = EXTRACT(ISODOW FROM date.day)
         GROUP BY month.day, weekday.calendar_id
    )
"""
SQL_CELL = """
    cell AS (
        SELECT span.asset_id, span.day,
               SUM(hours.n) FILTER (
                   WHERE taken.kind = 'booking' AND taken.direct AND NOT taken.own
               ) AS lent,
               SUM(hours.n) FILTER (
                   WHERE taken.kind = 'booking' AND taken.direct AND taken.own
                      OR taken.kind = 'own_use'
               ) AS own,
               SUM(hours.n) FILTER (
                   WHERE taken.kind = 'booking' AND NOT taken.direct
               ) AS within,
               SUM(hours.n) FILTER (
                   WHERE taken.kind IN ('maintenance', 'closure')
               ) AS closed,
               COUNT(*) FILTER (
                   WHERE taken.kind = 'booking' AND taken.direct
                     AND taken.start >= span.start
               ) AS bookings
          FROM span
          JOIN taken ON taken.asset_id = span.asset_id
           AND taken.start < span.stop AND taken.stop > span.start
         CROSS JOIN LATERAL (SELECT taken.quantity * EXTRACT(EPOCH FROM
               LEAST(taken.stop, span.stop) - GREATEST(taken.start, span.start)
               ) / 3600.0) hours(n)
         GROUP BY span.asset_id, span.day
    )
"""
SQL_ROWS = """
    SELECT asset.id::bigint * 12000 + EXTRACT(YEAR FROM span.day)::int * 12
               + EXTRACT(MONTH FROM span.day)::int - 1 AS id,
           span.day::date AS month,
           asset.id AS asset_id, asset.category_id, asset.owner_id, asset.kind,
           asset.company_id,
           COALESCE(cell.bookings, 0) AS booking_count,
           COALESCE(cell.lent, 0) AS lent_hours,
           COALESCE(cell.own, 0) AS own_hours,
           COALESCE(cell.within, 0) AS composite_hours,
           COALESCE(cell.closed, 0) AS closed_hours,
           COALESCE(cell.lent, 0) + COALESCE(cell.own, 0)
               + COALESCE(cell.within, 0) AS used_hours,
           asset.capacity * CASE
               WHEN asset.resource_calendar_id IS NOT NULL
                    AND policy.opening_rule = 'inside' THEN COALESCE(opening.open, 0)
               ELSE EXTRACT(EPOCH FROM span.stop - span.start) / 3600.0
           END AS capacity_hours
      FROM span
      JOIN ess_asset asset ON asset.id = span.asset_id
      LEFT JOIN ess_booking_policy policy ON policy.id = asset.policy_id
      LEFT JOIN cell ON cell.asset_id = span.asset_id AND cell.day = span.day
      LEFT JOIN opening ON opening.calendar_id = asset.resource_calendar_id
                       AND opening.month = span.day
"""


class AssetUse(models.Model):
    """How much of the time of the assets is used, month by month.

    One row per asset and month, from its first use (or its record) to the present
    month, and as far ahead as something is booked, a year at most. Hours are hours of
    one unit: ten chairs for two hours are twenty.

    A composite and its components have each their own time: booking a hall counts for
    the hall (`lent_hours`, `own_hours`), and for its rooms as `composite_hours`. Hence
    lent and own hours add up without counting any use twice, while a rate compares
    the same time above and below the line.
    """

    _name = "ess.asset.use"
    _description = "Use of Assets"
    _auto = False
    _order = "month desc, asset_id"
    _rec_name = "asset_id"
    _depends = {
        "ess.asset": [
            "owner_id", "category_id", "kind", "capacity", "policy_id", "active",
            "resource_calendar_id", "resource_id", "company_id",
        ],
        "ess.booking": ["entity_id", "start", "stop", "state", "returned_on"],
        "ess.booking.policy": ["opening_rule"],
        "ess.occupancy": [
            "asset_id", "kind", "quantity", "booking_id", "parent_id", "start", "stop",
        ],
        "resource.calendar": ["two_weeks_calendar"],
        "resource.calendar.attendance": [
            "calendar_id", "dayofweek", "hour_from", "hour_to", "day_period",
        ],
        "resource.resource": ["tz"],
    }  # fmt: skip

    month = fields.Date(readonly=True)
    asset_id = fields.Many2one("ess.asset", readonly=True)
    category_id = fields.Many2one("ess.asset.category", readonly=True)
    owner_id = fields.Many2one("res.partner", readonly=True)
    kind = fields.Selection(
        [("single", "Single"), ("pool", "Pool of Items"), ("composite", "Composite")],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    booking_count = fields.Integer(
        string="Bookings", readonly=True, help="Bookings that start in the month."
    )
    lent_hours = fields.Float(
        readonly=True, help="Hours booked by other organisations than the owner."
    )
    own_hours = fields.Float(
        readonly=True, help="Hours booked or used by the owner itself."
    )
    composite_hours = fields.Float(
        string="Hours in Composites",
        readonly=True,
        help="Hours in which it was taken as a component of something that was booked.",
    )
    used_hours = fields.Float(readonly=True, help="Lent, own and in composites.")
    closed_hours = fields.Float(
        readonly=True, help="Closures and maintenance. They do not lower the capacity."
    )
    capacity_hours = fields.Float(
        readonly=True,
        help="Units times the hours of the month: its opening hours where a use must "
        "lie within them, all hours otherwise.",
    )
    use_rate = fields.Float(
        readonly=True, aggregator="avg", help="Used hours by capacity."
    )
    lent_rate = fields.Float(
        readonly=True, aggregator="avg", help="Lent hours by capacity."
    )

    @property
    def _table_query(self):
        rates = SQL(", ").join(
            SQL(
                "%s / NULLIF(%s, 0) AS %s",
                SQL.identifier(part),
                SQL.identifier(whole),
                SQL.identifier(name),
            )
            for name, (part, whole) in RATES.items()
        )
        return SQL(
            "WITH %(taken)s, %(open)s, %(cell)s, line AS (%(rows)s) "
            "SELECT line.*, %(rates)s FROM line",
            taken=SQL(SQL_TAKEN, used=USED, now=fields.Datetime.now()),
            open=SQL(SQL_OPEN),
            cell=SQL(SQL_CELL),
            rows=SQL(SQL_ROWS),
            rates=rates,
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is the ratio of its sums, not a mean of rates."""
        name = aggregate_spec.split(":")[0]
        if name not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, column, query) for column in RATES[name]
        )
        return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)
