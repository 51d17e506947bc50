"""Tax rates of three countries, with the codes that Xero uses there (xero-api reference 10)."""

from __future__ import annotations

from decimal import Decimal

from xero_sandbox.records.settings import TaxComponent, TaxRate

SALES = ("REVENUE", "ASSET", "LIABILITY", "EQUITY")
PURCHASES = ("EXPENSE", "ASSET", "LIABILITY", "EQUITY")
ANY = ("ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE")


def british() -> dict[str, TaxRate]:
    return _by_type(
        _rate("OUTPUT2", "20% (VAT on Income)", "20", SALES, "VAT"),
        _rate("INPUT2", "20% (VAT on Expenses)", "20", PURCHASES, "VAT"),
        _rate("RROUTPUT", "5% (VAT on Income)", "5", SALES, "VAT"),
        _rate("RRINPUT", "5% (VAT on Expenses)", "5", PURCHASES, "VAT"),
        _rate("ZERORATEDOUTPUT", "Zero Rated Income", "0", SALES, "VAT"),
        _rate("ZERORATEDINPUT", "Zero Rated Expenses", "0", PURCHASES, "VAT"),
        _rate("EXEMPTOUTPUT", "Exempt Income", "0", SALES, "VAT"),
        _rate("EXEMPTINPUT", "Exempt Expenses", "0", PURCHASES, "VAT"),
        _rate("NONE", "No VAT", "0", ANY, "VAT"),
        # Made by the organisation itself: a second tax on some sales, alone and together with VAT.
        _rate("TAX001", "VAT 20% and Eco Levy 2%", "20", SALES, "VAT", ("Eco Levy", "2")),
        _rate("TAX002", "Eco Levy 2%", "2", SALES, "Eco Levy"),
        _rate("SROUTPUT", "17.5% (VAT on Income)", "17.5", SALES, "VAT", status="DELETED"),
        _rate("SRINPUT", "17.5% (VAT on Expenses)", "17.5", PURCHASES, "VAT", status="DELETED"),
    )


def new_zealand() -> dict[str, TaxRate]:
    return _by_type(
        _rate("OUTPUT2", "15% GST on Income", "15", SALES, "GST"),
        _rate("INPUT2", "15% GST on Expenses", "15", PURCHASES, "GST"),
        _rate("ZERORATED", "Zero Rated", "0", ANY, "GST"),
        _rate("NONE", "No GST", "0", ANY, "GST"),
        _rate("GSTONIMPORTS", "GST on Imports", "0", PURCHASES, "GST"),
        _rate("OUTPUT", "12.5% GST on Income", "12.5", SALES, "GST", status="DELETED"),
        _rate("INPUT", "12.5% GST on Expenses", "12.5", PURCHASES, "GST", status="DELETED"),
    )


def australian() -> dict[str, TaxRate]:
    return _by_type(
        _rate("OUTPUT", "GST on Income", "10", SALES, "GST"),
        _rate("INPUT", "GST on Expenses", "10", PURCHASES, "GST"),
        _rate("EXEMPTOUTPUT", "GST Free Income", "0", SALES, "GST"),
        _rate("EXEMPTEXPENSES", "GST Free Expenses", "0", PURCHASES, "GST"),
        _rate("BASEXCLUDED", "BAS Excluded", "0", ANY, "GST"),
        _rate("NONE", "No Tax", "0", ANY, "GST"),
    )


def _rate(
    tax_type: str,
    name: str,
    percentage: str,
    applies_to: tuple[str, ...],
    tax: str,
    second: tuple[str, str] | None = None,
    *,
    status: str = "ACTIVE",
) -> TaxRate:
    components = [TaxComponent(tax, Decimal(percentage))]
    if second is not None:
        components.append(TaxComponent(second[0], Decimal(second[1])))
    return TaxRate(tax_type, name, components, applies_to, status=status)


def _by_type(*rates: TaxRate) -> dict[str, TaxRate]:
    return {one.tax_type: one for one in rates}
