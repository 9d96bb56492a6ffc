from io import BytesIO

from openpyxl import load_workbook

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common_cost import CostData
from .common_portal import PortalCase
from .common_settled import Settled


@tagged("post_install", "-at_install")
class TestToursCosts(CostData, Settled, PortalCase):
    """A year of a depot, by people who have only their browser.

    The depot cost 90.20 € last year, in 13 bills. By size Le Phare carries half of it,
    45.10 €, and owes La Fabrique 120 € for its van: 165.10 € in all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_costs()
        cls.year = fields.Date.today().year - 1
        first = f"{cls.year}-01-01"
        sizes = {cls.fabrique: 1, cls.phare: 2, cls.semeurs: 1}
        cls.by_size = cls._key("parts", sizes, date_from=first)
        cls.by_size.name = "By size"
        cls._key("equal", date_from=first).name = "All alike"
        cls.pool = cls._pool(cls.by_size)
        water = [(f"{cls.year}-{month:02}-15", "Water", 7.5) for month in range(1, 13)]
        cls._bills(cls.pool, [*water, (f"{cls.year}-12-31", "Bank fees", 0.2)])
        cls.hall = cls.env["product.product"].create(
            {
                "name": "Hire of the hall",
                "type": "service",
                "taxes_id": [Command.set(cls.regime.tax_ids.ids)],
            }
        )

    def test_a_year_from_the_bills_to_the_statement(self):
        van = self._exchange(f"{self.year}-03-12", 120.0, name="Van, 3 days")
        hall = self._exchange(
            f"{self.year}-05-04",
            6.0,
            name="Hall, an evening",
            provider_id=self.env.company.partner_id.id,
            receiver_id=self.semeurs.id,
        )
        self._costs_are_split()
        self._all_is_settled()
        self.assertEqual(hall.product_id, self.hall, "mended on the way")
        self._books_tie_out(van | hall)
        self._member_reads_and_downloads()

    def _tour(self, name, user):
        self.start_tour("/odoo", name, login=user.login, timeout=180)

    def _costs_are_split(self):
        self._tour("ess_costs_compare_and_compute", self.accountant)
        runs = self.env["ess.cost.run"].search([("pool_id", "=", self.pool.id)])
        simulations = runs.filtered(lambda run: run.kind == "simulation")
        self.assertEqual(len(simulations), 2)
        run = runs - simulations
        self.assertEqual((run.state, len(run.source_ids)), ("computed", 13))
        self.assertEqual(run.computed_by_id, self.accountant)

        self._tour("ess_costs_approve", self.second)
        self.assertEqual((run.state, run.approved_by_id), ("approved", self.second))
        self.assertFalse(run.share_ids.exchange_ids)

    def _all_is_settled(self):
        self._tour("ess_costs_post_and_settle", self.accountant)

    def _books_tie_out(self, others):
        run = self.env["ess.cost.run"].search(
            [("pool_id", "=", self.pool.id), ("state", "=", "posted")]
        )
        self.assertEqual(
            self._cents(run.share_ids),
            {"Fabrique": 2255, "Phare": 4510, "Semeurs": 2255},
        )
        settlement = self.env["ess.settlement"].search([("state", "=", "posted")])
        self.assertEqual(str(settlement.date_from), f"{self.year}-01-01")
        self.assertEqual(str(settlement.date), f"{self.year}-12-31")
        self.assertEqual(
            settlement.item_ids.exchange_id, others | run.share_ids.exchange_ids
        )
        invoices = settlement.move_ids
        self.assertEqual(set(invoices.mapped("move_type")), {"out_invoice"})
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertEqual(
            {i.partner_id.name.split()[-1]: i.amount_untaxed for i in invoices},
            {"Fabrique": 22.55, "Phare": 45.10, "Semeurs": 28.55},
        )
        spent = sum(run.source_ids.mapped("amount"))
        self.assertEqual(round(spent, 2), 90.20)
        self.assertEqual(
            round(sum(invoices.mapped("amount_untaxed")), 2), round(spent + 6, 2)
        )
        self.assertEqual(round(sum(settlement.line_ids.mapped("net")), 2), 0)

    def _member_reads_and_downloads(self):
        """On a phone; a browser in a test keeps no files, so they are fetched too."""
        self.browser_size, self.touch_enabled = "375x667", True
        self.start_tour("/my", "ess_commons_statement", login="borrower")
        self.start_tour("/my/costs", "ess_commons_share", login="borrower")
        line = self.env["ess.settlement.line"].search(
            [("state", "=", "posted"), ("entity_id", "=", self.phare.id)]
        )
        self.log_in(self.borrower)
        files = {}
        for kind, words in (("pdf", "pdf"), ("xlsx", "sheet")):
            response = self.get(f"/my/statements/{line.id}/{kind}")
            self.assertEqual(response.status_code, 200)
            self.assertIn(words, response.headers["Content-Type"])
            files[kind] = response.content
        for words in (b"Van, 3 days", b"165.10"):  # tests print HTML
            self.assertIn(words, files["pdf"])
        book = load_workbook(BytesIO(files["xlsx"]), data_only=True)
        found = [cell for row in book.worksheets[0].values for cell in row]
        self.assertIn("Van, 3 days", found)
        self.assertIn(-165.10, found)
