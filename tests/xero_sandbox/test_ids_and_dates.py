"""Identifiers and dates that are written by hand for speed are what the standard library would write."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from xero_sandbox.wire.dates import dotnet, dotnet_day, utc_string
from xero_sandbox.wire.ids import new_id


def test_an_identifier_is_a_random_guid_of_version_4() -> None:
    made = [new_id() for _ in range(200)]

    assert {UUID(one).version for one in made} == {4}
    assert {UUID(one).variant for one in made} == {"specified in RFC 4122"}
    assert [str(UUID(one)) for one in made] == made
    assert len(set(made)) == 200


@pytest.mark.parametrize(
    ("instant", "ticks"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), -500),
        (datetime(2026, 11, 22, 9, 30, 15, 123_999, tzinfo=UTC), 1_795_339_815_123),
    ],
)
def test_an_instant_is_in_milliseconds(instant: datetime, ticks: int) -> None:
    assert dotnet(instant) == f"/Date({ticks}+0000)/"


def test_a_day_is_its_midnight_and_a_string_has_whole_seconds() -> None:
    assert dotnet_day(date(2026, 11, 22)) == "/Date(1795305600000+0000)/"
    assert utc_string(datetime(2026, 11, 22, 9, 30, 15, 999_999, tzinfo=UTC)) == "2026-11-22T09:30:15Z"
