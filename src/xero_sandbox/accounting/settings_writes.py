"""Accounts and tax rates: create, update, archive, delete (xero-api reference 10)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.batches import require_at_most, write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.replies import Outcome, single_refusal, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.settings import Account, TaxRate
from xero_sandbox.rules.settings import changed_account, changed_tax_rate
from xero_sandbox.rules.usage import account_is_used
from xero_sandbox.shapes.settings import account_json, tax_rate_json
from xero_sandbox.wire.fields import NO_GUID, Fields, read_guid

NO_FLAG = None  # neither accounts nor tax rates say whether they have errors [OAS]


def put_account(call: Call) -> Reply:
    require_at_most(call, "Accounts", 1)
    return write_batch(call, "Accounts", NO_FLAG, lambda call_, asked: _save_account(call_, asked, None))


def post_account(call: Call) -> Reply:
    require_at_most(call, "Accounts", 1)
    target = _found_account(call)
    return write_batch(call, "Accounts", NO_FLAG, lambda call_, asked: _save_account(call_, asked, target))


def delete_account(call: Call) -> Reply:
    """Only what is neither a system account nor in use can be deleted (reported; the words are assumed)."""
    account = _found_account(call)
    if account.system_account:
        return single_refusal(messages.SYSTEM_ACCOUNT)
    if account_is_used(call.books, account.account_id):
        return single_refusal(messages.ACCOUNT_IN_USE)
    call.books.remove_account(account)
    return success(call, "Accounts", [account_json(replace(account, status="DELETED", updated=call.now))])


def _save_account(call: Call, asked: Fields, target: Account | None) -> Outcome:
    account, problems = changed_account(call.books, target, asked, str(uuid4()), call.now)
    if problems:
        return Outcome({**dict(asked.values), "AccountID": target.account_id if target else NO_GUID}, problems)
    call.books.keep(call.organisation.accounts, account.account_id, account)
    return Outcome(account_json(account))


def _found_account(call: Call) -> Account:
    account = call.books.account(read_guid(call.parts["id"]))
    if account is None:
        raise not_found()
    return account


def put_tax_rate(call: Call) -> Reply:
    require_at_most(call, "TaxRates", 1)
    return write_batch(call, "TaxRates", NO_FLAG, lambda call_, asked: _save_tax_rate(call_, asked, None))


def post_tax_rate(call: Call) -> Reply:
    """Match by TaxType, else by name (that nothing is created is assumed)."""
    require_at_most(call, "TaxRates", 1)
    return write_batch(call, "TaxRates", NO_FLAG, _update_tax_rate)


def _update_tax_rate(call: Call, asked: Fields) -> Outcome:
    tax_type, name = (asked.stripped("TaxType") or "").upper(), (asked.stripped("Name") or "").casefold()
    named = (one for one in call.organisation.tax_rates.values() if one.name.casefold() == name)
    target = call.organisation.tax_rates.get(tax_type) if tax_type else next(named, None)
    if target is None:
        return Outcome(dict(asked.values), [messages.TAX_RATE_UNKNOWN])
    return _save_tax_rate(call, asked, target)


def _save_tax_rate(call: Call, asked: Fields, target: TaxRate | None) -> Outcome:
    rate, problems = changed_tax_rate(call.books, target, asked)
    if problems:
        return Outcome(dict(asked.values), problems)
    call.books.keep(call.organisation.tax_rates, rate.tax_type, rate)
    return Outcome(tax_rate_json(rate))
