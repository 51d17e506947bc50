"""Token lifetimes to the second, without waiting: pure functions of state and time."""

from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from xero_sandbox.identity.pkce import challenge_for
from xero_sandbox.identity.signing import public_keys
from xero_sandbox.identity.state import Code, Consent, IdentityState, Person
from xero_sandbox.identity.tokens import (
    InvalidGrant,
    Issuing,
    issue_code,
    issue_tokens,
    live_refresh_token,
    redeem_code,
    refresh,
    revoke,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
APP = "an-app"
ANNA = Person("0f0e0d0c-1111-2222-3333-444455556666", "anna@example.org", "Anna", "van der Berg", "Standard user")
FOR_ANNA = Issuing("http://localhost:9400", ANNA)
VERIFIER = "v" * 43


def a_consent(state: IdentityState, *scopes: str) -> Consent:
    consent = Consent(
        id="5b0ab0e0-9f6f-4f0f-8f5f-000000000001",
        client_id=APP,
        user_id=ANNA.user_id,
        scopes=list(scopes) or ["openid", "offline_access"],
        session_id="a-session",
        signed_in_at=NOON - timedelta(minutes=1),
    )
    state.consents[consent.id] = consent
    return consent


def a_code(state: IdentityState, consent: Consent) -> Code:
    return issue_code(
        state,
        consent,
        redirect_uri="http://localhost/back",
        code_challenge=challenge_for(VERIFIER),
        nonce="n",
        now=NOON,
    )


def redeem(
    state: IdentityState,
    code: Code,
    *,
    now: datetime,
    client_id: str = APP,
    redirect_uri: str = "http://localhost/back",
    verifier: str = VERIFIER,
) -> Code:
    return redeem_code(state, code.code, client_id=client_id, redirect_uri=redirect_uri, verifier=verifier, now=now)


def refreshed(state: IdentityState, text: str, *, now: datetime) -> str:
    token = live_refresh_token(state, text, client_id=APP, now=now)
    return str(issue_tokens(state, state.consents[token.consent_id], FOR_ANNA, now=now)["refresh_token"])


def test_a_code_works_until_just_before_five_minutes() -> None:
    state = IdentityState()
    code = a_code(state, a_consent(state))

    assert redeem(state, code, now=NOON + timedelta(minutes=5) - SECOND) is code


def test_a_code_is_dead_at_five_minutes() -> None:
    state = IdentityState()
    code = a_code(state, a_consent(state))

    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON + timedelta(minutes=5))


def test_a_code_works_once() -> None:
    state = IdentityState()
    code = a_code(state, a_consent(state))
    redeem(state, code, now=NOON)

    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON + SECOND)


def test_a_wrong_verifier_uses_the_code_up() -> None:
    state = IdentityState()
    code = a_code(state, a_consent(state))
    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON, verifier="w" * 43)

    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON)


def test_another_redirect_address_is_refused() -> None:
    state = IdentityState()
    code = a_code(state, a_consent(state))

    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON, redirect_uri="http://localhost/back/")


def test_another_app_can_neither_use_a_code_nor_use_it_up() -> None:
    state = IdentityState()
    code = a_code(state, a_consent(state))
    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON, client_id="another-app")

    assert redeem(state, code, now=NOON) is code


def test_a_refresh_token_works_until_just_before_sixty_days() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])

    assert refreshed(state, first, now=NOON + timedelta(days=60) - SECOND) != first


def test_a_refresh_token_unused_for_sixty_days_is_dead() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])

    with pytest.raises(InvalidGrant):
        live_refresh_token(state, first, client_id=APP, now=NOON + timedelta(days=60))


def test_the_sixty_days_start_anew_with_each_refresh() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    second = refreshed(state, first, now=NOON + timedelta(days=59))

    third = refreshed(state, second, now=NOON + timedelta(days=118))

    assert len({first, second, third}) == 3


def test_a_retired_refresh_token_is_taken_again_within_thirty_minutes() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    lost = refreshed(state, first, now=NOON)

    again = refreshed(state, first, now=NOON + timedelta(minutes=30) - SECOND)

    assert again not in (first, lost)


def test_a_retired_refresh_token_is_dead_after_thirty_minutes() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    refreshed(state, first, now=NOON)

    with pytest.raises(InvalidGrant):
        live_refresh_token(state, first, client_id=APP, now=NOON + timedelta(minutes=30))


def test_using_a_retired_token_again_does_not_lengthen_its_grace() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    refreshed(state, first, now=NOON)
    refreshed(state, first, now=NOON + timedelta(minutes=29))

    with pytest.raises(InvalidGrant):
        live_refresh_token(state, first, client_id=APP, now=NOON + timedelta(minutes=31))


def test_of_two_refreshes_at_once_only_the_later_answer_lives_on() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    earlier = refreshed(state, first, now=NOON)
    later = refreshed(state, first, now=NOON + SECOND)

    with pytest.raises(InvalidGrant):
        live_refresh_token(state, earlier, client_id=APP, now=NOON + timedelta(minutes=31))
    assert live_refresh_token(state, later, client_id=APP, now=NOON + timedelta(minutes=31)).token == later


