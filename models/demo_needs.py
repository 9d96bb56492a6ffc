import base64
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import api, fields, models


class DemoNeeds(models.AbstractModel):
    """A need that two lenders meet together, and a bookkeeper lent for some weeks."""

    _inherit = "ess.demo"

    @api.model
    def _need_chairs(self):
        """Nobody has 150 chairs: two lenders are asked, one has said yes."""
        person = self._person("neighbours")
        need = self.env["ess.need"].create(
            {
                "name": "Chaises pour le bal de quartier",
                "description": "Sur la place, de 14 h à minuit. On vient les chercher.",
                "entity_id": person.parent_id.id,
                "contact_id": person.id,
                "category_id": self._ref("category", "chairs").id,
                "quantity": 150,
                "start": self._at(25, 12),
                "stop": self._at(25, 22),
                "city": "Roubaix",
            }
        )
        need.action_publish()
        need.line_ids.filtered(lambda li: li.state == "asked")[:1].action_agree()

    @api.model
    def _lend_staff(self):
        """Signed, papers and costs are there: the lender may bill it at cost."""
        bookkeeper = self._person("works")
        today = fields.Date.context_today(self)
        staff = self.env["ess.staff.loan"].create(
            {
                "lender_id": bookkeeper.parent_id.id,
                "lender_contact_id": bookkeeper.id,
                "entity_id": self._who("nursery").id,
                "contact_id": self._person("nursery").id,
                "person_id": bookkeeper.id,
                "qualification": "Comptable",
                "work": "Clôture des comptes, deux jours par semaine sur place.",
                "hours": 28,
                "start": self._at(-21, 8),
                "stop": self._at(-1, 17),
                "purpose": "clôture des comptes",
                "consent_document": self._paper("Accord de la salariée"),
                "consent_name": "accord.pdf",
                "consent_on": today - timedelta(days=28),
                "convention_document": self._paper("Convention de mise à disposition"),
                "convention_name": "convention.pdf",
            }
        )
        staff.action_ask_signatures()
        self._sign_for(staff.loan_id, "works", "nursery")
        self.env["ess.staff.loan.line"].create(
            [
                {
                    "staff_loan_id": staff.id,
                    "nature": nature,
                    "label": label,
                    "hours": hours,
                    "cost": cost,
                }
                for nature, label, hours, cost in (
                    ("wage", "Salaire brut", 28, 504.00),
                    ("charge", "Cotisations patronales", 0, 176.40),
                    ("expense", "Déplacements, 8 allers-retours", 0, 42.24),
                )
            ]
        )

    @api.model
    def _paper(self, title):
        """A page that says what it would be."""
        page = Image.new("RGB", (620, 877), "white")
        ImageDraw.Draw(page).text((60, 80), f"{title} (exemple)", fill="black")
        stream = io.BytesIO()
        page.save(stream, "PDF")
        return base64.b64encode(stream.getvalue())
