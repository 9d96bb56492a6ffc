from urllib.parse import urlsplit

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_portal import PortalCase
from .common_settled import Settled

LOGIN, MY, OK = "login", "my", 200


class Answers:
    """What a page answers to whom."""

    def answer(self, url):
        """Status of a page, or where one is sent."""
        response = self.get(url)
        if response.status_code in (302, 303):
            target = urlsplit(response.headers["Location"]).path
            return {"/web/login": LOGIN, "/my": MY}.get(target, target)
        return response.status_code


@tagged("post_install", "-at_install")
class TestPortalStatements(Answers, Settled, PortalCase):
    """Who opens a statement, and what it says.

    Le Phare (borrower) owes 120 € to La Fabrique (lender) and 45.10 € to the
    federation; Les Semeurs (third) have no part in it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settlement = cls._settle()
        cls.line = cls._line_of(cls.settlement, cls.phare)
        cls.url = f"/my/statements/{cls.line.id}"

    # === ACCESS === #

    def test_every_page_for_everybody(self):
        people = (
            (None, LOGIN, LOGIN),
            (self.borrower, OK, OK),
            (self.lender, OK, MY),
            (self.third, OK, MY),
            (self.facilitator, MY, OK),
            (self.accountant, MY, OK),
        )
        for user, in_list, on_page in people:
            self.log_in(user)
            who = user and user.login
            with self.subTest(who=who):
                self.assertEqual(self.answer("/my/statements"), in_list)
                for path in ("", "/xlsx", "/pdf"):
                    self.assertEqual(self.answer(self.url + path), on_page, path)
                self.assertEqual(
                    self.answer("/my/statements/999999"), LOGIN if not user else MY
                )

    def test_tokens(self):
        self.log_in(None)
        token = self.line.access_token
        self.assertTrue(token, "made with the statement")
        for path in ("", "/xlsx", "/pdf"):
            url = f"{self.url}{path}?access_token="
            self.assertEqual(self.answer(url + token), OK)
            self.assertEqual(self.answer(url + "wrong"), LOGIN)
            other = self._line_of(self.settlement, self.fabrique)
            self.assertEqual(self.answer(url + other.access_token), LOGIN)

    def test_not_before_it_is_posted(self):
        for state in ("draft", "prepared"):
            self.settlement.state = state
            for user in (self.borrower, self.accountant):
                self.log_in(user)
                self.assertEqual(self.answer(self.url), MY)
            self.assertEqual(
                self.answer(f"{self.url}?access_token={self.line.access_token}"), MY
            )
        self.log_in(self.borrower)
        self.assertNotIn("SET2026", self.page("/my/statements"))

    def test_reports_check_rights_by_themselves(self):
        """Odoo's own addresses print for whoever is logged in: not for strangers."""
        line = self.line.with_user(self.third)
        for call in (line._statement, line._statement_xlsx):
            with self.assertRaises(AccessError):
                call()
        address = f"/report/html/ess_mutualisation.report_statement/{self.line.id}"
        self.log_in(self.third)
        response = self.get(address)
        self.assertNotEqual(response.status_code, OK)
        self.assertNotIn("Van, 3 days", response.text)

    def test_a_get_writes_nothing(self):
        """Even without a token, which nobody makes while somebody reads."""
        self.line.access_token = False
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin FROM ess_settlement_line ORDER BY id")
        before = self.env.cr.fetchall()
        self.log_in(self.borrower)
        with self.assertNoLogs("odoo.http", "WARNING"):
            for url in ("/my/statements", self.url, f"{self.url}/xlsx"):
                self.page(url)
        self.env.cr.execute("SELECT xmin FROM ess_settlement_line ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    # === WHAT IT SAYS === #

    def test_page_of_the_member(self):
        self.log_in(self.borrower)
        page = self.page(self.url)
        for words in (
            "You pay $&nbsp;120.00 to Radio La Fabrique."
            if "$&nbsp;" in page
            else "120.00",
            "Van, 3 days",
            "Settled between members",
            "Free of charge",
            "Depot, January",
            "165.10",
        ):
            self.assertIn(words, page)

    def test_sentences(self):
        amount = self.line._transfers_with(
            self.settlement.transfer_ids, "debtor_id", "creditor_id"
        )
        self.assertEqual(len(amount), 2)
        todo = self.line._statement_todo()
        self.assertRegex(todo[0], r"^You pay .*120\.00.* to Radio La Fabrique\.$")
        self.assertRegex(todo[1], r"^You pay .*45\.10")
        lender = self._line_of(self.settlement, self.fabrique)
        self.assertRegex(
            lender._statement_todo()[0],
            r"^You receive .*120\.00.* from Jardin Le Phare\.$",
        )
        self.settlement.transfer_ids.unlink()
        self.assertRegex(self.line._statement_todo()[0], r"^In all, you owe .*165\.10")
        self.assertRegex(lender._statement_todo()[0], r"^In all, .*120\.00.* are owed")
        lender.balance = 0
        self.assertIn("You are even", lender._statement_todo()[0])
        self.settlement.state = "reversed"
        self.assertIn("was reversed", self.line._statement_todo()[0])

    def test_rows_add_up_to_the_net_position(self):
        for line in self.settlement.line_ids:
            rows = line._statement_rows()
            self.assertAlmostEqual(sum(row["amount"] for row in rows), line.net, 2)
        self.assertAlmostEqual(sum(self.settlement.line_ids.mapped("net")), 0, 2)

    def test_only_its_own_exchanges(self):
        """La Fabrique does not read what Le Phare owes to the federation."""
        self.log_in(self.lender)
        line = self._line_of(self.settlement, self.fabrique)
        page = self.page(f"/my/statements/{line.id}")
        self.assertIn("Van, 3 days", page)
        self.assertNotIn("Depot", page)
        self.assertNotIn("45.10", page)

    def test_documents_lead_to_the_invoice(self):
        product = self.env["product.product"].create({"name": "Depot"})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.phare.id,
                "invoice_date": "2026-01-31",
                "ess_settlement_id": self.settlement.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": "Depot, January",
                            "price_unit": 45.10,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        self.line.move_ids = invoice
        item = self.settlement.item_ids.filtered(lambda one: one.kind == "invoice")
        item.move_line_id = invoice.invoice_line_ids
        self.log_in(self.borrower)
        page = self.page(self.url)
        self.assertNotIn(f"/my/invoices/{invoice.id}", page)
        self.assertIn("in preparation", page)
        invoice.action_post()
        page = self.page(self.url)
        self.assertIn(f"/my/invoices/{invoice.id}", page)
        self.assertIn(f"Invoiced in {invoice.name}", page)
        self.assertEqual(self.answer(f"/my/invoices/{invoice.id}"), OK)

    def test_home_counts_statements(self):
        self.log_in(self.borrower)
        counters = {"counters": ["ess_statement_count"]}
        self.assertEqual(
            self.call("/my/counters", **counters)["ess_statement_count"], 1
        )
        self.log_in(self.third)
        self.assertEqual(
            self.call("/my/counters", **counters)["ess_statement_count"], 0
        )

    def test_queries_do_not_grow(self):
        """As many queries for 10 rows as for 40, in the list and on the page."""

        def queries(url):
            self.page(url)
            self.page(url)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page(url)
            return self.env.cr.sql_log_count - before

        self.log_in(self.borrower)
        none = self.env["ess.exchange"]
        for index in range(9):
            self._bare(index)
        few = queries("/my/statements")
        for index in range(9, 19):
            self._bare(index)
        self.assertEqual(queries("/my/statements"), few)
        big = [self._settle(self._many(count, none)) for count in (10, 40)]
        urls = [f"/my/statements/{self._line_of(one, self.phare).id}" for one in big]
        self.assertEqual(queries(urls[0]), queries(urls[1]))

    def _many(self, count, exchanges):
        for index in range(count):
            exchanges += self._exchange(
                date=f"2026-03-{1 + index % 28:02d}", amount=10 + index
            )
        return exchanges

    def _bare(self, index):
        settlement = self._settle(self.env["ess.exchange"], name=f"SET/{index}")
        self.env["ess.settlement.line"].create(
            {"settlement_id": settlement.id, "entity_id": self.phare.id}
        )
