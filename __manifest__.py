{
    "name": "ESS Mutualisation",
    "summary": "Member organisations share assets, lend to each other, "
    "buy together and carry costs together",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "ESS Mutualisation contributors",
    "website": "https://github.com/ess-mutualisation/ess_mutualisation",
    "license": "AGPL-3",
    "depends": ["account", "base_import", "portal", "purchase", "resource"],
    "external_dependencies": {"python": ["vobject"]},
    "data": [
        "security/ess_mutualisation_groups.xml",
        "security/ir.model.access.csv",
        "security/ess_mutualisation_security.xml",
        "data/ir_sequence_data.xml",
        "data/uom_data.xml",
        "data/ir_cron_data.xml",
        "data/base_import_mapping_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["ess_mutualisation/static/src/import/*"],
    },
    "demo": ["demo/federation_demo.xml", "demo/users_demo.xml"],
    # read by models/demo.py and by the tests
    "oca_data_manual": ["demo/members.csv", "demo/assets.csv", "demo/bookings.csv"],
    "application": True,
}
