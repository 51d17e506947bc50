from __future__ import annotations

import pytest
from django.test import Client as Browser

from builders import a_client
from keito_books.invoicing import queries
from keito_books.workspaces.models import Membership


def test_an_unknown_address_says_so_and_gives_a_reference(db: None) -> None:
    answer = Browser().get("/nowhere/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert answer.headers["X-Request-Id"] in answer.content.decode()


def test_a_fault_of_ours_shows_a_page_and_its_reference_stands_in_the_log(
    browser: Browser,
    administrator: Membership,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(queries, "newest_first", broken)
    browser.raise_request_exception = False

    answer = browser.get(f"/w/{administrator.workspace.slug}/invoices/")

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in page
    assert "the disk is full" not in page
    assert answer.headers["X-Request-Id"] in page
    assert answer.headers["X-Request-Id"] in caplog.text


def test_a_form_without_its_token_is_refused_with_a_way_on(administrator: Membership) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(administrator.person, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = browser.post(f"/w/{administrator.workspace.slug}/clients/new/", {"name": "Harbour"})

    assert answer.status_code == 403
    assert "This form is out of date" in answer.content.decode()


@pytest.mark.parametrize("path", ["archive/", "edit/"])
def test_actions_take_forms_and_not_links(browser: Browser, administrator: Membership, path: str) -> None:
    client = a_client(administrator)

    browser.get(f"/w/{administrator.workspace.slug}/clients/{client.pk}/{path}")

    client.refresh_from_db()
    assert client.archived_at is None


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(browser: Browser, administrator: Membership, method: str) -> None:
    answer = getattr(browser, method)(f"/w/{administrator.workspace.slug}/invoices/")

    assert answer.status_code == 405


@pytest.mark.parametrize("path", ["/w/a%00b/invoices/", "/w/%3Cscript%3E/invoices/", "/w/" + "a" * 3000 + "/invoices/"])
def test_odd_addresses_are_not_found(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_body_that_is_no_text_is_refused(browser: Browser, administrator: Membership) -> None:
    answer = browser.post(
        f"/w/{administrator.workspace.slug}/clients/new/",
        data=b"name=%ff%fe&currency=GBP",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in (400, 422)
