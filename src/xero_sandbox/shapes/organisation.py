"""An organisation on the wire."""

from __future__ import annotations

from typing import Any

from xero_sandbox.records.contact import PaymentTerm
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.wire.dates import dotnet, dotnet_day

VERSIONS = {"AU": "AU", "NZ": "NZ", "GB": "UK", "US": "US"}  # the edition by country, in the specification's spelling


def organisation_json(one: Organisation) -> dict[str, Any]:
    """Lock dates and terms appear only when they are set (xero-api reference 6.7)."""
    shown: dict[str, Any] = {
        "Name": one.name,
        "LegalName": one.legal_name,
        "PaysTax": True,
        "Version": VERSIONS.get(one.country, "GLOBAL"),
        "OrganisationType": "COMPANY",
        "BaseCurrency": one.base_currency,
        "CountryCode": one.country,
        "IsDemoCompany": one.is_demo,
        "OrganisationStatus": one.status,
        "TaxNumber": one.tax_number,
        "FinancialYearEndDay": one.year_end_day,
        "FinancialYearEndMonth": one.year_end_month,
        "SalesTaxBasis": one.sales_tax_basis,
        "SalesTaxPeriod": one.sales_tax_period,
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive",
        "CreatedDateUTC": dotnet(one.created),
        "Timezone": one.timezone,
        "OrganisationEntityType": "COMPANY",
        "ShortCode": one.short_code,
        "Class": one.organisation_class,
        "Edition": one.edition,
        "OrganisationID": one.organisation_id,
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": terms_json(one.bills_terms, one.sales_terms),
    }
    if one.period_lock_date:
        shown["PeriodLockDate"] = dotnet_day(one.period_lock_date)
    if one.end_of_year_lock_date:
        shown["EndOfYearLockDate"] = dotnet_day(one.end_of_year_lock_date)
    return shown


def terms_json(bills: PaymentTerm | None, sales: PaymentTerm | None) -> dict[str, Any]:
    terms = {}
    if bills:
        terms["Bills"] = {"Day": bills.day, "Type": bills.type}
    if sales:
        terms["Sales"] = {"Day": sales.day, "Type": sales.type}
    return terms
