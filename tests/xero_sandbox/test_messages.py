"""Each of the 37 messages that integrators meet (reference 12), with a request that earns it through its rule."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sandbox_client import Client, Json, a_line, an_invoice
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
NOBODY = "7be578f5-63af-45c8-9b00-dcc4732baf0b"
PAYMENT: Json = {"Account": {"Code": "090"}, "Date": "2026-10-20", "Amount": 10}


@dataclass
class Books:
    sandbox: RunningSandbox
    xero: Client

    def bookkeeper(self, do: str, **details: object) -> None:
        self.sandbox.bookkeeper(BRITISH, do, **details)

    def refused_invoice(self, **changes: object) -> list[str]:
        return self.xero.refused("PUT", "/Invoices", an_invoice(**changes))

    def refused_line(self, **changes: object) -> list[str]:
        return self.refused_invoice(LineItems=[a_line(**changes)])

    def refused_edit(self, invoice: Json, **changes: object) -> list[str]:
        return self.xero.refused("POST", f"/Invoices/{invoice['InvoiceID']}", changes)

    def refused_contact(self, method: str = "PUT", **members: object) -> list[str]:
        return self.xero.refused(method, "/Contacts", members)

    def pay(self, invoice: Json) -> Json:
        paid: Json = self.xero.put("/Payments", PAYMENT | {"Invoice": {"InvoiceID": invoice["InvoiceID"]}})
        payment: Json = paid["Payments"][0]
        return payment

    def paid_invoice(self) -> Json:
        invoice = self.xero.invoice()
        self.pay(invoice)
        return invoice

    def refused_payment(self, invoice: Json, **changes: object) -> list[str]:
        asked = PAYMENT | {"Invoice": {"InvoiceID": invoice["InvoiceID"]}} | changes
        return self.xero.refused("PUT", "/Payments", asked)

    def refused_deletion(self, payment_id: str) -> list[str]:
        return self.xero.refused("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})


def taken_number(books: Books) -> list[str]:
    books.xero.invoice(InvoiceNumber="N-1")
    return books.refused_invoice(InvoiceNumber="N-1")


def voided_edit(books: Books) -> list[str]:
    invoice = books.xero.invoice()
    books.xero.post(f"/Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})
    return books.refused_edit(invoice, Reference="x")


def account_without_default(books: Books) -> list[str]:
    books.xero.put("/Accounts", {"Code": "777", "Name": "Bare", "Type": "REVENUE"})
    return books.refused_line(AccountCode="777")


def before_period_lock(books: Books) -> list[str]:
    books.bookkeeper("set lock date", date="2026-10-31", **{"for": "all but advisers"})
    books.bookkeeper("set role", role="standard")
    return books.refused_invoice()


def before_year_lock(books: Books) -> list[str]:
    books.bookkeeper("set lock date", date="2026-10-31")
    return books.refused_invoice()


def archived_edit(books: Books) -> list[str]:
    contact_id = books.xero.contact()
    books.bookkeeper("archive contact", contact="Bramble Books")
    return books.refused_contact("POST", ContactID=contact_id, Name="Other")


def older_duplicate(books: Books) -> list[str]:
    books.sandbox.door("PUT", "/readings", {"older_duplicate_words": True})
    books.xero.contact()
    return books.refused_contact(Name="Bramble Books")


def duplicate(books: Books) -> list[str]:
    books.xero.contact()
    return books.refused_contact(Name="bramble books")


def deleted_payment(books: Books) -> list[str]:
    payment_id = books.pay(books.xero.invoice())["PaymentID"]
    books.xero.post(f"/Payments/{payment_id}", {"Status": "DELETED"})
    return books.refused_deletion(payment_id)


def batch_member(books: Books) -> list[str]:
    part = {"Invoice": {"InvoiceID": books.xero.invoice()["InvoiceID"]}, "Amount": 10}
    batch = {"Account": {"Code": "090"}, "Date": "2026-10-20", "Payments": [part]}
    made = books.xero.put("/BatchPayments", batch)["BatchPayments"][0]
    return books.refused_deletion(made["Payments"][0]["PaymentID"])


def key_reuse(books: Books) -> list[str]:
    books.xero.call("PUT", "/Contacts", {"Name": "One"}, Idempotency_Key="k")
    reply = books.xero.call("PUT", "/Contacts", {"Name": "Two"}, Idempotency_Key="k")
    return [one["Message"] for one in reply.json()["Elements"][0]["ValidationErrors"]]


def taken_code(books: Books) -> list[str]:
    books.xero.put("/Items", {"Code": "x"})
    return books.xero.refused("PUT", "/Items", {"Code": "x"})


def capped(books: Books) -> list[str]:
    books.bookkeeper("cap approvals", invoices=0)
    return books.refused_invoice()


def malformed_id(books: Books) -> list[str]:
    reply = books.xero.call("POST", "/Invoices", an_invoice(InvoiceID="not-a-guid"))
    return [reply.json()["Message"]]


def reconciled(books: Books) -> list[str]:
    payment_id = books.pay(books.xero.invoice())["PaymentID"]
    books.bookkeeper("reconcile payment", payment=payment_id)
    return books.refused_deletion(payment_id)


Ask = Callable[[Books], list[str]]
TABLE: list[tuple[int, str, Ask]] = [
    (1, "Invoice # must be unique.", taken_number),
    (2, "Invoice not of valid status for modification", voided_edit),
    (3, "Invoice not of valid status for creation", lambda b: b.refused_invoice(Status="PAID")),
    (4, "One or more line items must be specified", lambda b: b.refused_invoice(LineItems=[])),
    (5, "A Contact must be specified for this type of transaction", lambda b: b.refused_invoice(Contact=None)),
    (6, ("The Contact must contain at least 1 of the following elements to identify the contact: "
        "Name, ContactID, ContactNumber"), lambda b: b.refused_invoice(Contact={"FirstName": "Ada"})),
    (7, "Account code must be specified", lambda b: b.refused_line(AccountCode=None)),
    (8, "Account code '999' is not a valid code for this document.", lambda b: b.refused_line(AccountCode="999")),
    (9, "Account code '215' has been archived, or has been deleted. Each line item must reference a valid account.",
     lambda b: b.refused_line(AccountCode="215")),
    (10, "The TaxType code 'INPUT2' cannot be used with account code '200'.",
     lambda b: b.refused_line(TaxType="INPUT2")),
    (11, "The TaxType code NOSUCH does not exist or cannot be used for this type of transaction.",
     lambda b: b.refused_line(TaxType="NOSUCH")),
    (12, "The TaxType field is mandatory", account_without_default),
    (13, "The document date cannot be before the period lock date, currently set at 31 October 2026",
     before_period_lock),
    (14, "The document date cannot be before the end of year lock date, currently set at 31 October 2026",
     before_year_lock),
    (15, "This document cannot be edited as it has a payment or credit note allocated to it.",
     lambda b: b.refused_edit(b.paid_invoice(), Date="2026-10-06")),
    (16, "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.",
     lambda b: b.refused_edit(b.paid_invoice(), Status="VOIDED")),
    (17, "The line total 1.00 does not match the expected line total 100.00", lambda b: b.refused_line(LineAmount=1)),
    (18, "Email address must be valid.", lambda b: b.refused_contact(Name="Ada", EmailAddress="ada@home")),
    (19, "Url must be a valid absolute url", lambda b: b.refused_invoice(Url="/invoices/1")),
    (20, ("The contact with the specified contact details has been archived. "
         "The contact must be un-archived before creating new invoices or credit notes."),
     lambda b: b.refused_invoice(Contact={"Name": "Thornbury & Daughters"})),
    (21, "Organisation is not subscribed to currency SEK", lambda b: b.refused_invoice(CurrencyCode="SEK")),
    (22, ("The contact name bramble books is already assigned to another contact. "
         "The contact name must be unique across all active contacts."), duplicate),
    (23, "The Contact Name already exists. Please enter a different Contact Name.", older_duplicate),
    (24, ("The specified contact details matched an archived contact. "
         "Archived contacts cannot currently be edited via the API."), archived_edit),
    (25, "Payment amount exceeds the amount outstanding on this document",
     lambda b: b.refused_payment(b.xero.invoice(), Amount=121)),
    (26, "Payments can only be made against Authorised documents",
     lambda b: b.refused_payment(b.xero.invoice(Status="DRAFT"))),
    (27, "Account type is invalid for making a payment to/from",
     lambda b: b.refused_payment(b.xero.invoice(), Account={"Code": "200"})),
    (28, "Payment not of valid status for modification", deleted_payment),
    (29, "Payments within a batch cannot be deleted.", batch_member),
    (30, "Idempotency Key: k is used with a different request.", key_reuse),
    (31, "Price List Item with Code 'x' already exists", taken_code),
    (32, "Please enter a unique Name.",
     lambda b: b.xero.refused("PUT", "/Accounts", {"Code": "777", "Name": "Sales", "Type": "REVENUE"})),
    (33, "An existing Credit Note with the specified CreditNoteID could not be found",
     lambda b: b.xero.refused("PUT", "/Payments", PAYMENT | {"CreditNote": {"CreditNoteID": NOBODY}})),
    (34, "The document with the supplied id was not found for this endpoint.",
     lambda b: b.xero.refused("PUT", f"/Invoices/{NOBODY}/History", {"Details": "x"})),
    (35, "You have reached the limit of invoices you can approve", capped),
    (36, "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).", malformed_id),
    (37, "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement.", reconciled),
]  # fmt: skip


@pytest.mark.parametrize(("number", "message", "ask"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_the_message_is_earned(sandbox: RunningSandbox, xero: Client, number: int, message: str, ask: Ask) -> None:
    assert ask(Books(sandbox, xero)) == [message], number


def test_the_table_holds_all_37() -> None:
    assert [row[0] for row in TABLE] == list(range(1, 38))
