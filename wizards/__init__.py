from . import (
    asset_close,
    base_import,
    booking_reason,
    booking_cancel,
    booking_override,
    booking_refuse,
    booking_repeat,
    booking_reschedule,
    cost_compare,
    cost_run_reverse,
    exchange_counter,
)
