from . import (
    test_booking_flow,
    test_occupancy,
    test_races,
)
