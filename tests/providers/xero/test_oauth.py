"""Joining and leaving Xero, against the sandbox's identity and against servers that misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from consenting import Visitor
from keito_books.accounting.errors import MustReconnect, OutcomeUnknown, TokenRejected, TryAgainLater
from keito_books.accounting.port import Identity, TokenSet
from keito_books.providers.settings import ProviderSettings
from keito_books.providers.xero.oauth import SCOPES
from keito_books.providers.xero.provider import XeroProvider
from providers.raw_server import Script, answer, plain_reply, raw_server
from xero_sandbox.seeds.demo import ADVISER_ID, BRITISH_ID, NEW_ZEALAND_ID
from xero_sandbox.testing import RunningSandbox

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
REDIRECT_URI = "http://localhost:8000/integrations/xero/callback"


@pytest.fixture
def identity(provider: XeroProvider) -> Identity:
    return provider.identity


@pytest.fixture
def visitor(sandbox: RunningSandbox, grant: dict[str, Any]) -> Iterator[Visitor]:
    visitor = Visitor(sandbox.url, grant["client_id"], REDIRECT_URI)
    yield visitor
    visitor.close()


def consent(identity: Identity, visitor: Visitor, *organisations: str) -> TokenSet:
    """Walk from our link through the sandbox's pages and back, and trade the code."""
    started = identity.start(redirect_uri=REDIRECT_URI)
    page = visitor.sign_in(visitor.http.get(started.url), ADVISER_ID)
    told = visitor.allow(page, *organisations)
    assert told["state"] == started.state
    return identity.exchange(code=told["code"], code_verifier=started.code_verifier, redirect_uri=REDIRECT_URI, now=NOW)


