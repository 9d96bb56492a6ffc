"""Questions of the back office tell what who asks may read, and nobody else's."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EssCommon
from .common_cost import CostData
from .common_records import RecordsData

# question: (field, kind of the record that it is about, more that must be entered)
ABOUT = {
    "ess.asset.close": (
        "asset_ids",
        "ess.asset",
        {"start": "2026-04-01 08:00:00", "stop": "2026-04-02 08:00:00"},
    ),
    "ess.booking.cancel": ("booking_ids", "ess.booking", {}),
    "ess.booking.override": ("booking_id", "ess.booking", {"reason": "?"}),
    "ess.booking.refuse": ("booking_ids", "ess.booking", {}),
    "ess.booking.repeat": ("booking_id", "ess.booking", {}),
    "ess.booking.reschedule": ("booking_id", "ess.booking", {}),
    "ess.cost.compare": ("pool_id", "ess.cost.pool", {}),
    "ess.loan.damage.service": (
        "damage_id",
        "ess.loan.damage",
        {"until": "2026-03-01 08:00:00"},
    ),
    "ess.loan.deposit.hold": ("deposit_id", "ess.loan.deposit", {}),
    "ess.loan.deposit.keep": ("deposit_id", "ess.loan.deposit", {}),
    "ess.loan.disruption.choice": ("disruption_id", "ess.loan.disruption", {}),
    "ess.loan.extend": ("loan_id", "ess.loan", {}),
    "ess.loan.inspection.answer": ("inspection_id", "ess.loan.inspection", {}),
    "ess.loan.kind": ("loan_id", "ess.loan", {}),
    "ess.round.cancel": ("round_id", "ess.round", {"reason": "?"}),
    "ess.round.deadline": ("round_id", "ess.round", {}),
    "ess.round.message": ("round_id", "ess.round", {"text": "?"}),
    "ess.round.outlook": ("round_id", "ess.round", {}),
    "ess.settlement.reverse": ("settlement_id", "ess.settlement", {"reason": "?"}),
}


@tagged("post_install", "-at_install")
class TestWizardRights(RecordsData, CostData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_records()
        cls._set_up_costs()
        cls.pool = cls._pool(cls._key())
        cls.other = cls.env["res.company"].create({"name": "Other federation"})
        groups = "ess_mutualisation.group_manager,ess_mutualisation.group_accountant"
        cls.here = cls._internal("here", groups)
        cls.elsewhere = cls._internal("elsewhere", groups)
        cls.colleague = cls._internal("colleague", groups)
        cls.elsewhere.write(
            {"company_ids": [(6, 0, cls.other.ids)], "company_id": cls.other.id}
        )

    def _record(self, model):
        return self.pool if model == "ess.cost.pool" else super()._record(model)

    def _questions(self):
        for name in self.env.registry:
            model = self.env[name]
            if name.startswith("ess.") and model._transient and not model._abstract:
                yield model

    def test_every_question_is_one_s_own(self):
        """And looks at what it is about; none computes as superuser what it keeps."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        for model in self._questions():
            own = rules.filtered(
                lambda rule, name=model._name: (
                    rule.model_id.model == name
                    and rule.domain_force == "[('create_uid', '=', user.id)]"
                )
            )
            self.assertTrue(own, f"{model._name}: others read it")
            self.assertIsInstance(model, self.env.registry["ess.question"])
            for field in model._fields.values():
                if field.store and field.compute:
                    self.assertFalse(field.compute_sudo, str(field))

    def test_a_question_about_what_one_may_not_read_tells_nothing(self):
        """In a form, in what is saved, and by a default of the context."""
        for name, (field, kind, more) in ABOUT.items():
            record = self._record(kind)
            questions = self.env[name].with_user(self.elsewhere)
            many = field.endswith("_ids")
            value = [(6, 0, record.ids)] if many else record.id
            shown = {one: {} for one in questions._fields if one not in ("id", field)}
            vals = {field: value, **more}
            attempts = (
                lambda q, v=vals, f=field, s=shown: q.onchange(v, [f], s),
                lambda q, v=vals: q.create(v).read(),
                lambda q, f=field, x=value, m=more: (
                    q.with_context(**{f"default_{f}": x}).create(m).read()
                ),
            )
            for number, attempt in enumerate(attempts):
                with (
                    self.subTest(question=name, attempt=number),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    self.env.invalidate_all()  # what is cached is not checked
                    attempt(questions)

    def test_nor_through_its_lines_or_a_number(self):
        spec = {"line_ids": {"fields": {"uom_id": {}, "ordered": {}}}}
        line = (0, 0, {"offer_id": self.flour.id})
        forms = self.env["ess.round.receive"].with_user(self.elsewhere)
        with self.assertRaises(AccessError):
            forms.onchange({"line_ids": [line]}, ["line_ids"], spec)
        reasons = self.env["ess.loan.reason"].with_user(self.elsewhere)
        vals = {"act": "override", "record_id": self.loan.id}
        with self.assertRaises(AccessError):
            reasons.onchange(vals, ["record_id"], {"subject": {}, "missing": {}})

    def test_what_is_on_the_screen_of_one_is_not_on_another_s(self):
        for name, (field, kind, more) in ABOUT.items():
            record = self._record(kind)
            value = [(6, 0, record.ids)] if field.endswith("_ids") else record.id
            question = self.env[name].with_user(self.here)
            question = question.create({field: value, **more})
            self.assertTrue(question.read(), name)
            for other in self.elsewhere | self.colleague:
                theirs = question.with_user(other)
                self.env.invalidate_all()
                with self.assertRaises(AccessError, msg=name):
                    theirs.read([field])
