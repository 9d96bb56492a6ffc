import base64
import csv
import io
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import file_open

from ..demo.columns import COLUMNS

FOLDER = "ess_mutualisation/demo"
FILE_DATE = "%d/%m/%Y %H:%M"
WORDS = {
    "jour": "day",
    "heure": "hour",
    "automatique": "auto",
    "propriétaire": "owner",
}
# category → its external id, policy, opening hours, picture
CATEGORIES = {
    "Véhicule": ("vehicle", "vehicle", "desk"),
    "Salle": ("room", "room", "rooms"),
    "Mobilier": ("furniture", "equipment", "desk"),
    "Son et lumière": ("sound", "equipment", "desk"),
    "Atelier": ("workshop", "equipment", "desk"),
    "Événement": ("event", "equipment", "desk"),
    "Jardin": ("garden", "equipment", "desk"),
}
# words in an asset's name → a picture of its own, its properties
PICTURES = {"Vélo-cargo": "bike", "Barnum": "event"}
PROPERTIES = {
    "Camionnette": {"seats": 9, "licence": True},
    "Utilitaire": {"seats": 3, "volume": 12.0, "licence": True},
    "Vélo-cargo": {"seats": 1, "volume": 0.5},
    "Remorque": {"volume": 1.5, "licence": True},
    "Salle polyvalente": {"people": 120, "step_free": True},
    "Salle de réunion": {"people": 20, "step_free": True},
    "Cuisine": {"people": 8, "step_free": True},
    "Studio": {"people": 6},
    "Enceinte": {"power": 400},
    "Kit lumière": {"power": 600},
    "Scie": {"training": True},
    "Imprimante": {"training": True},
    "Motoculteur": {"power": 4000},
    "Broyeur": {"power": 2800},
}


