"""Connections over HTTP: what is listed, how they end and come back, and how many there may be."""

import re
from dataclasses import replace

import httpx2
import pytest

from consenting import AppServer, Visitor, bearer
from xero_sandbox.identity.state import App
from xero_sandbox.seeds.demo import ADVISER_ID, AUSTRALIAN_ID, BRITISH_ID, DEMO_CLIENT_ID, NEW_ZEALAND_ID, READER_ID
from xero_sandbox.testing import RunningSandbox


def connect(visitor: Visitor, app_server: AppServer, organisation_id: str, person: str = ADVISER_ID) -> str:
    """Return the access token."""
    told = visitor.walk(person, organisation_id)
    access: str = app_server.exchange(told["code"], visitor.verifier).json()["access_token"]
    return access


def delete(sandbox: RunningSandbox, access: str, connection_id: str) -> httpx2.Response:
    return httpx2.delete(f"{sandbox.url}/connections/{connection_id}", headers=bearer(access), timeout=10)


def test_a_connection_is_listed_as_documented(visitor: Visitor, app_server: AppServer) -> None:
    access = connect(visitor, app_server, BRITISH_ID)

    [listed] = app_server.connections(access)

    assert sorted(listed) == [
        "authEventId",
        "createdDateUtc",
        "id",
        "tenantId",
        "tenantName",
        "tenantType",
        "updatedDateUtc",
    ]
    assert listed["tenantId"] == BRITISH_ID
    assert listed["tenantName"] == "Harbour & Finch Ltd"
    assert listed["tenantType"] == "ORGANISATION"
    assert listed["id"] != listed["tenantId"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}", listed["createdDateUtc"])


