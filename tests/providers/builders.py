"""Documents for the tests of providers: each builder asks only for what matters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from keito_books.accounting.documents import (
    ContactDocument,
    DocumentLine,
    InvoiceDocument,
    InvoiceTotals,
    PaymentDocument,
    TaxChoice,
    TaxComponent,
    TrackingChoice,
)
from keito_books.invoicing.totals import Item, add_up

ISSUED = date(2026, 3, 2)
DUE = date(2026, 4, 1)

VAT_20 = TaxChoice("OUTPUT2", (TaxComponent("VAT", Decimal(20)),))
NO_TAX = TaxChoice("NONE")
ROUNDING_ID = "99999999-0000-0000-0000-000000000860"


def a_line(
    quantity: str = "1",
    price: str = "100",
    *,
    amount: str = "",
    description: str = "Consulting",
    tax: TaxChoice = VAT_20,
    tracking: tuple[TrackingChoice, ...] = (),
    account_id: str = "acc",
) -> DocumentLine:
    exact = Decimal(amount) if amount else (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"))
    return DocumentLine(description, Decimal(quantity), Decimal(price), exact, account_id, "200", tax, tracking)


def the_totals(subtotal: str, tax: str, *, discount: str = "0") -> InvoiceTotals:
    """Return totals; the subtotal is after discount."""
    return InvoiceTotals(Decimal(subtotal), Decimal(discount), Decimal(tax), Decimal(subtotal) + Decimal(tax))


def an_invoice(
    *lines: DocumentLine,
    totals: InvoiceTotals | None = None,
    number: str = "INV-0001",
    contact_id: str = "con",
    currency: str = "GBP",
    discount: str = "0",
    url: str = "https://books.example/invoices/INV-0001",
    rounding_account_id: str = "",
) -> InvoiceDocument:
    return InvoiceDocument(
        number=number,
        contact_id=contact_id,
        issued_on=ISSUED,
        due_on=DUE,
        currency=currency,
        reference="PO-7",
        url=url,
        as_draft=False,
        discount_percent=Decimal(discount),
        lines=lines or (a_line(),),
        totals=totals or the_totals("100.00", "20.00"),
        rounding_account_id=rounding_account_id,
    )


def an_invoice_as_keito_adds_it_up(
    items: list[Item],
    *,
    currency: str,
    discount: Decimal,
    tax: Decimal | None,
    tax2: Decimal | None,
    rounding_account_id: str = ROUNDING_ID,
) -> InvoiceDocument:
    """Return the document of an invoice whose figures come from Keito's own sums."""
    sums = add_up(items, currency=currency, discount_percent=discount, tax_percent=tax, tax2_percent=tax2)
    lines = tuple(
        DocumentLine("Work", item.quantity, item.unit_price, amount, "acc", "200", _tax_of(item, tax, tax2))
        for item, amount in zip(items, sums.line_amounts, strict=True)
    )
    totals = InvoiceTotals(
        sums.subtotal - sums.discount_amount, sums.discount_amount, sums.tax_amount + sums.tax2_amount, sums.amount
    )
    return InvoiceDocument(
        number="INV-0001",
        contact_id="con",
        issued_on=ISSUED,
        due_on=DUE,
        currency=currency,
        reference="",
        url="",
        as_draft=False,
        discount_percent=discount,
        lines=lines,
        totals=totals,
        rounding_account_id=rounding_account_id,
    )


def a_contact(
    *,
    marker: str = "KC-0001",
    name: str = "Acme Ltd",
    email: str = "",
    tax_number: str = "",
    terms_days: int | None = None,
) -> ContactDocument:
    return ContactDocument(marker, name, email=email, tax_number=tax_number, terms_days=terms_days)


def a_payment(
    *,
    marker: str = "KP-0001",
    invoice_id: str = "inv",
    account_id: str = "bank",
    amount: str = "10.00",
    transaction_id: str = "",
) -> PaymentDocument:
    return PaymentDocument(marker, invoice_id, account_id, date(2026, 3, 9), Decimal(amount), "GBP", transaction_id)


def _tax_of(item: Item, tax: Decimal | None, tax2: Decimal | None) -> TaxChoice:
    parts = [
        TaxComponent(name, rate)
        for name, rate, is_taxed in (("Tax 1", tax, item.taxed), ("Tax 2", tax2, item.taxed2))
        if rate is not None and is_taxed
    ]
    return TaxChoice("TAX001" if parts else "NONE", tuple(parts))
