from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client as Browser

from builders import NOW, a_category, a_client, a_line, a_project, an_administrator, an_invoice, an_invoice_draft
from keito_books.invoicing import actions
from keito_books.invoicing.drafts import SettingsDetails
from keito_books.invoicing.models import Client, Invoice, State
from keito_books.workspaces.models import Membership

HTMX = {"HX-Request": "true"}


def at(membership: Membership, path: str) -> str:
    return f"/w/{membership.workspace.slug}/{path}"


def typed(chosen: Client, **other: str | Sequence[str]) -> dict[str, str | Sequence[str]]:
    form: dict[str, str | Sequence[str]] = {
        "client": str(chosen.pk),
        "issue_date": "2026-03-02",
        "payment_term": "net_30",
        "due_date": "2026-04-01",
        "tax_percent": "20",
        "submission_id": str(uuid4()),
        "line": ["0", "3"],
        "lines-0-description": "Design of the journey",
        "lines-0-quantity": "2.5",
        "lines-0-unit_price": "1,000.00",
        "lines-0-taxed": "on",
        "lines-3-description": "Hosting",
        "lines-3-quantity": "1",
        "lines-3-unit_price": "99.99",
    }
    return {**form, **other}


def charge_vat(administrator: Membership) -> None:
    details = SettingsDetails(
        number_pattern="INV-{YYYY}-{####}",
        next_number=1,
        tax_label="VAT",
        tax_percent=Decimal(20),
        email_subject="Invoice",
        email_body="Hello",
    )
    actions.update_settings(details, by=administrator, now=NOW)


def test_a_new_invoice_keeps_its_lines_in_the_order_of_the_page(browser: Browser, administrator: Membership) -> None:
    charge_vat(administrator)
    client = a_client(administrator)

    answer = browser.post(at(administrator, "invoices/new/"), typed(client))

    invoice = Invoice.objects.get()
    assert answer.headers["Location"] == at(administrator, f"invoices/{invoice.pk}/")
    assert [line.description for line in invoice.lines.order_by("position")] == ["Design of the journey", "Hosting"]
    # 2.5 x 1,000 = 2,500.00 taxed with 20 per cent, and 99.99 without tax
    assert (invoice.subtotal, invoice.tax_amount, invoice.amount) == (
        Decimal("2599.99"),
        Decimal(500),
        Decimal("3099.99"),
    )
    assert invoice.tax_label == "VAT"
    assert invoice.due_date == date(2026, 4, 1)


def test_the_same_form_sent_twice_makes_one_invoice(browser: Browser, administrator: Membership) -> None:
    form = typed(a_client(administrator))

    answers = [browser.post(at(administrator, "invoices/new/"), form) for _ in range(2)]

    assert Invoice.objects.count() == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_a_due_date_of_its_own_makes_the_terms_custom(browser: Browser, administrator: Membership) -> None:
    browser.post(at(administrator, "invoices/new/"), typed(a_client(administrator), due_date="2026-03-12"))

    invoice = Invoice.objects.get()
    assert (invoice.payment_term, invoice.payment_days) == ("custom", 10)


