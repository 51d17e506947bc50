"""Scopes: which exist, who may ask for them, and what they say in plain words."""

from datetime import UTC, datetime

BROAD_SCOPES_END = datetime(2027, 9, 13, tzinfo=UTC)

IDENTITY = {
    "openid": "See who you are",
    "profile": "See your name",
    "email": "See your email address",
    "offline_access": "Keep access while you are away, until you disconnect it",
}

_WRITABLE = {
    "accounting.invoices": "invoices, credit notes, quotes, purchase orders and items",
    "accounting.payments": "payments, prepayments and overpayments",
    "accounting.banktransactions": "bank transactions and transfers",
    "accounting.manualjournals": "manual journals",
    "accounting.contacts": "contacts and contact groups",
    "accounting.settings": "organisation settings: accounts, tax rates, tracking, currencies and branding",
    "accounting.attachments": "files attached to documents",
}

_REPORTS = {
    "accounting.reports.aged.read": "the aged receivables and payables reports",
    "accounting.reports.balancesheet.read": "the balance sheet",
    "accounting.reports.banksummary.read": "the bank summary",
    "accounting.reports.budgetsummary.read": "the budget summary",
    "accounting.reports.executivesummary.read": "the executive summary",
    "accounting.reports.profitandloss.read": "the profit and loss report",
    "accounting.reports.taxreports.read": "tax reports",
    "accounting.reports.trialbalance.read": "the trial balance",
}

_READ_ONLY = {
    **_REPORTS,
    "accounting.budgets.read": "budgets",
    "accounting.journals.read": "the general ledger",
    "accounting.reports.tenninetynine.read": "the 1099 report",
}

# Scopes of Xero's other APIs: an app may ask for them, but the sandbox does not imitate what they open.
_ELSEWHERE = {
    "assets": "fixed assets",
    "files": "files in the file library",
    "projects": "projects and the time spent on them",
    "payroll.employees": "payroll: employees",
    "payroll.payruns": "payroll: pay runs",
    "payroll.payslip": "payroll: payslips",
    "payroll.settings": "payroll: settings",
    "payroll.timesheets": "payroll: timesheets",
}

_TRANSACTIONS = (
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
)

# What each deprecated scope stands for.
BROAD: dict[str, tuple[str, ...]] = {
    "accounting.transactions": _TRANSACTIONS,
    "accounting.transactions.read": tuple(f"{scope}.read" for scope in _TRANSACTIONS),
    "accounting.reports.read": tuple(_REPORTS),
}

_BROAD_WORDS = {
    "accounting.transactions": "View and change invoices, payments, bank transactions and journals",
    "accounting.transactions.read": "View invoices, payments, bank transactions and journals",
    "accounting.reports.read": "View all reports",
}

PLAIN_WORDS: dict[str, str] = {
    **IDENTITY,
    **{scope: f"View and change {what}" for scope, what in (_WRITABLE | _ELSEWHERE).items()},
    **{f"{scope}.read": f"View {what}" for scope, what in (_WRITABLE | _ELSEWHERE).items()},
    **{scope: f"View {what}" for scope, what in _READ_ONLY.items()},
    **_BROAD_WORDS,
    "paymentservices": "Set up payment services on invoices",
}


def parse(text: str) -> list[str]:
    """Split on blanks and drop repetitions, keeping the order."""
    return list(dict.fromkeys(text.split()))


def unknown(scopes: list[str]) -> list[str]:
    return [scope for scope in scopes if scope not in PLAIN_WORDS]


def too_broad(scopes: list[str], *, granular_only: bool, now: datetime) -> list[str]:
    """Return the deprecated scopes that this app may not ask for, by its age or by the calendar."""
    if not granular_only and now < BROAD_SCOPES_END:
        return []
    return [scope for scope in scopes if scope in BROAD]


def add(earlier: list[str], requested: list[str]) -> list[str]:
    """Join what the person has allowed before to what they allow now: API scopes only ever grow.

    Identity scopes belong to one sign-in and are taken from the request alone.
    """
    kept = [scope for scope in earlier if scope not in IDENTITY and scope not in requested]
    return requested + kept
