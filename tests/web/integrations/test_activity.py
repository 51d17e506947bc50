"""Activity > Copied to Xero: every document in plain words, with filters; and the health of the connection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser

from builders import NOW, a_client, a_membership, an_invoice
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.syncing import runs
from keito_books.syncing.actions import copy_invoice
from keito_books.syncing.explanations import refusal_to_json
from keito_books.syncing.governor import lane_of
from keito_books.syncing.models import Job, Lane, Surprise
from keito_books.workspaces.models import Membership, Role, Workspace


def page_of(browser: Browser, workspace: Workspace, query: str = "") -> str:
    answer = browser.get(f"/w/{workspace.slug}/activity/xero/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.promise("P47", "P48")
def test_each_document_says_what_it_waits_for_or_why_it_failed(
    browser: Browser, workspace: Workspace, set_up: Connection, administrator: Membership
) -> None:
    waiting, failed = an_invoice(administrator), an_invoice(administrator)
    copy_invoice(waiting, by=administrator, now=NOW)
    job = copy_invoice(failed, by=administrator, now=NOW)
    refusal = refusal_to_json(Refusal(RefusalCode.NO_REVENUE_ACCOUNT))
    Job.objects.filter(pk=job.pk).update(state="failed", refusal=refusal, finished_at=NOW)

    page = page_of(browser, workspace)

    assert "Waiting to be sent." in page
    assert "No revenue account is chosen" in page
    assert waiting.number not in page_of(browser, workspace, "?state=failed&kind=invoice")


def test_documents_are_found_by_the_day_on_which_they_were_asked_for(
    browser: Browser, workspace: Workspace, set_up: Connection, administrator: Membership
) -> None:
    early, late = an_invoice(administrator), an_invoice(administrator)
    copy_invoice(early, by=administrator, now=NOW)
    copy_invoice(late, by=administrator, now=NOW + timedelta(days=2))

    page = page_of(browser, workspace, "?kind=invoice&since=2026-03-04&until=2026-03-04")

    assert late.number in page
    assert early.number not in page


def test_one_copy_of_many_shows_only_its_documents(
    browser: Browser, workspace: Workspace, set_up: Connection, administrator: Membership
) -> None:
    client = a_client(administrator)
    inside, outside = an_invoice(administrator, client=client), an_invoice(administrator, client=client)
    run = runs.start_run([inside.pk], by=administrator, now=NOW)
    copy_invoice(outside, by=administrator, now=NOW)

    page = page_of(browser, workspace, f"?run={run.pk}")

    assert inside.number in page
    assert outside.number not in page


def test_the_settings_page_says_how_the_connection_stands(
    browser: Browser, workspace: Workspace, set_up: Connection, administrator: Membership
) -> None:
    address = f"/w/{workspace.slug}/settings/integrations/xero/"
    assert "Working, nothing waits." in browser.get(address).content.decode()
    copy_invoice(an_invoice(administrator), by=administrator, now=NOW)
    assert "Nobody is at work." in browser.get(address).content.decode()

    lane = lane_of(set_up)
    Lane.objects.filter(pk=lane.pk).update(blocked_until=NOW + timedelta(days=36500), blocked_because="day limit")
    page = browser.get(address).content.decode()

    assert "Xero&#x27;s daily limit of calls is used up." in page
    assert f"/w/{workspace.slug}/activity/xero/?state=pending" in page


def test_administrators_see_what_xero_refused_unforeseen(
    browser: Browser, workspace: Workspace, set_up: Connection, administrator: Membership
) -> None:
    job = copy_invoice(an_invoice(administrator), by=administrator, now=NOW)
    address = f"/w/{workspace.slug}/activity/xero/unforeseen/"
    before = browser.get(address).content.decode()
    Surprise.objects.create(
        connection=set_up, code="unknown", message="<b>New</b> rule", times=3, last_at=NOW, last_job=job
    )

    page = browser.get(address).content.decode()

    assert "No surprises" in before
    assert "&lt;b&gt;New&lt;/b&gt; rule" in page
    assert f"/activity/xero/{job.pk}/" in page


def test_nobody_else_sees_them(workspace: Workspace, set_up: Connection) -> None:
    manager = a_membership(workspace, role=Role.MANAGER)
    browser = Browser()
    browser.force_login(manager.person)

    assert browser.get(f"/w/{workspace.slug}/activity/xero/unforeseen/").status_code == 403
    assert "unforeseen" not in browser.get(f"/w/{workspace.slug}/activity/xero/").content.decode()