def test_lines_that_nobody_filled_in_are_left_out(browser: Browser, administrator: Membership) -> None:
    form = typed(a_client(administrator), **{"line": ["0", "3", "4"], "lines-4-quantity": "1"})

    browser.post(at(administrator, "invoices/new/"), form)

    assert Invoice.objects.get().lines.count() == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"lines-3-description": ""}, "The description of line 2 is missing"),
        ({"lines-3-description": "x" * 5000}, "has 5,000 characters; at most 4,000 are possible"),
        ({"lines-3-quantity": "1.1234567"}, "The quantity of line 2 can have up to 6 decimals"),
        ({"lines-3-quantity": "-1"}, "can&#x27;t be negative"),
        ({"lines-3-unit_price": "12,50"}, "Write a number such as 1,234.50"),
        ({"lines-3-unit_price": "1000000000000"}, "must be below 1,000,000,000,000"),
        ({"lines-3-description": "a\0b"}, "Null characters are not allowed"),
        ({"due_date": "2026-02-01"}, "The due date (1 February 2026) is before the issue date"),
        ({"issue_date": "1026-03-02"}, "is in the year 1026"),
        ({"issue_date": "soon"}, "Write a date such as 22/11/2026"),
        ({"client": ""}, "Choose the client who gets this invoice"),
        ({"client": "nonsense"}, "Choose one from the list"),
        ({"number": "ÄÖ-1"}, "letters A to Z"),
        ({"discount_percent": "101"}, "must be between 0 and 100"),
        ({"subject": "x" * 256}, "at most 255 are possible"),
        ({"submission_id": "nonsense"}, "This form was damaged on its way"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    browser: Browser, administrator: Membership, changed: dict[str, str], sentence: str
) -> None:
    client = a_client(administrator)

    answer = browser.post(at(administrator, "invoices/new/"), typed(client, purchase_order="PO-4711", **changed))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="PO-4711"' in page
    assert "Design of the journey" in page
    assert not Invoice.objects.exists()


def test_a_taken_number_is_refused_beside_the_number(browser: Browser, administrator: Membership) -> None:
    taken = an_invoice(administrator)

    answer = browser.post(
        at(administrator, "invoices/new/"), typed(a_client(administrator, "Another"), number=taken.number)
    )

    assert answer.status_code == 422
    assert 'id="id_number_error"' in answer.content.decode()


def test_a_client_of_another_workspace_can_not_be_chosen(browser: Browser, administrator: Membership) -> None:
    theirs = a_client(an_administrator())

    answer = browser.post(at(administrator, "invoices/new/"), typed(theirs))

    assert answer.status_code == 422
    assert not Invoice.objects.exists()


def test_a_project_of_another_client_can_not_be_chosen(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)
    other = a_project(administrator, a_client(administrator, "Another"))

    answer = browser.post(at(administrator, "invoices/new/"), typed(client, **{"lines-0-project": str(other.pk)}))

    assert answer.status_code == 422
    assert not Invoice.objects.exists()


def test_running_totals_come_from_the_server(browser: Browser, administrator: Membership) -> None:
    charge_vat(administrator)
    form = typed(a_client(administrator), discount_percent="10")

    page = browser.post(at(administrator, "invoices/new/totals/"), form, headers=HTMX).content.decode()

    # 2,599.99 less 10 per cent (260.00), and 20 per cent of 2,250.00: 2,339.99 + 450.00
    assert "2,599.99" in page
    assert "−260.00" in page
    assert "450.00" in page
    assert "2,789.99" in page
    assert 'data-amount-of="amount-3" value="99.99"' in page


@pytest.mark.parametrize("nonsense", ["", "abc", "9" * 39, "1e9", "-", ".", "٣"])
def test_running_totals_bear_anything_half_typed(browser: Browser, administrator: Membership, nonsense: str) -> None:
    form = typed(
        a_client(administrator),
        discount_percent=nonsense,
        tax_percent=nonsense,
        **{"lines-0-quantity": nonsense, "lines-3-unit_price": nonsense},
    )

    assert browser.post(at(administrator, "invoices/new/totals/"), form, headers=HTMX).status_code == 200


def test_other_terms_give_another_due_date(browser: Browser, administrator: Membership) -> None:
    form = typed(a_client(administrator), payment_term="net_15")

    page = browser.post(at(administrator, "invoices/new/due-date/"), form, headers=HTMX).content.decode()

    assert 'value="2026-03-17"' in page


def test_half_typed_terms_leave_the_due_date_alone(browser: Browser, administrator: Membership) -> None:
    form = typed(a_client(administrator), payment_term="custom", payment_days="")

    page = browser.post(at(administrator, "invoices/new/due-date/"), form, headers=HTMX).content.decode()

    assert 'value="2026-04-01"' in page


