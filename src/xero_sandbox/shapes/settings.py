"""Accounts, tax rates, tracking and currencies on the wire."""

from __future__ import annotations

from typing import Any

from xero_sandbox.records.settings import Account, BrandingTheme, Currency, TaxRate, TrackingCategory, TrackingOption
from xero_sandbox.rules.accounts import account_class
from xero_sandbox.rules.amounts import effective_rate
from xero_sandbox.wire.dates import dotnet

CLASSES = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")
CLASS_OF = {
    "Assets": "ASSET",
    "Equity": "EQUITY",
    "Expenses": "EXPENSE",
    "Liabilities": "LIABILITY",
    "Revenue": "REVENUE",
}
# How the specification's examples report the rates of New Zealand; the British ones alike (assumed).
REPORTED_AS = {
    "OUTPUT2": "OUTPUT",
    "INPUT2": "INPUT",
    "ZERORATED": "OUTPUT",
    "RROUTPUT": "OUTPUT",
    "RRINPUT": "INPUT",
}


def account_json(one: Account) -> dict[str, Any]:
    shown: dict[str, Any] = {"AccountID": one.account_id}
    if one.code:
        shown["Code"] = one.code
    shown |= {
        "Name": one.name,
        "Status": one.status,
        "Type": one.type,
        **({"TaxType": one.tax_type} if one.tax_type else {}),
        "Class": account_class(one.type),
        "EnablePaymentsToAccount": one.enable_payments,
        "ShowInExpenseClaims": False,
        "BankAccountType": "BANK" if one.type == "BANK" else "",
        "ReportingCode": one.reporting_code,
        "HasAttachments": bool(one.attachments),
        "UpdatedDateUTC": dotnet(one.updated),
        "AddToWatchlist": False,
    }
    if one.description:
        shown["Description"] = one.description
    if one.system_account:
        shown["SystemAccount"] = one.system_account
    if one.type == "BANK":
        shown["BankAccountNumber"] = one.bank_account_number
        shown["CurrencyCode"] = one.currency
    return shown


def tax_rate_json(one: TaxRate) -> dict[str, Any]:
    rate = effective_rate(one.components).normalize() + 0
    return {
        "Name": one.name,
        "TaxType": one.tax_type,
        "ReportTaxType": one.report_tax_type or _report_type(one),
        **{f"CanApplyTo{name}": CLASS_OF[name] in one.applies_to for name in CLASSES},
        "DisplayTaxRate": rate,
        "EffectiveRate": rate,
        "Status": one.status,
        "TaxComponents": [
            {
                "Name": part.name,
                "Rate": part.rate,
                "IsCompound": part.is_compound,
                "IsNonRecoverable": part.is_non_recoverable,
            }
            for part in one.components
        ],
    }


def _report_type(one: TaxRate) -> str:
    if one.tax_type.startswith("TAX0"):  # made by the organisation itself
        return "OUTPUT" if "REVENUE" in one.applies_to else "INPUT"
    return REPORTED_AS.get(one.tax_type, one.tax_type)


def tracking_json(one: TrackingCategory, *, archived: bool) -> dict[str, Any]:
    options = [part for part in one.options if archived or part.status == "ACTIVE"]
    return {
        "Name": one.name,
        "Status": one.status,
        "TrackingCategoryID": one.category_id,
        "Options": [option_json(part) for part in options],
    }


def option_json(one: TrackingOption) -> dict[str, Any]:
    return {
        "TrackingOptionID": one.option_id,
        "Name": one.name,
        "Status": one.status,
        "HasValidationErrors": False,
        "IsDeleted": one.status == "DELETED",
        "IsArchived": one.status == "ARCHIVED",
        "IsActive": one.status == "ACTIVE",
    }


def currency_json(one: Currency) -> dict[str, Any]:
    return {"Code": one.code, "Description": one.description}


def theme_json(one: BrandingTheme) -> dict[str, Any]:
    return {
        "BrandingThemeID": one.theme_id,
        "Name": one.name,
        "Type": "INVOICE",
        "SortOrder": one.sort_order,
        "CreatedDateUTC": dotnet(one.created),
    }