class Demo(models.AbstractModel):
    """The demonstration: three spreadsheets of a federation, brought around today.

    Called by the demonstration's data files only; nothing of the product uses it.
    """

    _name = "ess.demo"
    _description = "Demonstration"

    @api.model
    def _load(self):
        """Members, assets and bookings, by the import that a facilitator uses."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self = self.with_context(
            import_file=True,
            ess_import_members=True,
            ess_silent=True,
            tracking_disable=True,
            lang="en_US",
        )
        self._import("res.partner", "members.csv", self._corrected)
        # mails to a member without a contact are in its own language
        self.env["res.partner"].search([("ess_is_member", "=", True)]).lang = "fr_FR"
        self._import("ess.asset", "assets.csv", self._equipped)
        self._furnish()
        self._import("ess.booking", "bookings.csv", self._shifted())
        self._close_past()

    # === THE SPREADSHEETS === #

    @api.model
    def _import(self, model, file_name, complete):
        columns = COLUMNS[file_name]
        with file_open(f"{FOLDER}/sheets/{file_name}", "rb") as stream:
            text = stream.read().decode("utf-8-sig")
        rows = [
            complete({columns[name]: cell for name, cell in row.items()})
            for row in csv.DictReader(io.StringIO(text), delimiter=";")
        ]
        names = list(rows[0])
        self.env[model].load(names, [[row[name] for name in names] for row in rows])

    @staticmethod
    def _corrected(row):
        for name in ("partner_latitude", "partner_longitude"):
            row[name] = row[name].replace(",", ".")
        row["email"] = row["email"].replace(" at ", "@")
        return row

    @api.model
    def _equipped(self, row):
        """A row with the rules and opening hours of its category."""
        for name in ("price", "replacement_value", "deposit_amount"):
            row[name] = row[name].replace(",", ".")
        for name in ("price_unit", "approval"):
            row[name] = WORDS[row[name]]
        _category, policy, hours = CATEGORIES[row["category_id"]]
        row["policy_id/.id"] = str(self._ref("policy", policy).id)
        row["resource_calendar_id/.id"] = str(self._ref("calendar", hours).id)
        return row

    @api.model
    def _shifted(self):
        """The file runs over thirteen months; its middle comes to lie around today.

        By whole weeks, so that weekdays stay what they are.
        """
        middle = datetime(2026, 7, 17)
        weeks = round((fields.Datetime.now() - middle) / timedelta(weeks=1))

        def shift(row):
            for name in ("start", "stop"):
                clock = datetime.strptime(row[name], FILE_DATE)
                row[name] = str(clock + timedelta(weeks=weeks))
            return row

        return shift

    @api.model
    def _ref(self, kind, name):
        return self.env.ref(f"ess_mutualisation.{kind}_{name}_demo")

    # === ASSETS === #

    @api.model
    def _furnish(self):
        """Pictures, properties, door codes; a hall with its rooms and a sound kit."""
        assets = self.env["ess.asset"].search([("code", "=like", "B___")])
        for category, (name, _policy, _hours) in CATEGORIES.items():
            same = assets.filtered(lambda a, c=category: a.category_id.name == c)
            same.image_1920 = self._picture(name)
        for words, name in PICTURES.items():
            same = assets.filtered(lambda a, w=words: a.name.startswith(w))
            same.image_1920 = self._picture(name)
        for words, properties in PROPERTIES.items():
            same = assets.filtered(lambda a, w=words: a.name.startswith(w))
            for asset in same:
                asset.properties = properties
        for asset in assets:
            asset.private_instructions = self._instructions(asset)
        # the file's bookings cross the circles: nearly all is shared in both
        circles = self.env["ess.circle"].search(
            [("company_id", "=", self.env.company.id)]
        )
        assets.filtered(lambda a: a.code > "B012").circle_ids = circles
        self._make_hall(assets)
        self._make_sound_kit()
        assets.filtered(lambda a: a.code in ("B001", "B005", "B009")).is_public = True

    @staticmethod
    def _picture(name):
        with file_open(f"{FOLDER}/images/{name}.png", "rb") as stream:
            return base64.b64encode(stream.read())

    @staticmethod
    def _instructions(asset):
        code = 1000 + asset.id * 7919 % 9000
        return (
            f"<p>Boîte à clés à gauche de l'entrée, code <b>{code}</b>. "
            f"En cas de souci : {asset.owner_id.phone}.</p>"
        )

    @api.model
    def _make_hall(self, assets):
        rooms = assets.filtered(lambda a: a.code in ("B005", "B029", "B053"))
        (owner,) = rooms.owner_id
        self.env["ess.asset"].create(
            {
                "name": "Les trois salles ensemble – solidaire Mille Feuilles",
                "code": "C001",
                "category_id": rooms[0].category_id.id,
                "owner_id": owner.id,
                "policy_id": rooms[0].policy_id.id,
                "approval": "owner",
                "resource_calendar_id": rooms[0].resource_calendar_id.id,
                "price": 45.0,
                "price_unit": "hour",
                "image_1920": rooms[0].image_1920,
                "description": "<p>Toute la maison, pour un forum ou un bal.</p>",
                "component_ids": [
                    fields.Command.create({"component_id": room.id}) for room in rooms
                ],
            }
        )

    @api.model
    def _make_sound_kit(self):
        owner = self.env["res.partner"].search(
            [
                ("ess_is_member", "=", True),
                ("name", "=", "Radio associative La Fabrique"),
            ]
        )
        shared = {
            "owner_id": owner.id,
            "category_id": self._ref("category", "sound").id,
            "policy_id": self._ref("policy", "equipment").id,
            "resource_calendar_id": self._ref("calendar", "desk").id,
            "price_unit": "day",
            "image_1920": self._picture("sound"),
        }
        parts = self.env["ess.asset"].create(
            [
                {
                    **shared,
                    "name": name,
                    "code": code,
                    "capacity": units,
                    "price": price,
                }
                for code, name, units, price in (
                    ("C003", "Enceinte 300 W – La Fabrique", 4, 10.0),
                    ("C004", "Micro main – La Fabrique", 6, 3.0),
                    ("C005", "Table de mixage 8 voies – La Fabrique", 2, 9.0),
                )
            ]
        )
        self.env["ess.asset"].create(
            {
                **shared,
                "name": "Kit sono de réunion publique – La Fabrique",
                "code": "C002",
                "price": 30.0,
                "description": "<p>Deux enceintes, deux micros et la table.</p>",
                "component_ids": [
                    fields.Command.create({"component_id": part.id, "quantity": units})
                    for part, units in zip(parts, (2, 2, 1), strict=True)
                ],
            }
        )

    # === BOOKINGS === #

    @api.model
    def _close_past(self):
        """What is over was used and counts as exchanges; what runs is under way."""
        now = fields.Datetime.now()
        bookings = self.env["ess.booking"].search([("state", "=", "confirmed")])
        over = bookings.filtered(lambda b: b.stop <= now)
        late = over.sorted("stop")[-2:]
        running = bookings.filtered(lambda b: b.start <= now < b.stop)
        (over - late).action_done()
        (running | late).action_hand_over()

    @api.model
    def _live(self):
        """Charters, requests to answer, somebody who waits: what a visitor tries."""
        self = self.with_context(ess_silent=True, tracking_disable=True)
        memberships = self.env["ess.circle.membership"].search(
            [("company_id", "=", self.env.company.id)]
        )
        undecided = memberships.filtered(
            lambda m: m.entity_id.name == "Club de lecture Les Briques"
        )
        (memberships - undecided).action_accept_charter()
        borrower = self._ref("user", "borrower").partner_id
        entity = borrower.parent_id
        van = self._asset("B002")
        first = self._book(van, entity, borrower, 6, "livraison aux écoles")
        self._book(van, self._member("Menuiserie d'insertion Les Abeilles"), None, 9)
        self._book(self._asset("B001"), entity, borrower, 4, "sortie des familles")
        self._book(self._asset("B009"), entity, borrower, 11, "fête du quartier", 80)
        self._wait(first, self._member("Amap La Bobine"))

    @api.model
    def _asset(self, code):
        return self.env["ess.asset"].search([("code", "=", code)])

    @api.model
    def _member(self, name):
        return self.env["res.partner"].search(
            [("ess_is_member", "=", True), ("name", "=", name)]
        )

    @api.model
    def _book(self, asset, entity, contact, days, purpose="atelier", quantity=1):
        """Ask for six hours in some days, or for the nearest time that is free."""
        day = fields.Datetime.now().replace(hour=8, minute=0, second=0, microsecond=0)
        start = day + timedelta(days=days)
        free = asset._nearest_free(start, start + timedelta(hours=6), quantity)
        booking = self.env["ess.booking"].create(
            {
                "asset_id": asset.id,
                "entity_id": entity.id,
                "contact_id": contact.id if contact else False,
                "start": free[0][0],
                "stop": free[0][1],
                "quantity": quantity,
                "purpose": purpose,
            }
        )
        booking.action_request()
        return booking

    @api.model
    def _wait(self, taken, entity):
        waiting = self.env["ess.booking"].create(
            {
                "asset_id": taken.asset_id.id,
                "entity_id": entity.id,
                "start": taken.start,
                "stop": taken.stop,
                "purpose": "distribution de paniers",
            }
        )
        waiting.action_wait()
