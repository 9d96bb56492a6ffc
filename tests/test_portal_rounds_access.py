"""Rounds are for the members of their circle; nobody reads what another asks for."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_portal_rounds import RoundPortalCase

SECRET = "Labo Les Semeurs"


@tagged("post_install", "-at_install")
class TestPortalRoundsAccess(RoundPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["ess.circle"].create({"name": "Elsewhere"})
        stranger = cls.env["res.partner"].create(
            {
                "name": "Ferme du Loin",
                "is_company": True,
                "ess_is_member": True,
                "ess_circle_ids": [(4, other.id)],
            }
        )
        cls.stranger = cls._volunteer(stranger, "stranger")
        cls.theirs = cls._commit(cls.flour, cls.semeurs, 12)
        cls._commit(cls.flour, cls.phare, 12)

    def pages(self):
        return [self.url, f"{self.url}/result", f"{self.url}/collect"]

    def test_every_page_for_everybody(self):
        for user in (None, self.stranger):
            self.log_in(user)
            for url in self.pages():
                answer = self.get(url)
                self.assertEqual(answer.status_code, 303, f"{user}: {url}")
                self.assertNotIn(self.url, answer.headers["Location"].split("?")[0])
        self.log_in(self.borrower)
        self.assertNotIn(SECRET, self.page(self.url))
        self.assertNotIn(SECRET, self.page("/my/rounds"))
        self.round.action_close()
        self.assertNotIn(SECRET, self.page(f"{self.url}/result"))
        # the check-off names everybody: it is for those who hand out
        self.round.action_order()
        self.assertEqual(self.get(f"{self.url}/collect").status_code, 303)

    def test_posts_of_strangers_change_nothing(self):
        self.round.action_message("Only for the circle", "circle")
        notes = self.round.message_ids
        for user in (None, self.stranger):
            self.log_in(user)
            self.post(f"{self.url}/ask", text="Who buys what?")
            self.post(f"{self.url}/commit", **{f"want_{self.flour.id}": "99"})
            self.post(f"{self.url}/slot", slot=1)
            self.post(f"{self.url}/collect", member=self.semeurs.id)
            self.save(self.flour, want="99")
        self.assertEqual(sorted(self.flour.commitment_ids.mapped("want")), [12, 12])
        self.assertFalse(self.round.collection_ids)
        self.round.invalidate_recordset(["message_ids"])
        self.assertEqual(self.round.message_ids, notes)

    def test_who_is_asked_is_read_by_nobody_else(self):
        """A question names its organisation: no other member reads it, on no page and
        by no call."""
        self.log_in(self.borrower)
        self.post(f"{self.url}/ask", text="Our secret question")
        self.log_in(self.third)
        for url in (self.url, f"{self.url}/result"):
            self.assertNotIn("secret question", self.get(url).text)
        messages = self.env["mail.message"].with_user(self.third)
        found = messages.search([("model", "=", "ess.round"), ("body", "!=", False)])
        self.assertFalse(found.filtered(lambda m: "secret question" in (m.body or "")))

    def test_no_token_of_the_form_no_act(self):
        self.log_in(self.borrower)
        for act in ("commit", "ask", "slot", "collect"):
            answer = self.post(f"{self.url}/{act}", csrf=False, x="1")
            self.assertEqual(answer.status_code, 400, act)

    def test_a_member_prints_its_own_order_alone(self):
        """Where members order themselves, each gets a paper of its own."""
        self.round.legal_mode = "referencing"
        self.round.action_close()
        url = f"{self.url}/orders/{self.flour.supplier_id.id}"
        report = self.env["ir.actions.report"].with_user(self.borrower)
        html = report._render_qweb_html(
            "ess_mutualisation.action_report_round_member_orders",
            self.flour.supplier_id.ids,
        )[0].decode()
        self.assertIn("Jardin Le Phare", html)
        self.assertNotIn(SECRET, html)
        self.log_in(self.borrower)
        self.assertIn(url, self.page(f"{self.url}/result"))
        answer = self.get(url)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        for user in (None, self.stranger):
            self.log_in(user)
            self.assertEqual(self.get(url).status_code, 303)
        # who has left the circle since still has to send its order
        self.phare.ess_membership_ids.unlink()
        self.log_in(self.borrower)
        self.assertEqual(self.get(url).headers["Content-Type"], "application/pdf")

    def test_a_draft_is_nobodys(self):
        draft = self._round(name="Not yet", date_close="2031-01-01 12:00:00")
        self.log_in(self.borrower)
        self.assertEqual(self.get(f"/my/rounds/{draft.id}").status_code, 303)
        self.assertNotIn("Not yet", self.page("/my/rounds"))

    def test_costs_and_lines_of_others_are_read_by_no_call(self):
        for user in (self.borrower, self.stranger):
            for model in (
                "product.product",
                "product.supplierinfo",
                "purchase.order",
                "purchase.order.line",
                "ess.round.offer",
                "ess.round.tier",
                "ess.round.supplier",
                "ess.round.cost",
            ):
                records = self.env[model].with_user(user)
                found = records
                try:
                    found = records.search([])
                except AccessError:
                    continue
                self.assertFalse(found, f"{user.login}: {model}")
            for model in ("ess.commitment", "ess.round.share", "ess.round.collection"):
                found = self.env[model].with_user(user).search([])
                self.assertLessEqual(
                    found.sudo().entity_id, user._ess_entity(), f"{user.login}: {model}"
                )
                sums = (
                    self.env[model]
                    .with_user(user)
                    ._read_group([], ["entity_id"], ["__count"])
                )
                self.assertLessEqual(
                    {entity.id for entity, _count in sums}, {user._ess_entity().id}
                )
            with self.assertRaises(AccessError):
                self.theirs.with_user(user).read(["want"])
