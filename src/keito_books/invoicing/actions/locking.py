"""Fetch a fresh copy of a row and keep others from changing it until the transaction ends."""

from __future__ import annotations

from keito_books.invoicing.errors import WrongState
from keito_books.invoicing.models import Client, Invoice


def locked_invoice(invoice: Invoice) -> Invoice:
    found = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("client", "workspace")
        .filter(pk=invoice.pk, workspace_id=invoice.workspace_id)
        .first()
    )
    if found is None:
        raise WrongState(f"{invoice.number} was deleted in the meantime. Nothing was changed.")
    return found


def locked_client(client: Client) -> Client:
    found = (
        Client.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .filter(pk=client.pk, workspace_id=client.workspace_id)
        .first()
    )
    if found is None:
        raise WrongState(f"{client.name} was deleted in the meantime. Nothing was changed.")
    return found
