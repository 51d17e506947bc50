"""What an app may use, by its tier: calls, bytes, and the half hour that lifts the limits."""

import httpx2
import pytest

from sandbox_client import Client
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"


@pytest.mark.parametrize(("tier", "a_day"), [("starter", 1_000), ("core", 5_000), ("plus", 5_000)])
def test_the_last_call_of_a_day_depends_on_the_tier(
    sandbox: RunningSandbox, xero: Client, tier: str, a_day: int
) -> None:
    sandbox.advance(1_801)  # beyond Rapid Sync
    sandbox.limits(tier=tier, day_used=a_day - 1)
    token = f"Bearer {sandbox.grant([BRITISH])['access_token']}"

    last, over = (xero.call("GET", "/Organisation", Authorization=token) for _ in range(2))

    assert (last.status_code, last.headers["X-DayLimit-Remaining"]) == (200, "0")
    assert (over.status_code, over.headers["X-Rate-Limit-Problem"]) == (429, "day")


def test_a_new_connection_of_a_plus_app_is_free_of_both_limits_for_half_an_hour(
    sandbox: RunningSandbox, xero: Client
) -> None:
    sandbox.limits(tier="plus", minute_used=60, day_used=5_000)

    within = xero.call("GET", "/Organisation").status_code
    sandbox.advance(1_801)
    sandbox.limits(day_used=5_000)
    after = xero.call("GET", "/Organisation", Authorization=f"Bearer {sandbox.grant([BRITISH])['access_token']}")

    assert (within, after.status_code) == (200, 429)


def test_egress_counts_bodies_and_leaves_out_the_organisation(sandbox: RunningSandbox, xero: Client) -> None:
    xero.call("GET", "/Organisation")
    free = sandbox.limits()["egress_bytes"]
    listed, written = xero.call("GET", "/Contacts"), xero.call("PUT", "/Contacts", {"Name": "Bramble Books"})

    assert free == 0
    assert sandbox.limits()["egress_bytes"] == len(listed.content) + len(written.content)


def test_egress_begins_again_with_the_month(sandbox: RunningSandbox, xero: Client) -> None:
    xero.call("GET", "/Contacts")
    sandbox.advance(32 * 24 * 3600)

    assert sandbox.limits()["egress_bytes"] == 0


def test_the_door_tells_how_an_app_stands(sandbox: RunningSandbox, xero: Client) -> None:
    xero.call("GET", "/Contacts")

    app = sandbox.limits()

    assert (app["tier"], app["connections"], app["connections_limit"]) == ("core", 1, 50)
    assert app["egress_included"] == 10_000_000_000
    assert (app["app_minute_used"], app["app_minute_limit"]) == (1, 10_000)
    one = app["organisations"][0]
    assert (one["organisation"], one["minute_used"], one["day_used"], one["day_limit"]) == (BRITISH, 1, 1, 5_000)
    assert one["rapid_sync_until"] is None


def test_the_page_shows_gauges_bytes_and_rapid_sync(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.limits(tier="plus", minute_used=12, egress_bytes=4_711)

    usage = httpx2.get(f"{sandbox.url}/_sandbox/usage", timeout=5).text
    organisation = httpx2.get(f"{sandbox.url}/_sandbox/organisations/{xero.tenant_id}", timeout=5).text

    assert "48 of 60 calls left this minute" in usage
    assert "4,711 of 50,000,000,000" in usage
    assert "Rapid Sync counts neither until" in usage
    assert "Keito Books: 48 of 60 calls left this minute" in organisation


@pytest.mark.parametrize(
    "wrong",
    [b"{", b'{"tier":"gold"}', b'{"client_id":"x"}', b'{"organisation":"x"}', b'{"day_used":-1}', b'{"colour":1}'],
)
def test_limits_that_make_no_sense_are_refused_with_a_sentence(sandbox: RunningSandbox, wrong: bytes) -> None:
    reply = httpx2.put(f"{sandbox.url}/_sandbox/limits", content=wrong, timeout=5)

    assert reply.status_code == 400
    assert reply.json()["error"].endswith(".")
