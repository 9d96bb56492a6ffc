from lxml import html

from odoo.fields import Date
from odoo.tests import tagged

from .common_portal import PortalCase
from .common_settled import Settled
from .test_portal_statements import LOGIN, MY, OK, Answers


@tagged("post_install", "-at_install")
class TestPortalReciprocity(Answers, Settled, PortalCase):
    """Le Phare received a van for 2 days (worth 80 €, asked 60 €), chairs for 4 hours
    (worth 30 €, free) and gave a hall for 3 hours (worth 45 €, asked 45 €).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = Date.context_today(cls.env.user)
        cls.this_month = today.replace(day=1)
        hour = cls.env.ref("uom.product_uom_hour").id
        day = cls.env.ref("uom.product_uom_day").id
        cls._exchange(cls.this_month, 60, value=80.0, quantity=2, uom_id=day)
        cls._exchange(cls.this_month, 0, value=30.0, quantity=4, uom_id=hour)
        cls._exchange(
            cls.this_month,
            45,
            quantity=3,
            uom_id=hour,
            provider_id=cls.phare.id,
            receiver_id=cls.semeurs.id,
        )
        # two years ago: not on the page
        cls._exchange("2024-01-12", 999, quantity=1, uom_id=day)
        # money moved ahead is nothing given
        cls._exchange(cls.this_month, 777, nature="advance")

    def exchanged(self, entity=None):
        found = (entity or self.phare)._ess_exchanged()
        return found, {one["unit"]: one for one in found["series"]}

    def test_units_are_never_added_up(self):
        found, series = self.exchanged()
        self.assertEqual(set(series), {"", "Hours", "Days"})
        self.assertEqual(found["series"][0]["kind"], "money", "worth comes first")
        for unit, gave, received in (
            ("", 45, 110),
            ("Hours", 3, 4),
            ("Days", 0, 2),
        ):
            one = series[unit]
            self.assertEqual((one["gave"], one["received"]), (gave, received), unit)
            self.assertEqual(one["balance"], gave - received)
            self.assertEqual(len(one["months"]), 12)
            last = one["months"][-1]
            self.assertEqual((last["gave"], last["received"]), (gave, received))
        self.assertEqual(found["saved"], 50, "20 € on the van, 30 € on the chairs")
        self.assertEqual(found["forgone"], 0)
        lender, _series = self.exchanged(self.fabrique)
        self.assertEqual((lender["saved"], lender["forgone"]), (0, 50))

    def test_by_organisation(self):
        found, _series = self.exchanged()
        fabrique, semeurs = found["partners"]
        self.assertEqual(fabrique["name"], "Radio La Fabrique")
        self.assertEqual((fabrique["gave"], fabrique["received"]), (0, 110))
        self.assertEqual(fabrique["units"], {"Hours": [0, 4], "Days": [0, 2]})
        self.assertEqual(fabrique["saved"], 50)
        self.assertEqual((semeurs["gave"], semeurs["received"]), (45, 0))

    def test_a_correction_takes_back(self):
        """Chairs that were not used after all: nothing received, nothing saved."""
        domain = [("value", "=", 30), ("receiver_id", "=", self.phare.id)]
        self.env["ess.exchange"].search(domain)._make_counter("Rain")
        found, series = self.exchanged()
        self.assertEqual((series[""]["received"], found["saved"]), (80, 20))
        self.assertEqual(series["Hours"]["received"], 0)

    def test_the_chart_is_as_high_as_its_figures(self):
        _found, series = self.exchanged()
        gave, received = series[""]["months"][-1]["bars"]
        self.assertAlmostEqual(gave["height"] / received["height"], 45 / 110, 2)
        self.assertEqual(received["y"], 0, "the highest bar fills the chart")

    def test_page(self):
        for user, status in (
            (None, LOGIN),
            (self.borrower, OK),
            (self.accountant, MY),
        ):
            self.log_in(user)
            self.assertEqual(self.answer("/my/reciprocity"), status)
        self.log_in(self.borrower)
        page = html.fromstring(self.page("/my/reciprocity"))
        charts = page.xpath("//svg")
        self.assertEqual(len(charts), 3)
        for chart in charts:
            self.assertEqual(chart.get("role"), "img")
            [title] = chart.xpath("./title")
            self.assertEqual(chart.get("aria-labelledby"), title.get("id"))
        tables = page.xpath("//details/table")
        self.assertEqual([len(table.xpath("./tbody/tr")) for table in tables], [12] * 3)
        # a token in a script may well hold these digits
        text = " ".join(page.xpath("//text()[not(ancestor::script)]"))
        self.assertIn("Radio La Fabrique", text)
        self.assertNotIn("999", text)
        self.assertNotIn("777", text)

    def test_nothing_yet(self):
        newcomer = self._member("Newcomer")
        self.log_in(self._volunteer(newcomer, "newcomer"))
        self.assertIn("Nothing yet", self.page("/my/reciprocity"))

    def test_queries_do_not_grow(self):
        def queries():
            self.page("/my/reciprocity")
            self.page("/my/reciprocity")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page("/my/reciprocity")
            return self.env.cr.sql_log_count - before

        self.log_in(self.borrower)
        few = queries()
        for index in range(30):
            other = self._member(f"Member {index}")
            self._exchange(self.this_month, index, provider_id=other.id)
        self.assertEqual(queries(), few)
