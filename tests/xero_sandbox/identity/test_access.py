"""What a bearer token opens: the check in front of every accounting call."""

from datetime import timedelta

import httpx2
import pytest

from xero_sandbox.identity.access import authenticate
from xero_sandbox.identity.grants import CannotGrant, grant_without_browser
from xero_sandbox.identity.state import App, AppKind
from xero_sandbox.problems import Problem
from xero_sandbox.seeds.demo import ADVISER_ID, AUSTRALIAN_ID, BRITISH_ID, READER_ID, demo_world
from xero_sandbox.testing import RunningSandbox
from xero_sandbox.world import World


def a_grant(world: World, *organisations: str, scopes: str | None = None) -> str:
    granted = grant_without_browser(world, list(organisations) or None, scopes)
    return f"Bearer {granted['access_token']}"


def test_a_token_opens_the_organisation_it_was_granted_for() -> None:
    world = demo_world()

    access = authenticate(world, a_grant(world, BRITISH_ID), BRITISH_ID)

    assert access.organisation_id == BRITISH_ID
    assert access.user_id == ADVISER_ID
    assert "accounting.invoices" in access.scopes
    assert access.connected_at is not None


@pytest.mark.parametrize("tenant", [None, "", AUSTRALIAN_ID, "nothing"])
def test_another_organisation_stays_shut(tenant: str | None) -> None:
    world = demo_world()

    assert authenticate(world, a_grant(world, BRITISH_ID), tenant).organisation_id is None


def test_a_later_grant_of_the_same_person_widens_what_an_earlier_token_reaches() -> None:
    world = demo_world()
    earlier = a_grant(world, BRITISH_ID)
    grant_without_browser(world, [AUSTRALIAN_ID], email="marion@harbourfinch.example")

    assert authenticate(world, earlier, AUSTRALIAN_ID).organisation_id == AUSTRALIAN_ID


def test_an_organisation_that_the_person_left_is_shut() -> None:
    world = demo_world()
    bearer = a_grant(world, BRITISH_ID)
    del world.identity.people[ADVISER_ID].roles[BRITISH_ID]

    assert authenticate(world, bearer, BRITISH_ID).organisation_id is None


def test_a_token_expires_to_the_second() -> None:
    world = demo_world()
    world.clock.freeze()
    bearer = a_grant(world)
    world.clock.advance(30 * 60 - 1)
    assert authenticate(world, bearer, BRITISH_ID).organisation_id == BRITISH_ID

    world.clock.advance(1)

    with pytest.raises(Problem) as refused:
        authenticate(world, bearer, BRITISH_ID)
    assert refused.value.status == 401
    assert b"TokenExpired" in refused.value.body


def test_a_token_is_still_known_as_expired_weeks_later() -> None:
    world = demo_world()
    bearer = a_grant(world)
    world.clock.advance(timedelta(days=61).total_seconds())
    a_grant(world)

    with pytest.raises(Problem) as refused:
        authenticate(world, bearer, BRITISH_ID)
    assert b"TokenExpired" in refused.value.body


def test_scopes_grow_with_each_consent_of_a_person() -> None:
    world = demo_world()
    a_grant(world, scopes="accounting.invoices")

    access = authenticate(world, a_grant(world, scopes="accounting.contacts"), BRITISH_ID)

    assert access.scopes == {"accounting.contacts", "accounting.invoices"}


def test_a_custom_connection_needs_no_tenant_header(sandbox: RunningSandbox) -> None:
    with sandbox.changing() as changed:
        changed.identity.apps["custom"] = App(
            "custom",
            "its-secret",
            "Night batch",
            AppKind.CUSTOM,
            custom_tenant_id=BRITISH_ID,
            custom_scopes=["accounting.invoices"],
        )
    reply = httpx2.post(
        f"{sandbox.url}/connect/token",
        data={"grant_type": "client_credentials"},
        auth=("custom", "its-secret"),
        timeout=10,
    )

    access = authenticate(sandbox.world(), f"Bearer {reply.json()['access_token']}", "")

    assert access.organisation_id == BRITISH_ID
    assert access.user_id is None


