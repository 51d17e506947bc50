"""Accounts, tax rates and tracking categories, as lists; an unpaged list may be filtered."""

from __future__ import annotations

from datetime import UTC, datetime

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.listing import Table, chosen
from xero_sandbox.accounting.replies import success
from xero_sandbox.problems import not_found
from xero_sandbox.records.settings import Account, TaxRate, TrackingCategory
from xero_sandbox.rules.accounts import account_class
from xero_sandbox.rules.amounts import effective_rate
from xero_sandbox.shapes.settings import account_json, tax_rate_json, tracking_json
from xero_sandbox.where import Field, Kind
from xero_sandbox.wire.fields import read_guid

ACCOUNTS: Table[Account] = Table(
    "Accounts",
    {
        "accountid": Field(Kind.TEXT, lambda one: one.account_id),
        "code": Field(Kind.TEXT, lambda one: one.code),
        "name": Field(Kind.TEXT, lambda one: one.name),
        "type": Field(Kind.TEXT, lambda one: one.type),
        "class": Field(Kind.TEXT, lambda one: account_class(one.type)),
        "status": Field(Kind.TEXT, lambda one: one.status),
        "taxtype": Field(Kind.TEXT, lambda one: one.tax_type),
        "systemaccount": Field(Kind.TEXT, lambda one: one.system_account),
        "enablepaymentstoaccount": Field(Kind.FLAG, lambda one: one.enable_payments),
        "updateddateutc": Field(Kind.DATE, lambda one: one.updated),
    },
    id_of=lambda one: one.code or one.account_id,
    updated_of=lambda one: one.updated,
)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
TAX_RATES: Table[TaxRate] = Table(
    "TaxRates",
    {
        "name": Field(Kind.TEXT, lambda one: one.name),
        "taxtype": Field(Kind.TEXT, lambda one: one.tax_type),
        "status": Field(Kind.TEXT, lambda one: one.status),
        "effectiverate": Field(Kind.NUMBER, lambda one: effective_rate(one.components)),
        "canapplytorevenue": Field(Kind.FLAG, lambda one: "REVENUE" in one.applies_to),
        "canapplytoexpenses": Field(Kind.FLAG, lambda one: "EXPENSE" in one.applies_to),
    },
    id_of=lambda one: one.tax_type,
    updated_of=lambda _one: _NEVER,
)
TRACKING: Table[TrackingCategory] = Table(
    "TrackingCategories",
    {
        "name": Field(Kind.TEXT, lambda one: one.name),
        "status": Field(Kind.TEXT, lambda one: one.status),
        "trackingcategoryid": Field(Kind.TEXT, lambda one: one.category_id),
    },
    id_of=lambda one: one.name,
    updated_of=lambda _one: _NEVER,
)


def list_accounts(call: Call) -> Reply:
    page = chosen(call, ACCOUNTS, lambda _: call.organisation.accounts.values(), lambda _one: True)
    return success(call, "Accounts", [account_json(one) for one in page.records])


def show_account(call: Call) -> Reply:
    account = call.books.account(read_guid(call.parts["id"]))
    if account is None:
        raise not_found()
    return success(call, "Accounts", [account_json(account)])


def list_tax_rates(call: Call) -> Reply:
    """Deleted rates are in the list too [DOCKET tax_rates]."""
    call.modified_since = None  # rates carry no date
    asked = call.query.text("TaxType")
    page = chosen(
        call,
        TAX_RATES,
        lambda _: call.organisation.tax_rates.values(),
        lambda one: asked is None or one.tax_type == asked,
    )
    return success(call, "TaxRates", [tax_rate_json(one) for one in page.records])


def show_tax_rate(call: Call) -> Reply:
    rate = call.organisation.tax_rates.get(call.parts["id"].upper())
    if rate is None:
        raise not_found()
    return success(call, "TaxRates", [tax_rate_json(rate)])


def list_tracking(call: Call) -> Reply:
    call.modified_since = None  # categories carry no date
    archived = call.query.flag("includeArchived")
    page = chosen(call, TRACKING, lambda _: call.organisation.tracking, lambda one: archived or one.status == "ACTIVE")
    return success(call, "TrackingCategories", [tracking_json(one, archived=archived) for one in page.records])


def show_tracking(call: Call) -> Reply:
    wanted = read_guid(call.parts["id"])
    found = next((one for one in call.organisation.tracking if one.category_id == wanted), None)
    if found is None:
        raise not_found()
    return success(call, "TrackingCategories", [tracking_json(found, archived=True)])
