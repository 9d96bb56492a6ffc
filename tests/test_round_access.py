"""Who sees and does what in a round, asked the way RPC asks.

Le Phare and Les Semeurs have committed, La Fabrique has not; a fourth organisation is
in another circle. The round is closed at the end of each story.
"""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_round import RoundCommon

MODELS = (
    "ess.round.offer",
    "ess.round.tier",
    "ess.round.supplier",
    "ess.round.cost",
    "ess.round.gate",
)


@tagged("post_install", "-at_install")
class TestRoundAccess(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anais = cls._volunteer(cls.phare, "anais")
        cls.carole = cls._volunteer(cls.semeurs, "carole")
        cls.other_circle = cls.env["ess.circle"].create({"name": "Elsewhere"})
        cls.far = cls._member("Ferme Loin", ess_circle_ids=cls.other_circle.ids)
        cls.stranger = cls._volunteer(cls.far, "stranger")
        cls.public = cls.env.ref("base.public_user")
        cls.employee = cls._internal("employee", "base.group_user")
        cls.facilitator = cls._internal("fa", "ess_mutualisation.group_facilitator")
        cls.manager = cls._internal("ma", "ess_mutualisation.group_manager")
        cls.accountant = cls._internal("ac", "ess_mutualisation.group_accountant")

    def _who_sees(self, record):
        names = "anais carole stranger public employee facilitator manager accountant"
        return {name for name in names.split() if self._sees(name, record)}

    def _sees(self, name, record):
        model = record.with_user(getattr(self, name))
        if not model.has_access("read"):
            return False
        return bool(model.search([("id", "=", record.id)]))

    def _open(self):
        self.round.action_open()
        self.one = self._commit(self.flour, self.phare, 7)
        self.two = self._commit(self.flour, self.semeurs, 17)

    # === READING === #

    def test_reading(self):
        office = {"facilitator", "manager", "accountant"}
        self.assertEqual(self._who_sees(self.round), office, "a draft is nobody's")
        self._open()
        self.assertEqual(self._who_sees(self.round), office | {"anais", "carole"})
        self.assertEqual(self._who_sees(self.one), office | {"anais"})
        self.assertEqual(self._who_sees(self.two), office | {"carole"})
        for record in (self.flour, self.flour.supplier_id, self.flour.tier_ids[0]):
            self.assertEqual(self._who_sees(record), office, record._name)

    def test_no_price_list_and_no_cost_by_rpc(self):
        self._open()
        for user in (self.anais, self.stranger, self.public, self.employee):
            for model in MODELS:
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).search_read([])
        for user in (self.anais, self.public):
            with self.assertRaises(AccessError):
                self.env["product.supplierinfo"].with_user(user).search_read([])
            with self.assertRaises(AccessError):
                self.flour_product.with_user(user).read(["standard_price"])

    def test_a_round_says_nothing_about_others(self):
        """Every field that a member may read, before and after the freeze."""
        self._open()
        for _before_and_after in range(2):
            own = self.round.with_user(self.anais)
            for name in own.fields_get():
                try:
                    (values,) = own.read([name])
                except AccessError:
                    continue
                text = json.dumps(values, default=str)
                self.assertNotIn("Semeurs", text, name)
                self.assertNotIn(self.nord.name, text, name)
                if name == "commitment_ids":
                    self.assertNotIn(self.two.id, values[name])
            if self.round.state == "open":
                self.round.action_close()

    def test_what_is_decided_is_read_by_the_office_only(self):
        self._open()
        self.round.action_close()
        for name in ("frozen_input", "frozen_result", "waiting_for", "mails_due"):
            with self.assertRaises(AccessError, msg=name):
                self.round.with_user(self.anais).read([name])
            self.round.with_user(self.facilitator).read([name])

    def test_nothing_is_guessed_by_searching(self):
        """A domain that asks about others finds nothing, or is refused."""
        self._open()
        rounds = self.env["ess.round"].with_user(self.anais)
        found = rounds.search([("commitment_ids.want", "=", 17)])
        self.assertFalse(found)
        self.assertTrue(rounds.search([("commitment_ids.want", "=", 7)]))
        for domain in (
            [("offer_ids.tier_ids.price", ">", 1)],
            [("supplier_ids.partner_id.name", "ilike", "Nord")],
            [("frozen_input", "!=", False)],
        ):
            with self.assertRaises(AccessError, msg=str(domain)):
                rounds.search(domain)
        commitments = self.env["ess.commitment"].with_user(self.anais)
        self.assertEqual(commitments.search([]), self.one)
        with self.assertRaises(AccessError):
            commitments.search([("offer_id.tier_ids.price", ">", 1)])
        groups = commitments._read_group([], ["offer_id"], ["want:sum"])
        self.assertEqual(groups, [(self.flour.with_user(self.anais), 7)])

    # === WRITING === #

    def test_members_write_nothing_directly(self):
        self._open()
        for record in (self.round, self.one, self.flour, self.flour.tier_ids[0]):
            for user in (self.anais, self.public, self.employee, self.accountant):
                own = record.with_user(user)
                tried = f"{user.login} {record._name}"
                with self.assertRaises(AccessError, msg=tried):
                    own.write({})
                    own.check_access("write")
                with self.assertRaises(AccessError, msg=tried):
                    own.unlink()
                with self.assertRaises(AccessError, msg=tried):
                    own.create({})

    def test_another_s_commitment_is_not_withdrawn(self):
        self._open()
        for user in (self.carole, self.stranger, self.public, self.employee):
            with self.assertRaises(AccessError, msg=user.login):
                self.one.with_user(user).action_withdraw()
        self.assertEqual(self.one.want, 7)
        self.one.with_user(self.facilitator).action_withdraw()
        self.assertEqual(self.one.want, 0)

    def test_a_stranger_does_not_commit(self):
        self._open()
        for user in (self.stranger, self.public, self.employee, self.facilitator):
            commitments = self.env["ess.commitment"].with_user(user)
            with self.assertRaises(AccessError, msg=user.login):
                commitments._portal_commit(self.flour, {"want": 1})
        self.assertEqual(len(self.round.commitment_ids), 2)

    def test_only_what_a_member_may_say_is_taken(self):
        """Whose it is, and what it gets, is not in the hands of a form."""
        self._open()
        one, refusal = (
            self.env["ess.commitment"]
            .with_user(self.anais)
            ._portal_commit(
                self.soap,
                {"want": 2, "entity_id": self.semeurs.id, "allotted": 50, "version": 9},
            )
        )
        self.assertIsNone(refusal)
        self.assertEqual((one.entity_id, one.allotted), (self.phare, 0))
        self.assertEqual(one.version, 1)

    # === THE OFFICE === #

    def test_the_office_enters_no_result(self):
        self._open()
        self.round.action_close()
        for record, vals in (
            (self.round, {"state": "open"}),
            (self.round, {"frozen_hash": "0"}),
            (self.round, {"version": 0}),
            (self.one, {"allotted": 3}),
            (self.one, {"reason_code": "as_asked"}),
            (self.one, {"received": 3}),
            (self.one, {"round_id": 1}),
            (self.flour, {"ordered": 3}),
            (self.flour, {"unit_price": 3}),
            (self.flour.supplier_id, {"state": "ok"}),
        ):
            with self.assertRaisesRegex(UserError, "entered by hand", msg=str(vals)):
                record.with_user(self.manager).write(vals)
        new = {"circle_id": self.circle.id, "name": "Done", "state": "closed"}
        with self.assertRaisesRegex(UserError, "not entered by hand"):
            self.env["ess.round"].with_user(self.manager).create(new)
        rounds = self.env["ess.round"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "not entered by hand"):
            rounds.with_context(default_state="closed").create(
                {"circle_id": self.circle.id, "name": "Done"}
            )

    def test_the_office_works_with_its_own_rights(self):
        """Nothing here needs a superuser: the whole way as a facilitator."""
        office = self.env(user=self.facilitator)
        buying = office["ess.round"].create(
            {
                "name": "By hand",
                "circle_id": self.circle.id,
                "date_close": "2026-01-09 17:00:00",
            }
        )
        supplier = office["ess.round.supplier"].create(
            {"round_id": buying.id, "partner_id": self.nord.id}
        )
        offer = office["ess.round.offer"].create(
            {
                "round_id": buying.id,
                "supplier_id": supplier.id,
                "product_id": self.flour_product.id,
                "name": "Flour",
                "uom_id": self.unit.id,
                "price_1": 30,
            }
        )
        buying.action_open()
        one = office["ess.commitment"].create(
            {"offer_id": offer.id, "entity_id": self.phare.id, "quantity": 3}
        )
        one.write({"quantity": 4})
        self.assertEqual(one.version, 2)
        buying._outlook()
        buying.action_close()
        self.assertEqual(one.allotted, 4)
        buying.action_verify()
        with self.assertRaises(AccessError):
            buying.action_reopen("2026-01-20 17:00:00")
        buying.with_user(self.manager).action_reopen("2026-01-20 17:00:00")
        buying.action_cancel("Enough")
        with self.assertRaisesRegex(UserError, "cancelled; this is possible only"):
            buying.unlink()
        self.assertEqual(buying.copy().state, "draft")

    def test_rules_do_not_change_under_those_who_committed(self):
        self._open()
        own = self.round.with_user(self.manager)
        for vals in ({"bump": "never"}, {"circle_id": self.other_circle.id}):
            with self.assertRaisesRegex(UserError, "January is open"):
                own.write(vals)
        with self.assertRaisesRegex(UserError, "deadline that lies ahead"):
            own.date_close = "2026-01-05 07:00:00"
        own.date_close = "2026-01-10 17:00:00"
        with self.assertRaisesRegex(UserError, "Whose commitment it is"):
            self.one.with_user(self.manager).entity_id = self.fabrique
        with self.assertRaisesRegex(UserError, "January is open"):
            self.one.with_user(self.manager).unlink()
        with self.assertRaisesRegex(UserError, "January is open"):
            own.unlink()

    def test_two_companies(self):
        """A manager of one federation is a stranger in the other."""
        other = self.env["res.company"].create({"name": "Other federation"})
        manager = self._internal("elsewhere", "ess_mutualisation.group_manager")
        manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self._open()
        for record in (self.round, self.flour, self.one, self.flour.supplier_id):
            model = record.with_user(manager)
            self.assertFalse(model.search([("id", "=", record.id)]), record._name)
        for act in ("action_close", "action_verify", "_outlook"):
            with self.assertRaises(AccessError, msg=act):
                getattr(self.round.with_user(manager), act)()
        with self.assertRaises(AccessError):
            self.one.with_user(manager).action_withdraw()
