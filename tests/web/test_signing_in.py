from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from builders import a_membership, a_person
from keito_books.workspaces.models import Membership, Workspace

PASSWORD = "correct horse battery"


@pytest.fixture
def person_with_password(workspace: Workspace) -> Membership:
    cache.clear()  # tries are counted across tests
    return a_membership(workspace, person=a_person(email="ada@example.com", password=PASSWORD))


def test_the_right_password_leads_to_the_workspace(person_with_password: Membership) -> None:
    browser = Browser()

    answer = browser.post("/account/login/", {"login": "Ada@example.com", "password": PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/w/{person_with_password.workspace.slug}/invoices/"


def test_a_wrong_password_keeps_the_address_and_says_what_to_check(person_with_password: Membership) -> None:
    page = Browser().post("/account/login/", {"login": "ada@example.com", "password": "wrong"}).content.decode()

    assert 'role="alert"' in page
    assert 'value="ada@example.com"' in page


def test_signing_in_returns_to_the_page_that_was_asked_for(person_with_password: Membership) -> None:
    browser = Browser()
    wanted = f"/w/{person_with_password.workspace.slug}/clients/?q=x"

    asked = browser.get(wanted)
    answer = browser.post(asked.headers["Location"], {"login": "ada@example.com", "password": PASSWORD})

    assert answer.headers["Location"] == wanted


def test_many_wrong_passwords_lead_to_a_pause(person_with_password: Membership) -> None:
    browser = Browser()
    form = {"login": "ada@example.com", "password": "wrong"}

    pages = [browser.post("/account/login/", form).content.decode() for _ in range(12)]

    assert "Too many" in pages[-1]


def test_signing_out_ends_the_session(browser: Browser, administrator: Membership) -> None:
    browser.post("/account/logout/")

    assert browser.get(f"/w/{administrator.workspace.slug}/invoices/").status_code == 302


def test_signing_out_takes_a_form_and_not_a_link(browser: Browser, administrator: Membership) -> None:
    browser.get("/account/logout/")

    assert browser.get(f"/w/{administrator.workspace.slug}/invoices/").status_code == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("login/", "Forgotten your password?"),
        ("password/reset/", "Send the link"),
        ("password/reset/done/", "Look into your inbox"),
        ("password/reset/key/done/", "Your password is changed"),
        ("signup/", "Nobody signs up alone"),
        ("inactive/", "switched off"),
    ],
)
def test_the_pages_around_signing_in_are_ours(db: None, path: str, words: str) -> None:
    assert words in Browser().get(f"/account/{path}").content.decode()


def test_a_forgotten_password_is_replaced_by_e_mail(person_with_password: Membership, mailoutbox: list[object]) -> None:
    browser = Browser()

    browser.post("/account/password/reset/", {"email": "ada@example.com"})
    body = str(getattr(mailoutbox[0], "body", ""))
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    form_address = browser.get("/" + link.split("/", 3)[3]).headers["Location"]
    browser.post(form_address, {"password1": "another horse battery", "password2": "another horse battery"})

    person_with_password.person.refresh_from_db()
    assert person_with_password.person.check_password("another horse battery")


def test_an_unknown_address_gets_the_same_answer_as_a_known_one(person_with_password: Membership) -> None:
    known = Browser().post("/account/password/reset/", {"email": "ada@example.com"})
    unknown = Browser().post("/account/password/reset/", {"email": "nobody@example.com"})

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


def test_a_password_is_changed_by_its_owner(person_with_password: Membership) -> None:
    browser = Browser()
    browser.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})

    assert "Save the password" in browser.get("/account/password/change/").content.decode()
