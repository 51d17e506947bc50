"""Settings > Integrations: what is shown to whom, what is kept, and what is refused in place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from builders import a_category, a_client, a_line, a_membership, a_project, an_invoice, an_invoice_draft
from connected import a_connection
from keito_books.connections.models import Connection
from keito_books.invoicing.models import State
from keito_books.mapping.models import (
    AccountOverride,
    BooksCopy,
    CurrencyChoice,
    Preferences,
    TaxMapping,
    TrackingMapping,
)
from keito_books.workspaces.models import AuditEntry, Membership, Plan, Role, Workspace

BrowserOf = Callable[[Membership], Browser]


def xero(workspace: Workspace, rest: str = "") -> str:
    return f"/w/{workspace.slug}/settings/integrations/xero/{rest}"


@pytest.fixture(autouse=True)
def _app_is_registered(settings: pytest.FixtureRequest) -> None:
    settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET = "id", "secret"  # type: ignore[attr-defined]  # pytest-django's


def test_an_administrator_on_business_may_connect(browser: Browser, workspace: Workspace) -> None:
    page = browser.get(xero(workspace)).content.decode()

    assert "Connect to Xero</button>" in page
    assert " disabled" not in page


@pytest.mark.promise("P11")
@pytest.mark.parametrize("role", [Role.MEMBER, Role.MANAGER])
def test_others_read_who_may_connect_and_are_refused_at_the_door(
    workspace: Workspace, browser_of: BrowserOf, role: Role
) -> None:
    browser = browser_of(a_membership(workspace, role=role))

    page = browser.get(xero(workspace)).content.decode()
    answer = browser.post(xero(workspace, "connect/"))

    assert "Only Administrators may manage integrations." in page
    assert "disabled" in page
    assert answer.status_code == 403
    assert "Only Administrators may manage integrations." in answer.content.decode()


@pytest.mark.promise("P9")
def test_a_workspace_on_another_plan_reads_what_is_missing_and_is_refused(
    browser: Browser, workspace: Workspace
) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(plan=Plan.PRO)

    page = browser.get(xero(workspace)).content.decode()
    answer = browser.post(xero(workspace, "connect/"))

    assert "Accounting integrations are part of the Business plan." in page
    assert answer.status_code == 403


@pytest.mark.promise("P13", "P14", "P17")
def test_connect_leads_to_the_providers_own_page_with_state_and_challenge(
    browser: Browser, workspace: Workspace
) -> None:
    answer = browser.post(xero(workspace, "connect/"))

    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert address.startswith("https://login.xero.com/identity/connect/authorize?")
    assert "code_challenge=" in address
    assert "state=" in address


def test_only_the_pages_that_connect_may_send_forms_to_xero(browser: Browser, workspace: Workspace) -> None:
    with_button = browser.get(xero(workspace)).headers["Content-Security-Policy"]
    without = browser.get(f"/w/{workspace.slug}/settings/integrations/").headers["Content-Security-Policy"]

    assert "form-action 'self' https://*.xero.com" in with_button
    assert "xero.com" not in without


@pytest.mark.promise("P2", "P3")
def test_another_accounting_system_must_be_disconnected_first(
    browser: Browser, workspace: Workspace, administrator: Membership
) -> None:
    a_connection(workspace, administrator, provider="quickbooks")

    page = browser.get(xero(workspace)).content.decode()
    answer = browser.post(xero(workspace, "connect/"))

    assert "Disconnect QuickBooks before connecting Xero." in page
    assert answer.status_code == 422
    assert "Only one accounting integration can be active at a time." in answer.content.decode()


@pytest.mark.fault("F133")
def test_names_from_xero_are_shown_as_text(browser: Browser, set_up: Connection) -> None:
    page = browser.get(xero(set_up.workspace)).content.decode()

    assert "<script>alert" not in page
    assert "Harbour &lt;script&gt;" in page
    assert "Other &lt;b&gt;Revenue" in page


@pytest.mark.promise("P20", "P23")
def test_sensible_values_are_proposed_and_nothing_is_saved_unasked(browser: Browser, connection: Connection) -> None:
    page = browser.get(xero(connection.workspace)).content.decode()

    assert '<option value="account-200" selected>Sales (200)</option>' in page
    assert "Nothing is saved yet." in page
    assert not Preferences.objects.exists()


@pytest.mark.promise("P19", "P20", "P22")
def test_the_accounts_are_kept_and_the_path_goes_on_to_the_tax_rates(browser: Browser, connection: Connection) -> None:
    sent = {"revenue_account": "account-200", "payment_account": "account-090", "invoices_as": "draft"}

    answer = browser.post(xero(connection.workspace, "accounts/"), sent)

    assert answer.status_code == 303
    kept = Preferences.objects.get()
    assert (kept.revenue_account_id, kept.payment_account_id, kept.invoices_as) == (
        "account-200",
        "account-090",
        "draft",
    )
    assert "Save tax rates and go on" in browser.get(answer.headers["Location"]).content.decode()


def test_an_account_that_takes_no_revenue_is_refused_beside_its_field(browser: Browser, connection: Connection) -> None:
    sent = {"revenue_account": "account-090", "payment_account": "", "invoices_as": "draft"}

    answer = browser.post(xero(connection.workspace, "accounts/"), sent)

    assert answer.status_code == 422
    assert "This account is not among those that may be chosen." in answer.content.decode()
    assert not Preferences.objects.exists()


@pytest.mark.fault("F64")
@pytest.mark.promise("P24", "P25")
def test_a_pair_of_rates_that_cannot_match_is_refused_in_place(browser: Browser, set_up: Connection) -> None:
    answer = browser.post(xero(set_up.workspace, "taxes/"), {"-/-": "RROUTPUT"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Keito charges 0 % here and 5% (VAT on Income) is 5 % in Xero, so totals would differ." in page
    assert TaxMapping.objects.get(tax1=None, tax2=None).tax_type == "NONE"


def test_each_situation_in_use_shows_how_many_open_invoices_have_it(
    browser: Browser, set_up: Connection, administrator: Membership
) -> None:
    client = a_client(administrator)
    for _ in range(2):
        lines = [a_line(taxed=True)]
        an_invoice(administrator, an_invoice_draft(client, lines=lines, tax_percent="12.5"))

    page = browser.get(xero(set_up.workspace)).content.decode()

    assert "2 open invoices" in page
    assert "Xero has no sales tax rate of 12.5 %." in page
    assert "1 tax situation of open invoices has no tax rate in Xero yet." in page


@pytest.mark.promise("P26")
def test_tracking_is_prefilled_where_names_are_equal_and_kept_as_chosen(
    browser: Browser, set_up: Connection, administrator: Membership
) -> None:
    project = a_project(administrator, a_client(administrator), "Website")
    table = browser.get(xero(set_up.workspace, "tracking/region/"), {"region-source": "project"}).content.decode()
    assert '<option value="web" selected>website</option>' in table
    assert not TrackingMapping.objects.exists()

    answer = browser.post(
        xero(set_up.workspace, "tracking/"), {"region-source": "project", f"region-{project.pk}": "north"}
    )

    assert answer.status_code == 303
    kept = TrackingMapping.objects.get()
    assert (kept.source, kept.options) == ("project", {str(project.pk): "north"})


def test_a_fixed_tracking_option_must_be_chosen(browser: Browser, set_up: Connection) -> None:
    answer = browser.post(xero(set_up.workspace, "tracking/"), {"region-source": "fixed", "region-fixed": ""})

    assert answer.status_code == 422
    assert "Choose the option that every line gets." in answer.content.decode()


@pytest.mark.promise("P20")
def test_projects_and_categories_may_have_other_accounts(
    browser: Browser, set_up: Connection, administrator: Membership
) -> None:
    category = a_category(administrator, "Hosting")

    answer = browser.post(xero(set_up.workspace, "overrides/"), {str(category.pk): "account-260"})

    assert answer.status_code == 303
    assert AccountOverride.objects.get().account_id == "account-260"
    assert "1 in use" in browser.get(xero(set_up.workspace)).content.decode()


def test_without_lists_the_page_says_so_and_offers_to_read_them_again(browser: Browser, connection: Connection) -> None:
    BooksCopy.objects.all().delete()

    page = browser.get(xero(connection.workspace)).content.decode()
    refused = browser.post(xero(connection.workspace, "accounts/"), {"revenue_account": "account-200"})

    assert "We could not read the lists" in page
    assert "Refresh lists</button>" in page
    assert refused.status_code == 422


@pytest.mark.promise("P59", "P60")
def test_an_expired_connection_offers_reconnect_and_keeps_its_settings(browser: Browser, set_up: Connection) -> None:
    because = "Xero no longer accepts it."
    Connection.objects.update(state=Connection.State.EXPIRED, expired_because=because)

    page = browser.get(xero(set_up.workspace)).content.decode()

    assert "Expired" in page
    assert because in page
    assert "Reconnect</button>" in page
    assert '<option value="account-200" selected>' in page


@pytest.mark.promise("P54", "P55")
def test_disconnect_asks_first_and_names_what_stays(browser: Browser, set_up: Connection) -> None:
    page = browser.get(xero(set_up.workspace, "disconnect/")).content.decode()

    assert "What stops" in page
    assert "Everything that was copied stays in both systems." in page
    set_up.refresh_from_db()
    assert set_up.is_active


def test_reading_pages_changes_nothing(browser: Browser, set_up: Connection) -> None:
    written = AuditEntry.objects.count()

    for rest in ("", "?step=tracking", "disconnect/", "tracking/region/?region-source=client"):
        assert browser.get(xero(set_up.workspace, rest)).status_code == 200
    for rest in ("connect/", "lists/", "accounts/", "taxes/", "tracking/", "overrides/"):
        assert browser.get(xero(set_up.workspace, rest)).status_code == 405

    assert AuditEntry.objects.count() == written


@pytest.mark.parametrize("rest", ["", "disconnect/", "tracking/region/"])
def test_strangers_can_not_tell_that_the_workspace_exists(set_up: Connection, browser_of: BrowserOf, rest: str) -> None:
    stranger = browser_of(a_membership())

    assert stranger.get(xero(set_up.workspace, rest)).status_code == 404


def test_saving_is_the_administrators_and_needs_the_plan(set_up: Connection, browser_of: BrowserOf) -> None:
    manager = browser_of(a_membership(set_up.workspace, role=Role.MANAGER, may_send_invoices=True))

    for rest in ("lists/", "accounts/", "taxes/", "tracking/", "overrides/", "disconnect/"):
        assert manager.post(xero(set_up.workspace, rest), {}).status_code == 403

    set_up.refresh_from_db()
    assert set_up.is_active


def test_copying_when_sent_is_kept_and_the_send_dialog_says_so(
    browser: Browser, set_up: Connection, administrator: Membership
) -> None:
    draft = an_invoice(administrator, state=State.DRAFT)
    dialog = f"/w/{set_up.workspace.slug}/invoices/{draft.pk}/send/"
    assert "in Xero by itself" not in browser.get(dialog).content.decode()

    answer = browser.post(xero(set_up.workspace, "behaviour/"), {"copies_when_sent": "on"})

    assert answer.headers["Location"].endswith("#behaviour")
    page = browser.get(xero(set_up.workspace)).content.decode()
    assert re.search(r'<input type="checkbox" name="copies_when_sent"[^>]*checked', page)
    assert "in Xero by itself" in browser.get(dialog).content.decode()
    browser.post(xero(set_up.workspace, "behaviour/"), {})
    assert not Preferences.objects.get().copies_when_sent


def test_a_section_that_somebody_saved_meanwhile_is_not_overwritten(browser: Browser, set_up: Connection) -> None:
    workspace = set_up.workspace
    page = browser.get(xero(workspace)).content.decode()
    seen = re.search(r'action="[^"]*/accounts/[^>]*>.*?name="seen" value="(\w+)"', page, re.DOTALL)
    assert seen
    chosen = {"revenue_account": "account-260", "payment_account": "", "invoices_as": "draft", "seen": seen[1]}

    first = browser.post(xero(workspace, "accounts/"), chosen, follow=True).content.decode()
    second = browser.post(
        xero(workspace, "accounts/"), {**chosen, "revenue_account": "account-200"}, follow=True
    ).content.decode()

    assert "The accounts are saved." in first
    assert "Somebody saved this section after you had opened it" in second
    assert Preferences.objects.get().revenue_account_id == "account-260"


def test_other_currencies_are_asked_about_once_an_invoice_has_one(
    browser: Browser, set_up: Connection, administrator: Membership
) -> None:
    before = browser.get(xero(set_up.workspace)).content.decode()
    an_invoice(administrator, client=a_client(administrator, "Berlin GmbH", currency="EUR"))
    page = browser.get(xero(set_up.workspace)).content.decode()

    refused = browser.post(xero(set_up.workspace, "currencies/"), {"EUR": "", "EUR-rate": "zero"})
    saved = browser.post(xero(set_up.workspace, "currencies/"), {"EUR": "account-090", "EUR-rate": "1.1725"})

    assert "Other currencies" not in before
    assert "Payment Account for EUR" in page
    assert (refused.status_code, saved.status_code) == (422, 303)
    kept = CurrencyChoice.objects.get()
    assert (kept.currency, kept.payment_account_id, str(kept.rate)) == ("EUR", "account-090", "1.172500")


def test_what_saving_would_change_is_shown_and_nothing_is_saved(
    browser: Browser, set_up: Connection, administrator: Membership
) -> None:
    invoice = an_invoice(administrator)
    sent = {"revenue_account": "account-260", "payment_account": "", "invoices_as": "awaiting_payment"}

    answer = browser.post(xero(set_up.workspace, "effect/accounts/"), sent, headers={"HX-Request": "true"})
    whole = browser.post(xero(set_up.workspace, "effect/accounts/"), sent)

    assert invoice.number in answer.content.decode()
    assert "Nothing is saved yet" in answer.content.decode()
    assert "<html" in whole.content.decode()
    assert Preferences.objects.get().revenue_account_id == "account-200"


def test_a_sample_line_shows_both_sides(browser: Browser, set_up: Connection, administrator: Membership) -> None:
    taxed = an_invoice_draft(a_client(administrator), lines=[a_line(taxed=True)], tax_percent="20")
    an_invoice(administrator, draft=taxed)
    sent = {"quantity": "1", "unit_price": "100", "discount": "", "taxed": "20/-", "20/-": "RROUTPUT"}
    page = browser.post(xero(set_up.workspace, "sample/"), sent, headers={"HX-Request": "true"})
    wrong = browser.post(xero(set_up.workspace, "sample/"), {**sent, "unit_price": "many"})

    assert "120.00" in page.content.decode()
    assert "105.00" in page.content.decode()
    assert "Would fail" in page.content.decode()
    assert wrong.status_code == 422


@pytest.mark.parametrize("rest", ["effect/accounts/", "sample/", "currencies/"])
def test_the_lab_is_for_administrators(
    workspace: Workspace, set_up: Connection, browser_of: BrowserOf, rest: str
) -> None:
    manager = browser_of(a_membership(workspace, role=Role.MANAGER))

    assert manager.post(xero(workspace, rest), {}).status_code == 403


@pytest.mark.fault("F64")
def test_a_rate_that_vanished_is_told_on_the_settings_page_and_over_the_invoices(
    browser: Browser, set_up: Connection, administrator: Membership, browser_of: BrowserOf
) -> None:
    TaxMapping.objects.filter(tax1=20).update(tax_type="<b>GONE</b>")
    invoices = f"/w/{set_up.workspace.slug}/invoices/"
    manager = browser_of(a_membership(set_up.workspace, role=Role.MANAGER))

    settings_page = browser.get(xero(set_up.workspace)).content.decode()

    assert "&lt;b&gt;GONE&lt;/b&gt;, used for lines taxed 20 %, is no longer in Xero." in settings_page
    assert "<b>GONE</b>" not in settings_page
    assert "no longer holds, since something changed there" in browser.get(invoices).content.decode()
    assert "no longer holds" not in manager.get(invoices).content.decode()
