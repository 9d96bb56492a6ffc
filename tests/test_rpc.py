"""Every public method is an endpoint that every portal user can call: none is new
here without having been looked at, and each is called by a stranger."""

from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .common import EssCommon, utc
from .common_loan import PIXEL
from .common_records import RecordsData

ADDON = "odoo.addons.ess_mutualisation"
# Overrides of the ORM: access lists and rules decide (see test_access).
ORM = {"copy", "copy_data", "create", "default_get", "name_create", "unlink", "write"}
ORM |= {"onchange"}
# Answers that hold nothing but the address of a view, or a template file to fill in.
HARMLESS = {"get_import_templates", "action_open_portal"}
# What a stranger tries on records of others, and is refused.
REFUSED = {
    "ess.asset": {
        "availability": ("2026-01-12 08:00:00", "2026-01-12 09:00:00"),
        "message_subscribe": ([1],),
    },
    "ess.asset.close": {"action_apply": ()},
    "ess.booking": {
        "action_approve": (),
        "action_cancel": ("No",),
        "action_done": (),
        "action_hand_over": (),
        "action_refuse": ("No",),
        "action_repeat": ("weekly", 1, 3),
        "action_request": (),
        "action_reschedule": (None, "2026-01-16 08:00:00"),
        "action_return": (),
        "action_revive": (),
        "action_wait": (),
        "message_subscribe": ([1],),
    },
    "ess.booking.cancel": {"action_apply": ()},
    "ess.booking.override": {"action_apply": ()},
    "ess.booking.refuse": {"action_apply": ()},
    "ess.booking.repeat": {"action_book_all": (), "action_book_free": ()},
    "ess.booking.reschedule": {"action_apply": ()},
    "ess.booking.reschedule.choice": {"action_take": ()},
    "ess.circle": {"message_subscribe": ([1],)},
    "ess.circle.membership": {"action_accept_charter": ()},
    "ess.commitment": {"action_collect": (), "action_withdraw": ()},
    "ess.cost.budget": {"action_plan": ()},
    "ess.cost.call": {"action_call": (), "action_cancel": ()},
    "ess.cost.compare": {"action_compare": ()},
    "ess.cost.key.version": {"action_fill_from_members": ()},
    "ess.cost.run": {
        "action_approve": (),
        "action_compute": (),
        "action_post": (),
        "action_reset": (),
        "action_verify_chain": (),
    },
    "ess.cost.run.reverse": {"action_apply": ()},
    "ess.exchange": {"message_subscribe": ([1],)},
    "ess.exchange.counter": {"action_apply": ()},
    "ess.round": {
        "action_cancel": ("No",),
        "action_close": (),
        "action_confirm_orders": (),
        "action_extend": ("2026-01-20 18:00:00",),
        "action_message": ("Buy my things",),
        "action_open": (),
        "action_order": (),
        "action_products_anyway": (),
        "action_products_out": (),
        "action_receive": (),
        "action_reopen": ("2026-01-20 18:00:00",),
        "action_settle": (),
        "action_take_bill_lines": (),
        "action_take_vendor_prices": ([1],),
        "action_verify": (),
        "message_subscribe": ([1],),
    },
    "ess.round.cancel": {"action_apply": ()},
    "ess.round.catalogue": {"action_apply": ()},
    "ess.round.deadline": {"action_apply": ()},
    "ess.round.message": {"action_apply": ()},
    "ess.round.offer": {"action_leave_out": (), "action_order_anyway": ()},
    "ess.round.outlook": {"action_refresh": ()},
    "ess.round.receive": {"action_apply": ()},
    "ess.round.supplier": {
        "action_export_csv": (),
        "action_leave_out": (),
        "action_order_anyway": (),
    },
    "ess.loan.disruption": {
        "action_cancel": (),
        "action_other": (1,),
        "action_wait": (),
        "message_subscribe": ([1],),
    },
    "ess.loan.damage.service": {"action_apply": ()},
    "ess.loan.deposit.hold": {"action_apply": ()},
    "ess.loan.deposit.keep": {"action_apply": ()},
    "ess.loan.disruption.choice": {"action_apply": ()},
    "ess.loan.extend": {"action_apply": ()},
    "ess.loan.inspection.answer": {"action_apply": ()},
    "ess.loan.kind": {"action_apply": ()},
    "ess.loan.reason": {"action_apply": ()},
    "ess.loan": {
        "action_ask_extension": ("2026-01-16 08:00:00",),
        "action_ask_signatures": (),
        "action_cancel": ("No",),
        "action_inspect": ("hand_over",),
        "action_override": ("No",),
        "action_set_kind": ("hire",),
        "action_sign": ("Me", PIXEL),
        "message_subscribe": ([1],),
    },
    "ess.loan.damage": {
        "action_agree": (),
        "action_back_in_service": (),
        "action_close": ("No",),
        "action_contest": ("No",),
        "action_decide": ("No",),
        "action_out_of_service": ("2026-02-01 08:00:00",),
        "action_propose": ("lender",),
        "action_write_off": ("No",),
        "message_subscribe": ([1],),
    },
    "ess.loan.deposit": {
        "action_hold": ("cash",),
        "action_keep": (10, "No"),
        "action_release": (),
        "action_waive": ("No",),
        "message_subscribe": ([1],),
    },
    "ess.loan.inspection": {
        "action_acknowledge": (),
        "action_contest": ("No",),
        "action_record": (),
        "message_subscribe": ([1],),
    },
    "ess.loan.extension": {
        "action_agree": (),
        "action_refuse": ("No",),
        "action_withdraw": (),
    },
    "ess.need": {
        "action_close": ("No",),
        "action_offer": (1,),
        "action_publish": (),
        "message_subscribe": ([1],),
    },
    "ess.need.proposal": {"action_accept": ()},
    "ess.need.proposal.line": {"action_agree": (), "action_decline": ("No",)},
    "ess.staff.loan": {
        "action_ask_signatures": (),
        "action_bill": (),
        "action_cancel": ("No",),
        "action_sign": ("Me", PIXEL),
        "message_subscribe": ([1],),
    },
    "ess.settlement": {"action_post": (), "action_prepare": (), "action_reset": ()},
    "ess.settlement.issue": {"action_open": ()},
    "ess.settlement.reverse": {"action_apply": ()},
    "ess.settlement.settings": {"action_apply": ()},
    "ess.tax.regime": {"action_install_french": ()},
}
# Tested where they belong: what the caller may not see stays out of the answer.
ELSEWHERE = {
    ("ess.asset", "search_available"),
    ("ess.asset", "load"),
    ("ess.booking", "load"),
    ("ess.commitment", "load"),
    ("ess.cost.reading", "load"),
    ("ess.import.mixin", "load"),
    ("ess.office.thread", "message_subscribe"),
    ("ess.round.offer", "load"),
    ("res.partner", "load"),
    ("base_import.import", "execute_import"),
    ("base_import.import", "parse_preview"),
    ("ir.fields.converter", "db_id_for"),
}


