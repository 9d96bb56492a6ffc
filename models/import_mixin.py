import logging
import math
from dataclasses import dataclass, field

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.models import fix_import_export_id_paths
from odoo.tools.lru import LRU

from ..tools.wall_clock import at_wall, instant

_logger = logging.getLogger(__name__)

DETAILS = ("field", "field_path", "field_name", "field_type", "value", "moreinfo")


@dataclass
class Row:
    """One record of the file on its way into the database."""

    raw: tuple  # what `_extract_records` gave: cells by field, rows of the file
    index: int
    values: dict = field(default_factory=dict)
    xml_id: str | None = None
    database_id: int | None = None
    record_id: int | None = None
    refusal: str = ""
    # what Odoo's own screen needs to offer a choice: the column, possible values…
    details: dict = field(default_factory=dict)

    @property
    def rows(self):
        return self.raw[1]["rows"]

    def refuse(self, sentence, **details):
        """The first reason is the one that is told."""
        if not self.refusal:
            self.refusal, self.details = sentence, details

    def data(self):
        """What `_load_records` takes: a copy, for an attempt may be repeated."""
        values = dict(self.values)
        if self.database_id and not self.xml_id:
            values["id"] = self.database_id
        return {"xml_id": self.xml_id, "values": values, "info": self.rows}


