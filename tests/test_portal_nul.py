"""A byte that no text field can hold, in every form and call of the portal."""

import ast
import base64
import re
from pathlib import Path

from odoo.fields import Datetime
from odoo.http import _generate_routing_rules
from odoo.tests import tagged

from ..models.ir_http import without_nul
from .common_portal_loan import PIXEL, LoanPortalCase, shot
from .common_round import RoundData
from .common_staff import PAPER, StaffData

CONTROLLERS = Path(__file__).parents[1] / "controllers"
OURS = "odoo.addons.ess_mutualisation"
NUL = "a\0b"
ARGUMENT = re.compile("<(int):([a-z_]+)>")
WORD = re.compile("<string:[a-z_]+>")
WORDS = ("delete", "hand_over", "wait", "hold", "agree", "decline", "consent")
# what must be right for an act to come as far as the database
RIGHT = {
    "amount": "1",
    "confirm": "1",
    "frequency": "weekly",
    "count": "2",
    "hours": "3",
    "kind": "closure",
    "method": "cash",
    "quantity": "1",
}


def read_names():
    """Names of fields that some page reads: whatever our controllers spell out."""
    names = set()
    for path in CONTROLLERS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
            if isinstance(node, ast.arg):
                names.add(node.arg)
    return {name for name in names if name.isidentifier() and name.islower()}


@tagged("post_install", "-at_install")
class TestPortalNul(StaffData, RoundData, LoanPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_round()
        cls.round.date_close = Datetime.add(Datetime.now(), days=3)
        cls.round.action_open()
        cls._set_up_staff()
        cls.names = read_names() - {
            "csrf_token",
            "self",
            "context",
            "csrf",
            "files",
            "url",
        }

    def _ids(self):
        """A record for each number in an address."""
        booking = self.book(days=6)
        loan, inspection, damage = self.damaged()
        self.env.flush_all()
        need = self.env["ess.need"].create(
            {
                "name": "Chairs",
                "entity_id": self.phare.id,
                "category_id": self.category.id,
                "quantity": 10,
                "start": self.at(9, "09:00"),
                "stop": self.at(9, "17:00"),
            }
        )
        need.with_user(self.borrower).action_publish()
        return {
            "asset_id": self.van.id,
            "booking_id": booking.id,
            "damage_id": damage.id,
            "inspection_id": inspection.id,
            "line_id": need.line_ids[:1].id,
            "loan_id": loan.id,
            "membership_id": self.phare.ess_membership_ids.id,
            "need_id": need.id,
            "proposal_id": need.proposal_ids[:1].id,
            "round_id": self.round.id,
            "staff_id": self._staff().id,
        }

    def _routes(self, kind):
        """Address of each route of ours that acts."""
        for url, endpoint in _generate_routing_rules(
            sorted(self.env.registry._init_modules), False
        ):
            ours = endpoint.original_endpoint.__module__.startswith(OURS)
            posts = "POST" in (endpoint.routing.get("methods") or ["POST"])
            if ours and posts and endpoint.routing["type"] == kind:
                yield url

    def _urls(self, kind, ids):
        """These addresses with each number and word that stands in them."""
        urls = set()
        for url in self._routes(kind):
            path = ARGUMENT.sub(lambda m: str(ids.get(m[2], 1)), url)
            urls |= {WORD.sub(word, path) for word in WORDS}
        return sorted(urls)

    def test_in_every_form(self):
        ids = self._ids()
        urls = self._urls("http", ids)
        self.assertGreater(len(urls), 50)
        files = {
            name: ("a\0b.jpg", shot(), "image/jpeg")
            for name in ("photos", "file", "document", f"photos_{ids['line_id']}")
        }
        wrong = dict.fromkeys(self.names, NUL)
        right = {**wrong, **self.dates(7), **RIGHT}
        right |= {f"{name}_{ids['line_id']}": NUL for name in ("condition", "note")}
        for user in (self.borrower, self.lender):
            self.log_in(user)
            for url in urls:
                for typed in (wrong, right):
                    with self.subTest(user=user.login, url=url, right=typed is right):
                        answer = self.post(url, files=files, **typed)
                        self.assertLess(answer.status_code, 500)

    def test_in_every_call(self):
        urls = self._urls("jsonrpc", self._ids())
        self.assertGreater(len(urls), 4)
        wrong = dict.fromkeys(self.names, NUL)
        typed = {"want": NUL, "version": 0, NUL: NUL, "more": [NUL, {"a": NUL}]}
        for user in (self.borrower, self.lender):
            self.log_in(user)
            for url in urls:
                for params in (
                    wrong,
                    {"typed": typed, "offer_id": self.flour.id},
                    {"name": NUL, "signature": NUL},
                    {**wrong, **self.dates(8), **RIGHT},
                ):
                    with self.subTest(user=user.login, url=url):
                        self.authenticate(user.login, user.login)
                        answer = self.url_open(url, json={"params": params}).json()
                        name = answer.get("error", {}).get("data", {}).get("name", "")
                        self.assertNotIn("builtins", name, answer)

    def test_in_names_of_files(self):
        staff = self._staff()
        loan = self.to_sign(self.chairs)
        pdf = base64.b64decode(PAPER)
        urls = {
            self.lender: (f"/my/staff/{staff.id}/paper/consent", "file"),
            self.borrower: (f"/my/loans/{loan.id}/insurance", "document"),
        }
        typed = {
            "consent_on": self.day(0),
            "insurer": NUL,
            "number": NUL,
            "date_from": self.day(-1),
            "date_to": self.day(90),
        }
        for user, (url, field) in urls.items():
            self.log_in(user)
            files = {field: ("a\0b.pdf", pdf, "application/pdf")}
            self.assertEqual(self.post(url, files=files, **typed).status_code, 303, url)
        self.assertEqual(staff.consent_name, "ab.pdf")
        certificate = self.env["ess.insurance.certificate"].search(
            [("entity_id", "=", self.phare.id)]
        )
        self.assertEqual(certificate.document_name, "ab.pdf")
        self.assertEqual(certificate.insurer, "ab")

    def test_in_the_name_of_who_signs(self):
        """And however deep it hides in what a script sends."""
        loan = self.to_sign(self.chairs)
        self.log_in(self.borrower)
        self.call(f"/my/loans/{loan.id}/sign", name="Bo\0 B", signature=PIXEL)
        self.assertEqual(loan.signature_ids.signer_name, "Bo B")
        found = without_nul({NUL: [NUL, {"x": (NUL, 1, None)}], "y": True})
        self.assertEqual(found, {"ab": ["ab", {"x": ["ab", 1, None]}], "y": True})
