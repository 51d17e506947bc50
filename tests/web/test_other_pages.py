from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client as Browser

from builders import (
    NOW,
    a_category,
    a_client,
    a_membership,
    a_person,
    a_project,
    a_workspace,
    an_administrator,
    an_invoice,
)
from keito_books.invoicing import actions
from keito_books.invoicing.books import settings_of
from keito_books.invoicing.models import Client, ClientContact, ItemCategory, Project
from keito_books.workspaces.models import AuditEntry, Membership, Person, Role, Workspace

HTMX = {"HX-Request": "true"}
SignIn = Callable[[Membership], Browser]

PAGES = [
    "invoices/",
    "invoices/new/",
    "clients/",
    "clients/new/",
    "projects/",
    "projects/new/",
    "activity/",
    "settings/",
    "settings/company/",
    "settings/invoices/",
    "settings/categories/",
    "settings/categories/new/",
    "settings/people/",
    "settings/people/new/",
    "settings/integrations/",
]
FOR_ADMINISTRATORS = [
    "activity/",
    "settings/company/",
    "settings/invoices/",
    "settings/categories/",
    "settings/categories/new/",
    "settings/people/",
    "settings/people/new/",
]
FOR_EVERYBODY = ["settings/", "settings/integrations/"]
NOT_FOR_PLAIN_MANAGERS = [*FOR_ADMINISTRATORS, "invoices/new/"]


def at(membership: Membership, path: str) -> str:
    return f"/w/{membership.workspace.slug}/{path}"


def once(**typed: str) -> dict[str, str]:
    return {"submission_id": str(uuid4()), **typed}


@pytest.mark.parametrize("path", PAGES)
def test_an_administrator_opens_every_page(browser: Browser, administrator: Membership, path: str) -> None:
    assert browser.get(at(administrator, path)).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_manager_without_toggles_opens_what_managers_may(manager: Membership, browser_of: SignIn, path: str) -> None:
    answer = browser_of(manager).get(at(manager, path))

    assert answer.status_code == (403 if path in NOT_FOR_PLAIN_MANAGERS else 200)


@pytest.mark.parametrize("path", PAGES)
def test_a_member_opens_what_everybody_may_and_reads_why_not_elsewhere(
    member: Membership, browser_of: SignIn, path: str
) -> None:
    answer = browser_of(member).get(at(member, path))

    allowed = path in FOR_EVERYBODY
    assert answer.status_code == (200 if allowed else 403)
    assert allowed or "Ask an Administrator of Fernhill Studio" in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_can_not_tell_a_workspace_from_nothing(browser: Browser, path: str) -> None:
    theirs = an_administrator()

    assert browser.get(at(theirs, path)).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_nobody_opens_a_page_without_signing_in(administrator: Membership, path: str) -> None:
    answer = Browser().get(at(administrator, path))

    assert answer.headers["Location"].startswith("/account/login/?next=/w/")


@pytest.mark.parametrize("path", PAGES)
def test_pages_send_a_strict_policy_and_hold_nothing_that_it_forbids(
    browser: Browser, administrator: Membership, path: str
) -> None:
    answer = browser.get(at(administrator, path))

    page = answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick" not in page


def test_behind_the_scenes_a_signed_out_browser_gets_401_and_a_sentence(administrator: Membership) -> None:
    answer = Browser().get(at(administrator, "invoices/"), headers=HTMX)

    assert answer.status_code == 401
    assert "You have been signed out" in answer.content.decode()


# --- the way in --------------------------------------------------------------------------------------------------


def test_the_start_page_leads_to_the_workspace_of_last_time(browser: Browser, administrator: Membership) -> None:
    elsewhere = a_membership(a_workspace("Zebra"), person=administrator.person)
    browser.get(at(elsewhere, "invoices/"))

    assert browser.get("/").headers["Location"] == at(elsewhere, "invoices/")