class ImportMixin(models.AbstractModel):
    """Import in which good rows go in and every faulty row is named.

    Odoo's own `load` keeps nothing when one row is faulty. A federation that brings
    2,400 bookings needs the other 2,330, and a list of the 70 with their reasons.
    A refused row leaves nothing behind, not even a category made for its sake.
    """

    _name = "ess.import.mixin"
    _description = "Import that names faulty rows"

    # Times that a file gives by the clock on the wall of `_import_zone`.
    _import_local_times = ()

    # === HOOKS === #

    @api.model
    def _imports_by_row(self, columns):
        """Whether this import lets good rows in (else it is Odoo's own).

        :param list[str] columns: the fields that the file's columns are mapped to
        """
        return True

    @api.model
    def _import_defaults(self):
        """Values that an imported record gets when its file has no such column."""
        return {}

    @api.model
    def _import_refusals(self, vals_list):
        """Rows that must not go in, looked at together and in file order.

        :param list[dict] vals_list: converted values, defaults included
        :return: {index: sentence}
        """
        return {}

    @api.model
    def _import_empty(self, name):
        """The sentence for an empty cell of a field that must have a value."""
        return self.env._("%s: empty, and a row needs it.", self._import_label(name))

    @api.model
    def _import_zone(self, vals):
        """Time zone (ZoneInfo) of the local times of a row; None leaves them in UTC."""
        return None

    # === THE IMPORT === #

    @api.model
    def load(self, fields, data):
        """Let the good rows in; name the others in messages of the type 'warning'.

        Such a message has `refused`, the sentence, and the row of the data (from 0).
        """
        if not (self.env.context.get("import_file") and self._imports_by_row(fields)):
            return super().load(fields, data)
        self.check_access("create")
        limit = self.env.context.get("_import_limit") or math.inf
        rows = self._import_extract(fields, data, limit)
        with self.env.cr.savepoint() as savepoint:
            refused = self._import_attempts(rows, savepoint)
        last = rows[-1].rows["to"] + 1 if rows else 0
        return {
            "ids": [row.record_id for row in rows if row.record_id],
            "messages": [self._import_message(row) for row in refused],
            "nextrow": last if last < len(data) else 0,
        }

    @api.model
    def _import_extract(self, columns, data, limit):
        paths = [fix_import_export_id_paths(column) for column in columns]
        data = [
            [cell.strip() if isinstance(cell, str) else cell for cell in row]
            for row in data
        ]
        extracted = self._extract_records(paths, data, limit=limit)
        return [Row(raw, index) for index, raw in enumerate(extracted)]

    @api.model
    def _import_attempts(self, rows, savepoint):
        """Import what is good; again without the refused rows if they left a trace.

        :return: the refused rows, in file order
        """
        creates_names = self.env.context.get("name_create_enabled_fields")
        refused, pending = [], rows
        while pending:
            self._import_once(pending)
            faulty = [row for row in pending if row.refusal]
            refused += faulty
            if not (faulty and creates_names):
                break
            savepoint.rollback()
            pending = [row for row in pending if not row.refusal]
            for row in pending:
                row.values, row.record_id = {}, None
        return sorted(refused, key=lambda row: row.index)

    @api.model
    def _import_once(self, rows):
        self._import_convert(rows)
        good = [row for row in rows if not row.refusal and row.values is not None]
        self._import_judge(good)
        self._import_write([row for row in good if not row.refusal])

    # === CONVERSION === #

    @api.model
    def _import_convert(self, rows):
        """Cells to values; what cannot be converted refuses its row and no other."""
        model = self.with_context(
            _import_current_module=self.env.context.get("module", "__import__"),
            import_cache=LRU(1024),
            ess_import_names={},
        )
        if self._import_local_times:
            model = model.with_context(tz="UTC")

        def log(message):
            kept = {name: message[name] for name in DETAILS if message.get(name)}
            rows[message["record"]].refuse(message["message"], **kept)

        converted = model._convert_records(
            [row.raw for row in rows], log=log, savepoint=None
        )
        for row, (database_id, xml_id, values, _info) in zip(
            rows, converted, strict=True
        ):
            row.database_id, row.xml_id = database_id, self._import_xml_id(xml_id)
            row.values = None if self._import_skips(values) else values
        for row in rows:
            if not row.refusal and row.values is not None:
                self._import_complete(row)

    @api.model
    def _import_xml_id(self, xml_id):
        if xml_id and "." not in xml_id:
            return f"{self.env.context.get('module', '__import__')}.{xml_id}"
        return xml_id or None

    @api.model
    def _import_skips(self, values):
        """The person chose in the import screen to leave out rows without a match."""
        names = self.env.context.get("import_skip_records") or []
        return any(values.get(name) is None for name in names)

    @api.model
    def _import_complete(self, row):
        """Empty cells, numbers that are none, defaults, local times."""
        for name, value in list(row.values.items()):
            if isinstance(value, float) and not math.isfinite(value):
                row.refuse(self._import_number(name, value), field=name)
            if value is not False or not self._fields[name].required:
                continue
            if self._fields[name].compute:
                del row.values[name]
            else:
                row.refuse(self._import_empty(name), field=name)
        if not self._import_updates(row):
            row.values = {**self._import_defaults(), **row.values}
        zone = self._import_zone(row.values) if self._import_local_times else None
        for name in self._import_local_times if zone else ():
            if row.values.get(name):
                clock = fields.Datetime.to_datetime(row.values[name])
                moment = instant(at_wall(clock, zone))
                row.values[name] = moment.replace(tzinfo=None)

    @api.model
    def _import_updates(self, row):
        """Whether the row has the identifier of a record that exists."""
        if row.database_id:
            return True
        return bool(row.xml_id and self.env.ref(row.xml_id, raise_if_not_found=False))

    # === JUDGEMENT AND WRITING === #

    @api.model
    def _import_judge(self, rows):
        """Ask the model about all new records together, in file order."""
        new = [row for row in rows if not self._import_updates(row)]
        refusals = self._import_refusals([row.values for row in new])
        for index, sentence in refusals.items():
            new[index].refuse(sentence)

    @api.model
    def _import_write(self, rows):
        """Write in one batch; halve it when it fails, down to the row at fault."""
        if not rows:
            return
        update = self.env.context.get("mode") == "update"
        try:
            with self.env.cr.savepoint():
                records = self._load_records([row.data() for row in rows], update)
        except psycopg2.OperationalError:
            # two transactions collided: Odoo tries the whole request again
            raise
        except Exception as error:  # noqa: BLE001 whatever it is, it has one row
            if len(rows) > 1:
                middle = len(rows) // 2
                self._import_write(rows[:middle])
                self._import_write(rows[middle:])
            else:
                rows[0].refuse(self._import_sentence(error))
            return
        for row, record in zip(rows, records, strict=True):
            row.record_id = record.id

    # === WORDS === #

    @api.model
    def _import_sentence(self, error):
        if isinstance(error, UserError):
            return str(error.args[0])
        if isinstance(error, psycopg2.Error):
            return self._sql_error_to_message(error)
        _logger.exception("A row of %s could not be imported", self._name)
        return self.env._("This row could not be read: %s", error)

    @api.model
    def _import_label(self, name):
        labels = self.env["ir.model.fields"].get_field_string(self._name)
        return labels.get(name, self._fields[name].string)

    @api.model
    def _import_number(self, name, value):
        return self.env._(
            "%(label)s: '%(value)s' is not a number.",
            label=self._import_label(name),
            value=value,
        )

    @api.model
    def _import_message(self, row):
        return {
            "field": False,
            **row.details,
            "type": "warning",
            "refused": True,
            "message": row.refusal,
            "record": row.index,
            "rows": dict(row.rows),
        }
