import base64
import io
import math
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import api, fields, models

# role → the member's name in the spreadsheet, and its person who signs
PEOPLE = {
    "brewery": ("Brasserie coopérative L'Écluse", "Nadia Lefebvre"),
    "neighbours": ("Régie de quartier Les Voisins", "Thomas Vasseur"),
    "fablab": ("Fablab associatif La Courée", "Inès Duhamel"),
    "dancers": ("Compagnie de danse La Ruche", "Lucas Petit"),
    "band": ("Fanfare Le Pré vert", "Jeanne Caron"),
    "youth": ("Maison des jeunes et de la culture Les Hirondelles", "Karim Saïdi"),
    "amap": ("Amap La Bobine", "Sophie Lemaire"),
    "nursery": ("Crèche parentale Le Fil rouge", "Paul Wattel"),
    "works": ("Coopérative d'activités La Cordée", "Léa Marchand"),
}
# category → what is looked at when it leaves and when it comes back
CHECKLISTS = {
    "vehicle": (
        "Carrosserie et vitres",
        "Pneus",
        "Feux",
        "Niveau de carburant",
        "Papiers et constat",
    ),
    "furniture": ("Propre et sec", "Pieds et fixations"),
    "event": (
        "Structure droite",
        "Toile sans accroc",
        "Toutes les pièces dans la housse",
    ),
}


