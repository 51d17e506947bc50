"""The currency of a document and its rate (xero-api reference 6.1)."""

from __future__ import annotations

from decimal import Decimal

from xero_sandbox import messages
from xero_sandbox.records.bank_transaction import BankTransaction
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.rules.amounts import round_to
from xero_sandbox.wire.fields import Fields

RATE_STEP = Decimal("0.000001")
ODD_RATE = Decimal(2)  # a rate this many times off the day's rate earns a warning (threshold assumed)


def read_currency(
    organisation: Organisation, asked: Fields, new: Invoice | Credit | BankTransaction, problems: list[str]
) -> list[str]:
    """Set currency and rate, add what forbids them to `problems`, and return warnings.

    A currency must be subscribed; an odd rate only warns since April 2026 (6.1).
    """
    code = (asked.stripped("CurrencyCode") or "").upper()
    changed = bool(code) and code != new.currency
    new.currency = code or new.currency
    currency = organisation.currencies.get(new.currency)
    if currency is None:
        problems.append(messages.currency_not_subscribed(new.currency))
        return []
    given = asked.decimal("CurrencyRate")
    if new.currency == organisation.base_currency:
        new.currency_rate = Decimal(1).quantize(RATE_STEP)
        return []
    if given is None:
        if changed:
            new.currency_rate = round_to(currency.rate, RATE_STEP)
        return []
    rate = round_to(given, RATE_STEP)
    if rate <= 0:
        problems.append(messages.RATE_NOT_POSITIVE)
        return []
    new.currency_rate = rate
    odd = not currency.rate / ODD_RATE <= given <= currency.rate * ODD_RATE
    return [messages.RATE_ODD] if odd else []
