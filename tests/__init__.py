from . import (
    test_booking_flow,
)
