"""What an invoice may say, and what follows from it (xero-api reference 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.readings import Readings
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.invoice import Invoice, LineItem
from xero_sandbox.rules import statuses
from xero_sandbox.rules.amounts import ZERO, round_to, totals
from xero_sandbox.rules.currencies import read_currency
from xero_sandbox.rules.dates import due_by_terms, lock_problems
from xero_sandbox.rules.lines import Setting, completeness, read_lines, retax
from xero_sandbox.wire.fields import Fields

TEXT_MAX = 255
LINE_AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
ROUNDING_MAX = Decimal("0.10")
# What a (part-)paid invoice lets change (6.3 [INV][MAN]); of its lines: text, account and tracking.
OPEN_WHEN_PAID = frozenset(
    {"Reference", "DueDate", "InvoiceNumber", "BrandingThemeID", "Contact", "Url", "PlannedPaymentDate", "LineItems"}
)
HARMLESS = frozenset({"InvoiceID", "Type", "Status", "HasErrors", "ValidationErrors", "Warnings", "UpdatedDateUTC"})
LINE_CLOSED_WHEN_PAID = (
    "quantity",
    "unit_amount",
    "line_amount",
    "tax_type",
    "tax_amount",
    "discount_rate",
    "discount_amount",
)


@dataclass(frozen=True, slots=True)
class Writing:
    """The circumstances of a write."""

    books: Books
    now: datetime
    today: date
    price_step: Decimal
    adviser: bool  # may post before the period lock date
    readings: Readings


@dataclass(slots=True)
class Drafted:
    invoice: Invoice
    problems: list[str]
    warnings: list[str]


def drafted_invoice(writing: Writing, asked: Fields, old: Invoice | None, new: Invoice, contact: Contact) -> Drafted:
    """Fill `new`, a copy of `old` or a fresh invoice, with what the request asks for."""
    wanted = asked.stripped("Status") or new.status
    problems = statuses.status_problems(old, wanted)
    if old is not None and not problems:
        problems += _closed_members(asked, old) if statuses.has_money(old) else []
        if old.amount_credited and contact.contact_id != old.contact_id:
            problems.append(messages.PAID_NOT_EDITABLE)  # the contact stays once a credit was applied (6.3)
        problems += lock_problems(writing.books.organisation, old.dated, adviser=writing.adviser)
    if problems or wanted in statuses.CLOSED:
        new.status = wanted
        return Drafted(new, problems, [])
    new.status = old.status if old is not None and old.status == statuses.PAID else wanted
    warnings = _read_head(writing, asked, new, contact, problems)
    _read_body(writing, asked, old, new, problems)
    problems += number_problems(writing, new)
    if new.status != statuses.DRAFT:
        problems += _approval_problems(writing, new, contact)
    if old is not None and statuses.has_money(old):
        problems += _paid_line_problems(old, new)
    if new.status != statuses.DRAFT or not writing.readings.drafts_pass_locks:
        problems += lock_problems(writing.books.organisation, new.dated, adviser=writing.adviser)
    return Drafted(new, list(dict.fromkeys(problems)), warnings)


def number_problems(writing: Writing, invoice: Invoice) -> list[str]:
    """Sales numbers are unique, voided and deleted ones included (6.1, 6.2; deleted: assumed, open question 7)."""
    if not all(" " <= one <= "~" for one in invoice.number):
        return [messages.NUMBER_NOT_ASCII]
    if len(invoice.number) > TEXT_MAX:
        return [messages.too_long("InvoiceNumber", TEXT_MAX)]
    if invoice.type != "ACCREC" or not invoice.number:
        return []
    free = statuses.DELETED if writing.readings.deleted_numbers_are_free else ""
    others = writing.books.invoices_numbered(invoice.number, "ACCREC")
    holders = {one.status for one in others if one.invoice_id != invoice.invoice_id and one.status != free}
    if holders == {statuses.VOIDED} and writing.readings.voided_number_is_not_modifiable:
        return [messages.NOT_MODIFIABLE]
    return [messages.NUMBER_NOT_UNIQUE] if holders else []


def approval_cap_problems(books: Books, kind: str, today: date) -> list[str]:
    """Old plans approve only so many sales invoices and bills a month (reference 4, "Legacy plan cap")."""
    organisation = books.organisation
    cap = organisation.sales_approvals_per_month if kind == "ACCREC" else organisation.bill_approvals_per_month
    if cap is None:
        return []
    month = (today.year, today.month)
    approved = sum(
        1
        for one in books.organisation.invoices.values()
        if one.type == kind and one.status in statuses.APPROVED and (one.dated.year, one.dated.month) == month
    )
    return [messages.APPROVAL_CAP] if approved >= cap else []


def _closed_members(asked: Fields, old: Invoice) -> list[str]:
    """Refuse to change what payments have closed (6.3)."""
    for member in asked.values:
        if member in OPEN_WHEN_PAID or member in HARMLESS or not asked.has(member):
            continue
        if _differs(asked, member, old):
            return [messages.PAID_NOT_EDITABLE]
    return []


def _differs(asked: Fields, member: str, old: Invoice) -> bool:
    if member == "Date":
        return asked.day(member) != old.dated
    if member == "CurrencyCode":
        return asked.stripped(member) != old.currency
    if member == "CurrencyRate":
        return asked.decimal(member) != old.currency_rate
    if member == "LineAmountTypes":
        return asked.stripped(member) != old.line_amount_types
    return member == "RoundingAmount" and asked.decimal(member) != old.rounding_amount


def _paid_line_problems(old: Invoice, new: Invoice) -> list[str]:
    before = {line.line_id: line for line in old.lines}
    after = {line.line_id: line for line in new.lines}
    same = before.keys() == after.keys() and all(
        getattr(before[line_id], name) == getattr(after[line_id], name)
        for line_id in before
        for name in LINE_CLOSED_WHEN_PAID
    )
    return [] if same else [messages.PAID_NOT_EDITABLE]


def _read_head(writing: Writing, asked: Fields, new: Invoice, contact: Contact, problems: list[str]) -> list[str]:
    new.contact_id = contact.contact_id
    new.dated = asked.day("Date") or new.dated
    new.due_date = asked.day("DueDate") or new.due_date
    if "Reference" in asked.values and new.type == "ACCREC":
        new.reference = asked.text("Reference") or ""
    new.number = asked.stripped("InvoiceNumber") or new.number
    new.expected_payment_date = asked.day("ExpectedPaymentDate") or new.expected_payment_date
    new.planned_payment_date = asked.day("PlannedPaymentDate") or new.planned_payment_date
    new.branding_theme_id = asked.guid("BrandingThemeID") or new.branding_theme_id
    new.line_amount_types = asked.stripped("LineAmountTypes") or new.line_amount_types
    if new.line_amount_types not in LINE_AMOUNT_TYPES:
        problems.append(messages.not_one_of("LineAmountTypes", new.line_amount_types, ", ".join(LINE_AMOUNT_TYPES)))
    if len(new.reference) > TEXT_MAX:
        problems.append(messages.too_long("Reference", TEXT_MAX))
    problems += _read_url(asked, new) + _read_sent(asked, new)
    return read_currency(writing.books.organisation, asked, new, problems)


def _read_url(asked: Fields, new: Invoice) -> list[str]:
    url = asked.stripped("Url")
    if not url:
        return []
    new.url = url
    return url_problems(url)


def url_problems(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return [messages.URL_NOT_ABSOLUTE]
    if parts.scheme not in ("http", "https") or not parts.netloc or any(one.isspace() for one in url):
        return [messages.URL_NOT_ABSOLUTE]
    return [messages.URL_NAMES_XERO] if "xero" in url.lower() else []


def _read_sent(asked: Fields, new: Invoice) -> list[str]:
    sent = asked.flag("SentToContact")
    if sent is None:
        return []
    if sent and new.status not in statuses.APPROVED:
        return [messages.SENT_TOO_EARLY]
    new.sent_to_contact = sent
    return []


def _read_body(writing: Writing, asked: Fields, old: Invoice | None, new: Invoice, problems: list[str]) -> None:
    given = asked.children("LineItems")
    setting = Setting(
        books=writing.books,
        takes_discounts=new.type == "ACCREC",
        sale=new.type == "ACCREC",
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
    problems += _read_rounding(asked, new)
    add_up(new)
    if new.total < 0:
        problems.append(messages.TOTAL_NEGATIVE)


def add_up(invoice: Invoice) -> None:
    """Set the sums from the lines."""
    sums = totals(invoice.lines, invoice.line_amount_types, invoice.rounding_amount)
    invoice.sub_total, invoice.total_tax, invoice.total = sums.sub_total, sums.total_tax, sums.total
    invoice.total_discount = sums.discount


def _read_rounding(asked: Fields, new: Invoice) -> list[str]:
    """RoundingAmount needs all three totals, and they must agree with the lines (6.1 [MAN])."""
    given = asked.decimal("RoundingAmount")
    if given is None:
        return []
    if new.status == statuses.DRAFT:
        return [messages.ROUNDING_NEEDS_APPROVAL] if given else []
    if abs(given) > ROUNDING_MAX:
        return [messages.ROUNDING_RANGE]
    sub_total, tax, total = (asked.decimal(one) for one in ("SubTotal", "TotalTax", "Total"))
    sums = totals(new.lines, new.line_amount_types, round_to(given))
    if (sub_total, tax, total) != (sums.sub_total, sums.total_tax, sums.total):
        return [messages.ROUNDING_NEEDS_TOTALS]
    new.rounding_amount = round_to(given)
    return []


def _approval_problems(writing: Writing, new: Invoice, contact: Contact) -> list[str]:
    """What SUBMITTED and AUTHORISED need: lines, a due date, and every line complete (6.1)."""
    problems = line_problems(new.lines)
    if new.due_date is None and writing.readings.terms_fill_due_date:
        organisation = writing.books.organisation
        terms = (
            contact.sales_terms or organisation.sales_terms
            if new.type == "ACCREC"
            else contact.bills_terms or organisation.bills_terms
        )
        new.due_date = due_by_terms(terms, new.dated)
    if new.due_date is None:
        problems.append(messages.DUE_DATE_MISSING)
    return problems


def line_problems(lines: Iterable[LineItem]) -> list[str]:
    problems = [one for line in lines for one in completeness(line)]
    return problems if list(lines) else [messages.LINES_MISSING]


def copy_of(invoice: Invoice) -> Invoice:
    """Return a copy that may be changed without touching the stored one."""
    return replace(
        invoice,
        lines=[replace(line, tracking=list(line.tracking)) for line in invoice.lines],
        payment_ids=list(invoice.payment_ids),
        credit_ids=list(invoice.credit_ids),
        history=list(invoice.history),
        attachments=list(invoice.attachments),
    )


def settle(invoice: Invoice, paid_on: date | None) -> None:
    """Move between AUTHORISED and PAID as the amount due says (reference 8, "Effects")."""
    if invoice.status not in statuses.APPROVED:
        return
    if invoice.amount_due == ZERO and invoice.total > 0:
        invoice.status, invoice.fully_paid_on = statuses.PAID, paid_on
    else:
        invoice.status, invoice.fully_paid_on = statuses.AUTHORISED, None
