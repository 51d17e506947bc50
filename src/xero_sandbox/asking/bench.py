"""What the questions are asked with: a contact, accounts, and marks by which our documents are known again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from xero_sandbox.asking.api import Answer, Api, CannotAsk

Json = dict[str, Any]
DAY, DUE = "2026-10-05", "2026-11-04"


@dataclass(slots=True)
class Bench:
    api: Api
    contact_id: str = ""
    revenue_code: str = ""
    bank_id: str = ""
    run: str = field(default_factory=lambda: secrets.token_hex(3).upper())
    counted: int = 0

    def mark(self) -> str:
        """Return a number or name that nothing else has."""
        self.counted += 1
        return f"ASK-{self.run}-{self.counted}"

    def line(self, **changes: object) -> Json:
        return {"Description": "Asked", "Quantity": 1, "UnitAmount": 100, "AccountCode": self.revenue_code} | changes

    def invoice(self, **changes: object) -> Json:
        made: Json = {
            "Type": "ACCREC",
            "Contact": {"ContactID": self.contact_id},
            "InvoiceNumber": self.mark(),
            "Date": DAY,
            "DueDate": DUE,
            "Status": "AUTHORISED",
            "LineItems": [self.line()],
        } | changes
        return {name: value for name, value in made.items() if value is not None}

    def put_invoice(self, **changes: object) -> Answer:
        return self.api.call("PUT", "/Invoices", self.invoice(**changes))

    def put_payment(self, invoice_id: str, **changes: object) -> Answer:
        account = {"AccountID": self.bank_id}
        paid = {"Invoice": {"InvoiceID": invoice_id}, "Account": account, "Date": DAY, "Amount": 10} | changes
        return self.api.call("PUT", "/Payments", paid)


def set_up(api: Api) -> Bench:
    """Find accounts and make a contact; raises CannotAsk, also for an organisation that is no demo company."""
    organisation = api.call("GET", "/Organisation")
    shown = organisation.first("Organisations")
    if not shown:
        raise CannotAsk(f"The organisation cannot be read ({organisation.told}). Check the token and the tenant.")
    if shown.get("IsDemoCompany") is not True:
        raise CannotAsk(f"{shown.get('Name')} is no demo company. Questions write documents, so none was asked.")
    bench = Bench(api)
    accounts = (api.call("GET", "/Accounts").json or {}).get("Accounts", [])
    active = [one for one in accounts if one.get("Status") == "ACTIVE"]
    bench.revenue_code = next((one["Code"] for one in active if one.get("Type") in ("REVENUE", "SALES")), "")
    base = shown.get("BaseCurrency")
    banks = (one for one in active if one.get("Type") == "BANK" and one.get("CurrencyCode", base) == base)
    bench.bank_id = next((one["AccountID"] for one in banks), "")
    bench.contact_id = api.call("PUT", "/Contacts", {"Name": bench.mark()}).first("Contacts").get("ContactID", "")
    if not (bench.revenue_code and bench.bank_id and bench.contact_id):
        raise CannotAsk("The questions need a revenue account, a bank account and the right to add a contact.")
    return bench
