"""Make thousands of invoices quickly: one is made by the product's own actions, the others are copies of its rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from builders import a_client, a_line, an_invoice
from joined import Joined
from keito_books.invoicing.models import Invoice, InvoiceLine, Payment
from keito_books.syncing.models import BULK, Job

LINES = 5


def invoices_with_payments(
    joined: Joined, number: int, *, clients: int, lines: int = LINES, payments: bool = True
) -> list[Invoice]:
    """Return open invoices, spread over so many clients, each with one part payment."""
    first = an_invoice(
        joined.by,
        client=a_client(joined.by, f"Client {uuid.uuid4().hex[:6]} Ltd"),
        lines=[a_line(unit_price=str(10 + place)) for place in range(lines)],
        paid="10" if payments else "",
    )
    owners = [first.client, *_copies(first.client, clients - 1, lambda n: {"name": f"{first.client.name} {n + 1}"})]
    made = _copies(
        first, number - 1, lambda n: {"number": f"{first.number}-{n:06}", "client_id": owners[(n + 1) % len(owners)].pk}
    )
    rows = list(first.lines.all())
    InvoiceLine.objects.bulk_create(
        (_copy(row, invoice_id=invoice.pk) for invoice in made for row in rows), batch_size=2000
    )
    if payments:
        paid = first.payments.get()
        copies = [_copy(paid, invoice_id=invoice.pk, marker=f"KP-{uuid.uuid4().hex[:8].upper()}") for invoice in made]
        Payment.objects.bulk_create(copies, batch_size=2000)
    return [first, *made]


def ask_in_bulk(joined: Joined, invoices: Sequence[Invoice], *, now: datetime) -> None:
    """Put them into the outbox as a run would, clients included."""
    asked: dict[str, Any] = {
        "workspace_id": joined.workspace.pk,
        "connection": joined.connection,
        "epoch": joined.connection.epoch,
        "next_at": now,
        "requested_at": now,
        "requested_by": joined.by.person,
        "priority": BULK,
    }
    clients = {invoice.client_id for invoice in invoices}
    Job.objects.bulk_create(Job(kind="contact", client_id=client, **asked) for client in clients)
    Job.objects.bulk_create((Job(kind="invoice", invoice=each, **asked) for each in invoices), batch_size=2000)


def _copies(row: Any, number: int, changes: Callable[[int], dict[str, Any]]) -> list[Any]:
    made = [_copy(row, **changes(place)) for place in range(number)]
    return list(type(row).objects.bulk_create(made, batch_size=2000))


def _copy(row: Any, **changes: Any) -> Any:
    fields = type(row)._meta.concrete_fields  # noqa: SLF001  the documented way to a model's fields
    kept = {field.attname: getattr(row, field.attname) for field in fields if not field.generated}
    return type(row)(**{**kept, "id": uuid.uuid4(), **changes})
