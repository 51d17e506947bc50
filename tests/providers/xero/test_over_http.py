"""Xero's own ways, over HTTP against the sandbox: what people do over there, limits, rights and trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from socket import socket
from typing import Any

import pytest

from keito_books.accounting.documents import (
    Address,
    ContactDocument,
    DocumentLine,
    InvoiceDocument,
    RemoteInvoice,
    RemoteStatus,
    TrackingChoice,
)
from keito_books.accounting.errors import (
    MustReconnect,
    OutcomeUnknown,
    ProviderError,
    Refused,
    TokenRejected,
    TryAgainLater,
)
from keito_books.accounting.port import Access, Declined, Verdict
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.providers import deadlines
from keito_books.providers.settings import ProviderSettings
from keito_books.providers.xero.provider import XeroProvider
from providers.contract import NOW, NOWHERE, Stage, declined
from providers.raw_server import answer, plain_reply, raw_server
from sandbox_client import Client
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
READ_ONLY = "Wattle Row Pty Ltd"
AN_HOUR_SECONDS = 3600.0


def put(stage: Stage, *invoices: InvoiceDocument) -> tuple[Verdict, ...]:
    return stage.send(stage.documents.prepare_invoices(invoices))


def the_refusal(verdicts: tuple[Verdict, ...]) -> Refusal:
    (verdict,) = verdicts
    assert isinstance(verdict, Declined), verdict
    return verdict.refusal


def error_of(stage: Stage, invoice: InvoiceDocument) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        put(stage, invoice)
    return caught.value


def one_line_changed(invoice: InvoiceDocument, **changes: Any) -> InvoiceDocument:
    return replace(invoice, lines=(replace(invoice.lines[0], **changes),))


@pytest.mark.promise("P26")
def test_tracking_reaches_the_line(stage: Stage, sandbox: RunningSandbox) -> None:
    books = stage.documents.read_books(stage.access, now=NOW)
    tracking = tuple(
        TrackingChoice(each.id, each.name, each.options[0].id, each.options[0].name) for each in books.tracking
    )

    remote = stage.put_invoice(one_line_changed(stage.an_invoice(), tracking=tracking))

    other = Client(sandbox)
    with other.http:
        (line,) = other.get(f"/Invoices/{remote.id}")["Invoices"][0]["LineItems"]
    assert {(each["Name"], each["Option"]) for each in line["Tracking"]} == {
        ("Region", "North"),
        ("Department", "Design"),
    }


@pytest.mark.fault("F65")
def test_a_tracking_option_that_is_gone_is_declined_as_such(stage: Stage, sandbox: RunningSandbox) -> None:
    books = stage.documents.read_books(stage.access, now=NOW)
    region = next(each for each in books.tracking if each.name == "Region")
    choice = TrackingChoice(region.id, "Region", region.options[0].id, region.options[0].name)
    invoice = one_line_changed(stage.an_invoice(), tracking=(choice,))
    sandbox.bookkeeper(BRITISH, "remove tracking option", category="Region", option=choice.option_name)

    assert declined(put(stage, invoice)) is RefusalCode.TRACKING_NOT_VALID


def test_an_archived_account_is_declined_as_such(stage: Stage, sandbox: RunningSandbox) -> None:
    invoice = stage.an_invoice()
    sandbox.bookkeeper(BRITISH, "archive account", account=invoice.lines[0].account_code)

    assert declined(put(stage, invoice)) is RefusalCode.ACCOUNT_ARCHIVED


def test_a_bank_account_takes_no_revenue(stage: Stage) -> None:
    books = stage.documents.read_books(stage.access, now=NOW)
    bank = next(each for each in books.accounts if each.type == "BANK")

    verdicts = put(stage, one_line_changed(stage.an_invoice(), account_id=bank.id))

    assert declined(verdicts) is RefusalCode.ACCOUNT_NOT_VALID


@pytest.mark.promise("P63")
def test_a_tax_type_of_purchases_does_not_fit_a_sales_account(stage: Stage) -> None:
    books = stage.documents.read_books(stage.access, now=NOW)
    rate = next(
        each
        for each in books.tax_rates
        if each.is_active and not each.applies_to_revenue and each.effective_rate == Decimal(20)
    )
    invoice = stage.an_invoice()
    tax = replace(invoice.lines[0].tax, tax_type=rate.tax_type)

    assert declined(put(stage, one_line_changed(invoice, tax=tax))) is RefusalCode.TAX_TYPE_NOT_ALLOWED


def test_an_archived_contact_takes_no_invoice_and_is_found_as_archived(stage: Stage, sandbox: RunningSandbox) -> None:
    invoice = stage.an_invoice()
    sandbox.bookkeeper(BRITISH, "archive contact", contact="Contract Ltd")

    assert declined(put(stage, invoice)) is RefusalCode.CONTACT_ARCHIVED
    (found,) = stage.documents.find_contacts(stage.access, ContactDocument("KC-other", "Contract Ltd"))
    assert found.is_archived


@pytest.mark.fault("F52")
@pytest.mark.promise("P42")
def test_a_merged_contact_is_followed_by_id_by_marker_and_by_name(stage: Stage, sandbox: RunningSandbox) -> None:
    loser = stage.put_contact(ContactDocument("KC-loser", "Loser Ltd"))
    middle = stage.put_contact(ContactDocument("KC-middle", "Middle Ltd"))
    winner = stage.put_contact(ContactDocument("KC-winner", "Winner Ltd"))
    sandbox.bookkeeper(BRITISH, "merge contacts", contact="Loser Ltd", into="Middle Ltd")
    sandbox.bookkeeper(BRITISH, "merge contacts", contact="Middle Ltd", into="Winner Ltd")

    by_id = stage.documents.get_contact(stage.access, loser.id)
    by_marker = stage.documents.find_contacts(stage.access, ContactDocument("KC-loser", "Whatever Ltd"))
    by_name = stage.documents.find_contacts(stage.access, ContactDocument("KC-9", "Middle Ltd"))

    assert middle.id != winner.id
    assert by_id is not None
    assert by_id.id == winner.id
    assert [each.id for each in by_marker] == [winner.id]
    assert [each.id for each in by_name] == [winner.id]


def test_several_contacts_with_one_tax_number_are_all_told(stage: Stage) -> None:
    for marker, name in (("KC-1", "Acme North Ltd"), ("KC-2", "Acme South Ltd")):
        stage.put_contact(ContactDocument(marker, name, tax_number="GB555666777"))

    found = stage.documents.find_contacts(stage.access, ContactDocument("KC-9", "Acme", tax_number="GB555666777"))

    assert sorted(each.name for each in found) == ["Acme North Ltd", "Acme South Ltd"]


@pytest.mark.fault("F125")
def test_a_contact_s_details_arrive_whatever_their_script(stage: Stage) -> None:
    contact = ContactDocument(
        marker="KC-wide",
        name='Zoë "Quote" & Sons <x> שלום 株式会社 🧾\x00',
        first_name="Zoë",
        last_name="O'Brien",
        email="zoe@example.com",
        phone="+44 20 7946 0000",
        address=Address("1 High Street\nFlat 2", "London", "", "N1 9GU", "Côte d'Ivoire"),
        tax_number="GB123",
        currency="GBP",
        terms_days=30,
    )

    remote = stage.put_contact(contact)

    assert remote.name == 'Zoë "Quote" & Sons ‹x› שלום 株式会社 🧾�'
    assert [each.id for each in stage.documents.find_contacts(stage.access, replace(contact, marker="KC-x"))] == [
        remote.id
    ]


def test_an_invalid_e_mail_address_is_declined_as_such(stage: Stage) -> None:
    write = stage.documents.prepare_contacts([ContactDocument("KC-1", "Bad Mail Ltd", email="not an address")])

    assert declined(stage.send(write)) is RefusalCode.EMAIL_NOT_VALID


@pytest.mark.fault("F66")
def test_a_locked_period_names_its_date(stage: Stage, sandbox: RunningSandbox) -> None:
    sandbox.bookkeeper(BRITISH, "set lock date", date="2026-11-30", **{"for": "everyone"})

    refusal = the_refusal(put(stage, stage.an_invoice()))

    assert refusal.code is RefusalCode.PERIOD_LOCKED
    assert refusal.details["locked_until"] == "30 November 2026"
    organisation = stage.documents.read_books(stage.access, now=NOW).organisation
    assert organisation.year_locked_until == date(2026, 11, 30)


def test_a_currency_that_is_not_enabled_is_declined_as_such(stage: Stage) -> None:
    refusal = the_refusal(put(stage, replace(stage.an_invoice(), currency="CHF")))

    assert (refusal.code, refusal.details["currency"]) == (RefusalCode.CURRENCY_NOT_ENABLED, "CHF")


def test_the_cap_of_an_old_plan_is_told_as_such(stage: Stage, sandbox: RunningSandbox) -> None:
    sandbox.bookkeeper(BRITISH, "cap approvals", invoices=0)

    assert declined(put(stage, stage.an_invoice())) is RefusalCode.PLAN_CAP


@pytest.mark.fault("F50")
def test_the_number_of_a_voided_invoice_stays_taken(stage: Stage, sandbox: RunningSandbox) -> None:
    stage.put_invoice(stage.an_invoice())
    sandbox.bookkeeper(BRITISH, "void invoice", invoice="KB-0001")

    code = declined(put(stage, stage.an_invoice()))

    (found,) = stage.documents.find_invoices(stage.access, "KB-0001")
    assert code in {RefusalCode.NUMBER_TAKEN, RefusalCode.NUMBER_VOIDED}
    assert found.status is RemoteStatus.VOIDED


def test_a_payment_on_a_paid_invoice_is_declined_as_not_payable(stage: Stage, sandbox: RunningSandbox) -> None:
    remote = stage.put_invoice(stage.an_invoice())
    sandbox.bookkeeper(BRITISH, "pay invoice", invoice="KB-0001")

    verdicts = stage.send(stage.documents.prepare_payments([stage.a_payment(remote, "1.00")]))

    assert declined(verdicts) is RefusalCode.INVOICE_NOT_PAYABLE


def test_a_payment_to_a_sales_account_is_declined_as_such(stage: Stage) -> None:
    remote = stage.put_invoice(stage.an_invoice())
    sales = stage.an_invoice("KB-0002").lines[0].account_id

    verdicts = stage.send(
        stage.documents.prepare_payments([replace(stage.a_payment(remote, "1.00"), account_id=sales)])
    )

    assert declined(verdicts) is RefusalCode.PAYMENT_ACCOUNT_NOT_VALID


def test_a_reconciled_payment_is_told_as_reconciled(stage: Stage, sandbox: RunningSandbox) -> None:
    remote = stage.put_invoice(stage.an_invoice())
    payment = stage.put_payment(stage.a_payment(remote, "1.00"))
    sandbox.bookkeeper(BRITISH, "reconcile payment", payment=payment.id)

    again = stage.documents.get_payment(stage.access, payment.id)

    assert again is not None
    assert again.is_reconciled
    assert (
        declined(stage.send(stage.documents.prepare_payment_deletion(payment.id))) is RefusalCode.PAYMENT_NOT_DELETABLE
    )


@pytest.mark.promise("P64")
def test_a_user_who_may_only_read_is_told_as_lacking_the_role(sandbox: RunningSandbox, provider: XeroProvider) -> None:
    grant = sandbox.grant([READ_ONLY])
    access = Access(grant["access_token"], grant["tenant_ids"][0], lambda _: None)
    write = provider.documents.prepare_contacts([ContactDocument("KC-1", "Nobody Ltd")])

    with pytest.raises(Refused) as caught:
        provider.documents.send(access, write, key="k")

    assert caught.value.refusal.code is RefusalCode.MISSING_ROLE
    assert not provider.documents.read_books(access, now=NOW).organisation.may_create_invoices


@pytest.mark.fault("F45")
@pytest.mark.promise("P64")
def test_a_consent_without_the_scope_is_told_as_such(sandbox: RunningSandbox) -> None:
    grant = sandbox.grant([BRITISH], "openid offline_access accounting.settings.read")
    provider = XeroProvider(ProviderSettings(grant["client_id"], grant["client_secret"], sandbox.url))
    access = Access(grant["access_token"], grant["tenant_ids"][0], lambda _: None)

    with pytest.raises(Refused) as writing:
        provider.documents.send(access, provider.documents.prepare_contacts([ContactDocument("KC", "N")]), key="k")
    with pytest.raises(Refused) as reading:
        provider.documents.find_invoices(access, "KB-0001")

    assert writing.value.refusal.code is reading.value.refusal.code is RefusalCode.MISSING_SCOPE


def test_an_expired_token_is_rejected_and_nothing_is_done(stage: Stage, sandbox: RunningSandbox) -> None:
    invoice = stage.an_invoice()
    sandbox.advance(31 * 60)

    assert isinstance(error_of(stage, invoice), TokenRejected)


def test_an_organisation_that_left_must_be_joined_again(stage: Stage, sandbox: RunningSandbox) -> None:
    invoice = stage.an_invoice()
    sandbox.bookkeeper(BRITISH, "disconnect app")

    error = error_of(stage, invoice)

    assert isinstance(error, MustReconnect)
    assert error.code == "organisation_disconnected"
    with pytest.raises(MustReconnect):
        stage.documents.get_invoice(stage.access, invoice.contact_id)


def test_a_403_while_the_organisation_is_still_joined_ends_no_connection(stage: Stage, sandbox: RunningSandbox) -> None:
    invoice = stage.an_invoice()
    sandbox.fault("PUT /Invoices", "answer 403", times=1)

    error = error_of(stage, invoice)

    assert isinstance(error, Refused)
    assert error.refusal.code is RefusalCode.MISSING_ROLE


@pytest.mark.promise("P65")
def test_sixty_calls_a_minute_are_told_with_the_wait(stage: Stage) -> None:
    for _ in range(60):
        stage.documents.get_invoice(stage.access, NOWHERE)

    with pytest.raises(TryAgainLater) as caught:
        stage.documents.get_invoice(stage.access, NOWHERE)

    assert caught.value.reason == "limit"
    assert caught.value.retry_after is not None
    assert timedelta(0) < caught.value.retry_after <= timedelta(seconds=60)
    assert stage.receipts[0].minute_left == 59
    assert stage.receipts[0].day_left is not None


@pytest.mark.fault("F28")
@pytest.mark.promise("P65")
def test_the_limit_of_the_day_is_told_apart(stage: Stage, sandbox: RunningSandbox) -> None:
    sandbox.fault("GET /Invoices/{id}", "answer 429", times=1, problem="day", retry_after=73451)

    with pytest.raises(TryAgainLater) as caught:
        stage.documents.get_invoice(stage.access, NOWHERE)

    assert (caught.value.reason, caught.value.retry_after) == ("day limit", timedelta(seconds=73451))


@pytest.mark.fault("F15", "F16", "F20", "F22", "F24")
@pytest.mark.parametrize(
    ("then", "has_landed"),
    [
        ("save and drop the reply", True),
        ("save and answer 500", True),
        ("save and cut the reply short", True),
        ("drop the request", False),
        ("answer 500", False),
        ("answer 503", False),
        ("answer an HTML page", False),
    ],
)
def test_a_write_without_a_clear_answer_is_unknown_and_a_look_tells(
    stage: Stage, sandbox: RunningSandbox, then: str, has_landed: bool
) -> None:
    invoice = stage.an_invoice()
    sandbox.fault("PUT /Invoices", then, times=1)

    assert isinstance(error_of(stage, invoice), OutcomeUnknown)
    assert bool(stage.documents.find_invoices(stage.access, "KB-0001")) is has_landed


@pytest.mark.parametrize(
    ("then", "reason"),
    [("drop the request", "unreachable"), ("answer 500", "unreachable"), ("answer 503", "maintenance")],
)
def test_a_read_that_fails_can_be_tried_again(stage: Stage, sandbox: RunningSandbox, then: str, reason: str) -> None:
    sandbox.fault("GET /Invoices", then, times=1)

    with pytest.raises(TryAgainLater) as caught:
        stage.documents.find_invoices(stage.access, "KB-0001")

    assert caught.value.reason == reason


@pytest.mark.fault("F19")
def test_a_slow_answer_ends_at_the_deadline(sandbox: RunningSandbox, stage: Stage) -> None:
    grant = sandbox.grant([BRITISH])
    hasty = ProviderSettings(
        grant["client_id"], grant["client_secret"], sandbox.url, read_seconds=0.3, total_seconds=0.3
    )
    write = stage.documents.prepare_invoices([stage.an_invoice()])
    sandbox.fault("PUT /Invoices", "answer slowly", times=1, seconds=1)

    with pytest.raises(OutcomeUnknown):
        XeroProvider(hasty).documents.send(stage.access, write, key="k")


def test_a_cut_batch_is_unknown_and_its_first_part_is_found(stage: Stage, sandbox: RunningSandbox) -> None:
    batch = [stage.an_invoice(number) for number in ("KB-1", "KB-2", "KB-3")]
    sandbox.fault("PUT /Invoices", "close after saving the first 2", times=1)

    with pytest.raises(OutcomeUnknown):
        put(stage, *batch)

    assert [len(stage.documents.find_invoices(stage.access, each.number)) for each in batch] == [1, 1, 0]


@pytest.mark.fault("F133")
@pytest.mark.promise("P30")
@pytest.mark.parametrize("number", ['INV "7"', "INV,7", "INV\\7", "INV'7 & co", "#7/2026", "100%"])
def test_a_number_of_any_signs_arrives_and_is_found(stage: Stage, number: str) -> None:
    invoice = replace(stage.an_invoice(), number=number, url="https://books.example/i/7")

    (verdict,) = put(stage, invoice)

    (found,) = stage.documents.find_invoices(stage.access, number)
    assert isinstance(verdict.remote, RemoteInvoice)  # type: ignore[union-attr]  # a refusal has none and fails here
    assert found.id == verdict.remote.id  # type: ignore[union-attr]  # the same


def test_an_address_that_names_xero_comes_back_as_ours(stage: Stage) -> None:
    remote = stage.put_invoice(replace(stage.an_invoice(), url="https://books.example/settings/xero/1"))

    assert remote.url == "https://books.example/settings/xero/1"


def test_view_in_xero_leads_to_the_sandbox_s_own_pages(stage: Stage, sandbox: RunningSandbox) -> None:
    remote = stage.put_invoice(stage.an_invoice())

    invoice_page = stage.documents.invoice_address(short_code="!hF7kQ", remote_id=remote.id)
    contact_page = stage.documents.contact_address(short_code="!hF7kQ", remote_id=remote.contact_id)

    browser = Client(sandbox)
    with browser.http:
        assert "KB-0001" in browser.http.get(invoice_page).raise_for_status().text
        assert "Contract Ltd" in browser.http.get(contact_page).raise_for_status().text


def test_view_in_xero_leads_to_xero() -> None:
    documents = XeroProvider(ProviderSettings("id", "secret")).documents

    assert documents.invoice_address(short_code="!hF7kQ", remote_id="abc") == (
        "https://go.xero.com/app/%21hF7kQ/invoicing/view/abc"
    )
    assert documents.contact_address(short_code="!hF7kQ", remote_id="abc") == (
        "https://go.xero.com/app/%21hF7kQ/contacts/contact/abc"
    )


def a_thousand_lines(invoice: InvoiceDocument) -> InvoiceDocument:
    line = replace(invoice.lines[0], quantity=Decimal(1), unit_price=Decimal("0.10"), amount=Decimal("0.10"))
    lines: tuple[DocumentLine, ...] = (line,) * 1000
    totals = replace(
        invoice.totals, subtotal=Decimal("100.00"), discount=Decimal(0), tax=Decimal("20.00"), total=Decimal("120.00")
    )
    return replace(invoice, lines=lines, totals=totals)


@pytest.mark.fault("F124")
def test_a_thousand_lines_arrive_equal(stage: Stage) -> None:
    remote = stage.put_invoice(a_thousand_lines(stage.an_invoice()))

    assert (remote.total, remote.line_count) == (Decimal("120.00"), 1000)


def test_where_xero_cannot_filter_by_tax_number_the_other_rules_still_find() -> None:
    refused = b'{"ErrorNumber":16,"Type":"QueryParseException","Message":"No property TaxNumber exists","Elements":[]}'
    there = b'{"Contacts":[{"ContactID":"c","Name":"Acme","EmailAddress":"a@acme.example"}]}'

    def script(connection: socket) -> None:
        asked = server.requests[-1]
        if b"TaxNumber" in asked:
            connection.sendall(plain_reply(refused, b"400 Bad Request"))
        elif b"EmailAddress" in asked:
            connection.sendall(plain_reply(there))
        else:
            connection.sendall(plain_reply(b"", b"404 Not Found"))

    with raw_server(script) as server:
        documents = XeroProvider(ProviderSettings("id", "secret", server.url)).documents
        access = Access("token", "org", lambda _: None)

        found = documents.find_contacts(
            access, ContactDocument("KC-1", "ACME", email="a@acme.example", tax_number="GB1")
        )

    assert [each.id for each in found] == ["c"]


def test_a_contact_that_carries_another_s_id_as_its_number_is_not_taken_for_it() -> None:
    other = b'{"Contacts":[{"ContactID":"11111111-0000-4000-8000-000000000000","Name":"Other"}]}'
    with raw_server(answer(plain_reply(other))) as server:
        documents = XeroProvider(ProviderSettings("id", "secret", server.url)).documents

        found = documents.get_contact(Access("token", "org", lambda _: None), NOWHERE)

    assert found is None


def test_a_list_that_was_not_filtered_finds_nothing_of_another_number() -> None:
    other = b'{"Invoices":[{"InvoiceID":"i","Type":"ACCREC","InvoiceNumber":"KB-0002","DateString":"2026-03-02"}]}'
    with raw_server(answer(plain_reply(other))) as server:
        documents = XeroProvider(ProviderSettings("id", "secret", server.url)).documents

        assert documents.find_invoices(Access("token", "org", lambda _: None), "KB-0001") == ()


def test_a_worker_that_slept_after_its_permit_sends_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.put_contact(ContactDocument("KC-1", "Awake Ltd"))  # leaves a connection open, on which nothing need be asked
    write = stage.documents.prepare_contacts([ContactDocument("KC-2", "Asleep Ltd")])
    awake = deadlines.elapsed_seconds()

    def permit_and_sleep() -> None:
        monkeypatch.setattr(deadlines, "elapsed_seconds", lambda: awake + AN_HOUR_SECONDS)

    with pytest.raises(TryAgainLater, match="could not be reached"):
        stage.documents.send(replace(stage.access, permit=permit_and_sleep), write, key="asleep")

    monkeypatch.undo()
    assert stage.documents.find_contacts(stage.access, ContactDocument("KC-2", "Asleep Ltd")) == ()