@pytest.mark.promise("P14", "P17")
def test_the_link_asks_for_the_granular_scopes_with_a_challenge_of_a_fresh_verifier() -> None:
    identity = XeroProvider(ProviderSettings("our-id", "our-secret")).identity

    first, second = (identity.start(redirect_uri="https://books.example/callback") for _ in range(2))

    asked = {name: values[0] for name, values in parse_qs(urlsplit(first.url).query).items()}
    digest = hashlib.sha256(first.code_verifier.encode()).digest()
    assert first.url.startswith("https://login.xero.com/identity/connect/authorize?")
    assert asked == {
        "response_type": "code",
        "client_id": "our-id",
        "redirect_uri": "https://books.example/callback",
        "scope": "openid profile email offline_access accounting.invoices accounting.payments "
        "accounting.contacts accounting.settings.read",
        "state": first.state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    assert 43 <= len(first.code_verifier) <= 128
    assert (first.state, first.code_verifier) != (second.state, second.code_verifier)
    assert "our-secret" not in first.url


@pytest.mark.promise("P15", "P16")
def test_a_consent_ends_in_tokens_with_their_times_and_the_organisation(identity: Identity, visitor: Visitor) -> None:
    tokens = consent(identity, visitor, BRITISH_ID)

    (connection,) = identity.connections(access_token=tokens.access_token)
    assert tokens.access_expires_at == NOW + timedelta(minutes=30)
    assert tokens.refresh_expires_at == NOW + timedelta(days=60)
    assert set(tokens.scope.split()) == set(SCOPES.split())
    assert tokens.account == ADVISER_ID
    assert (connection.organisation_id, connection.organisation_name) == (BRITISH_ID, "Harbour & Finch Ltd")
    assert connection.id != connection.organisation_id


def test_a_code_works_once(identity: Identity, visitor: Visitor) -> None:
    started = identity.start(redirect_uri=REDIRECT_URI)
    told = visitor.allow(visitor.sign_in(visitor.http.get(started.url), ADVISER_ID), BRITISH_ID)
    used = {"code": told["code"], "code_verifier": started.code_verifier, "redirect_uri": REDIRECT_URI, "now": NOW}
    identity.exchange(**used)  # type: ignore[arg-type]  # four names of its own

    with pytest.raises(MustReconnect) as caught:
        identity.exchange(**used)  # type: ignore[arg-type]  # the same

    assert caught.value.code == "invalid_grant"


def test_a_code_needs_its_own_verifier(identity: Identity, visitor: Visitor) -> None:
    started = identity.start(redirect_uri=REDIRECT_URI)
    told = visitor.allow(visitor.sign_in(visitor.http.get(started.url), ADVISER_ID), BRITISH_ID)

    with pytest.raises(MustReconnect):
        identity.exchange(code=told["code"], code_verifier="x" * 64, redirect_uri=REDIRECT_URI, now=NOW)


@pytest.mark.promise("P18")
def test_a_refresh_gives_a_new_pair_and_sixty_more_days(identity: Identity, grant: dict[str, Any]) -> None:
    tokens = identity.refresh(refresh_token=grant["refresh_token"], now=NOW)

    assert tokens.refresh_token != grant["refresh_token"]
    assert tokens.refresh_expires_at == NOW + timedelta(days=60)
    assert identity.connections(access_token=tokens.access_token)


def test_a_refresh_whose_reply_was_lost_works_again_within_the_grace(
    identity: Identity, sandbox: RunningSandbox, grant: dict[str, Any]
) -> None:
    sandbox.fault("POST /connect/token", "save and drop the reply", times=1)

    with pytest.raises(OutcomeUnknown):
        identity.refresh(refresh_token=grant["refresh_token"], now=NOW)
    sandbox.advance(29 * 60)

    assert identity.refresh(refresh_token=grant["refresh_token"], now=NOW).access_token


@pytest.mark.promise("P61")
def test_after_sixty_days_without_use_a_person_must_reconnect(
    identity: Identity, sandbox: RunningSandbox, grant: dict[str, Any]
) -> None:
    sandbox.advance(61 * 24 * 3600)

    with pytest.raises(MustReconnect) as caught:
        identity.refresh(refresh_token=grant["refresh_token"], now=NOW)

    assert caught.value.code == "invalid_grant"


def test_a_wrong_secret_of_ours_asks_nobody_to_reconnect(sandbox: RunningSandbox, grant: dict[str, Any]) -> None:
    identity = XeroProvider(ProviderSettings(grant["client_id"], "wrong", sandbox_url=sandbox.url)).identity

    with pytest.raises(TryAgainLater) as caught:
        identity.refresh(refresh_token=grant["refresh_token"], now=NOW)

    assert caught.value.reason == "settings"


@pytest.mark.promise("P56")
def test_after_a_revocation_the_refresh_token_is_dead(identity: Identity, grant: dict[str, Any]) -> None:
    identity.revoke(refresh_token=grant["refresh_token"])
    identity.revoke(refresh_token=grant["refresh_token"])

    with pytest.raises(MustReconnect):
        identity.refresh(refresh_token=grant["refresh_token"], now=NOW)


def test_a_connection_that_is_deleted_is_gone_and_can_be_deleted_again(
    identity: Identity, grant: dict[str, Any]
) -> None:
    token = grant["access_token"]
    (connection,) = identity.connections(access_token=token)

    identity.delete_connection(access_token=token, connection_id=connection.id)
    identity.delete_connection(access_token=token, connection_id=connection.id)

    assert identity.connections(access_token=token) == ()


def test_each_consent_lists_its_own_organisations_and_the_account_lists_all(
    identity: Identity, visitor: Visitor, sandbox: RunningSandbox
) -> None:
    consent(identity, visitor, BRITISH_ID)
    tokens = consent(identity, visitor, NEW_ZEALAND_ID)

    own = identity.connections(access_token=tokens.access_token)
    every = identity.connections(access_token=tokens.access_token, whole_account=True)

    assert [each.organisation_id for each in own] == [NEW_ZEALAND_ID]
    assert {each.organisation_id for each in every} == {NEW_ZEALAND_ID, BRITISH_ID}


def test_an_expired_access_token_is_rejected(
    identity: Identity, sandbox: RunningSandbox, grant: dict[str, Any]
) -> None:
    sandbox.advance(31 * 60)

    with pytest.raises(TokenRejected):
        identity.connections(access_token=grant["access_token"])


def at(url: str) -> Identity:
    return XeroProvider(ProviderSettings("id", "secret", sandbox_url=url, read_seconds=1, total_seconds=2)).identity


def replying(body: object, status: bytes = b"200 OK", headers: bytes = b"") -> Script:
    return answer(plain_reply(body if isinstance(body, bytes) else json.dumps(body).encode(), status, headers))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (replying({"error": "invalid_grant"}, b"400 Bad Request"), MustReconnect),
        (replying({"error": "invalid_client"}, b"400 Bad Request"), TryAgainLater),
        (replying({"error": "unauthorized_client"}, b"401 Unauthorized"), TryAgainLater),
        (replying(b"", b"429 Too Many Requests", b"Retry-After: 7\r\n"), TryAgainLater),
        (replying(b"oops", b"500 Internal Server Error"), OutcomeUnknown),
        (replying({"error": "invalid_grant"}, b"503 Service Unavailable"), OutcomeUnknown),
        (replying(b"<html>", b"400 Bad Request"), OutcomeUnknown),
        (replying(b"<html>Hello</html>"), OutcomeUnknown),
        (replying({"access_token": "only"}), OutcomeUnknown),
        (replying(b"", b"302 Found", b"Location: http://elsewhere.example/\r\n"), OutcomeUnknown),
        (answer(b""), OutcomeUnknown),
    ],
)
def test_a_refresh_tells_a_refusal_from_a_failure_and_from_silence(script: Script, kind: type[Exception]) -> None:
    with raw_server(script) as server, pytest.raises(kind):
        at(server.url).refresh(refresh_token="r", now=NOW)


@pytest.mark.parametrize(
    "token", ["opaque", "a.b.c", "..", "a.!!!.c", "a." + base64.urlsafe_b64encode(b"[1]").decode() + ".c"]
)
def test_a_token_that_tells_no_consent_lists_every_organisation(token: str) -> None:
    listed = [
        {
            "id": "c1",
            "tenantId": "t1",
            "tenantType": "ORGANISATION",
            "tenantName": "Old",
            "updatedDateUtc": "2026-01-01",
        },
        {"id": "c2", "tenantId": "t2", "tenantType": "PRACTICE", "tenantName": "Advisers"},
        {
            "id": "c3",
            "tenantId": "t3",
            "tenantType": "ORGANISATION",
            "tenantName": None,
            "updatedDateUtc": "2026-02-01",
        },
    ]
    with raw_server(replying(listed)) as server:
        found = at(server.url).connections(access_token=token)

        assert b"authEventId" not in server.requests[0]
    assert [(each.organisation_id, each.organisation_name) for each in found] == [("t3", ""), ("t1", "Old")]


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'[{"id":1}]'])
def test_a_list_of_organisations_that_is_none_can_be_asked_for_again(body: bytes) -> None:
    with raw_server(replying(body)) as server, pytest.raises(TryAgainLater):
        at(server.url).connections(access_token="t")
