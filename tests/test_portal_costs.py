from io import BytesIO

from lxml import html
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_cost import CostData
from .common_portal import PortalCase
from .test_portal_statements import LOGIN, MY, OK, Answers

GROUPS = "ess_mutualisation.group_accountant"
MEMBERS = ("Radio La Fabrique", "Jardin Le Phare", "Labo Les Semeurs")


def cells(content, sheet):
    """Rows of a sheet, with the values that were stored."""
    page = load_workbook(BytesIO(content), data_only=True).worksheets[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


@tagged("post_install", "-at_install")
class TestPortalCosts(Answers, CostData, PortalCase):
    """A depot of 1,000.00 €, rent and power, split equally among three: 333.34, 333.33
    and 333.33 €. What Le Phare reads of it, and what nobody else reads.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(cls.env, "second", groups=GROUPS)
        cls._set_up_costs()
        cls.pool = cls._pool(cls._key(), name="Depot")
        member = cls.pool.member_ids.filtered(lambda m: m.entity_id == cls.phare)
        member.standalone_cost = 500
        cls._bills(
            cls.pool,
            [("2026-01-15", "=Rent", 900.0), ("2026-02-15", "Power", 100.0)],
        )
        cls.posted = cls._posted(cls.pool)
        cls.share = cls._share_of(cls.posted, cls.phare)
        cls.url = f"/my/costs/{cls.share.id}"

    @staticmethod
    def _share_of(run, entity):
        return run.share_ids.filtered(lambda share: share.entity_id == entity)

    # === ACCESS === #

    def test_every_page_for_everybody(self):
        back_office = f"/ess/costs/{self.posted.id}/pack.xlsx"
        people = (
            # list, share of Le Phare, evidence of the back office
            (None, LOGIN, LOGIN, LOGIN),
            (self.borrower, OK, OK, 404),
            (self.lender, OK, MY, 404),
            (self.third, OK, MY, 404),
            (self.facilitator, MY, OK, OK),
            (self.accountant, MY, OK, OK),
        )
        for user, in_list, on_page, on_pack in people:
            self.log_in(user)
            with self.subTest(who=user and user.login):
                self.assertEqual(self.answer("/my/costs"), in_list)
                for path in ("", "/pack.pdf", "/pack.xlsx"):
                    self.assertEqual(self.answer(self.url + path), on_page, path)
                self.assertEqual(self.answer(back_office), on_pack)
                self.assertEqual(
                    self.answer("/my/costs/999999"), LOGIN if not user else MY
                )

    def test_tokens(self):
        self.log_in(None)
        other = self._share_of(self.posted, self.fabrique)
        for path in ("", "/pack.pdf", "/pack.xlsx"):
            url = f"{self.url}{path}?access_token="
            self.assertEqual(self.answer(url + self.share.access_token), OK)
            self.assertEqual(self.answer(url + "wrong"), LOGIN)
            self.assertEqual(self.answer(url + other.access_token), LOGIN)

    def test_not_before_it_is_posted(self):
        """Neither a run that is only computed nor a simulation."""
        self._bills(self.pool, [("2026-03-15", "Late", 30.0)])
        draft = self._run(self.pool)
        share = self._share_of(draft, self.phare)
        for user in (self.borrower, self.accountant):
            self.log_in(user)
            self.assertEqual(self.answer(f"/my/costs/{share.id}"), MY)
        url = f"/my/costs/{share.id}?access_token={share.access_token}"
        self.assertEqual(self.answer(url), MY)
        self.log_in(self.borrower)
        self.assertNotIn(f"/my/costs/{share.id}", self.page("/my/costs"))
        self.assertEqual(self.answer(f"{self.url}/pack.exe"), 404)

    def test_reports_check_rights_by_themselves(self):
        share = self.share.with_user(self.third)
        for call in (share._share_evidence, share._share_pack, share._share_xlsx):
            with self.assertRaises(AccessError):
                call()
        self.log_in(self.third)
        for report, record in (
            ("report_cost_share", self.share),
            ("report_cost_evidence", self.posted),
        ):
            response = self.get(f"/report/html/ess_mutualisation.{report}/{record.id}")
            self.assertNotEqual(response.status_code, OK)
            self.assertNotIn("333.33", response.text)

    def test_a_get_writes_nothing(self):
        self.share.access_token = False
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin FROM ess_cost_share ORDER BY id")
        before = self.env.cr.fetchall()
        self.log_in(self.borrower)
        for url in ("/my/costs", self.url, f"{self.url}/pack.xlsx"):
            self.page(url)
        self.env.cr.execute("SELECT xmin FROM ess_cost_share ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    # === WHAT IT SAYS === #

    def test_page_of_the_member(self):
        self.log_in(self.borrower)
        text = html.fromstring(self.page(self.url)).text_content()
        for words in (
            "333.33",
            "1,000.00",
            "Assembly of 12 December 2025, item 7",
            "Equal Parts",
            "100000/3",
            "33,333.3333",
            "=Rent",
            "500.00",
            "166.67",
            self.posted.chain_hash,
        ):
            self.assertIn(words, text)
        self.assertIn(self.share.with_context(lang="en_US").explanation, text)
        self.assertNotIn("SCI Le Dépôt", text, "the vendor is not told")
        for member in (MEMBERS[0], MEMBERS[2]):
            self.assertNotIn(member, text)

    def test_list_of_the_member(self):
        self.log_in(self.borrower)
        page = self.page("/my/costs")
        self.assertIn("Depot", page)
        self.assertIn("333.33", page)
        self.assertIn(self.url, page)
        counters = {"counters": ["ess_share_count"]}
        self.assertEqual(self.call("/my/counters", **counters)["ess_share_count"], 1)

    def test_advances_until_they_are_taken_back(self):
        budget = self.env["ess.cost.budget"].create(
            {
                "pool_id": self.pool.id,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "amount": 300,
            }
        )
        call = self.env["ess.cost.call"].create(
            {
                "budget_id": budget.id,
                "number": 1,
                "date": "2027-01-01",
                "state": "posted",
            }
        )
        lines = self.env["ess.cost.call.line"].create(
            [
                {"call_id": call.id, "entity_id": member.id, "amount": amount}
                for member, amount in ((self.phare, 81.25), (self.fabrique, 77.75))
            ]
        )
        self.log_in(self.borrower)
        page = self.page("/my/costs")
        self.assertIn("81.25", page)
        self.assertNotIn("77.75", page)
        self.assertNotIn("81.25", self.page(self.url))
        lines.run_id = self.posted
        self.assertNotIn("81.25", self.page("/my/costs"))
        page = self.page(self.url)
        self.assertIn("81.25", page)
        self.assertNotIn("77.75", page)

    def test_queries_do_not_grow(self):
        def more(count):
            for _index in range(count):
                pool = self._pool(self.pool.key_id, name="Other")
                run = self.env["ess.cost.run"].create(
                    {
                        "pool_id": pool.id,
                        "date_from": "2026-01-01",
                        "date_to": "2026-01-31",
                        "state": "posted",
                    }
                )
                self.env["ess.cost.share"].create(
                    {
                        "run_id": run.id,
                        "entity_id": self.phare.id,
                        "exact": "100",
                        "amount": 1,
                    }
                )

        def queries():
            self.page("/my/costs")
            self.page("/my/costs")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page("/my/costs")
            return self.env.cr.sql_log_count - before

        self.log_in(self.borrower)
        more(9)
        few = queries()
        more(9)
        self.assertEqual(queries(), few)

    # === EVIDENCE === #

    @staticmethod
    def answers(proof):
        """What the last column of the proof says, line by line."""
        [head] = [index for index, row in enumerate(proof) if "Equal" in row]
        column = proof[head].index("Equal")
        return [row[column] for row in proof[head + 1 :]]

    def test_pack_names_only_its_member(self):
        content = self.share._share_xlsx()
        flat = str([cells(content, sheet) for sheet in range(3)])
        self.assertIn(MEMBERS[1], flat)
        for secret in (MEMBERS[0], MEMBERS[2], "SCI Le Dépôt"):
            self.assertNotIn(secret, flat)
        self.assertRegex(flat, r"Member \d")

    def test_pack_of_the_back_office(self):
        """The sums as stored in the file equal the run, to the cent."""
        content = self.posted._evidence_xlsx()
        shares, costs, proof = (cells(content, sheet) for sheet in range(3))
        for member in MEMBERS:
            self.assertIn(member, str(shares))
        self.assertIn("SCI Le Dépôt", str(costs))
        [head] = [row for row in costs if "Amount" in row]
        self.assertAlmostEqual(costs[-1][head.index("Amount")], 1000, 2)
        [head] = [row for row in shares if "Exact, in cents" in row]
        self.assertAlmostEqual(shares[-1][head.index("Share")], 1000, 2)
        exact = [row[head.index("Exact, in cents")] for row in shares]
        self.assertEqual(exact.count("100000/3"), 3)
        answers = self.answers(proof)
        self.assertEqual(answers, ["Yes"] * 4)
        self.assertIn(self.posted.chain_hash, str(proof))
        self.assertIn(self.second.name, str(proof))

    def test_proof_says_no_where_it_does_not_hold(self):
        self.share.sudo().amount += 0.01
        proof = cells(self.posted._evidence_xlsx(), 2)
        answers = self.answers(proof)
        self.assertEqual(answers, ["Yes", "Yes", "No", "No"])

    def test_pack_of_a_reversal(self):
        mirror = self.posted._reverse("Wrong bill")
        proof = cells(mirror._evidence_xlsx(), 2)
        answers = self.answers(proof)
        self.assertEqual(answers, ["Yes"] * 4)
        self.log_in(self.borrower)
        self.assertIn("Reversed", self.page(self.url))
        self.assertEqual(self.page("/my/costs").count("/my/costs/"), 2)

    def test_paper(self):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        for report, records in (
            ("report_cost_evidence", self.posted),
            ("report_cost_share", self.posted.share_ids[:2]),
        ):
            name = f"ess_mutualisation.{report}"
            content, _kind = reports._render_qweb_html(name, records.ids)
            pages = html.fromstring(content).xpath(
                "//div[contains(@class, 'ess_evidence')]"
            )
            self.assertEqual(len(pages), len(records))
            text = pages[0].text_content()
            self.assertIn("100000/3", text)
            self.assertIn(self.posted.chain_hash, text)
            self.assertIn("Exempt", text)
            content, kind = reports._render_qweb_pdf(name, records.ids)
            self.assertEqual(kind, "pdf")
            self.assertTrue(content.startswith(b"%PDF"))
