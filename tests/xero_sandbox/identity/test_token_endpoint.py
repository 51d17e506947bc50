"""The token endpoint over HTTP: grants, client authentication, refusals and odd bodies."""

import base64
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet

from consenting import AppServer, Visitor, bearer
from xero_sandbox.identity.state import App, AppKind, Tier
from xero_sandbox.seeds.demo import ADVISER_ID, BRITISH_ID, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from xero_sandbox.testing import RunningSandbox

DAY = 24 * 60 * 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def granted(visitor: Visitor, app_server: AppServer) -> dict[str, str]:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)
    tokens: dict[str, str] = app_server.exchange(told["code"], visitor.verifier).json()
    return tokens


def refusal(reply: httpx2.Response) -> str:
    """Return the error of a reply that says that and nothing else."""
    assert reply.status_code == 400, reply.text
    body: dict[str, str] = reply.json()
    assert list(body) == ["error"]
    return body["error"]


def test_a_code_becomes_a_set_of_tokens(visitor: Visitor, app_server: AppServer) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)

    reply = app_server.exchange(told["code"], visitor.verifier)

    body = reply.json()
    assert sorted(body) == ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"]
    assert body["expires_in"] == 1800
    assert body["token_type"] == "Bearer"
    assert reply.headers["cache-control"] == "no-store"


def test_a_code_works_once(visitor: Visitor, app_server: AppServer) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)
    app_server.exchange(told["code"], visitor.verifier)

    assert refusal(app_server.exchange(told["code"], visitor.verifier)) == "invalid_grant"


def test_a_code_dies_after_five_minutes(sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)
    sandbox.advance(5 * 60)

    assert refusal(app_server.exchange(told["code"], visitor.verifier)) == "invalid_grant"


def test_the_verifier_must_be_that_of_the_challenge(visitor: Visitor, app_server: AppServer) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)

    assert refusal(app_server.exchange(told["code"], "v" * 43)) == "invalid_grant"


def test_a_web_app_needs_no_pkce(visitor: Visitor, app_server: AppServer) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID, code_challenge=None, code_challenge_method=None)

    reply = app_server.token(
        grant_type="authorization_code", code=told["code"], redirect_uri=visitor.asked["redirect_uri"]
    )

    assert reply.status_code == 200


def test_the_redirect_address_must_be_the_same(visitor: Visitor, app_server: AppServer) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)

    reply = app_server.exchange(told["code"], visitor.verifier, redirect_uri="http://localhost:8000/other")

    assert refusal(reply) == "invalid_grant"


def test_the_secret_may_be_in_the_body(sandbox: RunningSandbox, visitor: Visitor) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)
    server = AppServer(sandbox.url, DEMO_CLIENT_ID, secret=None)

    reply = server.exchange(told["code"], visitor.verifier, client_id=DEMO_CLIENT_ID, client_secret=DEMO_CLIENT_SECRET)

    assert reply.status_code == 200
    server.close()


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [(DEMO_CLIENT_ID, "wrong"), (DEMO_CLIENT_ID, ""), ("nobody", DEMO_CLIENT_SECRET), ("", ""), ("nobody", "")],
)
def test_a_wrong_client_is_refused(sandbox: RunningSandbox, client_id: str, secret: str) -> None:
    server = AppServer(sandbox.url, client_id, secret)

    assert refusal(server.refresh("anything")) == "invalid_client"
    server.close()


@pytest.mark.parametrize("authorization", ["Basic", "Basic !!!", "Basic /w==", "Bearer abc", "", "Basic " + "A" * 999])
def test_an_odd_authorization_header_is_a_wrong_client(sandbox: RunningSandbox, authorization: str) -> None:
    reply = httpx2.post(
        f"{sandbox.url}/connect/token", data={"grant_type": "x"}, headers={"Authorization": authorization}, timeout=10
    )

    assert refusal(reply) == "invalid_client"


def test_header_and_body_must_name_one_client(app_server: AppServer) -> None:
    assert refusal(app_server.token(grant_type="refresh_token", client_id="another")) == "invalid_client"


@pytest.mark.parametrize("fields", [{}, {"grant_type": ""}, {"grant_type": "password"}])
def test_an_unknown_grant_type_is_refused(app_server: AppServer, fields: dict[str, str]) -> None:
    reply = app_server.token(**{"x": "y", **fields})

    assert refusal(reply) == "unsupported_grant_type"


