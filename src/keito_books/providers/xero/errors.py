"""Know what Xero's refusals mean: its messages, and the statuses of whole calls.

Messages are matched at their beginning, in any letter case, over all messages of all nested elements.
The numbers are those of docs/providers/xero.md#messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus

import msgspec

from keito_books.accounting.errors import OutcomeUnknown, ProviderError, Refused, TokenRejected, TryAgainLater
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.providers.http import Reply
from keito_books.providers.retry_after import retry_after
from keito_books.providers.xero.replies import every_message


def _starts(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


# The first entry that fits any message decides, so the cause stands before what follows from it: a paid invoice is
# told as not payable and as overpaid, and the first is the truth.
CATALOGUE: tuple[tuple[re.Pattern[str], RefusalCode], ...] = (
    (_starts(r"Invoice # must be unique"), RefusalCode.NUMBER_TAKEN),  # 1
    (_starts(r"Invoice not of valid status for modification"), RefusalCode.NUMBER_VOIDED),  # 2
    (_starts(r"Invoice not of valid status for creation"), RefusalCode.STATUS_NOT_VALID),  # 3
    (_starts(r"One or more line items must be specified"), RefusalCode.NO_LINES),  # 4
    (_starts(r"(A Contact must be specified|The Contact must contain at least)"), RefusalCode.CONTACT_MISSING),  # 5, 6
    (_starts(r"You have reached the limit of invoices"), RefusalCode.PLAN_CAP),  # 35
    (_starts(r"Account code '(?P<account>.*)' has been archived"), RefusalCode.ACCOUNT_ARCHIVED),  # 9
    (_starts(r"Account code '(?P<account>.*)' is not a valid code"), RefusalCode.ACCOUNT_NOT_VALID),  # 8
    (_starts(r"(Account code must be specified|The account code or ID must be)"), RefusalCode.NO_REVENUE_ACCOUNT),  # 7
    (_starts(r"The TaxType code '?(?P<tax_type>.*?)'? cannot be used with"), RefusalCode.TAX_TYPE_NOT_ALLOWED),  # 10
    (_starts(r"The TaxType code '?(?P<tax_type>.*?)'? does not exist"), RefusalCode.TAX_TYPE_UNKNOWN),  # 11
    (_starts(r"The TaxType field is mandatory"), RefusalCode.TAX_TYPE_MISSING),  # 12
    (_starts(r"The tracking category|Tracking"), RefusalCode.TRACKING_NOT_VALID),
    (
        _starts(r"The document date cannot be before the .* lock date(, currently set at (?P<locked_until>.*))?"),
        RefusalCode.PERIOD_LOCKED,
    ),  # 13, 14
    (_starts(r"The line total .* does not match"), RefusalCode.LINE_TOTAL_DIFFERS),  # 17
    (
        _starts(r"(This document cannot be edited as it has|The status .* cannot be applied to the invoice because)"),
        RefusalCode.HAS_PAYMENTS,
    ),  # 15, 16
    (_starts(r"Url must be a valid absolute url"), RefusalCode.LINK_NOT_VALID),  # 19
    (_starts(r"Email address must be valid"), RefusalCode.EMAIL_NOT_VALID),  # 18
    (_starts(r"The contact with the specified contact details has been archived"), RefusalCode.CONTACT_ARCHIVED),  # 20
    (_starts(r"The specified contact details matched an archived contact"), RefusalCode.CONTACT_ARCHIVED),  # 24
    (
        _starts(r"(Users )?Organisation is not subscribed( to currency (?P<currency>[A-Z]{3}))?"),
        RefusalCode.CURRENCY_NOT_ENABLED,
    ),  # 21
    (_starts(r"The contact name (?P<contact>.*) is already assigned"), RefusalCode.CONTACT_NAME_TAKEN),  # 22
    (_starts(r"The Contact Name already exists"), RefusalCode.CONTACT_NAME_TAKEN),  # 23
    (_starts(r"Payments can only be made against Authorised"), RefusalCode.INVOICE_NOT_PAYABLE),  # 26
    (_starts(r"Payment amount exceeds the amount outstanding"), RefusalCode.OVERPAYMENT),  # 25
    (_starts(r"Account type is invalid for making a payment"), RefusalCode.PAYMENT_ACCOUNT_NOT_VALID),  # 27
    (_starts(r"Payment not of valid status for modification"), RefusalCode.PAYMENT_NOT_DELETABLE),  # 28
    (_starts(r"Payments within a batch cannot be deleted"), RefusalCode.PAYMENT_NOT_DELETABLE),  # 29
    (_starts(r"This .* cannot be edited as it has been reconciled"), RefusalCode.PAYMENT_NOT_DELETABLE),  # 37
    (_starts(r"An existing .* with the specified .* could not be found"), RefusalCode.DELETED_REMOTELY),  # 33
    (_starts(r"The contact with the specified ContactID could not be found"), RefusalCode.DELETED_REMOTELY),
    (_starts(r"The document with the supplied id was not found"), RefusalCode.DELETED_REMOTELY),  # 34
    (
        _starts(r"(Price List Item with Code .* already exists|Please enter a unique Name)"),
        RefusalCode.NAME_IN_USE,
    ),  # 31, 32
    (_starts(r"Guid should contain 32 digits"), RefusalCode.ID_NOT_VALID),  # 36
    (_starts(r".*\b(does not have|lacks|no) permission"), RefusalCode.MISSING_ROLE),
)

_KEY_CLASH = _starts(r"Idempotency Key: .* is used with a different request")  # 30
# The misspelling is Xero's own.
_SCOPE_MISSING = _starts(r".*insufficient_scope|.*insufficent_scope")


def refusal_of(messages: Iterable[str], details: Mapping[str, str] | None = None) -> Refusal:
    """Return the cause behind Xero's messages, which stay whole; UNKNOWN when none is familiar."""
    every = tuple(messages)
    for pattern, code in CATALOGUE:
        for message in every:
            found = pattern.match(message)
            if found:
                named = {name: value.strip() for name, value in found.groupdict().items() if value}
                return Refusal(code, every, {**(details or {}), **named})
    return Refusal(RefusalCode.UNKNOWN, every, dict(details or {}))


