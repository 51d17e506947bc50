"""Documents as PDF."""

from __future__ import annotations

from xero_sandbox.accounting.call import Reply
from xero_sandbox.books import Books
from xero_sandbox.pdf import pdf_of
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.shapes.printed import printed

PDF = "application/pdf"


def pdf_reply(document: Invoice | Credit, books: Books) -> Reply:
    return Reply(200, pdf_of(printed(document, books)), PDF)
