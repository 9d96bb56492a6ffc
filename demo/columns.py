"""Which column of a federation's spreadsheet goes into which field.

What a person maps in the import screen: the tests and the demonstration do the same,
and docs/import.md says it in words.
"""

COLUMNS = {
    "members.csv": {
        "Structure": "name",
        "Adresse": "street",
        "Code postal": "zip",
        "Ville": "city",
        "Latitude": "partner_latitude",
        "Longitude": "partner_longitude",
        "Courriel": "email",
        "Téléphone": "phone",
        "Cercle": "ess_circle_ids",
        "Salariés (ETP)": "ess_headcount",
        "Budget annuel": "ess_annual_budget",
        "Tarif": "property_product_pricelist",
    },
    "assets.csv": {
        "Code": "code",
        "Bien": "name",
        "Catégorie": "category_id",
        "Propriétaire": "owner_id",
        "Quantité": "capacity",
        "Unité de location": "price_unit",
        "Prix": "price",
        "Valeur de remplacement": "replacement_value",
        "Caution": "deposit_amount",
        "Validation": "approval",
        "Ville": "city",
    },
    "bookings.csv": {
        "Code du bien": "asset_id",
        "Structure": "entity_id",
        "Début": "start",
        "Fin": "stop",
        "Quantité": "quantity",
        "Motif": "purpose",
    },
    "readings.csv": {
        "Structure": "entity_id",
        "Date": "date",
        "Quantité": "quantity",
        "Clé": "key_id",
        "Remarque": "note",
    },
}

# Columns whose unknown names the person lets Odoo create.
CREATED = {"members.csv": ["ess_circle_ids"], "assets.csv": ["category_id"]}
