"""What a bank transaction may say (xero-api reference 9 [OAS]); beyond its shape most is assumed."""

from __future__ import annotations

from dataclasses import replace

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.credit import Credit, CreditNoun
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.amounts import totals
from xero_sandbox.rules.credits import is_used
from xero_sandbox.rules.currencies import read_currency
from xero_sandbox.rules.dates import lock_problems
from xero_sandbox.rules.invoices import LINE_AMOUNT_TYPES, TEXT_MAX, Writing, line_problems, url_problems
from xero_sandbox.rules.lines import Setting, read_lines, retax
from xero_sandbox.wire.fields import Fields

NOUNS = {"OVERPAYMENT": CreditNoun.OVERPAYMENT, "PREPAYMENT": CreditNoun.PREPAYMENT}
TYPES = ("RECEIVE", "SPEND", *(f"{side}-{kind}" for side in ("RECEIVE", "SPEND") for kind in NOUNS))
HARMLESS = frozenset({"BankTransactionID", "Type", "Status"})


def is_receipt(type_: str) -> bool:
    return type_.startswith("RECEIVE")


def credit_noun(type_: str) -> CreditNoun | None:
    """Return what a transaction of the type makes beside itself."""
    return NOUNS.get(type_.partition("-")[2])


def drafted_transaction(
    writing: Writing, asked: Fields, old: BankTransaction | None, new: BankTransaction, contact: Contact
) -> tuple[list[str], list[str]]:
    """Fill `new`, a copy of `old` or a fresh transaction; return what forbids it, and warnings."""
    organisation = writing.books.organisation
    problems = lock_problems(organisation, old.dated, adviser=writing.adviser) if old else []
    account, complaints = _bank_account(writing.books, asked, old)
    problems += complaints
    if account is None:
        return problems, []
    new.account_id, new.contact_id = account.account_id, contact.contact_id
    new.dated = asked.day("Date") or new.dated
    new.reference = asked.text("Reference") or ("" if "Reference" in asked.values else new.reference)
    new.url = asked.stripped("Url") or new.url
    new.line_amount_types = _amount_types(asked, new)
    reconciled = asked.flag("IsReconciled")
    new.is_reconciled = new.is_reconciled if reconciled is None else reconciled
    problems += _head_problems(new)
    warnings = _read_currency(writing, asked, new, account, problems)
    problems += _read_lines(writing, asked, old, new) + line_problems(new.lines)
    problems += lock_problems(organisation, new.dated, adviser=writing.adviser)
    if new.total <= 0:
        problems.append(messages.TRANSACTION_NOT_POSITIVE)
    return list(dict.fromkeys(problems)), warnings


def edit_problems(books: Books, old: BankTransaction, asked: Fields, *, adviser: bool) -> list[str]:
    """What is reconciled or deleted is closed (message 37); what made a credit can only be deleted (assumed)."""
    if old.status != "AUTHORISED":
        return [messages.not_modifiable("Bank transaction")]
    if old.is_reconciled:
        return [messages.RECONCILED]
    status = asked.stripped("Status") or old.status
    if status not in ("AUTHORISED", "DELETED"):
        return [messages.not_one_of("Status", status, "AUTHORISED, DELETED")]
    credit = books.organisation.credits.get(old.credit_id)
    if credit and status == "DELETED" and is_used(credit):
        return [messages.status_has_allocations(status, "bank transaction")]
    if credit and status != "DELETED" and any(asked.has(one) for one in asked.values if one not in HARMLESS):
        return [messages.CREDIT_TRANSACTION_FIXED]
    return lock_problems(books.organisation, old.dated, adviser=adviser) if status == "DELETED" else []


def credit_of(transaction: BankTransaction, noun: CreditNoun, credit_id: str) -> Credit:
    """Return the overpayment or prepayment that a new transaction makes."""
    return Credit(
        credit_id=credit_id,
        noun=noun,
        type=transaction.type,
        number="",
        contact_id=transaction.contact_id,
        dated=transaction.dated,
        updated=transaction.updated,
        status="AUTHORISED",
        reference=transaction.reference,
        line_amount_types=transaction.line_amount_types,
        lines=[replace(line, tracking=list(line.tracking)) for line in transaction.lines],
        currency=transaction.currency,
        currency_rate=transaction.currency_rate,
        sub_total=transaction.sub_total,
        total_tax=transaction.total_tax,
        total=transaction.total,
        bank_transaction_id=transaction.transaction_id,
        created_by=transaction.created_by,
    )


def copy_of_transaction(transaction: BankTransaction) -> BankTransaction:
    """Return a copy that may be changed without touching the stored one."""
    return replace(
        transaction,
        lines=[replace(line, tracking=list(line.tracking)) for line in transaction.lines],
        history=list(transaction.history),
        attachments=list(transaction.attachments),
    )


def _bank_account(books: Books, asked: Fields, old: BankTransaction | None) -> tuple[Account | None, list[str]]:
    named = asked.child("BankAccount")
    if named is None:
        return (books.organisation.accounts[old.account_id], []) if old else (None, [messages.BANK_ACCOUNT_MISSING])
    account_id = named.guid("AccountID")
    account = books.account(account_id) if account_id else books.account_coded(named.stripped("Code") or "")
    if account is None or account.type != "BANK" or account.status != "ACTIVE":
        return None, [messages.BANK_ACCOUNT_INVALID]
    return account, []


def _amount_types(asked: Fields, new: BankTransaction) -> str:
    """An overpayment bears no tax [OAS]."""
    if credit_noun(new.type) is CreditNoun.OVERPAYMENT:
        return "NoTax"
    return asked.stripped("LineAmountTypes") or new.line_amount_types


def _head_problems(new: BankTransaction) -> list[str]:
    problems = url_problems(new.url) if new.url else []
    if new.line_amount_types not in LINE_AMOUNT_TYPES:
        problems.append(messages.not_one_of("LineAmountTypes", new.line_amount_types, ", ".join(LINE_AMOUNT_TYPES)))
    return problems + ([messages.too_long("Reference", TEXT_MAX)] if len(new.reference) > TEXT_MAX else [])


def _read_currency(
    writing: Writing, asked: Fields, new: BankTransaction, account: Account, problems: list[str]
) -> list[str]:
    """The currency is that of the bank account (assumed where the account has none: the organisation's)."""
    organisation = writing.books.organisation
    currency = account.currency or organisation.base_currency
    given = asked.stripped("CurrencyCode")
    if given and given.upper() != currency:
        problems.append(messages.BANK_CURRENCY)
        return []
    return read_currency(organisation, Fields({**asked.values, "CurrencyCode": currency}, asked.name), new, problems)


def _read_lines(writing: Writing, asked: Fields, old: BankTransaction | None, new: BankTransaction) -> list[str]:
    given = asked.children("LineItems")
    overpaid = credit_noun(new.type) is CreditNoun.OVERPAYMENT
    setting = Setting(
        books=writing.books,
        takes_discounts=False,
        sale=is_receipt(new.type),
        line_amount_types=new.line_amount_types,
        price_step=writing.price_step,
        readings=writing.readings,
        approving=True,
        system_account=("DEBTORS" if is_receipt(new.type) else "CREDITORS") if overpaid else "",
    )
    problems: list[str] = []
    if given is not None:
        new.lines, problems = read_lines(given, new.lines, setting)
    elif old is not None and old.line_amount_types != new.line_amount_types:
        new.lines = [retax(line, setting) for line in new.lines]
    sums = totals(new.lines, new.line_amount_types)
    new.sub_total, new.total_tax, new.total = sums.sub_total, sums.total_tax, sums.total
    return problems