def read_failure(reply: Reply) -> ProviderError:
    """Return what it means that a read answered this; nothing was changed in any case."""
    clear = _clear_refusal(reply)
    if clear is not None:
        return clear
    if reply.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return TryAgainLater("Xero is offline", reason="maintenance", retry_after=retry_after(reply))
    if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(refusal_of(messages_of(reply.body)))
    return TryAgainLater(f"Xero answered {reply.status}", reason="unreachable", retry_after=retry_after(reply))


def write_failure(reply: Reply) -> ProviderError:
    """Return what it means that a write answered this. Whatever is not a clear refusal leaves it unknown."""
    clear = _clear_refusal(reply)
    if clear is not None:
        return clear
    messages = messages_of(reply.body)
    if any(_KEY_CLASH.match(message) for message in messages):
        return OutcomeUnknown("Xero holds another request under this key")
    if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR and messages:
        return Refused(refusal_of(messages))
    return OutcomeUnknown(f"Xero answered {reply.status}")


def is_organisation_out_of_reach(reply: Reply) -> bool:
    """Say whether this is Xero's 403 for an organisation that the token does not reach (any more)."""
    return reply.status == HTTPStatus.FORBIDDEN and "authenticationunsuccessful" in _detail(reply.body).lower()


def messages_of(body: bytes) -> tuple[str, ...]:
    """Return everything that a refusing reply says to people: of all elements, else of the reply itself."""
    try:
        whole = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    found = every_message(whole)
    if not found and isinstance(whole, dict):
        found = [
            value for name, value in whole.items() if name.lower() in {"message", "detail"} and isinstance(value, str)
        ]
    return tuple(found)


def _clear_refusal(reply: Reply) -> ProviderError | None:
    """Return what statuses say that come before Xero looks at the document: nothing was done."""
    if reply.status == HTTPStatus.UNAUTHORIZED:
        if _lacks_scope(reply) or "authorizationunsuccessful" in _detail(reply.body).lower():
            return Refused(Refusal(RefusalCode.MISSING_SCOPE, messages_of(reply.body)))
        return TokenRejected("Xero does not accept the access token")
    if reply.status == HTTPStatus.FORBIDDEN:
        code = RefusalCode.MISSING_SCOPE if _lacks_scope(reply) else RefusalCode.MISSING_ROLE
        return Refused(Refusal(code, messages_of(reply.body)))
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        is_day = reply.headers.get("x-rate-limit-problem", "").strip().lower() == "day"
        reason = "day limit" if is_day else "limit"
        return TryAgainLater("Xero's limit of calls is reached", reason=reason, retry_after=retry_after(reply))
    return None


def _lacks_scope(reply: Reply) -> bool:
    told = f"{reply.headers.get('www-authenticate', '')} {_detail(reply.body)}"
    return _SCOPE_MISSING.match(told) is not None


def _detail(body: bytes) -> str:
    """Return Detail of the gateway's own form, whose letter case differs between gateways."""
    try:
        whole = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    if not isinstance(whole, dict):
        return ""
    return " ".join(value for name, value in whole.items() if name.lower() == "detail" and isinstance(value, str))
