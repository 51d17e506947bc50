"""The authorise pages over HTTP: who signs in, what is asked, and the ways back."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consenting import REDIRECT_URI, SCOPES, AppServer, Visitor, flow_in, told_to_app
from xero_sandbox.identity.flows import FLOW_LIFE
from xero_sandbox.seeds.demo import ADVISER_ID, AUSTRALIAN_ID, BRITISH_ID, DEMO_CLIENT_ID, NEW_ZEALAND_ID, READER_ID
from xero_sandbox.testing import RunningSandbox


def test_the_sign_in_page_names_the_app_and_the_people(visitor: Visitor) -> None:
    page = visitor.open()

    assert page.status_code == 200
    assert "Keito Books" in page.text
    assert "Marion Ashdown" in page.text
    assert "Tobias Lindqvist" in page.text


def test_the_consent_page_says_in_plain_words_what_is_asked(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)

    assert "View and change contacts and contact groups" in page.text
    assert "Keep access while you are away" in page.text
    assert "View and change payments" not in page.text


def test_a_person_is_offered_only_their_own_organisations(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), READER_ID)

    assert "Wattle Row Pty Ltd" in page.text
    assert "Harbour" not in page.text


def test_allowing_leads_back_with_a_code_and_the_state(visitor: Visitor) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID)

    assert told["state"] == "a state of the app's own"
    assert told["scope"] == SCOPES
    assert len(told["code"]) >= 32
    assert "session_state" in told


def test_cancelling_leads_back_with_access_denied_and_the_state(visitor: Visitor) -> None:
    consent = visitor.sign_in(visitor.open(), ADVISER_ID)

    told = told_to_app(visitor.answer(consent, answer="cancel"))

    assert told["error"] == "access_denied"
    assert told["state"] == "a state of the app's own"
    assert "code" not in told


def test_cancelling_before_signing_in_leads_back_as_well(visitor: Visitor) -> None:
    told = told_to_app(visitor.answer(visitor.open(), answer="cancel"))

    assert told["error"] == "access_denied"


def test_an_app_that_sent_no_state_gets_none(visitor: Visitor) -> None:
    told = visitor.walk(ADVISER_ID, BRITISH_ID, state=None)

    assert "state" not in told


def test_the_query_of_the_redirect_address_stays(visitor: Visitor) -> None:
    address = f"{REDIRECT_URI}?tenant=7"

    told = visitor.walk(ADVISER_ID, BRITISH_ID, redirect_uri=address)

    assert told["tenant"] == "7"
    assert "code" in told


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": None}, "unauthorized_client"),
        ({"client_id": "nobody"}, "unauthorized_client"),
        ({"redirect_uri": None}, "invalid_redirect_uri"),
        ({"redirect_uri": "https://elsewhere.example/callback"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:8000/callback"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://localhost:8000@elsewhere.example/"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://localhost.elsewhere.example/"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://localhost:8000/a#b"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://localhost:*"}, "invalid_redirect_uri"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "openid accounting.everything"}, "invalid_scope"),
        ({"scope": "openid accounting.transactions"}, "unauthorized_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_refused_on_a_page_and_never_redirects(
    visitor: Visitor, changes: dict[str, str | None], error: str
) -> None:
    page = visitor.open(**changes)

    assert page.status_code == 400
    assert "location" not in page.headers
    assert f"<code>{error}</code>" in page.text


def test_what_the_app_sent_is_shown_as_text(visitor: Visitor) -> None:
    page = visitor.open(scope="<script>alert(1)</script>")

    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_repeated_parameter_is_refused(visitor: Visitor) -> None:
    page = visitor.http.get("/identity/connect/authorize?client_id=a&client_id=b")

    assert page.status_code == 400


def test_the_page_cannot_be_framed_and_runs_no_script(visitor: Visitor) -> None:
    page = visitor.open()

    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "this is not" in page.text.lower() or "not xero" in page.text.lower()


def test_another_browser_cannot_answer_a_flow(sandbox: RunningSandbox, visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)
    stranger = Visitor(sandbox.url, DEMO_CLIENT_ID)
    stranger.open()

    forged = stranger.answer(page, answer="allow", organisation=BRITISH_ID)

    assert forged.status_code == 400
    assert sandbox.world().identity.connections == {}
    stranger.close()


def test_a_form_without_the_browsers_cookie_is_refused(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)
    visitor.http.cookies.clear()

    assert visitor.answer(page, answer="allow", organisation=BRITISH_ID).status_code == 400


def test_a_flow_is_answered_once(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)
    visitor.allow(page, BRITISH_ID)

    again = visitor.answer(page, answer="allow", organisation=BRITISH_ID)

    assert again.status_code == 400
    assert "ended" in again.text


def test_a_flow_ends_after_fifteen_minutes(sandbox: RunningSandbox, visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)
    sandbox.advance(FLOW_LIFE.total_seconds())

    assert visitor.answer(page, answer="allow", organisation=BRITISH_ID).status_code == 400


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(visitor: Visitor) -> None:
    cookie = visitor.open().headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_allowing_without_a_choice_asks_again(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)

    again = visitor.answer(page, answer="allow")

    assert again.status_code == 422
    assert "Choose an organisation first." in again.text
    assert visitor.allow(again, BRITISH_ID)["code"]


def test_somebody_elses_organisation_cannot_be_chosen(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), READER_ID)

    assert visitor.answer(page, answer="allow", organisation=[AUSTRALIAN_ID, BRITISH_ID]).status_code == 422


def test_nobody_signs_in_as_somebody_unknown(visitor: Visitor) -> None:
    again = visitor.answer(visitor.open(), user="nobody")

    assert again.status_code == 422


def test_nobody_consents_before_signing_in(visitor: Visitor) -> None:
    again = visitor.answer(visitor.open(), answer="allow", organisation=BRITISH_ID)

    assert again.status_code == 422
    assert "Who is signing in?" in again.text


def test_an_app_connects_one_organisation_at_a_time(visitor: Visitor) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)

    again = visitor.answer(page, answer="allow", organisation=[BRITISH_ID, NEW_ZEALAND_ID])

    assert 'type="radio"' in page.text
    assert again.status_code == 422


def test_an_app_with_bulk_connections_may_connect_several(
    sandbox: RunningSandbox, visitor: Visitor, app_server: AppServer
) -> None:
    with sandbox.changing() as world:
        world.identity.apps[DEMO_CLIENT_ID].bulk_connections = True
    page = visitor.sign_in(visitor.open(), ADVISER_ID)

    told = visitor.allow(page, BRITISH_ID, NEW_ZEALAND_ID)

    access = app_server.exchange(told["code"], visitor.verifier).json()["access_token"]
    connected = app_server.connections(access)
    assert 'type="checkbox"' in page.text
    assert {one["tenantId"] for one in connected} == {BRITISH_ID, NEW_ZEALAND_ID}
    assert len({one["authEventId"] for one in connected}) == 1


def test_a_flow_may_ask_for_no_bulk_connection(sandbox: RunningSandbox, visitor: Visitor) -> None:
    with sandbox.changing() as world:
        world.identity.apps[DEMO_CLIENT_ID].bulk_connections = True

    page = visitor.sign_in(visitor.open(acr_values="bulk_connect:false"), ADVISER_ID)

    assert 'type="radio"' in page.text


def test_a_person_can_change_their_mind_about_who_they_are(visitor: Visitor) -> None:
    consent = visitor.sign_in(visitor.open(), READER_ID)
    flow = visitor.http.get("/identity/connect/sign-in", params={"flow": _flow(consent.text)})

    page = visitor.sign_in(flow, ADVISER_ID)

    assert "Marion Ashdown" in page.text


def _flow(text: str) -> str:
    return text.split("sign-in?flow=")[1].split('"', maxsplit=1)[0]


ODD_TEXT = st.text(max_size=60) | st.sampled_from([REDIRECT_URI, DEMO_CLIENT_ID, "code", "openid", "S256", "v" * 43])
PARAMETERS = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(PARAMETERS), ODD_TEXT, max_size=4))
def test_odd_requests_are_refused_or_shown_and_break_nothing(visitor: Visitor, changes: dict[str, str]) -> None:
    asked = urlencode({**visitor.asked, **changes}, errors="replace")

    page = visitor.http.get(f"/identity/connect/authorize?{asked}")

    assert page.status_code in (200, 400)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.tuples(st.sampled_from(["flow", "answer", "user", "organisation"]), ODD_TEXT), max_size=6))
def test_odd_answers_are_refused_and_break_nothing(visitor: Visitor, fields: list[tuple[str, str]]) -> None:
    page = visitor.sign_in(visitor.open(), ADVISER_ID)
    body = urlencode([("flow", flow_in(page)), *fields], errors="replace")

    reply = visitor.http.post(
        "/identity/connect/authorize", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )

    assert reply.status_code in (303, 400, 422)


@pytest.mark.parametrize("host", ["[", "a b", "[::1", "é", "x" * 5000])
def test_an_odd_host_breaks_nothing(visitor: Visitor, host: str) -> None:
    reply = visitor.http.get("/.well-known/openid-configuration", headers={b"Host": host.encode()})

    assert reply.status_code in (200, 400)
