"""What is said about a record in its thread is the office's, on every record that
members read: it names who cannot pay, who is asked, what somebody answered.
"""

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import EssCommon
from .common_records import RecordsData

SECRET = "Semeurs cannot pay"
# fields through which a message, or who reads it, could be guessed by searching
PATHS = (
    "message_ids",
    "message_ids.body",
    "website_message_ids.body",
    "message_partner_ids.name",
    "activity_ids.note",
)


@tagged("post_install", "-at_install")
class TestOfficeThread(RecordsData, EssCommon):
    """Anaïs borrows, Bob lends: they read each of these records, or most of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_user")
        cls._set_up_records()
        cls.anais = cls._volunteer(cls.phare, "anais")
        cls.bob = cls._volunteer(cls.fabrique, "bob")
        cls.members = cls.anais | cls.bob
        cls.facilitator = cls._internal("fa", "ess_mutualisation.group_facilitator")

    def _threads(self):
        """Each record with a thread of a model that portal users may read."""
        for name in self.env.registry:
            model = self.env[name]
            if not name.startswith("ess.") or model._abstract:
                continue
            if not hasattr(model, "message_post"):
                continue
            if model.with_user(self.anais).has_access("read"):
                record = self._record(name)
                self.assertTrue(record, f"{name}: try it here")
                yield record[:1]

    def _post(self, record):
        """A public message, an answer by mail, an internal note."""
        comment = "mail.mt_comment"
        post = record.sudo().message_post
        return (
            post(body=SECRET, subtype_xmlid=comment)
            | post(
                body=SECRET,
                message_type="email",
                subtype_xmlid=comment,
                author_id=self.semeurs.id,
            )
            | post(body=SECRET, subtype_xmlid="mail.mt_note")
        )

    def test_every_thread_that_members_could_read_is_the_office_s(self):
        names = set()
        for record in self._threads():
            names.add(record._name)
            office = self.env.registry["ess.office.thread"]
            self.assertIsInstance(record, office, record._name)
        self.assertLessEqual(
            {"ess.asset", "ess.booking", "ess.loan", "ess.need", "ess.round"}, names
        )

    def test_messages_are_neither_read_nor_guessed(self):
        for record in self._threads():
            messages = self._post(record)
            name = record._name
            for user in self.members | self.public:
                for message in messages:
                    with self.assertRaises(AccessError, msg=f"{name} {user.login}"):
                        message.with_user(user).read(["body"])
                for path in PATHS:
                    if path.partition(".")[0] not in record._fields:
                        continue
                    with self.assertRaises(AccessError, msg=f"{name} {path}"):
                        record.with_user(user).search([(path, "ilike", "cannot")])

    def test_no_token_opens_a_thread(self):
        for record in self._threads():
            self._post(record)
            keys = [{}]
            if "access_token" in record._fields:
                own, pid = record.sudo(), self.anais.partner_id.id
                keys.append({"token": own._portal_ensure_token()})
                keys.append({"pid": pid, "hash": own._sign_token(pid)})
            for user in self.members | self.public | self.employee:
                thread = self.env[record._name].with_user(user)
                for key in keys:
                    for mode in ("read", "write"):
                        found = thread._get_thread_with_access(
                            record.id, mode=mode, **key
                        )
                        self.assertFalse(found, f"{record._name} {user.login}")

    def test_nobody_on_the_portal_follows(self):
        """Who follows is sent what is said, and may read it ever after."""
        for record in self._threads():
            for user in self.members | self.public:
                partners = user.partner_id.ids
                own = record.with_user(user)
                with self.assertRaises(AccessError, msg=record._name):
                    call_kw(own.browse(), "message_subscribe", [own.ids, partners], {})
            followers = record.sudo().message_partner_ids
            self.assertFalse(followers & self.members.partner_id, record._name)

    def test_the_office_reads_writes_and_follows(self):
        for record in self._threads():
            messages = self._post(record)
            own = record.with_user(self.facilitator)
            self.assertLessEqual(messages, own.message_ids)
            self.assertIn(SECRET, messages[0].with_user(self.facilitator).body)
            if own.has_access("write"):
                own.message_post(body="We call them", subtype_xmlid="mail.mt_note")
            own.message_subscribe(self.facilitator.partner_id.ids)
            self.assertIn(self.facilitator.partner_id, record.message_partner_ids)

    def test_a_member_reads_what_is_sent_to_it(self):
        """Somebody that the office names in a message gets it, and may read it."""
        for record in self._threads():
            message = record.sudo().message_post(
                body="Anaïs, please call us", partner_ids=self.anais.partner_id.ids
            )
            self.assertIn("call us", message.with_user(self.anais).body)
            self.assertIn(self.anais.partner_id, message.notified_partner_ids)
