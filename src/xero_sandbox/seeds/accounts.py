"""Charts of accounts for the demo, with what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from xero_sandbox.records.settings import Account


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    name: str
    type: str
    tax_type: str
    status: str = "ACTIVE"
    description: str = ""
    enable_payments: bool = False
    system_account: str = ""
    currency: str = ""
    bank_account_number: str = ""


BRITISH = (
    Row("200", "Sales", "REVENUE", "OUTPUT2"),
    Row("205", "Professional Services Revenue", "REVENUE", "OUTPUT2", description="Fees for time and advice"),
    Row("210", "Retainers", "REVENUE", "OUTPUT2"),
    Row("260", "Other Revenue", "REVENUE", "OUTPUT2"),
    Row("265", "Recharged Expenses", "OTHERINCOME", "OUTPUT2"),
    Row("270", "Interest Income", "OTHERINCOME", "NONE"),
    Row("215", "Print Shop Sales", "SALES", "OUTPUT2", status="ARCHIVED"),
    Row("310", "Cost of Goods Sold", "DIRECTCOSTS", "INPUT2"),
    Row("320", "Subcontractors", "DIRECTCOSTS", "INPUT2"),
    Row("400", "Advertising & Marketing", "OVERHEADS", "INPUT2"),
    Row("404", "Bank Fees", "OVERHEADS", "NONE"),
    Row("429", "General Expenses", "OVERHEADS", "INPUT2"),
    Row("433", "Insurance", "OVERHEADS", "EXEMPTINPUT"),
    Row("463", "IT Software and Consumables", "OVERHEADS", "INPUT2"),
    Row("469", "Rent", "OVERHEADS", "INPUT2"),
    Row("493", "Travel - National", "OVERHEADS", "ZERORATEDINPUT"),
    Row("610", "Accounts Receivable", "CURRENT", "NONE", system_account="DEBTORS"),
    Row("620", "Prepayments", "PREPAYMENT", "NONE"),
    Row("640", "Undeposited Funds", "CURRENT", "NONE", enable_payments=True),
    Row("710", "Office Equipment", "FIXED", "INPUT2"),
    Row("800", "Accounts Payable", "CURRLIAB", "NONE", system_account="CREDITORS"),
    Row("820", "VAT", "CURRLIAB", "NONE", system_account="GST"),
    Row("835", "Directors' Loan Account", "CURRLIAB", "NONE", enable_payments=True),
    Row("840", "Historical Adjustment", "CURRLIAB", "NONE", system_account="HISTORICAL"),
    Row("850", "Suspense", "CURRLIAB", "NONE"),
    Row("860", "Rounding", "OVERHEADS", "NONE", system_account="ROUNDING"),
    Row("868", "Old Loan", "TERMLIAB", "NONE", status="ARCHIVED"),
    Row("960", "Retained Earnings", "EQUITY", "NONE", system_account="RETAINEDEARNINGS"),
    Row("970", "Owner A Share Capital", "EQUITY", "NONE"),
    Row("090", "Business Current Account", "BANK", "NONE", currency="GBP", bank_account_number="20445512345678"),
    Row("", "Euro Account", "BANK", "NONE", currency="EUR", bank_account_number="20445587654321"),
    Row(
        "092",
        "Closed Savings Account",
        "BANK",
        "NONE",
        currency="GBP",
        status="ARCHIVED",
        bank_account_number="20445511112222",
    ),
)
NEW_ZEALAND = (
    Row("200", "Sales", "REVENUE", "OUTPUT2"),
    Row("220", "Design Fees", "REVENUE", "OUTPUT2"),
    Row("260", "Other Revenue", "REVENUE", "OUTPUT2"),
    Row("310", "Cost of Goods Sold", "DIRECTCOSTS", "INPUT2"),
    Row("400", "Advertising", "OVERHEADS", "INPUT2"),
    Row("429", "General Expenses", "OVERHEADS", "INPUT2"),
    Row("610", "Accounts Receivable", "CURRENT", "NONE", system_account="DEBTORS"),
    Row("800", "Accounts Payable", "CURRLIAB", "NONE", system_account="CREDITORS"),
    Row("820", "GST", "CURRLIAB", "NONE", system_account="GST"),
    Row("860", "Rounding", "EXPENSE", "NONE", system_account="ROUNDING"),
    Row("880", "Owner Drawings", "EQUITY", "NONE", enable_payments=True),
    Row("960", "Retained Earnings", "EQUITY", "NONE", system_account="RETAINEDEARNINGS"),
    Row("090", "Business Bank Account", "BANK", "NONE", currency="NZD", bank_account_number="0201000123456000"),
)
AUSTRALIAN = (
    Row("200", "Sales", "REVENUE", "OUTPUT"),
    Row("260", "Other Revenue", "REVENUE", "OUTPUT"),
    Row("429", "General Expenses", "OVERHEADS", "INPUT"),
    Row("610", "Accounts Receivable", "CURRENT", "BASEXCLUDED", system_account="DEBTORS"),
    Row("800", "Accounts Payable", "CURRLIAB", "BASEXCLUDED", system_account="CREDITORS"),
    Row("820", "GST", "CURRLIAB", "BASEXCLUDED", system_account="GST"),
    Row("860", "Rounding", "EXPENSE", "BASEXCLUDED", system_account="ROUNDING"),
    Row("090", "Everyday Account", "BANK", "BASEXCLUDED", currency="AUD", bank_account_number="062000123456"),
)


def fixed_id(*words: str) -> str:
    """Return the same identifier for the same words, so that two fresh demos agree."""
    return str(uuid5(NAMESPACE_URL, "xero-sandbox/" + "/".join(words)))


def chart(rows: tuple[Row, ...], owner: str, made: datetime) -> dict[str, Account]:
    accounts = [
        Account(
            account_id=fixed_id(owner, "account", one.name),
            code=one.code,
            name=one.name,
            type=one.type,
            tax_type=one.tax_type,
            updated=made,
            status=one.status,
            description=one.description,
            enable_payments=one.enable_payments,
            system_account=one.system_account,
            currency=one.currency,
            bank_account_number=one.bank_account_number,
        )
        for one in rows
    ]
    return {one.account_id: one for one in accounts}
