"""What we predict is what the sandbox, which shares no code with us, makes of the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keito_books.accounting.documents import (
    InvoiceDocument,
    RemoteInvoice,
    TaxChoice,
    TaxComponent,
)
from keito_books.accounting.port import Done
from keito_books.providers.xero.arithmetic import Line, effective_rate
from keito_books.providers.xero.repair import plan_invoice
from providers.builders import an_invoice_as_keito_adds_it_up
from providers.contract import NOW, Stage
from providers.mixes import MIXES, Case, cases
from xero_sandbox.records import settings as records
from xero_sandbox.rules import amounts
from xero_sandbox.seeds.demo import BRITISH_ID
from xero_sandbox.testing import RunningSandbox

INVOICES = 100
BATCH = 50
SEED = 20261122


def add_rates(sandbox: RunningSandbox, case: Case) -> None:
    """Give the organisation the tax rates that the mix charges, one for each situation."""
    organisation = sandbox.sandbox.world.organisations[BRITISH_ID]
    parts = {"Tax 1": case.tax, "Tax 2": case.tax2}
    for place, names in enumerate((("Tax 1",), ("Tax 2",), ("Tax 1", "Tax 2")), start=1):
        components = [records.TaxComponent(name, rate) for name in names if (rate := parts[name]) is not None]
        if len(components) == len(names):
            tax_type = f"TAX{place:03}"
            organisation.tax_rates[tax_type] = records.TaxRate(tax_type, f"Mix {place}", components, ("REVENUE",))


def with_real_ids(
    invoice: InvoiceDocument, number: str, template: InvoiceDocument, rates: dict[frozenset[TaxComponent], str]
) -> InvoiceDocument:
    lines = tuple(
        replace(
            line,
            account_id=template.lines[0].account_id,
            tax=TaxChoice(rates[frozenset(line.tax.components)], line.tax.components),
        )
        for line in invoice.lines
    )
    return replace(
        invoice, number=number, contact_id=template.contact_id, lines=lines, url=f"https://b.example/{number}"
    )


def numbered(stage: Stage, mix: str) -> Iterator[InvoiceDocument]:
    template = stage.an_invoice()
    books = stage.documents.read_books(stage.access, now=NOW)
    rates = {frozenset(each.components): each.tax_type for each in books.tax_rates if each.name.startswith("Mix ")}
    rates[frozenset()] = "NONE"
    for number, case in enumerate(cases(mix, INVOICES, seed=SEED)):
        invoice = an_invoice_as_keito_adds_it_up(
            case.items, currency=case.currency, discount=case.discount, tax=case.tax, tax2=case.tax2
        )
        yield with_real_ids(invoice, f"MIX-{number}", template, rates)


@pytest.mark.fault("F128", "F129", "F130")
@pytest.mark.promise("P25", "P34")
@pytest.mark.parametrize("mix", MIXES)
def test_every_invoice_of_a_mix_arrives_equal_to_the_cent(stage: Stage, sandbox: RunningSandbox, mix: str) -> None:
    add_rates(sandbox, next(cases(mix, 1, seed=SEED)))
    invoices = list(numbered(stage, mix))
    for start in range(0, INVOICES, BATCH):
        batch = invoices[start : start + BATCH]

        verdicts = stage.send(stage.documents.prepare_invoices(batch))

        assert len(verdicts) == BATCH
        for invoice, verdict in zip(batch, verdicts, strict=True):
            assert isinstance(verdict, Done), verdict
            assert isinstance(verdict.remote, RemoteInvoice)
            told = (verdict.remote.subtotal, verdict.remote.tax, verdict.remote.total)
            assert told == (invoice.totals.subtotal, invoice.totals.tax, invoice.totals.total)
            assert Decimal(0) == plan_invoice(invoice).rounding


@pytest.mark.parametrize(("ours", "there"), [("1.25", "1.250000"), (None, "1.152340")], ids=["ours", "the day's"])
def test_a_foreign_invoice_has_our_rate_or_that_of_the_day(stage: Stage, ours: str | None, there: str) -> None:
    rate = Decimal(ours) if ours else None
    invoice = replace(stage.an_invoice(), number="EUR-1", currency="EUR", currency_rate=rate)

    (verdict,) = stage.send(stage.documents.prepare_invoices([invoice]))

    assert isinstance(verdict, Done), verdict
    assert isinstance(verdict.remote, RemoteInvoice)
    assert (verdict.remote.currency, verdict.remote.currency_rate) == ("EUR", Decimal(there))


parts = st.lists(st.tuples(st.decimals("0", "30", places=4), st.booleans()), max_size=4)


@settings(max_examples=1000, deadline=None)
@given(
    quantity=st.decimals("-9999", "99999", places=4),
    price=st.decimals("0", "99999", places=4),
    discount=st.none() | st.decimals("0", "100", places=2),
    components=parts,
)
def test_line_tax_and_rate_are_what_the_sandbox_makes_of_them(
    quantity: Decimal, price: Decimal, discount: Decimal | None, components: list[tuple[Decimal, bool]]
) -> None:
    ours = effective_rate(TaxComponent("Part", rate, is_compound) for rate, is_compound in components)
    line = Line("Work", quantity, price, ours, discount_rate=discount)

    theirs = amounts.effective_rate([records.TaxComponent("Part", rate, compound) for rate, compound in components])
    their_amount = amounts.line_amount(quantity, price, discount, None)
    assert ours == theirs
    assert line.amount == their_amount
    assert line.tax == amounts.line_tax(their_amount, theirs, "Exclusive")