def test_a_body_that_is_no_form_is_refused(app_server: AppServer) -> None:
    assert (
        refusal(app_server.http.post("/connect/token", json={"grant_type": "refresh_token"}, headers=app_server.own))
        == "invalid_request"
    )


def test_a_refresh_answers_a_new_pair(visitor: Visitor, app_server: AppServer) -> None:
    first = granted(visitor, app_server)

    second = app_server.refresh(first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 1800


def test_a_lost_reply_is_made_good_within_thirty_minutes(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    first = granted(visitor, app_server)
    sandbox.fault("POST /connect/token", "save and drop the reply", times=1)
    with pytest.raises(httpx2.TransportError):
        app_server.refresh(first["refresh_token"])
    sandbox.advance(29 * 60)

    again = app_server.refresh(first["refresh_token"])

    assert again.status_code == 200
    assert app_server.connections(again.json()["access_token"])


def test_a_retired_refresh_token_is_refused_after_thirty_minutes(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    first = granted(visitor, app_server)
    app_server.refresh(first["refresh_token"])
    sandbox.advance(30 * 60)

    assert refusal(app_server.refresh(first["refresh_token"])) == "invalid_grant"


def test_a_grant_unused_for_sixty_one_days_is_gone(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    first = granted(visitor, app_server)
    sandbox.advance(61 * DAY)

    assert refusal(app_server.refresh(first["refresh_token"])) == "invalid_grant"


def test_a_grant_used_within_sixty_days_lives_on(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    tokens = granted(visitor, app_server)
    for _ in range(3):
        sandbox.advance(59 * DAY)
        tokens = app_server.refresh(tokens["refresh_token"]).json()

    assert app_server.connections(tokens["access_token"])


def test_tokens_are_verifiable_by_the_published_document(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    tokens = granted(visitor, app_server)
    published = app_server.http.get("/.well-known/openid-configuration").json()

    keys = KeySet.import_key_set(app_server.http.get(published["jwks_uri"]).json())

    access = jwt.decode(tokens["access_token"], keys, ["RS256"]).claims
    identity = jwt.decode(tokens["id_token"], keys, ["RS256"]).claims
    assert published["issuer"] == sandbox.url == access["iss"] == identity["iss"]
    assert identity["aud"] == DEMO_CLIENT_ID
    assert access["authentication_event_id"] == app_server.connections(tokens["access_token"])[0]["authEventId"]


def test_the_published_endpoints_exist(sandbox: RunningSandbox, app_server: AppServer) -> None:
    published = app_server.http.get("/.well-known/openid-configuration").json()

    assert published["authorization_endpoint"] == f"{sandbox.url}/identity/connect/authorize"
    assert published["token_endpoint"] == f"{sandbox.url}/connect/token"
    assert published["revocation_endpoint"] == f"{sandbox.url}/connect/revocation"


def test_revoking_answers_nothing_ends_the_grant_and_drops_the_connections(
    visitor: Visitor, app_server: AppServer
) -> None:
    tokens = granted(visitor, app_server)

    reply = app_server.revoke(tokens["refresh_token"])

    assert (reply.status_code, reply.content) == (200, b"")
    assert refusal(app_server.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert app_server.connections(tokens["access_token"]) == []


def test_revoking_an_unknown_token_is_no_error(app_server: AppServer) -> None:
    assert app_server.revoke("unknown").status_code == 200


def test_revoking_needs_the_client(sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer) -> None:
    tokens = granted(visitor, app_server)
    stranger = AppServer(sandbox.url, DEMO_CLIENT_ID, "wrong")

    assert refusal(stranger.revoke(tokens["refresh_token"])) == "invalid_client"
    assert app_server.refresh(tokens["refresh_token"]).status_code == 200
    stranger.close()


def test_another_app_cannot_revoke_a_grant(sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer) -> None:
    tokens = granted(visitor, app_server)
    register(sandbox, App("another", "its-secret", "Another app"))
    stranger = AppServer(sandbox.url, "another", "its-secret")

    assert stranger.revoke(tokens["refresh_token"]).status_code == 200
    assert app_server.refresh(tokens["refresh_token"]).status_code == 200
    stranger.close()


def test_an_app_without_a_secret_must_prove_its_key(sandbox: RunningSandbox) -> None:
    register(sandbox, App("desktop", "", "Desktop", AppKind.PKCE, redirect_uris=["http://localhost:8000/callback"]))
    visitor, server = Visitor(sandbox.url, "desktop"), AppServer(sandbox.url, "desktop", None)

    without = visitor.open(code_challenge=None, code_challenge_method=None)
    told = visitor.walk(ADVISER_ID, BRITISH_ID)
    tokens = server.exchange(told["code"], visitor.verifier, client_id="desktop").json()
    again = server.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"], client_id="desktop")

    assert without.status_code == 400
    assert again.status_code == 200
    visitor.close()
    server.close()


def a_custom_connection(sandbox: RunningSandbox) -> AppServer:
    register(
        sandbox,
        App(
            "custom",
            "its-secret",
            "Night batch",
            AppKind.CUSTOM,
            tier=Tier.STARTER,
            custom_tenant_id=BRITISH_ID,
            custom_scopes=["accounting.invoices", "accounting.contacts"],
        ),
    )
    return AppServer(sandbox.url, "custom", "its-secret")


def test_a_custom_connection_gets_a_token_for_its_one_organisation(sandbox: RunningSandbox) -> None:
    server = a_custom_connection(sandbox)

    body = server.token(grant_type="client_credentials", scope="accounting.invoices").json()

    assert sorted(body) == ["access_token", "expires_in", "scope", "token_type"]
    assert body["scope"] == "accounting.invoices"
    assert [one["tenantId"] for one in server.connections(body["access_token"])] == [BRITISH_ID]
    server.close()


def test_a_custom_connection_cannot_ask_for_more_than_it_has(sandbox: RunningSandbox) -> None:
    server = a_custom_connection(sandbox)

    reply = server.token(grant_type="client_credentials", scope="accounting.payments")

    assert refusal(reply) == "invalid_scope"
    server.close()


def test_a_custom_connection_has_no_sign_in(sandbox: RunningSandbox) -> None:
    a_custom_connection(sandbox).close()
    visitor = Visitor(sandbox.url, "custom")

    assert visitor.open().status_code == 400
    visitor.close()


def test_a_web_app_gets_no_token_without_a_person(app_server: AppServer) -> None:
    assert refusal(app_server.token(grant_type="client_credentials")) == "unauthorized_client"


def test_an_export_takes_the_grants_along(sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer) -> None:
    tokens = granted(visitor, app_server)
    exported = sandbox.door("GET", "/state")
    sandbox.reset("demo")

    sandbox.door("PUT", "/state", exported)

    assert app_server.connections(tokens["access_token"])
    assert app_server.refresh(tokens["refresh_token"]).status_code == 200


ODD_TEXT = st.text(max_size=40) | st.sampled_from(["authorization_code", "refresh_token", "client_credentials", "\0"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(
            ["grant_type", "code", "refresh_token", "redirect_uri", "code_verifier", "scope", "client_id", "token"]
        )
        | st.text(max_size=10),
        ODD_TEXT,
        max_size=8,
    ),
    path=st.sampled_from(["/connect/token", "/connect/revocation"]),
)
def test_odd_fields_are_refused_and_break_nothing(app_server: AppServer, fields: dict[str, str], path: str) -> None:
    reply = app_server.http.post(path, content=urlencode(fields, errors="replace"), headers={**FORM, **app_server.own})

    assert reply.status_code in (200, 400)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), authorization=st.binary(min_size=1, max_size=60))
def test_odd_bytes_are_refused_and_break_nothing(app_server: AppServer, body: bytes, authorization: bytes) -> None:
    basic = f"Basic {base64.b64encode(authorization).decode()}"

    reply = app_server.http.post("/connect/token", content=body, headers={**FORM, "Authorization": basic})

    assert reply.status_code == 400


def register(sandbox: RunningSandbox, app: App) -> None:
    with sandbox.changing() as world:
        world.identity.apps[app.client_id] = app


def test_a_token_does_not_open_the_token_endpoint(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    tokens = granted(visitor, app_server)

    reply = httpx2.post(
        f"{sandbox.url}/connect/token",
        data={"grant_type": "refresh_token"},
        headers=bearer(tokens["access_token"]),
        timeout=10,
    )

    assert refusal(reply) == "invalid_client"
