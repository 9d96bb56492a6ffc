from . import (
    test_availability,
    test_booking_flow,
    test_occupancy,
    test_races,
)