def test_the_path_may_be_written_as_in_the_specification(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    access = connect(visitor, app_server, BRITISH_ID)

    reply = httpx2.get(f"{sandbox.url}/Connections", headers=bearer(access), timeout=10)

    assert reply.json() == app_server.connections(access)


def test_the_list_holds_all_that_the_person_ever_connected(visitor: Visitor, app_server: AppServer) -> None:
    connect(visitor, app_server, BRITISH_ID)
    access = connect(visitor, app_server, NEW_ZEALAND_ID)

    listed = app_server.connections(access)

    assert [one["tenantId"] for one in listed] == [BRITISH_ID, NEW_ZEALAND_ID]


def test_the_filter_finds_what_was_authorised_together(visitor: Visitor, app_server: AppServer) -> None:
    connect(visitor, app_server, BRITISH_ID)
    access = connect(visitor, app_server, NEW_ZEALAND_ID)
    latest = app_server.connections(access)[1]["authEventId"]

    assert [one["tenantId"] for one in app_server.connections(access, authEventId=latest)] == [NEW_ZEALAND_ID]
    assert app_server.connections(access, autheventid="nothing known") == []


def test_authorising_again_keeps_the_first_event(visitor: Visitor, app_server: AppServer) -> None:
    first = app_server.connections(connect(visitor, app_server, BRITISH_ID))[0]
    access = connect(visitor, app_server, BRITISH_ID)

    [again] = app_server.connections(access)

    assert (again["id"], again["authEventId"]) == (first["id"], first["authEventId"])
    assert again["createdDateUtc"] == first["createdDateUtc"]
    assert again["updatedDateUtc"] > first["updatedDateUtc"]


def test_a_person_sees_only_their_own_connections(visitor: Visitor, app_server: AppServer) -> None:
    connect(visitor, app_server, BRITISH_ID)

    access = connect(visitor, app_server, AUSTRALIAN_ID, READER_ID)

    assert [one["tenantId"] for one in app_server.connections(access)] == [AUSTRALIAN_ID]


def test_deleting_a_connection_answers_nothing_and_ends_it(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    access = connect(visitor, app_server, BRITISH_ID)
    [listed] = app_server.connections(access)

    reply = delete(sandbox, access, listed["id"])

    assert (reply.status_code, reply.content) == (204, b"")
    assert app_server.connections(access) == []
    assert delete(sandbox, access, listed["id"]).status_code == 404


def test_connecting_again_after_the_end_keeps_the_creation_date(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    access = connect(visitor, app_server, BRITISH_ID)
    [first] = app_server.connections(access)
    delete(sandbox, access, first["id"])
    sandbox.advance(60)

    [again] = app_server.connections(connect(visitor, app_server, BRITISH_ID))

    assert again["createdDateUtc"] == first["createdDateUtc"]
    assert again["updatedDateUtc"] > first["updatedDateUtc"]


@pytest.mark.parametrize("connection_id", ["nothing", BRITISH_ID, "%00", "a" * 5000])
def test_an_unknown_connection_is_not_found(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer, connection_id: str
) -> None:
    access = connect(visitor, app_server, BRITISH_ID)

    assert delete(sandbox, access, connection_id).status_code == 404
    assert len(app_server.connections(access)) == 1


def test_nobody_deletes_another_persons_connection(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    mine = connect(visitor, app_server, BRITISH_ID)
    [listed] = app_server.connections(mine)
    theirs = connect(visitor, app_server, AUSTRALIAN_ID, READER_ID)

    assert delete(sandbox, theirs, listed["id"]).status_code == 404


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer nonsense", "Basic abc", "Bearer  "])
def test_without_a_good_token_nothing_is_listed(sandbox: RunningSandbox, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.strip()}

    reply = httpx2.get(f"{sandbox.url}/connections", headers=headers, timeout=10)

    assert reply.status_code == 401
    assert reply.json()["Detail"] == "AuthenticationUnsuccessful"


def test_an_expired_token_says_when_it_expired(sandbox: RunningSandbox) -> None:
    access = sandbox.grant()["access_token"]
    sandbox.advance(30 * 60)

    reply = httpx2.get(f"{sandbox.url}/connections", headers=bearer(access), timeout=10)

    body = reply.json()
    assert reply.status_code == 401
    assert re.fullmatch(r"TokenExpired: token expired at \d\d/\d\d/\d{4} \d\d:\d\d:\d\d", body["Detail"])
    assert (body["Type"], body["Title"], body["Status"], body["Extensions"]) == (None, "Unauthorized", 401, {})


def test_an_app_connects_no_more_than_its_tier_allows(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    sandbox.limits(tier="starter")
    access = connect(visitor, app_server, BRITISH_ID)
    fill_up(sandbox, to=5)

    refused = visitor.answer(visitor.sign_in(visitor.open(), ADVISER_ID), answer="allow", organisation=NEW_ZEALAND_ID)

    assert refused.status_code == 422
    assert "may have 5 connections" in refused.text
    assert [one["tenantId"] for one in app_server.connections(access)] == [BRITISH_ID]


def test_a_full_app_may_still_authorise_what_it_has_again(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    sandbox.limits(tier="starter")
    connect(visitor, app_server, BRITISH_ID)
    fill_up(sandbox, to=5)

    assert connect(visitor, app_server, BRITISH_ID)


def test_an_organisation_takes_two_uncertified_apps_at_most(sandbox: RunningSandbox, visitor: Visitor) -> None:
    for name in ("first", "second"):
        with sandbox.changing() as world:
            world.identity.apps[name] = App(name, "its-secret", name)
        sandbox.door("POST", "/grants", {"organisations": [BRITISH_ID], "client_id": name})

    refused = visitor.answer(visitor.sign_in(visitor.open(), ADVISER_ID), answer="allow", organisation=BRITISH_ID)
    with sandbox.changing() as world:
        world.identity.apps[DEMO_CLIENT_ID].certified = True
    told = visitor.walk(ADVISER_ID, BRITISH_ID)

    assert refused.status_code == 422
    assert "uncertified apps" in refused.text
    assert "code" in told


def fill_up(sandbox: RunningSandbox, *, to: int) -> None:
    """Let somebody else connect organisations of their own to the demo app."""
    with sandbox.changing() as world:
        [known] = world.identity.connections.values()
        british = world.organisations[BRITISH_ID]
        for number in range(1, to):
            world.organisations[f"t{number}"] = replace(british, organisation_id=f"t{number}")
            other = replace(known, id=f"c{number}", user_id=READER_ID, tenant_id=f"t{number}")
            world.identity.connections[other.key] = other
