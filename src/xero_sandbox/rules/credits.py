"""What a credit note may say, and what credits may settle (xero-api reference 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.rules import statuses
from xero_sandbox.rules.amounts import ZERO, totals
from xero_sandbox.rules.currencies import read_currency
from xero_sandbox.rules.dates import lock_problems
from xero_sandbox.rules.invoices import LINE_AMOUNT_TYPES, TEXT_MAX, Writing, line_problems
from xero_sandbox.rules.lines import NO_TAX, Setting, read_lines, retax
from xero_sandbox.wire.fields import Fields

CREDIT_NOTE = "Credit Note"
# What a credit note with allocations or refunds lets change (assumed, after the rule of invoices 6.3).
OPEN_WHEN_USED = frozenset({"CreditNoteID", "Type", "Status", "Reference", "CreditNoteNumber", "BrandingThemeID"})


@dataclass(slots=True)
class DraftedCredit:
    credit: Credit
    problems: list[str]
    warnings: list[str]


def drafted_credit_note(
    writing: Writing, asked: Fields, old: Credit | None, new: Credit, contact: Contact
) -> DraftedCredit:
    """Fill `new`, a copy of `old` or a fresh credit note, with what the request asks for."""
    wanted = asked.stripped("Status") or new.status
    problems = status_problems(old, wanted)
    if old is not None and not problems:
        problems += _closed_members(asked) if is_used(old) else []
        problems += lock_problems(writing.books.organisation, old.dated, adviser=writing.adviser)
    if problems or wanted in statuses.CLOSED:
        new.status = wanted
        return DraftedCredit(new, problems, [])
    new.status = old.status if old is not None and old.status == statuses.PAID else wanted
    warnings = _read_head(writing, asked, new, contact, problems)
    _read_lines(writing, asked, old, new, problems)
    problems += number_problems(writing.books, new)
    if new.status != statuses.DRAFT:
        problems += line_problems(new.lines)
    problems += lock_problems(writing.books.organisation, new.dated, adviser=writing.adviser)
    return DraftedCredit(new, list(dict.fromkeys(problems)), warnings)


def status_problems(credit: Credit | None, wanted: str) -> list[str]:
    """Credit notes move as invoices do (reference 9 [OAS]); their words are assumed from those of invoices."""
    if wanted not in statuses.ALL:
        return [messages.not_one_of("Status", wanted, ", ".join(statuses.ALL))]
    if credit is None:
        return [] if wanted in statuses.TO_CREATE else [messages.not_creatable(CREDIT_NOTE)]
    if credit.status in statuses.CLOSED:
        return [messages.not_modifiable(CREDIT_NOTE)]
    if is_used(credit) and wanted in (statuses.VOIDED, statuses.DRAFT, statuses.SUBMITTED):
        return [messages.status_has_allocations(wanted, "credit note")]
    return [] if wanted in statuses.MOVES[credit.status] else [messages.not_modifiable(CREDIT_NOTE)]


def is_used(credit: Credit) -> bool:
    """Whether something is allocated or refunded."""
    return bool(credit.applied or credit.refunded)


def number_problems(books: Books, credit: Credit) -> list[str]:
    """Numbers of sales credit notes are unique (reference 9 [OAS]); voided ones included is assumed."""
    if not all(" " <= one <= "~" for one in credit.number):
        return [messages.CREDIT_NUMBER_NOT_ASCII]
    if len(credit.number) > TEXT_MAX:
        return [messages.too_long("CreditNoteNumber", TEXT_MAX)]
    if credit.type != "ACCRECCREDIT" or not credit.number:
        return []
    others = books.credits.numbered(credit.number, "ACCRECCREDIT")
    taken = any(one.credit_id != credit.credit_id for one in others)
    return [messages.CREDIT_NUMBER_NOT_UNIQUE] if taken else []


def allocation_problems(
    books: Books, credit: Credit, invoice: Invoice | None, amount: Decimal, dated: date, *, adviser: bool
) -> list[str]:
    """A credit settles approved invoices of its own contact, kind and currency (assumed where no source says)."""
    if invoice is None:
        return [messages.not_found_by_id("Invoice")]
    problems = []
    if credit.status != statuses.AUTHORISED:
        problems.append(messages.CREDIT_NOT_APPROVED)
    if invoice.status != statuses.AUTHORISED:
        problems.append(messages.ALLOCATION_NEEDS_AUTHORISED)
    if credit.of_customer != (invoice.type == "ACCREC") or credit.contact_id != invoice.contact_id:
        problems.append(messages.ALLOCATION_OTHER_CONTACT)
    if credit.currency != invoice.currency:
        problems.append(messages.ALLOCATION_OTHER_CURRENCY)
    if amount <= 0:
        problems.append(messages.ALLOCATION_NOT_POSITIVE)
    elif amount > credit.remaining:
        problems.append(messages.ALLOCATION_EXCEEDS_CREDIT)
    elif amount > invoice.amount_due:
        problems.append(messages.ALLOCATION_EXCEEDS_INVOICE)
    return problems + lock_problems(books.organisation, dated, adviser=adviser)


def a_credit_note(invoice: Invoice, amount: Decimal, number: str, now: datetime) -> Credit:
    """Return an approved credit note of one line without tax, for the contact of an invoice."""
    first = invoice.lines[0] if invoice.lines else LineItem("")
    line = LineItem(
        str(uuid4()),
        f"Credit for {invoice.number}",
        Decimal("1.0000"),
        amount,
        amount,
        first.account_id,
        first.account_code,
        tax_type=NO_TAX,
    )
    note = Credit(
        str(uuid4()),
        CreditNoun.CREDIT_NOTE,
        f"{invoice.type}CREDIT",
        number,
        invoice.contact_id,
        now.date(),
        now,
        status=statuses.AUTHORISED,
        line_amount_types="NoTax",
        lines=[line],
        currency=invoice.currency,
        currency_rate=invoice.currency_rate,
        branding_theme_id=invoice.branding_theme_id,
    )
    add_up_credit(note)
    return note


def copy_of_credit(credit: Credit) -> Credit:
    """Return a copy that may be changed without touching the stored one."""
    return replace(
        credit,
        lines=[replace(line, tracking=list(line.tracking)) for line in credit.lines],
        allocations=list(credit.allocations),
        payment_ids=list(credit.payment_ids),
        history=list(credit.history),
        attachments=list(credit.attachments),
    )


def settle_credit(credit: Credit, used_on: date | None) -> None:
    """Move between AUTHORISED and PAID as the remaining credit says."""
    if credit.status not in statuses.APPROVED:
        return
    if credit.remaining == ZERO and credit.total > 0:
        credit.status, credit.fully_used_on = statuses.PAID, used_on
    else:
        credit.status, credit.fully_used_on = statuses.AUTHORISED, None


def add_up_credit(credit: Credit) -> None:
    sums = totals(credit.lines, credit.line_amount_types)
    credit.sub_total, credit.total_tax, credit.total = sums.sub_total, sums.total_tax, sums.total


def _closed_members(asked: Fields) -> list[str]:
    closed = any(asked.has(member) for member in asked.values if member not in OPEN_WHEN_USED)
    return [messages.PAID_NOT_EDITABLE] if closed else []


def _read_head(writing: Writing, asked: Fields, new: Credit, contact: Contact, problems: list[str]) -> list[str]:
    new.contact_id = contact.contact_id
    new.dated = asked.day("Date") or new.dated
    new.due_date = asked.day("DueDate") or new.due_date
    new.number = asked.stripped("CreditNoteNumber") or new.number
    new.reference = asked.text("Reference") or ("" if "Reference" in asked.values else new.reference)
    new.branding_theme_id = asked.guid("BrandingThemeID") or new.branding_theme_id
    new.line_amount_types = asked.stripped("LineAmountTypes") or new.line_amount_types
    if new.line_amount_types not in LINE_AMOUNT_TYPES:
        problems.append(messages.not_one_of("LineAmountTypes", new.line_amount_types, ", ".join(LINE_AMOUNT_TYPES)))
    if len(new.reference) > TEXT_MAX:
        problems.append(messages.too_long("Reference", TEXT_MAX))
    return read_currency(writing.books.organisation, asked, new, problems)


def _read_lines(writing: Writing, asked: Fields, old: Credit | None, new: Credit, problems: list[str]) -> None:
    given = asked.children("LineItems")
    setting = Setting(
        books=writing.books,
        takes_discounts=False,
        sale=new.of_customer,
        line_amount_types=new.line_amount_types,
        price_step=writing.price_step,
        readings=writing.readings,
        approving=new.status != statuses.DRAFT,
    )
    if given is not None:
        new.lines, complaints = read_lines(given, new.lines, setting)
        problems += complaints
    elif old is not None and old.line_amount_types != new.line_amount_types:
        new.lines = [retax(line, setting) for line in new.lines]
    add_up_credit(new)
    if new.total < 0:
        problems.append(messages.TOTAL_NEGATIVE)