def test_another_line_gets_a_key_of_its_own(browser: Browser, administrator: Membership) -> None:
    form = typed(a_client(administrator))

    page = browser.post(at(administrator, "invoices/new/line/"), form, headers=HTMX).content.decode()

    assert 'name="lines-4-description"' in page


def test_without_a_script_buttons_add_and_remove_lines(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)

    more = browser.post(at(administrator, "invoices/new/"), typed(client, add_line="1")).content.decode()
    less = browser.post(at(administrator, "invoices/new/"), typed(client, remove_line="0")).content.decode()

    assert more.count("data-line role") == 3
    assert less.count("data-line role") == 1
    assert "Hosting" in less
    assert not Invoice.objects.exists()


def test_choosing_a_client_changes_what_depends_on_it_and_nothing_else(
    browser: Browser, administrator: Membership
) -> None:
    client = a_client(administrator, "Elsewhere", currency="EUR")
    project = a_project(administrator, client, "Shop")

    page = browser.post(at(administrator, "invoices/new/client/"), typed(client), headers=HTMX).content.decode()

    assert "EUR" in page
    assert page.count(str(project.pk)) == 2  # once for each of the two lines
    assert 'value="2026-04-01"' in page  # 30 days after the issue date as typed
    assert "2,599.99" in page
    assert "<textarea" not in page


def test_without_a_client_the_editor_stays_as_it_is(browser: Browser, administrator: Membership) -> None:
    form = typed(a_client(administrator), client="")

    assert browser.post(at(administrator, "invoices/new/client/"), form, headers=HTMX).status_code == 204


def test_a_draft_is_edited_with_what_it_has(browser: Browser, administrator: Membership) -> None:
    category = a_category(administrator)
    draft = an_invoice_draft(a_client(administrator), lines=[a_line("Old words", category=category)], tax_percent="5")
    invoice = an_invoice(administrator, draft, state=State.DRAFT)

    page = browser.get(at(administrator, f"invoices/{invoice.pk}/edit/")).content.decode()

    assert "Old words" in page
    assert f'<option value="{category.pk}" selected>' in page
    assert 'value="5"' in page


def test_a_draft_changed_in_another_tab_is_not_overwritten(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator, state=State.DRAFT)
    address = at(administrator, f"invoices/{invoice.pk}/edit/")
    form = typed(invoice.client, seen_at=invoice.updated_at.isoformat())
    browser.post(address, form)

    answer = browser.post(address, {**form, "subject": "Mine"})

    assert answer.status_code == 422
    assert "Somebody else changed" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()


def test_an_open_invoice_has_no_editor(browser: Browser, administrator: Membership) -> None:
    invoice = an_invoice(administrator)

    answer = browser.get(at(administrator, f"invoices/{invoice.pk}/edit/"))

    assert answer.headers["Location"] == at(administrator, f"invoices/{invoice.pk}/")


def test_archived_choices_stay_on_the_draft_that_has_them(browser: Browser, administrator: Membership) -> None:
    client = a_client(administrator)
    project = a_project(administrator, client)
    draft = an_invoice_draft(client, lines=[a_line(project=project)])
    invoice = an_invoice(administrator, draft, state=State.DRAFT)
    actions.archive_project(project, by=administrator, now=NOW)
    actions.archive_client(client, by=administrator, now=NOW)

    page = browser.get(at(administrator, f"invoices/{invoice.pk}/edit/")).content.decode()

    assert f'<option value="{project.pk}" selected>' in page
    assert f'<option value="{client.pk}" selected>' in page


def test_the_number_of_queries_does_not_grow_with_the_lines(
    browser: Browser, administrator: Membership, django_assert_max_num_queries: object
) -> None:
    client = a_client(administrator)
    draft = an_invoice_draft(client, lines=[a_line(str(number)) for number in range(60)])
    invoice = an_invoice(administrator, draft, state=State.DRAFT)

    with django_assert_max_num_queries(25):  # type: ignore[operator]  # pytest-django does not export its type
        browser.get(at(administrator, f"invoices/{invoice.pk}/edit/"))