def test_a_thousand_refreshes_keep_a_handful_of_tokens() -> None:
    state = IdentityState()
    token = str(issue_tokens(state, a_consent(state, "offline_access"), FOR_ANNA, now=NOON)["refresh_token"])

    for hour in range(1, 1001):
        token = refreshed(state, token, now=NOON + timedelta(hours=hour))

    assert len(state.refresh_tokens) <= 2


def test_another_apps_refresh_token_is_refused() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])

    with pytest.raises(InvalidGrant):
        live_refresh_token(state, first, client_id="another-app", now=NOON)


def test_a_revoked_grant_refreshes_no_more() -> None:
    state = IdentityState()
    consent = a_consent(state)
    first = str(issue_tokens(state, consent, FOR_ANNA, now=NOON)["refresh_token"])

    revoke(state, consent, now=NOON)

    with pytest.raises(InvalidGrant):
        live_refresh_token(state, first, client_id=APP, now=NOON)


def test_a_code_of_a_revoked_grant_is_refused() -> None:
    state = IdentityState()
    consent = a_consent(state)
    code = a_code(state, consent)
    revoke(state, consent, now=NOON)

    with pytest.raises(InvalidGrant):
        redeem(state, code, now=NOON)


def test_without_offline_access_there_is_no_refresh_token() -> None:
    state = IdentityState()

    reply = issue_tokens(state, a_consent(state, "openid"), FOR_ANNA, now=NOON)

    assert "refresh_token" not in reply


def test_without_openid_there_is_no_id_token() -> None:
    state = IdentityState()

    reply = issue_tokens(state, a_consent(state, "accounting.invoices"), FOR_ANNA, now=NOON)

    assert sorted(reply) == ["access_token", "expires_in", "scope", "token_type"]
    assert reply["expires_in"] == 1800


def test_the_access_token_is_signed_and_carries_the_documented_claims() -> None:
    state = IdentityState()
    consent = a_consent(state, "openid", "accounting.invoices")
    reply = issue_tokens(state, consent, FOR_ANNA, now=NOON)

    claims = jwt.decode(str(reply["access_token"]), KeySet.import_key_set(public_keys(state)), ["RS256"]).claims

    assert claims.pop("jti")
    assert claims == {
        "iss": "http://localhost:9400",
        "aud": "http://localhost:9400/resources",
        "nbf": 1795348800,
        "iat": 1795348800,
        "exp": 1795350600,
        "client_id": APP,
        "sub": "0f0e0d0c111122223333444455556666",
        "auth_time": 1795348740,
        "idp": "local",
        "xero_userid": ANNA.user_id,
        "global_session_id": "a-session",
        "scope": ["openid", "accounting.invoices"],
        "amr": ["pwd"],
        "authentication_event_id": consent.id,
    }


def test_the_id_token_lives_five_minutes_and_says_only_what_was_allowed() -> None:
    state = IdentityState()
    consent = a_consent(state, "openid", "email")
    reply = issue_tokens(state, consent, Issuing("http://localhost:9400", ANNA, nonce="n"), now=NOON)

    claims = jwt.decode(str(reply["id_token"]), KeySet.import_key_set(public_keys(state)), ["RS256"]).claims

    assert claims["aud"] == APP
    assert claims["exp"] - claims["iat"] == 300
    assert claims["nonce"] == "n"
    assert claims["email"] == "anna@example.org"
    assert "given_name" not in claims


def test_with_profile_the_id_token_names_the_person() -> None:
    state = IdentityState()
    reply = issue_tokens(state, a_consent(state, "openid", "profile"), FOR_ANNA, now=NOON)

    claims = jwt.decode(str(reply["id_token"]), KeySet.import_key_set(public_keys(state)), ["RS256"]).claims

    assert (claims["given_name"], claims["family_name"]) == ("Anna", "van der Berg")
    assert "email" not in claims


def test_the_published_key_holds_nothing_private() -> None:
    key = public_keys(IdentityState())["keys"][0]

    assert sorted(key) == ["alg", "e", "kid", "kty", "n", "use"]


def presented(state: IdentityState, text: str, *, now: datetime) -> dict[str, str | int]:
    """Refresh under the reading that a retired token repeats its answer."""
    token = live_refresh_token(state, text, client_id=APP, now=now)
    return refresh(state, token, FOR_ANNA, same_pair=True, now=now)


def test_by_the_other_reading_a_retired_token_repeats_its_answer() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    lost = presented(state, first, now=NOON)

    again = presented(state, first, now=NOON + timedelta(minutes=10))

    assert again == {**lost, "expires_in": 1200}


def test_by_the_other_reading_an_answer_that_was_used_is_not_repeated() -> None:
    state = IdentityState()
    first = str(issue_tokens(state, a_consent(state), FOR_ANNA, now=NOON)["refresh_token"])
    second = presented(state, first, now=NOON)
    presented(state, str(second["refresh_token"]), now=NOON + timedelta(minutes=1))

    again = presented(state, first, now=NOON + timedelta(minutes=2))

    assert again["refresh_token"] != second["refresh_token"]