@tagged("post_install", "-at_install")
class TestRpc(RecordsData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_records()

    def _public_methods(self):
        """(model, method) of each method that this addon defines and RPC can call."""
        for name in self.env.registry:
            model = self.env[name]
            ours = {
                attribute
                for parent in type(model).__mro__
                if parent.__module__.startswith(ADDON)
                for attribute, value in vars(parent).items()
                if callable(value) and not attribute.startswith("_")
            }
            for attribute in ours:
                try:
                    get_public_method(model, attribute)
                except (AccessError, AttributeError):
                    continue
                yield name, attribute

    def test_each_public_method_was_looked_at(self):
        known = set(ELSEWHERE)
        known |= {(model, name) for model, acts in REFUSED.items() for name in acts}
        new = {
            (model, name)
            for model, name in self._public_methods()
            if name not in ORM | HARMLESS
            and not name.startswith(("action_view_", "action_ess_"))
        } - known
        self.assertEqual(new, set(), "hide it with an underscore, or test it here")

    def test_strangers_are_refused(self):
        for user in (self.third, self.public, self.employee):
            for model, acts in REFUSED.items():
                record = self._record(model)
                for name, args in acts.items():
                    tried = f"{user.login}: {model}.{name}"
                    with self.assertRaises(AccessError, msg=tried), self.cr.savepoint():
                        if record is None:
                            # a question of the back office cannot even be opened
                            self.env[model].with_user(user).create({})
                        getattr(record.with_user(user), name)(*args)
        self.assertEqual(self.booking.state, "confirmed")
        self.assertEqual(self.booking.stop, utc("2026-01-15 09:00"))
        self.assertEqual((self.round.state, self.commitment.want), ("open", 3))
        self.assertEqual(self.loan.state, "to_sign")
        self.assertFalse(self.loan.signature_ids)
        self.assertEqual(self.extension.state, "asked")
        states = [record.state for record in self.use.values()]
        self.assertEqual(states, ["draft", "asked", "reported"])
        self.assertEqual((self.need.state, self.staff.state), ("published", "draft"))
        self.assertEqual(self.need.line_ids.state, "asked")

    def test_import_by_a_stranger(self):
        """`load` is public: it creates what the access lists let it, nothing."""
        rows = {
            "res.partner": (["name", "ess_is_member"], [["Pirates", "True"]]),
            "ess.asset": (["name", "owner_id"], [["Ship", "Radio La Fabrique"]]),
            "ess.booking": (
                ["asset_id", "entity_id", "start", "stop"],
                [["Van", "Labo Les Semeurs", "2026-02-01 08:00", "2026-02-01 09:00"]],
            ),
            "ess.round.offer": (["name", "vendor_name"], [["Rum", "Tortuga"]]),
            "ess.commitment": (
                ["offer_id", "entity_id", "quantity"],
                [["Flour T80", "Jardin Le Phare", "3"]],
            ),
        }
        for user in (self.third, self.public):
            for model, (fields, data) in rows.items():
                records = self.env[model].sudo()
                before = records.search_count([])
                stranger = self.env[model].with_user(user)
                stranger = stranger.with_context(ess_import_members=True)
                with suppress(AccessError), self.cr.savepoint():
                    stranger.load(fields, data)
                self.assertEqual(records.search_count([]), before, model)
