"""The pages on the way back from Xero: choose, confirm, decline, and ways back that are nobody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from builders import a_membership
from connected import HOSTILE, a_connection
from keito_books.accounting.port import TokenSet
from keito_books.connections.binding import hash_of, session_hash
from keito_books.connections.grants import new_grant
from keito_books.connections.models import ConnectAttempt, Connection
from keito_books.workspaces.models import Membership, Workspace

OTHER = "Kōwhai <i>Studio</i>"


@pytest.fixture
def attempt(browser: Browser, administrator: Membership) -> ConnectAttempt:
    """A consent that reaches two organisations, in the administrator's browser session."""
    now = timezone.now()
    tokens = TokenSet("access", "refresh", now + timedelta(minutes=30), now + timedelta(days=60), "accounting")
    return ConnectAttempt.objects.create(
        workspace=administrator.workspace,
        person=administrator.person,
        provider="xero",
        state_hash=hash_of("state"),
        session_hash=session_hash(browser.session.session_key or ""),
        step=ConnectAttempt.Step.CHOOSING,
        grant=new_grant("xero", tokens, now=now),
        organisations=[
            {"id": "c-1", "organisation_id": "org-1", "name": HOSTILE},
            {"id": "c-2", "organisation_id": "org-2", "name": OTHER},
        ],
        started_at=now,
        returned_at=now,
    )


def address(attempt: ConnectAttempt, rest: str = "") -> str:
    return f"/w/{attempt.workspace.slug}/settings/integrations/xero/organisation/{attempt.pk}/{rest}"


def test_several_organisations_are_offered_by_name_and_none_is_an_answer_too(
    browser: Browser, attempt: ConnectAttempt
) -> None:
    page = browser.get(address(attempt)).content.decode()

    assert "Harbour &lt;script&gt;" in page
    assert "Kōwhai &lt;i&gt;Studio" in page
    assert "None of these</button>" in page


def test_the_chosen_organisation_is_connected_and_lists_that_cannot_be_read_are_told(
    browser: Browser, attempt: ConnectAttempt, settings: pytest.FixtureRequest
) -> None:
    settings.XERO_SANDBOX_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]  # nobody listens there

    answer = browser.post(address(attempt), {"organisation": "org-2"}, follow=True)

    page = answer.content.decode()
    assert Connection.objects.get().organisation_id == "org-2"
    assert "Connected to Kōwhai &lt;i&gt;Studio" in page
    assert "We could not read the lists: we could not reach Xero." in page
    assert "Refresh lists</button>" in page


@pytest.mark.fault("F85")
def test_another_organisation_than_before_asks_with_both_names(
    browser: Browser, attempt: ConnectAttempt, workspace: Workspace, administrator: Membership
) -> None:
    a_connection(workspace, administrator, state=Connection.State.DISCONNECTED)

    answer = browser.post(address(attempt), {"organisation": "org-2"})
    page = browser.get(answer.headers["Location"]).content.decode()

    assert answer.headers["Location"] == address(attempt, "confirm/")
    assert "This is another organisation" in page
    assert "Harbour &lt;script&gt;" in page
    assert "Kōwhai &lt;i&gt;Studio" in page
    assert not Connection.objects.filter(state=Connection.State.ACTIVE).exists()


def test_a_choice_that_is_over_or_somebody_elses_changes_nothing(
    browser: Browser, attempt: ConnectAttempt, browser_of: Callable[[Membership], Browser]
) -> None:
    colleague = browser_of(a_membership(attempt.workspace))

    page = colleague.post(address(attempt), {"organisation": "org-1"}, follow=True).content.decode()
    assert "This choice is over" in page

    ConnectAttempt.objects.update(step=ConnectAttempt.Step.DONE)
    page = browser.get(address(attempt), follow=True).content.decode()
    assert "This choice is over" in page
    assert not Connection.objects.exists()


@pytest.mark.fault("F80")
@pytest.mark.promise("P17")
@pytest.mark.parametrize("query", ["", "?state=forged&code=c", "?state=%00&code=%00", "?error=access_denied&state=x"])
def test_a_way_back_that_nobody_began_connects_nothing(browser: Browser, workspace: Workspace, query: str) -> None:
    answer = browser.get(f"/settings/integrations/xero/callback{query}")

    assert answer.status_code == 400
    assert "Nothing was connected" in answer.content.decode()
    assert workspace.name not in answer.content.decode()


def test_a_way_back_without_a_session_asks_to_sign_in_first() -> None:
    answer = Browser().get("/settings/integrations/xero/callback?state=s&code=c")

    assert answer.headers["Location"].startswith("/account/login/")
