from lxml import etree

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import utc
from .common_need import DAY, NeedCommon
from .common_staff import PAPER, StaffData


@tagged("post_install", "-at_install")
class TestViewsNeeds(StaffData, NeedCommon):
    """The desk publishes for a member, answers for a lender, enters staff time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_staff()
        cls.accountant = cls._internal(
            "need-accountant", "ess_mutualisation.group_accountant"
        )

    def _ask(self, act, record, reason):
        """What the question of a button does."""
        wizard = self.env["ess.loan.reason"].with_user(self.facilitator)
        context = {"active_id": record.id, "default_act": act}
        form = Form(wizard.with_context(**context))
        form.reason = reason
        form.save().action_apply()

    def test_forms_open_for_who_only_reads(self):
        need, staff = self._published(40), self._staff()
        for record in (need, staff, need.proposal_ids[0], need.line_ids[0]):
            for user in (self.accountant, self.facilitator):
                with self.subTest(model=record._name, user=user.login):
                    self.assertEqual(Form(record.with_user(user)).id, record.id)

    def test_search_filters_are_valid_domains(self):
        for name in ("ess.need", "ess.staff.loan"):
            model = self.env[name].with_user(self.facilitator)
            arch = etree.fromstring(model.get_view(view_type="search")["arch"])
            for node in arch.iter("filter"):
                with self.subTest(model=name, filter=node.get("name")):
                    domain = safe_eval(node.get("domain") or "[]", {"uid": 1})
                    model.search(domain, limit=1)
                    group = safe_eval(node.get("context") or "{}").get("group_by")
                    if group:
                        model.formatted_read_group([], [group], ["__count"])

    def test_filters_find_what_waits(self):
        needs = {
            "waiting": self._published(40),
            "ready": self._published(10),
            "nothing": self._published(500),
        }
        self._agree_all(needs["ready"].proposal_ids.sorted("rank")[:1])
        self._agree_all(needs["ready"].proposal_ids)
        model = self.env["ess.need"].with_user(self.facilitator)
        arch = etree.fromstring(model.get_view(view_type="search")["arch"])
        for name, need in needs.items():
            node = arch.find(f".//filter[@name='{name}']")
            found = model.search(safe_eval(node.get("domain")))
            with self.subTest(filter=name):
                self.assertEqual(found, need)

    def test_the_desk_publishes_answers_and_takes(self):
        with Form(self.env["ess.need"].with_user(self.facilitator)) as form:
            form.name = "Chairs"
            form.entity_id = self.phare
            form.category_id = self.furniture
            form.quantity = 40
            form.start = utc(DAY[0])
            form.stop = utc(DAY[1])
        need = form.record
        need.action_publish()
        benches = need.line_ids.filtered(lambda line: line.asset_id == self.benches)
        self._ask("decline_need", benches, "At the mender's")
        self.assertEqual(
            (benches.state, benches.reason), ("declined", "At the mender's")
        )
        left = self._live(need)
        for line in left.line_ids:
            line.with_user(self.facilitator).action_agree()
        self.assertTrue(left.with_user(self.facilitator).action_accept())
        self.assertEqual(need.state, "met")
        self.assertEqual(sum(need.booking_ids.mapped("quantity")), 40)

    def test_the_desk_closes(self):
        need = self._published(40)
        self._ask("close_need", need, "It rains")
        self.assertEqual((need.state, need.reason), ("closed", "It rains"))

    def test_the_desk_enters_staff_time(self):
        with Form(self.env["ess.staff.loan"].with_user(self.facilitator)) as form:
            form.lender_id = self.fabrique
            form.entity_id = self.phare
            form.person_id = self.camille
            form.qualification = "Bookkeeper"
            form.hours = 35
            form.start = utc("2026-01-05 09:00")
            form.stop = utc("2026-01-30 18:00")
            form.consent_document = PAPER
            form.consent_on = "2026-01-02"
            form.convention_document = PAPER
            with form.line_ids.new() as line:
                line.nature = "wage"
                line.label = "January"
                line.hours = 35
                line.cost = 700.10
                # the whole cost is billed unless somebody says less
                self.assertEqual(line.amount, 700.10)
        staff = form.record
        self._sign(staff)
        staff.action_bill()
        self.assertEqual(staff.billed_amount, 700.10)
        action = staff.action_view_exchanges()
        found = self.env["ess.exchange"].search(action["domain"])
        self.assertEqual(found.amount, 700.10)

    def test_the_form_refuses_a_margin(self):
        staff = self._staff().with_user(self.facilitator)
        with (
            self.assertRaisesRegex(ValidationError, "without any margin"),
            self.cr.savepoint(),
            Form(staff) as form,
            form.line_ids.new() as line,
        ):
            line.label = "January"
            line.hours = 35
            line.cost = 700
            line.amount = 701

    def test_the_desk_gives_staff_time_up(self):
        staff = self._staff()
        self._ask("cancel_staff", staff, "She is ill")
        self.assertEqual((staff.state, staff.reason), ("cancelled", "She is ill"))

    def test_the_accountant_changes_nothing(self):
        need, staff = self._published(40), self._staff()
        for act, args in (("action_close", ("No",)), ("action_publish", ())):
            with self.assertRaises(AccessError):
                getattr(need.with_user(self.accountant), act)(*args)
        with self.assertRaises(AccessError):
            need.line_ids[0].with_user(self.accountant).action_agree()
        with self.assertRaises(AccessError):
            staff.with_user(self.accountant).write({"hours": 1})

    def test_lists_cost_the_same_whatever_their_length(self):
        for quantity in range(5, 13):
            self._published(quantity)
            self._staff()
        for name, kinds in (
            ("ess.need", ("list", "kanban")),
            ("ess.staff.loan", ("list",)),
        ):
            model = self.env[name].with_user(self.facilitator)
            records = model.search([])
            for kind in kinds:
                arch = etree.fromstring(model.get_view(view_type=kind)["arch"])
                path = "//field[not(ancestor::field)]"
                names = [node.get("name") for node in arch.xpath(path)]
                self._queries(records, names)
                few = self._queries(records[:2], names)
                with self.subTest(model=name, view=kind):
                    self.assertEqual(self._queries(records, names), few)

    def _queries(self, records, names):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        records.read(names)
        return self.cr.sql_log_count - before