def test_a_grant_without_a_browser_is_complete(sandbox: RunningSandbox) -> None:
    granted = sandbox.grant(["Harbour & Finch Ltd"])

    assert granted["tenant_ids"] == [BRITISH_ID]
    assert granted["expires_in"] == 1800
    assert {"access_token", "refresh_token", "client_id", "client_secret"} <= set(granted)


def test_a_grant_for_somebody_who_may_only_read_goes_to_them() -> None:
    world = demo_world()
    granted = grant_without_browser(world, [AUSTRALIAN_ID], email="tobias@wattlerow.example")

    access = authenticate(world, f"Bearer {granted['access_token']}", AUSTRALIAN_ID)

    assert access.user_id == READER_ID


@pytest.mark.parametrize(
    ("organisations", "scopes"),
    [(["No such company"], None), (None, "accounting.everything"), (None, "accounting.transactions")],
)
def test_an_impossible_grant_is_refused_with_a_sentence(organisations: list[str] | None, scopes: str | None) -> None:
    with pytest.raises(CannotGrant, match=r"\."):
        grant_without_browser(demo_world(), organisations, scopes)


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"organisations": 7}', b'{"organisation": ["x"]}', b"\xff"])
def test_the_door_refuses_what_it_does_not_understand(sandbox: RunningSandbox, body: bytes) -> None:
    reply = httpx2.post(f"{sandbox.url}/_sandbox/grants", content=body, timeout=10)

    assert reply.status_code == 400
    assert reply.json()["error"]


def accounting_call(sandbox: RunningSandbox, path: str, access: object, tenant: str | None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
    if tenant is not None:
        headers["xero-tenant-id"] = tenant
    return httpx2.get(f"{sandbox.url}/api.xro/2.0/{path}", headers=headers, timeout=10)


def test_a_granted_token_reads_its_organisation(sandbox: RunningSandbox) -> None:
    granted = sandbox.grant()

    reply = accounting_call(sandbox, "Organisation", granted["access_token"], BRITISH_ID)

    assert reply.status_code == 200
    assert reply.json()["Organisations"][0]["OrganisationID"] == BRITISH_ID


def test_a_missing_scope_is_a_401_that_names_it(sandbox: RunningSandbox) -> None:
    granted = sandbox.grant(scopes="openid accounting.contacts")

    reply = accounting_call(sandbox, "Invoices", granted["access_token"], BRITISH_ID)

    assert reply.status_code == 401
    assert reply.json()["Detail"] == "AuthorizationUnsuccessful"
    assert "insufficient_scope" in reply.headers["www-authenticate"]


@pytest.mark.parametrize("tenant", [None, "", "nothing", AUSTRALIAN_ID])
def test_an_organisation_that_is_not_connected_is_a_403(sandbox: RunningSandbox, tenant: str | None) -> None:
    granted = sandbox.grant([BRITISH_ID])

    reply = accounting_call(sandbox, "Organisation", granted["access_token"], tenant)

    body = reply.json()
    assert reply.status_code == 403
    assert (body["Title"], body["Status"], body["Detail"]) == ("Forbidden", 403, "AuthenticationUnsuccessful")


def test_a_revoked_grant_closes_the_organisation_for_tokens_that_are_still_out(sandbox: RunningSandbox) -> None:
    granted = sandbox.grant([BRITISH_ID])

    httpx2.post(
        f"{sandbox.url}/connect/revocation",
        data={"token": granted["refresh_token"]},
        auth=(granted["client_id"], granted["client_secret"]),
        timeout=10,
    )

    assert accounting_call(sandbox, "Organisation", granted["access_token"], BRITISH_ID).status_code == 403
