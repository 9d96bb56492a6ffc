from . import (
    portal_common,
    portal_home,
    portal_catalogue,
    portal_asset,
    portal_booking,
    portal_lender,
    portal_closure,
    portal_membership,
    portal_cost,
    portal_reciprocity,
    portal_statement,
)
