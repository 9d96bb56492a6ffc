"""What people write in a form, and the moments that they mean."""

from datetime import datetime

import pytest

from odoo.addons.ess_mutualisation.tools.form_times import (
    FormTimes,
    read_start,
    read_stop,
    write_form,
)


def at(text):
    return datetime.fromisoformat(text)


def test_whole_days_include_the_last_one():
    form = FormTimes("2026-06-12", "", "2026-06-14", "")
    assert read_start(form, "day") == at("2026-06-12T00:00")
    assert read_stop(form, "day") == at("2026-06-15T00:00")


def test_half_days_end_at_noon_or_midnight():
    form = FormTimes("2026-06-12", "12:00", "2026-06-12", "24:00")
    assert read_start(form, "half_day") == at("2026-06-12T12:00")
    assert read_stop(form, "half_day") == at("2026-06-13T00:00")


@pytest.mark.parametrize("granularity", ["hour", "half_day", "day"])
def test_what_is_shown_is_read_again(granularity):
    start, stop = at("2026-06-12T00:00"), at("2026-06-14T00:00")
    form = write_form(start, stop, granularity)
    assert read_start(form, granularity) == start
    assert read_stop(form, granularity) == stop


def test_hours_are_widened_to_the_days_that_contain_them():
    form = write_form(at("2026-06-12T09:00"), at("2026-06-12T17:00"), "day")
    assert (form.start_date, form.stop_date) == ("2026-06-12", "2026-06-12")
    half = write_form(at("2026-06-12T13:00"), at("2026-06-12T17:00"), "half_day")
    assert (half.start_time, half.stop_time) == ("12:00", "24:00")


def test_an_end_at_midnight_is_the_evening_of_the_last_day():
    form = write_form(at("2026-06-12T18:00"), at("2026-06-13T00:00"))
    assert (form.stop_date, form.stop_time) == ("2026-06-12", "24:00")


def test_nothing_and_nonsense():
    assert read_start(FormTimes()) is None
    assert read_stop(FormTimes()) is None
    with pytest.raises(ValueError, match="is not a date"):
        read_start(FormTimes(start_date="12/06/2026"))
    with pytest.raises(ValueError, match="is not a time"):
        read_stop(FormTimes(stop_date="2026-06-12", stop_time="25:00"))
