"""Read from an address which invoices are meant: those that were ticked, or all that match the filters of the list."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from keito_books.invoicing import queries
from keito_books.invoicing.models import Invoice
from keito_books.web.access import WorkspaceRequest
from keito_books.web.forms.filters import InvoiceFilterForm
from keito_books.web.views.invoices import narrowed

MATCHING = "matching"
_IDS_MAX = 10_000


def selected(request: WorkspaceRequest) -> QuerySet[Invoice]:
    """Return the invoices, newest first. Raises Http404 when one of those ticked is not in this workspace."""
    if request.GET.get(MATCHING):
        form = InvoiceFilterForm(request.GET)
        return queries.newest_first(narrowed(form, request.membership, today=timezone.localdate()))
    wanted = ids_of(request.GET.getlist("invoice"))
    found = queries.invoices_visible_to(request.membership).filter(pk__in=wanted)
    if found.count() != len(wanted):
        raise Http404("an invoice that is not here")
    return queries.newest_first(found)


def back_to_list(request: WorkspaceRequest) -> str:
    """Return the filters of the list that a selection was made in, as the end of its address."""
    return InvoiceFilterForm(request.GET).address


def ids_of(texts: list[str]) -> set[UUID]:
    """Return the ids, given one by one or with commas between them. Raises Http404 when one can't be an id."""
    parts = [part for text in texts for part in text.split(",") if part]
    if len(parts) > _IDS_MAX:
        raise Http404(f"{len(parts)} ids")
    try:
        return {UUID(part) for part in parts}
    except ValueError as problem:
        raise Http404("not an id") from problem
