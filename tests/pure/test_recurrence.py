"""Series: wall-clock time is kept, and only dates that exist come."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ess_mutualisation.tools.recurrence import occurrences

PARIS = ZoneInfo("Europe/Paris")
MARTINIQUE = ZoneInfo("America/Martinique")
zones = st.sampled_from([PARIS, MARTINIQUE, ZoneInfo("Asia/Kathmandu")])


def at(*clock, zone=PARIS, fold=0):
    return datetime(*clock, tzinfo=zone, fold=fold)


def series(start, hours=2, **options):
    stop = start + timedelta(hours=hours)
    return occurrences(start, stop, **options)


def starts(found):
    return [start.replace(tzinfo=None) for start, _stop in found]


def days(found):
    return [f"{start:%m-%d}" for start, _stop in found]


def test_weekly_market_keeps_its_hour_when_clocks_change():
    found = series(at(2026, 3, 21, 9), frequency="weekly", count=3)
    assert starts(found) == [datetime(2026, 3, day, 9) for day in (21, 28)] + [
        datetime(2026, 4, 4, 9)
    ]
    offsets = [start.utcoffset() for start, _stop in found]
    assert offsets == [timedelta(hours=1)] * 2 + [timedelta(hours=2)]


def test_every_second_week_until_a_date_included():
    found = series(
        at(2026, 1, 5, 18), frequency="weekly", interval=2, until=date(2026, 2, 2)
    )
    assert days(found) == ["01-05", "01-19", "02-02"]


def test_months_without_the_day_are_left_out_and_not_counted():
    found = series(at(2026, 1, 31, 9), frequency="monthly", count=4)
    assert days(found) == ["01-31", "03-31", "05-31", "07-31"]


def test_the_29th_of_february():
    found = series(at(2024, 2, 29, 9), frequency="monthly", interval=12, count=3)
    assert [start.year for start, _stop in found] == [2024, 2028, 2032]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ((2026, 1, 13), ["01-13", "02-10", "03-10", "04-14"]),  # second Tuesday
        ((2026, 6, 23), ["06-23", "07-28", "08-25", "09-22"]),  # fourth Tuesday
        ((2026, 1, 30), ["01-30", "02-27", "03-27", "04-24"]),  # last Friday
        ((2026, 2, 27), ["02-27", "03-27", "04-24", "05-29"]),  # last, and the fourth
        ((2026, 11, 1), ["11-01", "12-06", "01-03", "02-07"]),  # first, over new year
    ],
)
def test_weekday_of_the_month(first, expected):
    found = series(at(*first, 9), frequency="monthly_weekday", count=4)
    assert days(found) == expected


def test_a_skipped_time_moves_forward_by_the_gap():
    found = series(at(2026, 3, 22, 2, 30), frequency="weekly", count=3)
    assert starts(found)[1] == datetime(2026, 3, 29, 3, 30)
    assert starts(found)[2] == datetime(2026, 4, 5, 2, 30)
    assert found[1][1].replace(tzinfo=None) == datetime(2026, 3, 29, 4, 30)


def test_a_use_whose_start_is_skipped_is_not_empty():
    found = series(at(2026, 3, 22, 2, 30), hours=1, frequency="weekly", count=2)
    assert found[1] == (at(2026, 3, 29, 3, 30), at(2026, 3, 29, 4, 30))


def test_of_a_time_that_comes_twice_the_first_is_meant():
    found = series(at(2026, 10, 18, 2, 30), frequency="weekly", count=2)
    assert found[1][0].fold == 0
    assert found[1][0].utcoffset() == timedelta(hours=2)


def test_a_first_use_within_the_hour_that_comes_twice():
    start, stop = at(2026, 10, 25, 2, 45), at(2026, 10, 25, 2, 15, fold=1)
    found = occurrences(start, stop, "weekly", count=2)
    assert found[0] == (start, stop)
    assert found[1] == (at(2026, 11, 1, 2, 45), at(2026, 11, 1, 3, 15))


def test_uses_over_midnight():
    found = series(at(2026, 10, 23, 20), hours=12, frequency="weekly", count=2)
    assert found[1] == (at(2026, 10, 30, 20), at(2026, 10, 31, 8))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 72),
    st.sampled_from(["weekly", "monthly", "monthly_weekday"]),
    st.integers(1, 5),
    st.integers(1, 30),
    zones,
)
def test_wall_time_is_kept(clock, hours, frequency, interval, count, zone):
    # By way of UTC, so that the first start is a time that clocks really show.
    start = clock.replace(tzinfo=timezone.utc, microsecond=0).astimezone(zone)
    stop = start + timedelta(hours=hours)
    found = occurrences(start, stop, frequency, interval, count)
    assert len(found) == count
    assert found[0][0] == start
    for begin, end in found:
        real = begin.astimezone(timezone.utc)
        assert real < end.astimezone(timezone.utc)
        assert real.astimezone(zone).replace(tzinfo=None) == begin.replace(tzinfo=None)
        skipped = begin.time() != start.time()
        assert not skipped or (begin - timedelta(hours=1)).time() == start.time()
        if frequency == "monthly":
            assert begin.day == start.day
        else:
            assert begin.weekday() == start.weekday()
    assert starts(found) == sorted(set(starts(found)))


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_until_gives_what_count_gives(last):
    start = at(2026, 1, 1, 9)
    found = series(start, frequency="weekly", until=last)
    assert found == series(start, frequency="weekly", count=len(found))
    assert found[-1][0].date() <= last < found[-1][0].date() + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("options", "figure"),
    [
        ({}, "number: None, date: None"),
        ({"count": 2, "until": date(2026, 2, 1)}, "number: 2, date: 2026-02-01"),
        ({"count": 0}, "not 0"),
        ({"count": 201}, "1 to 200 uses, not 201"),
        ({"until": date(2030, 1, 1)}, "at most 200 uses"),
        ({"until": date(2025, 1, 1)}, "2025-01-01"),
        ({"count": 2, "interval": 0}, "not 0"),
        ({"count": 2, "interval": 5000}, "not 5000"),
        ({"count": 2, "frequency": "daily"}, "daily"),
        ({"count": 2, "hours": -1}, "must end after it starts"),
        ({"count": 2, "hours": 100_000}, "not 4166"),
        ({"count": 200, "frequency": "monthly", "interval": 1200}, "year 9000"),
    ],
)
def test_bad_series_are_refused(options, figure):
    with pytest.raises(ValueError, match=figure):
        series(at(2026, 1, 1, 9), **{"frequency": "weekly"} | options)


def test_a_series_needs_a_zone():
    with pytest.raises(ValueError, match="needs a time zone"):
        series(datetime(2026, 1, 1, 9), frequency="weekly", count=2)
