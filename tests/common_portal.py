"""A federation with people at their browsers, for the tests of the portal.

The browser's clock is the real one, so times here are relative to today: `self.day(3)`
is in three days.
"""

from datetime import datetime, timedelta, timezone

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from .common import PARIS, EssData, utc


class PortalCase(EssData, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_federation()
        cls.lender = cls._volunteer(cls.fabrique, "lender", name="Lou Lender")
        cls.borrower = cls._volunteer(cls.phare, "borrower", name="Bo Borrower")
        cls.third = cls._volunteer(cls.semeurs, "third", name="Thi Third")
        cls.facilitator = new_test_user(
            cls.env, "facil", groups="ess_mutualisation.group_facilitator"
        )
        cls.accountant = new_test_user(
            cls.env, "accou", groups="ess_mutualisation.group_accountant"
        )
        cls.van.write(
            {
                "approval": "owner",
                "private_instructions": "<p>Door code 4711</p>",
                "description": "<p>Nine seats</p>",
            }
        )

    @staticmethod
    def day(days):
        """The date in so many days, as a form sends it."""
        return (datetime.now(PARIS).date() + timedelta(days=days)).isoformat()

    def at(self, days, clock):
        """Naive UTC of a Paris wall clock in so many days."""
        return utc(f"{self.day(days)} {clock}")

    def book(self, asset=None, days=3, entity=None, user=None, **vals):
        """A booking from 09:00 to 17:00 in so many days, asked for by its borrower."""
        booking = self.env["ess.booking"].create(
            {
                "asset_id": (asset or self.van).id,
                "entity_id": (entity or self.phare).id,
                "start": self.at(days, "09:00"),
                "stop": self.at(days, "17:00"),
                **vals,
            }
        )
        booking.with_user(user or self.borrower).action_request()
        return booking

    def book_soon(self, asset=None, hours=3, **vals):
        """A booking that starts with the next full hour."""
        start = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        start = start.replace(tzinfo=None) + timedelta(hours=1)
        stop = start + timedelta(hours=hours)
        return self.book(asset, start=start, stop=stop, **vals)

    def log_in(self, user):
        """user: res.users, or None for a visitor."""
        login = user and user.login
        self.authenticate(login, login)

    def get(self, url, **kwargs):
        kwargs.setdefault("allow_redirects", False)
        return self.url_open(url, **kwargs)

    def page(self, url):
        response = self.get(url)
        self.assertEqual(response.status_code, 200, url)
        return response.text

    def post(self, url, csrf=True, files=None, **data):
        if csrf:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data, files=files, allow_redirects=False)

    def call(self, url, **params):
        """jsonrpc; the result, or the error."""
        answer = self.url_open(url, json={"params": params}).json()
        return answer.get("result", answer.get("error"))

    def dates(self, days, start="09:00", stop="17:00"):
        """The date fields of a form, for one day."""
        return {
            "start_date": self.day(days),
            "start_time": start,
            "stop_date": self.day(days),
            "stop_time": stop,
        }
