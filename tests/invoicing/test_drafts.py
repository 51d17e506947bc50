"""Drafts: what a new invoice starts from, what it refuses, and who may change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from builders import (
    NOW,
    TODAY,
    a_category,
    a_client,
    a_line,
    a_membership,
    a_payment,
    a_project,
    a_workspace,
    an_administrator,
    an_invoice,
    an_invoice_draft,
)
from keito_books.invoicing import actions, queries
from keito_books.invoicing.drafts import ClientDetails, InvoiceDraft, SettingsDetails
from keito_books.invoicing.errors import ChangedMeanwhile, InvalidValue, NumberTaken, StillInUse, WrongState
from keito_books.invoicing.models import Invoice, PaymentTerm, State
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Membership:
    return an_administrator()


def _create(draft: InvoiceDraft, by: Membership) -> Invoice:
    return actions.create_draft(draft, by=by, now=NOW)


def test_a_new_invoice_gets_the_next_number_its_totals_and_its_due_date(by: Membership) -> None:
    draft = an_invoice_draft(a_client(by), lines=[a_line(unit_price="100", taxed=True)], tax_percent="20")

    first, second = _create(draft, by), _create(draft, by)

    assert (first.number, second.number) == ("INV-2026-0001", "INV-2026-0002")
    assert (first.state, first.amount, first.due_amount) == (State.DRAFT, Decimal(120), Decimal(120))
    assert first.due_date == date(2026, 4, 1)  # 30 days after 2 March


def test_a_blank_invoice_takes_the_clients_terms_before_the_workspaces(by: Membership) -> None:
    details = SettingsDetails(
        number_pattern="{####}",
        next_number=1,
        tax_label="VAT",
        tax_percent=Decimal(20),
        payment_term=PaymentTerm.NET_15,
        email_subject="s",
        email_body="b",
    )
    actions.update_settings(details, by=by, now=NOW)
    plain = a_client(by)
    special = actions.create_client(
        ClientDetails(
            name="Lantern",
            currency="EUR",
            payment_term=PaymentTerm.CUSTOM,
            payment_days=7,
            tax_percent=Decimal(5),
            discount_percent=Decimal(10),
        ),
        by=by,
        now=NOW,
    )

    ordinary, own = actions.blank_draft(plain, today=TODAY), actions.blank_draft(special, today=TODAY)

    assert (ordinary.payment_term, ordinary.tax_percent, ordinary.discount_percent, ordinary.currency) == (
        PaymentTerm.NET_15,
        Decimal(20),
        Decimal(0),
        "GBP",
    )
    assert (own.payment_term, own.payment_days, own.tax_percent, own.discount_percent, own.currency) == (
        PaymentTerm.CUSTOM,
        7,
        Decimal(5),
        Decimal(10),
        "EUR",
    )


def test_a_due_date_that_the_term_does_not_give_makes_a_custom_term(by: Membership) -> None:
    invoice = _create(an_invoice_draft(a_client(by), due_date=TODAY + timedelta(days=10)), by)

    assert (invoice.payment_term, invoice.payment_days) == (PaymentTerm.CUSTOM, 10)


def test_a_due_date_that_the_term_gives_keeps_the_term(by: Membership) -> None:
    invoice = _create(an_invoice_draft(a_client(by), due_date=TODAY + timedelta(days=30)), by)

    assert (invoice.payment_term, invoice.payment_days) == (PaymentTerm.NET_30, None)


def test_a_flag_for_a_tax_that_is_not_charged_is_dropped(by: Membership) -> None:
    invoice = _create(an_invoice_draft(a_client(by), lines=[a_line(taxed=True, taxed2=True)], tax_percent="20"), by)

    line = invoice.lines.get()
    assert (line.taxed, line.taxed2) == (True, False)


@pytest.mark.fault("F125")
@pytest.mark.parametrize(
    "name",
    [
        "李さん",
        "شركة النور",
        'Ω\'mega & Söhne "GmbH"',
        "<script>alert(1)</script>",
        "🚀 Rocket",
        "Robert'); DROP TABLE",
    ],
)
def test_texts_in_any_script_are_kept_as_they_are(by: Membership, name: str) -> None:
    client = a_client(by, name)
    invoice = _create(an_invoice_draft(client, lines=[a_line(name)]), by)

    assert Invoice.objects.get(pk=invoice.pk).client.name == name
    assert invoice.lines.get().description == name


@pytest.mark.parametrize(
    ("line", "field", "sentence"),
    [
        (a_line("x" * 5000), "lines.0.description", "5,000 characters; at most 4,000"),
        (a_line(""), "lines.0.description", "is missing"),
        (a_line("a\0b"), "lines.0.description", r"can't be printed \(U\+0000\)"),
        (a_line("a\x1bb"), "lines.0.description", r"U\+001B"),
        (a_line(quantity="-1"), "lines.0.quantity", "can't be negative"),
        (a_line(quantity="1.0000001"), "lines.0.quantity", "up to 6 decimals"),
        (a_line(quantity="NaN"), "lines.0.quantity", "must be a number"),
        (a_line(unit_price="1000000000000"), "lines.0.unit_price", "must be below 1,000,000,000,000"),
        (a_line(quantity="100", unit_price="100000000000"), "lines.0.unit_price", r"below GBP 10,000,000,000,000\.00"),
        (a_line(unit_price="-1"), "lines", "can't be negative"),
    ],
)
def test_a_line_that_can_not_be_sent_is_refused_when_it_is_typed(
    by: Membership, line: object, field: str, sentence: str
) -> None:
    draft = replace(an_invoice_draft(a_client(by)), lines=(line,))  # type: ignore[arg-type]  # parametrised as object

    with pytest.raises(InvalidValue, match=sentence) as refusal:
        _create(draft, by)

    assert refusal.value.field == field
    assert not Invoice.objects.exists()


def test_a_description_of_4000_characters_and_a_quantity_of_six_decimals_are_kept(by: Membership) -> None:
    line = a_line("x" * 4000, quantity="0.333333", unit_price="100")

    invoice = _create(an_invoice_draft(a_client(by), lines=[line]), by)

    assert invoice.amount == Decimal("33.33")


def test_an_amount_just_below_ten_million_million_is_kept(by: Membership) -> None:
    line = a_line(quantity="10", unit_price="999999999999.999")

    invoice = _create(an_invoice_draft(a_client(by), lines=[line]), by)

    assert Invoice.objects.get(pk=invoice.pk).amount == Decimal("9999999999999.99")


@pytest.mark.fault("F134")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_date": TODAY - timedelta(days=1)}, "due_date"),
        ({"issue_date": date(1899, 12, 31)}, "issue_date"),
        ({"due_date": date(2999, 1, 1)}, "due_date"),
        ({"period_start": TODAY, "period_end": TODAY - timedelta(days=1)}, "period_end"),
        ({"period_start": date(1899, 1, 1)}, "period_start"),
        ({"payment_term": "whenever"}, "payment_term"),
        ({"payment_term": PaymentTerm.CUSTOM}, "payment_days"),
        ({"payment_term": PaymentTerm.CUSTOM, "payment_days": -1}, "payment_days"),
        ({"currency": "XXX"}, "currency"),
        ({"tax_percent": Decimal(101)}, "tax_percent"),
        ({"tax2_percent": Decimal("-0.1")}, "tax2_percent"),
        ({"discount_percent": Decimal("1.00001")}, "discount_percent"),
        ({"subject": "x" * 256}, "subject"),
        ({"purchase_order": "two\nlines"}, "purchase_order"),
        ({"number": "№ 7"}, "number"),
        ({"lines": tuple([a_line()] * 501)}, "lines"),
    ],
)
def test_a_value_that_can_not_be_kept_is_refused_at_its_field(
    by: Membership, changes: dict[str, object], field: str
) -> None:
    draft = replace(an_invoice_draft(a_client(by)), **changes)  # type: ignore[arg-type]  # each case changes another field

    with pytest.raises(InvalidValue) as refusal:
        _create(draft, by)

    assert refusal.value.field == field


def test_a_number_of_ones_own_is_kept_and_a_second_one_like_it_refused(by: Membership) -> None:
    client = a_client(by)
    _create(an_invoice_draft(client, number="2026/7"), by)

    with pytest.raises(NumberTaken, match="2026/7"):
        _create(an_invoice_draft(client, number=" 2026/7 "), by)


def test_two_workspaces_may_use_the_same_number(by: Membership) -> None:
    other = an_administrator(a_workspace("Cedar & Pine"))

    numbers = [_create(an_invoice_draft(a_client(each)), each).number for each in (by, other)]

    assert numbers == ["INV-2026-0001", "INV-2026-0001"]


def test_the_counter_steps_over_numbers_that_are_in_use(by: Membership) -> None:
    client = a_client(by)
    for number in ("INV-2026-0001", "INV-2026-0002"):
        _create(an_invoice_draft(client, number=number), by)

    assert _create(an_invoice_draft(client), by).number == "INV-2026-0003"


@pytest.mark.fault("F93", "F105")
def test_the_same_form_sent_twice_makes_one_invoice(by: Membership) -> None:
    draft, form = an_invoice_draft(a_client(by)), uuid4()

    first, second = (actions.create_draft(draft, by=by, now=NOW, submission_id=form) for _ in range(2))

    assert first == second
    assert Invoice.objects.count() == 1


def test_an_archived_client_gets_no_new_invoice(by: Membership) -> None:
    client = actions.archive_client(a_client(by), by=by, now=NOW)

    with pytest.raises(InvalidValue, match="is archived") as refusal:
        _create(an_invoice_draft(client), by)

    assert refusal.value.field == "client"


def test_a_project_of_another_client_is_refused(by: Membership) -> None:
    project = a_project(by, a_client(by, "Somebody else"))

    with pytest.raises(InvalidValue, match="belongs to another client") as refusal:
        _create(an_invoice_draft(a_client(by), lines=[a_line(project=project)]), by)

    assert refusal.value.field == "lines.0.project"


def test_nothing_of_another_workspace_can_be_put_on_an_invoice(by: Membership) -> None:
    other = an_administrator(a_workspace("Elsewhere"))

    with pytest.raises(NotAllowed, match="another workspace"):
        _create(an_invoice_draft(a_client(other)), by)
    with pytest.raises(NotAllowed, match="another workspace"):
        _create(an_invoice_draft(a_client(by), lines=[a_line(category=a_category(other))]), by)


def test_changing_a_draft_replaces_its_lines_and_totals_and_keeps_its_number(by: Membership) -> None:
    invoice = an_invoice(by, state=State.DRAFT)
    typed = replace(actions.draft_of(invoice), lines=(a_line("New", unit_price="7"), a_line("More", unit_price="1")))

    changed = actions.update_draft(invoice, replace(typed, number=""), by=by, now=NOW)

    assert changed.number == invoice.number
    assert changed.amount == changed.due_amount == Decimal(8)
    assert [line.description for line in changed.lines.order_by("position")] == ["New", "More"]


def test_a_draft_typed_again_is_the_same_draft(by: Membership) -> None:
    client = a_client(by)
    draft = an_invoice_draft(
        client,
        lines=[a_line(taxed=True, category=a_category(by), project=a_project(by, client))],
        tax_percent="20",
        discount_percent="5",
    )
    invoice = _create(draft, by)

    again = actions.update_draft(invoice, actions.draft_of(invoice), by=by, now=NOW)

    assert actions.draft_of(again) == actions.draft_of(invoice)


def test_saving_over_what_somebody_else_saved_is_refused(by: Membership) -> None:
    invoice = an_invoice(by, state=State.DRAFT)
    typed = actions.draft_of(invoice)
    actions.update_draft(invoice, typed, by=by, now=NOW + timedelta(minutes=1), seen_at=invoice.updated_at)

    with pytest.raises(ChangedMeanwhile, match="Somebody else changed"):
        actions.update_draft(invoice, typed, by=by, now=NOW + timedelta(minutes=2), seen_at=invoice.updated_at)


@pytest.mark.parametrize("state", [State.OPEN, State.PAID, State.CLOSED])
def test_only_drafts_can_be_changed_or_deleted(by: Membership, state: State) -> None:
    invoice = an_invoice(by, state=state)

    with pytest.raises(WrongState, match="only drafts can be changed"):
        actions.update_draft(invoice, actions.draft_of(invoice), by=by, now=NOW)
    with pytest.raises(WrongState, match="only drafts can be deleted"):
        actions.delete_draft(invoice, by=by, now=NOW)


def test_a_deleted_draft_is_gone_and_its_history_stays(by: Membership) -> None:
    invoice = an_invoice(by, state=State.DRAFT)

    actions.delete_draft(invoice, by=by, now=NOW)

    assert not Invoice.objects.exists()
    assert [entry.action for entry in queries.history(invoice)] == ["invoice.deleted", "invoice.drafted"]


def test_deleting_a_draft_twice_is_refused_in_words(by: Membership) -> None:
    invoice = an_invoice(by, state=State.DRAFT)
    actions.delete_draft(Invoice.objects.get(pk=invoice.pk), by=by, now=NOW)

    with pytest.raises(WrongState, match="was deleted in the meantime"):
        actions.delete_draft(invoice, by=by, now=NOW)


def test_a_draft_that_once_had_a_payment_can_not_be_deleted(by: Membership) -> None:
    payment = a_payment(an_invoice(by), by)
    actions.delete_payment(payment, by=by, now=NOW)
    draft = actions.revert_to_draft(payment.invoice, by=by, now=NOW)

    with pytest.raises(StillInUse, match="history that must be kept"):
        actions.delete_draft(draft, by=by, now=NOW)

    assert Invoice.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("role", "may_draft", "may_send", "is_allowed"),
    [
        (Role.ADMINISTRATOR, False, False, True),
        (Role.MANAGER, True, False, True),
        (Role.MANAGER, False, True, True),
        (Role.MANAGER, False, False, False),
        (Role.MEMBER, True, True, False),
    ],
)
def test_who_may_draft(by: Membership, role: Role, may_draft: bool, may_send: bool, is_allowed: bool) -> None:
    draft = an_invoice_draft(a_client(by))
    member = a_membership(by.workspace, role=role, may_draft_invoices=may_draft, may_send_invoices=may_send)

    if is_allowed:
        assert _create(draft, member).created_by == member.person
    else:
        with pytest.raises(NotAllowed, match="may draft invoices"):
            _create(draft, member)