def test_a_person_without_a_workspace_is_told_whom_to_ask(db: None) -> None:
    browser = Browser()
    browser.force_login(a_person(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "Ask an Administrator" in browser.get("/").content.decode()


def test_a_theme_is_remembered_and_shown_from_the_first_byte(browser: Browser, administrator: Membership) -> None:
    here = at(administrator, "invoices/")

    answer = browser.post("/theme/", {"theme": "dark", "next": here})

    assert answer.headers["Location"] == here
    assert '<html lang="en-GB" data-theme="dark">' in browser.get(here).content.decode()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "/a\0b"])
def test_choosing_a_theme_never_leads_elsewhere(browser: Browser, address: str) -> None:
    assert browser.post("/theme/", {"theme": "dark", "next": address}).headers["Location"] == "/"


# --- clients and projects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", 'O’Brien "Quick" & Co', "株式会社 東京", "شركة النور", "🌿", "A" * 255]
)
def test_a_client_may_have_any_printable_name(browser: Browser, administrator: Membership, name: str) -> None:
    browser.post(at(administrator, "clients/new/"), once(name=name, currency="GBP"))

    client = Client.objects.get()
    page = browser.get(at(administrator, f"clients/{client.pk}/")).content.decode()
    assert client.name == name
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "a\0b"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "A" * 256}, "name"),
        ({"email": "nobody"}, "email"),
        ({"currency": "XXX"}, "currency"),
        ({"discount_percent": "200"}, "discount_percent"),
        ({"payment_term": "custom"}, "payment_days"),
    ],
)
def test_a_client_that_can_not_be_kept_is_refused_beside_the_field(
    browser: Browser, administrator: Membership, changed: dict[str, str], field: str
) -> None:
    form = once(name="Harbour", currency="GBP", city="Bristol") | changed

    answer = browser.post(at(administrator, "clients/new/"), form)

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert 'value="Bristol"' in answer.content.decode()
    assert not Client.objects.exists()


def test_a_client_form_sent_twice_makes_one_client(browser: Browser, administrator: Membership) -> None:
    form = once(name="Harbour", currency="GBP")

    answers = [browser.post(at(administrator, "clients/new/"), form) for _ in range(2)]

    assert Client.objects.count() == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_a_client_is_changed_archived_and_restored(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)

    browser.post(at(administrator, f"clients/{client.pk}/edit/"), once(name="Harbour Ltd", currency="GBP"))
    browser.post(at(administrator, f"clients/{client.pk}/archive/"))
    archived = browser.get(at(administrator, "clients/?archived=1")).content.decode()
    browser.post(at(administrator, f"clients/{client.pk}/archive/"), {"restore": "1"})

    assert "Harbour Ltd" in archived
    assert Client.objects.get().archived_at is None


def test_contacts_come_and_go(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)
    contacts = at(administrator, f"clients/{client.pk}/contacts/")

    browser.post(f"{contacts}new/", once(first_name="Priya", email="priya@example.com"))
    contact = ClientContact.objects.get()
    browser.post(f"{contacts}{contact.pk}/", once(first_name="Priya", last_name="Shah"))
    page = browser.get(at(administrator, f"clients/{client.pk}/")).content.decode()
    browser.post(f"{contacts}{contact.pk}/delete/")

    assert "Priya Shah" in page
    assert not ClientContact.objects.exists()


