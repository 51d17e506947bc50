"""Drive the sandbox with Xero's own Python SDK, and print what it understood as JSON.

Runs in an environment that holds xero-python and nothing of this project.
"""

import json
import sys
from datetime import date
from decimal import Decimal

from xero_python.accounting import (
    Account,
    AccountingApi,
    Allocation,
    Allocations,
    Contact,
    Contacts,
    CreditNote,
    CreditNotes,
    Invoice,
    Invoices,
    LineItem,
    Payment,
    PaymentDelete,
    Payments,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.exceptions import AccountingBadRequestException
from xero_python.identity import IdentityApi

GIVEN = json.load(sys.stdin)
TENANT = GIVEN["tenant_id"]
TokenApi.client_credentials_token_url = TokenApi.refresh_token_url = f"{GIVEN['url']}/connect/token"
TokenApi.revoke_token_url = f"{GIVEN['url']}/connect/revocation"
IdentityApi.base_url = GIVEN["url"]
AccountingApi.base_url = f"{GIVEN['url']}/api.xro/2.0"
DATED, DUE = date(2026, 10, 5), date(2026, 11, 4)
told = {}


def money(value):
    return f"{Decimal(str(value)):.2f}"


def line(**changes):
    return LineItem(**{"description": "Day", "quantity": 1, "unit_amount": 100, "account_code": "200"} | changes)


def an_invoice(number, contact_id, **changes):
    settings = {"type": "ACCREC", "date": DATED, "due_date": DUE, "status": "AUTHORISED", "line_items": [line()]}
    return Invoice(invoice_number=number, contact=Contact(contact_id=contact_id), **settings | changes)


client = ApiClient(Configuration(oauth2_token=OAuth2Token(GIVEN["client_id"], GIVEN["client_secret"])))
kept = {"token": GIVEN["token"]}
client.oauth2_token_getter(lambda: kept["token"])
client.oauth2_token_saver(lambda token: kept.update(token=token))
client.set_oauth2_token(GIVEN["token"])
client.refresh_oauth2_token()
told["refreshed"] = kept["token"]["refresh_token"] != GIVEN["token"]["refresh_token"]

connections = IdentityApi(client).get_connections()
told["connections"] = [[one.tenant_name, one.tenant_type, one.tenant_id == TENANT] for one in connections]

xero = AccountingApi(client)
organisation = xero.get_organisations(TENANT).organisations[0]
told["organisation"] = [organisation.name, str(organisation.base_currency.value), str(organisation.version)]
accounts = xero.get_accounts(TENANT, where='Status=="ACTIVE"').accounts
told["account"] = next([one.name, str(one.type.value), one.tax_type] for one in accounts if one.code == "200")
bank = next(one for one in accounts if one.type.value == "BANK")
rates = xero.get_tax_rates(TENANT).tax_rates
told["tax_rate"] = next([one.name, money(one.effective_rate)] for one in rates if one.tax_type == "OUTPUT2")
tracking = xero.get_tracking_categories(TENANT).tracking_categories
told["tracking"] = [[one.name, len(one.options)] for one in tracking]

contact = xero.create_contacts(
    TENANT, Contacts(contacts=[Contact(name="Bramble Books", email_address="post@bramble.example")])
).contacts[0]
told["contact"] = [contact.name, contact.email_address, contact.contact_status]

asked = Invoices(invoices=[
    an_invoice("SDK-1", contact.contact_id),
    an_invoice("SDK-2", contact.contact_id, line_items=[line(account_code="nope")]),
    an_invoice("SDK-3", contact.contact_id, line_items=[line(quantity=3, unit_amount=Decimal("33.33"))]),
])  # fmt: skip
first = xero.create_invoices(TENANT, asked, summarize_errors=False, idempotency_key="sdk-1").invoices
again = xero.create_invoices(TENANT, asked, summarize_errors=False, idempotency_key="sdk-1").invoices
told["batch"] = [
    [one.status_attribute_string, one.has_errors, [error.message for error in one.validation_errors or []]]
    for one in first
]
told["totals"] = [[money(one.sub_total), money(one.total_tax), money(one.total)] for one in (first[0], first[2])]
told["replayed"] = [one.invoice_id for one in first] == [one.invoice_id for one in again]
try:
    xero.create_invoices(TENANT, Invoices(invoices=[an_invoice("SDK-1", contact.contact_id)]))
except AccountingBadRequestException as problem:
    told["refused"] = problem.reason

payment = xero.create_payments(
    TENANT,
    Payments(payments=[
        Payment(
            invoice=Invoice(invoice_id=first[0].invoice_id),
            account=Account(account_id=bank.account_id),
            date=date(2026, 10, 20),
            amount=Decimal("50.00"),
        )
    ]),
).payments[0]  # fmt: skip
part_paid = xero.get_invoice(TENANT, first[0].invoice_id).invoices[0]
told["payment"] = [money(payment.amount), payment.status, money(part_paid.amount_due), str(part_paid.date)]
deleted = xero.delete_payment(TENANT, payment.payment_id, PaymentDelete(status="DELETED")).payments[0]
told["deleted"] = [deleted.status, money(xero.get_invoice(TENANT, first[0].invoice_id).invoices[0].amount_due)]

note = xero.create_credit_notes(
    TENANT,
    CreditNotes(credit_notes=[
        CreditNote(
            type="ACCRECCREDIT",
            contact=Contact(contact_id=contact.contact_id),
            date=DATED,
            status="AUTHORISED",
            line_items=[line(unit_amount=25)],
        )
    ]),
).credit_notes[0]  # fmt: skip
allocation = xero.create_credit_note_allocation(
    TENANT,
    note.credit_note_id,
    Allocations(
        allocations=[Allocation(invoice=Invoice(invoice_id=first[0].invoice_id), amount=Decimal("30.00"), date=DATED)]
    ),
).allocations[0]
credited = xero.get_invoice(TENANT, first[0].invoice_id).invoices[0]
told["credit"] = [money(note.total), money(allocation.amount), money(credited.amount_credited)]

file = xero.create_invoice_attachment_by_file_name(TENANT, first[0].invoice_id, "plan.txt", b"a plan").attachments[0]
told["attachment"] = [file.file_name, file.content_length]
path = xero.get_invoice_attachment_by_file_name(TENANT, first[0].invoice_id, "plan.txt", "application/octet-stream")
with open(path, "rb") as fetched:  # noqa: PTH123  # a path that the SDK made
    told["fetched"] = fetched.read().decode()

voided = xero.update_invoice(TENANT, first[2].invoice_id, Invoices(invoices=[Invoice(status="VOIDED")])).invoices[0]
told["voided"] = voided.status
pages = [
    xero.get_invoices(TENANT, where='Contact.Name=="Bramble Books"', order="InvoiceNumber ASC", page=page, page_size=1)
    for page in (1, 2, 3)
]
told["pages"] = [[[one.invoice_number, one.status, len(one.line_items)] for one in page.invoices] for page in pages]
json.dump(told, sys.stdout)