class DemoLoans(models.AbstractModel):
    """Loans between members in every state of their life, around today."""

    _inherit = "ess.demo"

    @api.model
    def _lend(self):
        self = self.with_context(ess_silent=True, tracking_disable=True)
        for role in PEOPLE:
            self._person(role)
        self._write_checklists()
        self._share_lent_assets()
        self._insure()
        self._lend_to_come()
        self._lend_out()
        self._lend_late()
        self._lend_done()
        self._need_chairs()
        self._lend_staff()
        self._print_when_there_is_time()

    @api.model
    def _write_checklists(self):
        for name, points in CHECKLISTS.items():
            self._ref("category", name).check_ids = [
                fields.Command.create({"name": point, "sequence": rank})
                for rank, point in enumerate(points)
            ]
        self._ref("category", "vehicle").meter = "km"

    @api.model
    def _share_lent_assets(self):
        """Both circles may book them; the account of deposits is the chart's own."""
        circles = self.env["ess.circle"].search(
            [("company_id", "=", self.env.company.id)]
        )
        lent = self.env["ess.asset"].search([("code", "=like", "D00_")])
        lent.circle_ids = circles
        company = self.env.company
        company.ess_deposit_account_id = self.env["account.account"].search(
            [
                ("code", "=like", "165%"),
                *self.env["account.account"]._check_company_domain(company),
            ],
            order="code",
            limit=1,
        )

    @api.model
    def _insure(self):
        """One for the whole year, one that ends soon."""
        today = fields.Date.context_today(self)
        for role, insurer, number, days in (
            ("neighbours", "Mutuelle du Nord", "RC-2041-77", 300),
            ("amap", "Mutuelle du Nord", "RC-1987-03", 12),
            ("brewery", "Assurances coopératives", "48-221", 200),
        ):
            self.env["ess.insurance.certificate"].create(
                {
                    "entity_id": self._who(role).id,
                    "insurer": insurer,
                    "number": number,
                    "date_from": today - timedelta(days=365 - days),
                    "date_to": today + timedelta(days=days),
                    "ceiling": 50_000,
                }
            )

    # === LOANS === #

    @api.model
    def _lend_to_come(self):
        """Asked for, half signed, signed, given up."""
        self._loan("stage", "brewery", 20, 21, "portes ouvertes de la brasserie")
        van = self._loan("tail_lift", "neighbours", 5, 6, "déménagement solidaire")
        self._sign_for(van, "brewery")
        chairs = self._loan("shell_chairs", "neighbours", 2, 3, "repas des aînés", 40)
        self._sign_for(chairs, "dancers", "neighbours")
        off = self._loan("marquee", "nursery", 12, 13, "kermesse")
        off.action_cancel("La kermesse est reportée à l'automne.")

    @api.model
    def _lend_out(self):
        """Twenty of sixty chairs are back; for the rest, more time is asked."""
        loan = self._loan("wooden_chairs", "amap", -1, 2, "fête des récoltes", 60)
        self._sign_for(loan, "band", "amap")
        self._leave(loan)
        self._come_back(loan, {"quantity": 20, "note": "Livrées par la régie."})
        extension = loan.action_ask_extension(
            self._at(4, 17), "La fête dure finalement tout le week-end."
        )
        extension.asked_by_id = self._person("amap")

    @api.model
    def _lend_late(self):
        """Due the day before yesterday, while the neighbours count on it soon."""
        loan = self._loan("marquee", "brewery", -6, -2, "brassin d'automne", 2)
        self._sign_for(loan, "fablab", "brewery")
        self._hold_deposit(loan, "cheque", "0004211")
        self._leave(loan)
        soon = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        self._loan(
            "marquee",
            "neighbours",
            soon + timedelta(hours=12),
            soon + timedelta(hours=36),
            "vide-grenier",
            2,
        )
        loan._warn_next(fields.Datetime.now())

    @api.model
    def _lend_done(self):
        """A van that came back whole; a stage that did not."""
        van = self._loan("tail_lift", "neighbours", -9, -8, "collecte de mobilier")
        self._sign_for(van, "brewery", "neighbours")
        self._hold_deposit(van, "transfer", "VIR 2207")
        self._leave(van, {"quantity": 1, "meter_km": 48_210})
        self._come_back(van, {"quantity": 1, "meter_km": 48_334})
        van.deposit_ids.action_release()
        stage = self._loan("stage", "nursery", -5, -4, "spectacle de fin d'année")
        self._sign_for(stage, "youth", "nursery")
        self._hold_deposit(stage, "cheque", "0117")
        self._leave(stage)
        self._come_back(
            stage,
            {
                "quantity": 1,
                "damaged_quantity": 1,
                "condition": "damaged",
                "note": "Un pied de la scène est tordu.",
            },
        )
        self._settle_damage(stage)

    @api.model
    def _settle_damage(self, loan):
        """120 € of repair, shared by half: 60 € out of the deposit of 200 €."""
        damage = loan.damage_ids
        damage.action_propose("shared", 50, 120, True)
        damage.action_agree()
        damage.write(
            {
                "reported_by_id": self._person("youth").id,
                "agreed_by_id": self._person("nursery").id,
            }
        )
        loan.deposit_ids.action_keep(60, "La moitié de la réparation du pied tordu.")

    # === STEPS === #

    @api.model
    def _who(self, role):
        return self._member(PEOPLE[role][0])

    @api.model
    def _person(self, role):
        """The person who acts for this member."""
        entity, name = self._who(role), PEOPLE[role][1]
        person = entity.child_ids.filtered(lambda one: one.name == name)
        return person or self.env["res.partner"].create(
            {
                "name": name,
                "parent_id": entity.id,
                "email": f"{role}@demo.example",
                "lang": "fr_FR",
            }
        )

    @api.model
    def _at(self, days, hour):
        """So many days from today, at this hour of the clock in UTC."""
        day = fields.Datetime.now() + timedelta(days=days)
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)

    @api.model
    def _loan(self, asset, borrower, first, last, purpose, quantity=1):
        """A promise and its loan, of a time to come or of a past one.

        :param first: days from today, from 9 o'clock or so; or a time
        :param last: days from today, until 18 o'clock or so; or a time
        """
        person = self._person(borrower)
        booking = self.env["ess.booking"].create(
            {
                "asset_id": self.env.ref(f"ess_mutualisation.asset_{asset}_demo").id,
                "entity_id": person.parent_id.id,
                "contact_id": person.id,
                "start": self._at(first, 8) if isinstance(first, int) else first,
                "stop": self._at(last, 17) if isinstance(last, int) else last,
                "quantity": quantity,
                "purpose": purpose,
            }
        )
        booking._promise()
        if booking.stop <= fields.Datetime.now():
            # what is over makes no loan by itself: here it had one
            booking.write({"state": "confirmed"})
            booking.loan_id = self.env["ess.loan"].create(booking._prepare_loan_vals())
            booking.loan_id._ensure_deposit()
            booking.loan_id._follow()
        return booking.loan_id

    @api.model
    def _sign_for(self, loan, *roles):
        """Signed when the loan was agreed on: two days before it begins."""
        for role in roles:
            person = self._person(role)
            signature = loan.action_sign(
                person.name, self._scribble(person.name), person
            )
            signature.signed_on = min(
                fields.Datetime.now(), loan.start - timedelta(days=2)
            )

    @api.model
    def _scribble(self, name):
        """A line as a pen draws it, other for each name."""
        image = Image.new("RGB", (320, 96), "white")
        swing = [ord(letter) % 7 + 2 for letter in name]
        points = [
            (12 + x, 48 + 26 * math.sin(x / swing[x // 30 % len(swing)] / 2.2))
            for x in range(0, 296, 2)
        ]
        ImageDraw.Draw(image).line(points, fill=(20, 40, 120), width=3, joint="curve")
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return base64.b64encode(stream.getvalue()).decode()

    @api.model
    def _hold_deposit(self, loan, method, reference):
        loan.deposit_ids.action_hold(method, reference)
        loan.deposit_ids.held_on = min(fields.Datetime.now(), loan.start)

    @api.model
    def _leave(self, loan, found=None):
        """Handed over when it began; both sides agreed with what was written down."""
        self._record(loan, "hand_over", loan.start, found)
        loan.booking_ids.handed_over_on = loan.start

    @api.model
    def _come_back(self, loan, found):
        now = fields.Datetime.now()
        self._record(loan, "return", min(now, loan.stop), found)
        done = loan.booking_ids.filtered(lambda b: b.state == "done")
        done.returned_on = min(now, loan.stop)

    @api.model
    def _record(self, loan, kind, when, found=None):
        inspection = loan.action_inspect(kind)
        checks = {check.id: "ok" for check in inspection.line_ids.check_ids}
        inspection._fill(
            {
                "lines": {
                    line.id: {"checks": checks, **(found or {})}
                    for line in inspection.line_ids
                }
            }
        )
        inspection.action_record()
        for side in ("lender", "borrower"):
            inspection._acknowledge(side)
        inspection.write(
            {
                "recorded_on": when,
                "recorded_by_id": loan.lender_contact_id.id,
                "lender_ack_on": when,
                "borrower_ack_on": when,
            }
        )

    @api.model
    def _print_when_there_is_time(self):
        """Signed agreements are printed by the job, as soon as the server runs."""
        self.env.ref("ess_mutualisation.ir_cron_loan_documents")._trigger()