def test_the_client_list_says_what_is_owed_with_one_query_more(
    browser: Browser, administrator: Membership, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        an_invoice(administrator, client=a_client(administrator, f"Client {number}"))

    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django does not export its type
        page = browser.get(at(administrator, "clients/")).content.decode()

    assert page.count("100.00</span> overdue") == 12


def test_projects_are_made_renamed_and_archived(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)

    browser.post(at(administrator, "projects/new/"), once(client=str(client.pk), name="Website", code="HAR-1"))
    project = Project.objects.get()
    browser.post(at(administrator, f"projects/{project.pk}/edit/"), once(name="New website"))
    browser.post(at(administrator, f"projects/{project.pk}/archive/"))

    project.refresh_from_db()
    assert project.name == "New website"
    assert project.archived_at is not None


def test_things_of_another_workspace_are_not_there(browser: Browser, administrator: Membership) -> None:
    other = an_administrator()
    client, category = a_client(other), a_category(other)
    project = a_project(other, client)

    for path in (
        f"clients/{client.pk}/",
        f"clients/{client.pk}/edit/",
        f"clients/{client.pk}/contacts/new/",
        f"projects/{project.pk}/edit/",
        f"settings/categories/{category.pk}/edit/",
        f"settings/people/{other.pk}/",
    ):
        assert browser.get(at(administrator, path)).status_code == 404


@pytest.mark.parametrize("path", ["clients/", "projects/", "activity/"])
@pytest.mark.parametrize("query", ["q=%00", "page=-3", "page=nonsense", "archived=maybe", "person=x&since=never"])
def test_lists_bear_any_address(browser: Browser, administrator: Membership, path: str, query: str) -> None:
    assert browser.get(at(administrator, f"{path}?{query}")).status_code == 200


# --- settings ----------------------------------------------------------------------------------------------------


def test_the_company_is_changed(browser: Browser, administrator: Membership) -> None:
    form = {"name": "Fernhill Ltd", "currency": "NZD", "time_zone": "Pacific/Auckland", "address": "1 Quay\r\nBristol"}

    answer = browser.post(at(administrator, "settings/company/"), form)

    workspace = Workspace.objects.get()
    assert answer.status_code == 302
    assert (workspace.name, workspace.currency, workspace.time_zone) == ("Fernhill Ltd", "NZD", "Pacific/Auckland")
    assert workspace.address == "1 Quay\nBristol"


def test_times_are_shown_in_the_workspaces_zone(browser: Browser, administrator: Membership) -> None:
    Workspace.objects.update(time_zone="Pacific/Auckland")
    an_invoice(administrator)

    # 2 Mar 2026, 09:30 UTC is 22:30 in Auckland, where it is summer
    assert "2 Mar 2026, 22:30" in browser.get(at(administrator, "activity/")).content.decode()


def test_the_invoice_settings_are_changed(browser: Browser, administrator: Membership) -> None:
    form = invoice_settings(tax_label="VAT", tax_percent="20")

    browser.post(at(administrator, "settings/invoices/"), form)

    kept = settings_of(administrator.workspace)
    assert (kept.tax_label, kept.tax_percent, kept.next_number) == ("VAT", 20, 7)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number_pattern": "INV"}, "number_pattern"),
        ({"next_number": "0"}, "next_number"),
        ({"next_number": "1.5"}, "next_number"),
        ({"tax_percent": "101"}, "tax_percent"),
        ({"email_body": ""}, "email_body"),
    ],
)
def test_wrong_invoice_settings_are_refused_beside_the_field(
    browser: Browser, administrator: Membership, changed: dict[str, str], field: str
) -> None:
    answer = browser.post(at(administrator, "settings/invoices/"), invoice_settings() | changed)

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_categories_are_added_renamed_and_archived(browser: Browser, administrator: Membership) -> None:
    browser.post(at(administrator, "settings/categories/new/"), once(name="Hosting"))
    category = ItemCategory.objects.get(name="Hosting")

    twice = browser.post(at(administrator, "settings/categories/new/"), once(name="hosting"), headers=HTMX)
    browser.post(at(administrator, f"settings/categories/{category.pk}/edit/"), once(name="Servers"))
    browser.post(at(administrator, f"settings/categories/{category.pk}/archive/"))

    category.refresh_from_db()
    assert twice.status_code == 422
    assert (category.name, category.archived_at is not None) == ("Servers", True)


