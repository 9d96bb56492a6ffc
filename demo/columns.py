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
    "round_offers.csv": {
        "Référence": "code",
        "Produit": "name",
        "Fournisseur": "vendor_name",
        "Colisage": "carton",
        "Prix dès 1": "price_1",
        "Palier 2 dès": "from_2",
        "Prix palier 2": "price_2",
        "Palier 3 dès": "from_3",
        "Prix palier 3": "price_3",
        "Minimum": "minimum",
        "Poids kg": "weight",
        "TVA %": "tax_percent",
    },
    "round_commitments.csv": {
        "Structure": "entity_id",
        "Référence": "offer_id",
        "Quantité": "quantity",
        "Tolérance": "tolerance_quantity",
        "Tout ou rien à partir de": "minimum_quantity",
        "Prix plafond": "ceiling",
    },
}

# Columns whose unknown names the person lets Odoo create.
CREATED = {"members.csv": ["ess_circle_ids"], "assets.csv": ["category_id"]}
