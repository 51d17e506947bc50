"""Beside an invoice's data: its PDF, its address online, sending it by e-mail (xero-api reference 6.6)."""

from __future__ import annotations

from xero_sandbox import messages
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.credit_lists import found_credit_note
from xero_sandbox.accounting.invoice_lists import found_invoice
from xero_sandbox.accounting.printing import pdf_reply
from xero_sandbox.accounting.recording import posting_of
from xero_sandbox.accounting.replies import single_refusal, success
from xero_sandbox.rules import statuses
from xero_sandbox.rules.emails import email_problems
from xero_sandbox.rules.invoices import copy_of


def show_invoice_pdf(call: Call) -> Reply:
    return pdf_reply(found_invoice(call), call.books)


def show_credit_note_pdf(call: Call) -> Reply:
    return pdf_reply(found_credit_note(call), call.books)


def show_online_invoice(call: Call) -> Reply:
    """Sales invoices that are no drafts have an address of their own [INV]; the refusal's words are assumed."""
    invoice = found_invoice(call)
    if invoice.type != "ACCREC" or invoice.status in (statuses.DRAFT, *statuses.CLOSED):
        return single_refusal(messages.NOT_ONLINE)
    address = f"https://in.xero.com/{invoice.invoice_id.replace('-', '')[:24]}"
    return success(call, "OnlineInvoices", [{"OnlineInvoiceUrl": address}])


def email_invoice(call: Call) -> Reply:
    """Nothing is sent: the sandbox only remembers that it would have been."""
    invoice = found_invoice(call)
    contact = call.organisation.contacts[invoice.contact_id]
    problems = email_problems(call.organisation, invoice, contact, call.today)
    if problems:
        return single_refusal(problems[0])
    call.organisation.emails_sent += 1
    sent = copy_of(invoice)
    sent.sent_to_contact = True
    posting_of(call).save_invoice(sent, "Invoice sent", f"Sent to {contact.email}")
    return Reply(204, content_type=None)