def test_a_person_is_added_and_told_how_to_get_in(browser: Browser, administrator: Membership) -> None:
    form = {"email": "Mia@Example.com", "name": "Mia", "role": "manager", "may_send_invoices": "on"}

    page = browser.post(at(administrator, "settings/people/new/"), form, follow=True).content.decode()

    added = Membership.objects.get(person__email="mia@example.com")
    assert (added.role, added.may_send_invoices, added.may_draft_invoices) == (Role.MANAGER, True, False)
    assert "Forgotten your password?" in page


def test_a_person_is_not_added_twice(browser: Browser, administrator: Membership) -> None:
    form = {"email": administrator.person.email, "name": "Ada", "role": "member"}

    answer = browser.post(at(administrator, "settings/people/new/"), form)

    assert answer.status_code == 422
    assert "is in this workspace already" in answer.content.decode()
    assert Person.objects.count() == 1


def test_rights_are_changed_and_toggles_fall_with_the_role(
    browser: Browser, administrator: Membership, manager: Membership
) -> None:
    address = at(administrator, f"settings/people/{manager.pk}/")

    browser.post(address, {"role": "manager", "may_draft_invoices": "on"})
    manager.refresh_from_db()
    assert manager.may_draft_invoices
    browser.post(address, {"role": "member", "may_draft_invoices": "on"})

    manager.refresh_from_db()
    assert (manager.role, manager.may_draft_invoices) == (Role.MEMBER, False)


@pytest.mark.parametrize("path", ["", "remove/"])
def test_the_last_administrator_stays(browser: Browser, administrator: Membership, path: str) -> None:
    answer = browser.post(at(administrator, f"settings/people/{administrator.pk}/{path}"), {"role": "member"})

    assert answer.status_code == 422
    assert "is the only Administrator" in answer.content.decode()
    assert Membership.objects.get().is_administrator


def test_a_removed_person_finds_nothing(
    browser: Browser, administrator: Membership, manager: Membership, browser_of: SignIn
) -> None:
    browser.post(at(administrator, f"settings/people/{manager.pk}/remove/"))

    assert browser_of(manager).get(at(manager, "invoices/")).status_code == 404


# --- activity ----------------------------------------------------------------------------------------------------


def test_activity_says_in_plain_words_what_was_done(browser: Browser, administrator: Membership) -> None:
    an_invoice(administrator, paid="40")
    browser.post(at(administrator, "settings/people/new/"), {"email": "m@example.com", "name": "Mia", "role": "member"})

    page = browser.get(at(administrator, "activity/")).content.decode()

    assert "recorded a payment of GBP 40.00" in page
    assert "added Mia as Member" in page


def test_activity_is_filtered_by_kind_and_person(browser: Browser, administrator: Membership) -> None:
    a_client(administrator)
    an_invoice(administrator, client=Client.objects.get())

    by_kind = browser.get(at(administrator, "activity/?kind=client"))
    by_person = browser.get(at(administrator, f"activity/?person={uuid4()}"))

    assert len(by_kind.context["steps"]) == 1
    assert len(by_person.context["steps"]) == 0


def test_a_change_made_on_a_page_carries_the_pages_reference(browser: Browser, administrator: Membership) -> None:
    answer = browser.post(at(administrator, "clients/new/"), once(name="Harbour", currency="GBP"))

    assert AuditEntry.objects.get().request_id == answer.headers["X-Request-Id"]


def test_entries_of_other_rooms_are_still_readable(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)
    actions.archive_client(client, by=administrator, now=NOW)

    assert "archived the client" in browser.get(at(administrator, "activity/")).content.decode()


def invoice_settings(**other: str) -> dict[str, str]:
    form = {
        "number_pattern": "INV-{YYYY}-{####}",
        "next_number": "7",
        "payment_term": "net_30",
        "email_subject": "Invoice {number}",
        "email_body": "Hello",
    }
    return {**form, **other}
