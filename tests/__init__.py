from . import (
    test_portal_access,
    test_access,
    test_asset,
    test_availability,
    test_booking_cron,
    test_booking_flow,
    test_exchange,
    test_import,
    test_occupancy,
    test_races,
    test_rules,
)
