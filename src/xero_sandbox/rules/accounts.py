"""Which account may be used for what (xero-api reference 8 and 10)."""

from __future__ import annotations

from xero_sandbox.records.settings import Account

CLASS_OF_TYPE = {
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET",
    "EQUITY": "EQUITY",
    "DEPRECIATN": "EXPENSE",
    "DIRECTCOSTS": "EXPENSE",
    "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "CURRLIAB": "LIABILITY",
    "LIABILITY": "LIABILITY",
    "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY",
    "OTHERINCOME": "REVENUE",
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
}
# Xero itself asks for a rounding line there (6.5.6 [ROUND]); every other system account is closed.
SYSTEM_ACCOUNTS_FOR_LINES = frozenset({"", "ROUNDING"})


def account_class(account_type: str) -> str:
    return CLASS_OF_TYPE.get(account_type, "ASSET")


def fits_a_line(account: Account, system_account: str = "") -> bool:
    """Bank and system accounts fit no line (reference 10 and message 8).

    An overpayment goes to `system_account`, and to no other.
    """
    if system_account:
        return account.system_account == system_account
    return account.type != "BANK" and account.system_account in SYSTEM_ACCOUNTS_FOR_LINES


def takes_payments(account: Account) -> bool:
    """A payment goes to a bank account, or where payments are enabled (reference 8 [PAY])."""
    return account.status == "ACTIVE" and (account.type == "BANK" or account.enable_payments)
