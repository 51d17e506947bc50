"""Selecting invoices, the preview, and the page of a run: what each shows, and what its doors let through."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from builders import NOW, a_client, a_membership, a_workspace, an_invoice
from connected import a_connection
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, State
from keito_books.syncing import runs
from keito_books.syncing.explanations import refusal_to_json
from keito_books.syncing.models import Job, Run
from keito_books.workspaces.models import Membership, Plan, Workspace

BrowserOf = Callable[[Membership], Browser]


@pytest.fixture
def invoices(set_up: Connection, administrator: Membership) -> list[Invoice]:
    client = a_client(administrator)
    return [an_invoice(administrator, client=client) for _ in range(3)]


@pytest.fixture
def run(invoices: list[Invoice], administrator: Membership) -> Run:
    return runs.start_run([each.pk for each in invoices], by=administrator, now=NOW)


def at(workspace: Workspace, rest: str = "") -> str:
    return f"/w/{workspace.slug}/invoices/{rest}"


def page_of(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_offers_boxes_and_everything_that_matches(
    browser: Browser, workspace: Workspace, invoices: list[Invoice]
) -> None:
    page = page_of(browser, at(workspace, "?state=open"))

    assert page.count("data-pick>") == 3
    assert f"{at(workspace, 'xero/')}?state=open&amp;matching=1" in page
    assert re.search(
        r'<form class="bar bulk" id="bulk" method="get".*?<input type="hidden" name="state" value="open">',
        page,
        re.DOTALL,
    )


def test_whoever_may_not_copy_gets_no_boxes(
    browser_of: BrowserOf, workspace: Workspace, invoices: list[Invoice], manager: Membership
) -> None:
    browser = browser_of(manager)

    assert "data-pick" not in page_of(browser, at(workspace))
    assert browser.get(at(workspace, f"xero/?invoice={invoices[0].pk}")).status_code == 403
    assert browser.post(at(workspace, "xero/start/"), {"invoices": str(invoices[0].pk)}).status_code == 403
    assert not Job.objects.exists()


@pytest.mark.promise("P68")
def test_the_preview_counts_and_copies_exactly_what_it_shows_as_ready(
    browser: Browser, workspace: Workspace, invoices: list[Invoice], administrator: Membership
) -> None:
    draft = an_invoice(administrator, state=State.DRAFT)
    ticked = "&".join(f"invoice={each.pk}" for each in (*invoices[:2], draft))

    page = page_of(browser, at(workspace, f"xero/?{ticked}"))

    assert "Copy 2 invoices to Xero" in page
    assert "Drafts and closed invoices, which are not copied: 1" in page
    assert not Job.objects.exists()
    sent = re.search(r'name="invoices" value="([^"]*)"', page)
    assert sent
    answer = browser.post(at(workspace, "xero/start/"), {"invoices": sent[1]})
    run = Run.objects.get()
    assert answer.status_code == 303
    assert answer.headers["Location"] == at(workspace, f"xero/runs/{run.pk}/")
    assert set(run.jobs.filter(kind="invoice").values_list("invoice", flat=True)) == {each.pk for each in invoices[:2]}


def test_everything_that_matches_is_what_the_list_shows(
    browser: Browser, workspace: Workspace, invoices: list[Invoice], administrator: Membership
) -> None:
    an_invoice(administrator, state=State.PAID)

    page = page_of(browser, at(workspace, "xero/?matching=1&state=open"))

    assert "Copy 3 invoices to Xero" in page


@pytest.mark.fault("F93")
@pytest.mark.promise("P66")
def test_sending_the_preview_twice_leads_to_the_one_run(
    browser: Browser, workspace: Workspace, invoices: list[Invoice]
) -> None:
    body = {"invoices": ",".join(str(each.pk) for each in invoices)}

    first = browser.post(at(workspace, "xero/start/"), body)
    second = browser.post(at(workspace, "xero/start/"), body)

    assert first.headers["Location"] == second.headers["Location"]
    assert (Run.objects.count(), Job.objects.filter(kind="invoice").count()) == (1, 3)


def test_ids_of_another_workspace_lead_nowhere(
    browser: Browser, workspace: Workspace, set_up: Connection, run: Run
) -> None:
    stranger = a_membership(a_workspace())
    a_connection(stranger.workspace, stranger)
    foreign = an_invoice(stranger)
    theirs = runs.start_run([foreign.pk], by=stranger, now=NOW)

    assert browser.get(at(workspace, f"xero/?invoice={foreign.pk}")).status_code == 404
    assert browser.get(at(workspace, "xero/?invoice=nonsense")).status_code == 404
    for door in ("", "progress/", "cancel/"):
        assert browser.get(at(workspace, f"xero/runs/{theirs.pk}/{door}")).status_code == 404
    for door in ("pause/", "resume/", "retry/", "cancel/"):
        assert browser.post(at(workspace, f"xero/runs/{theirs.pk}/{door}")).status_code == 404
        assert browser.post(at(workspace, f"xero/runs/{uuid4()}/{door}")).status_code == 404


@pytest.mark.fault("F103")
@pytest.mark.promise("P45")
def test_the_page_of_a_run_asks_again_and_shows_what_changed(browser: Browser, workspace: Workspace, run: Run) -> None:
    page = page_of(browser, at(workspace, f"xero/runs/{run.pk}/"))
    asks = re.search(r'hx-get="([^"]*seen=[^"]*)" hx-trigger="every 2s"', page)
    assert asks
    assert "3 invoices wait" in page

    [job, *_] = Job.objects.filter(run=run, kind="invoice")
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=NOW)

    answer = browser.get(asks[1])
    assert answer.status_code == 200
    assert "2 invoices wait" in answer.content.decode()


def test_pause_resume_and_cancel_change_the_page_in_place(browser: Browser, workspace: Workspace, run: Run) -> None:
    address = at(workspace, f"xero/runs/{run.pk}/")

    paused = browser.post(f"{address}pause/", headers={"HX-Request": "true"}).content.decode()
    line = page_of(browser, at(workspace))
    resumed = browser.post(f"{address}resume/", headers={"HX-Request": "true"}).content.decode()
    asked = browser.get(f"{address}cancel/", headers={"HX-Request": "true"}).content.decode()
    browser.post(f"{address}cancel/")
    cancelled = page_of(browser, address)

    assert "3 invoices are held back" in paused
    assert "Paused: 3 invoices to Xero" in line
    assert "Resume" in paused
    assert "Pause" in resumed
    assert "What has not been sent stays here" in asked
    assert "3 invoices had not been sent" in cancelled
    assert "hx-trigger" not in cancelled[cancelled.index("run-progress") :].split(">")[0]


def test_failures_are_told_by_cause_with_the_way_to_the_cure(browser: Browser, workspace: Workspace, run: Run) -> None:
    refusal = refusal_to_json(Refusal(RefusalCode.TAX_MAPPING_MISSING, details={"rate": "20"}))
    Job.objects.filter(run=run, kind="invoice").update(state="failed", refusal=refusal, finished_at=NOW)

    page = page_of(browser, at(workspace, f"xero/runs/{run.pk}/"))

    assert page.count("No Xero tax rate is chosen for lines taxed at 20 %") == 1
    assert "integrations/xero/#taxes" in page
    assert "Retry failed" in page
    answer = browser.post(at(workspace, f"xero/runs/{run.pk}/retry/"))
    assert answer.status_code == 303
    assert set(Job.objects.filter(run=run).values_list("state", flat=True)) == {"waiting"}


@pytest.mark.promise("P9", "P58")
def test_without_a_connection_or_the_plan_nothing_is_started(
    browser: Browser, workspace: Workspace, invoices: list[Invoice], set_up: Connection
) -> None:
    body = {"invoices": str(invoices[0].pk)}
    Connection.objects.update(state=Connection.State.EXPIRED)

    assert "expired" in page_of(browser, at(workspace, f"xero/?invoice={invoices[0].pk}"))
    assert browser.post(at(workspace, "xero/start/"), body).headers["Location"] == at(workspace)
    Workspace.objects.update(plan=Plan.PRO)
    assert browser.post(at(workspace, "xero/start/"), body).status_code == 403
    assert not Run.objects.exists()


def test_the_line_on_the_list_leads_back_while_something_is_to_come(
    browser: Browser, workspace: Workspace, run: Run
) -> None:
    assert "Copying 3 invoices to Xero, 0 through" in page_of(browser, at(workspace))

    Job.objects.filter(run=run).update(state="done", finished_at=NOW)

    assert "See progress" not in page_of(browser, at(workspace))


def test_an_invoice_that_is_held_back_says_so_and_leads_to_the_paused_copy(
    browser: Browser, workspace: Workspace, run: Run, invoices: list[Invoice], administrator: Membership
) -> None:
    runs.pause_run(run, by=administrator, now=NOW)

    page = page_of(browser, at(workspace, f"{invoices[0].pk}/"))

    assert "Held back" in page
    assert at(workspace, f"xero/runs/{run.pk}/") in page


def test_the_page_of_a_run_takes_a_fixed_number_of_queries(
    browser: Browser, workspace: Workspace, run: Run, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        page_of(browser, at(workspace, f"xero/runs/{run.pk}/"))


def test_whoever_may_only_look_sees_a_run_without_its_buttons(
    browser_of: BrowserOf, workspace: Workspace, run: Run, manager: Membership
) -> None:
    browser = browser_of(manager)

    page = page_of(browser, at(workspace, f"xero/runs/{run.pk}/"))

    assert "3 invoices wait" in page
    assert "run-pause" not in page
    assert "run-cancel" not in page
    assert browser.post(at(workspace, f"xero/runs/{run.pk}/pause/")).status_code == 403
    assert browser.post(at(workspace, f"xero/runs/{run.pk}/cancel/")).status_code == 403
    assert set(Job.objects.filter(run=run).values_list("state", flat=True)) == {"waiting"}


def test_the_activity_leads_to_the_run_that_somebody_started(browser: Browser, workspace: Workspace, run: Run) -> None:
    page = page_of(browser, f"/w/{workspace.slug}/activity/?kind=run")

    assert f'href="{at(workspace, f"xero/runs/{run.pk}/")}"' in page
    assert "started copying to" in page
