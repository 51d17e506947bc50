"""Each refusal has a page that says more about it, reached from where it is shown."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from builders import NOW, an_invoice
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.syncing.actions import copy_invoice
from keito_books.syncing.explanations import CAUSES, explain, refusal_to_json
from keito_books.syncing.models import Job
from keito_books.workspaces.models import Membership, Workspace


def test_every_refusal_has_a_cause_of_its_own() -> None:
    assert set(CAUSES) == set(RefusalCode)
    assert len(set(CAUSES.values())) == len(CAUSES)


@pytest.mark.parametrize("code", list(RefusalCode))
def test_its_page_says_what_happened_why_and_what_to_do(
    browser: Browser, workspace: Workspace, code: RefusalCode
) -> None:
    page = browser.get(f"/w/{workspace.slug}/help/refusals/{code.value}/")

    words = explain(Refusal(code))
    for said in (words.sentence, CAUSES[code], words.fix):
        assert said in _plain(page.content.decode())


def test_the_list_leads_to_all_of_them(browser: Browser, workspace: Workspace) -> None:
    page = browser.get(f"/w/{workspace.slug}/help/refusals/").content.decode()

    assert [code for code in RefusalCode if f"/help/refusals/{code.value}/" not in page] == []


@pytest.mark.parametrize("code", ["no_such_code", "__class__"])
def test_an_unknown_one_is_not_found(browser: Browser, workspace: Workspace, code: str) -> None:
    assert browser.get(f"/w/{workspace.slug}/help/refusals/{code}/").status_code == 404


def test_a_failed_invoice_and_its_calls_lead_there(
    browser: Browser, workspace: Workspace, set_up: Connection, administrator: Membership
) -> None:
    invoice = an_invoice(administrator)
    job = copy_invoice(invoice, by=administrator, now=NOW)
    refusal = refusal_to_json(Refusal(RefusalCode.LINK_NOT_VALID, ("Url must be a valid absolute url",)))
    Job.objects.filter(pk=job.pk).update(state="failed", refusal=refusal, finished_at=NOW)

    address = f"/w/{workspace.slug}/help/refusals/link_not_valid/"
    card = browser.get(f"/w/{workspace.slug}/invoices/{invoice.pk}/").content.decode()
    calls = browser.get(f"/w/{workspace.slug}/activity/xero/{job.pk}/").content.decode()

    assert f'href="{address}"' in card
    assert f'href="{address}"' in calls
    assert "Url must be a valid absolute url" in card


def _plain(page: str) -> str:
    return page.replace("&#x27;", "'").replace("&quot;", '"')
