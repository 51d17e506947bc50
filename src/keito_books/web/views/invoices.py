"""The list of invoices: the morning overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from keito_books.invoicing import queries
from keito_books.invoicing.models import Invoice, State
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.filters import OVERDUE, InvoiceFilterForm, page_number
from keito_books.web.integrations import hooks
from keito_books.web.replies import filtered
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, may

ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    invoice: Invoice
    overdue: bool
    sync: str


@dataclass(frozen=True, slots=True)
class Chip:
    value: str
    word: str
    count: int


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def invoices(request: WorkspaceRequest) -> HttpResponse:
    today = timezone.localdate()
    form = InvoiceFilterForm(request.GET)
    everything = queries.invoices_visible_to(request.membership)
    any_state = queries.matching(everything, form.invoice_filter(with_state=False), today=today)
    found = queries.newest_first(narrowed(form, request.membership, today=today))
    page = Paginator(found, ROWS_PER_PAGE).get_page(page_number(request))
    shown = list(page.object_list)
    statuses = hooks.statuses_of(request.workspace, shown)
    context = {
        "form": form,
        "wanted": form.wanted,
        "chips": _chips(any_state, today),
        "sync_statuses": hooks.SYNC_STATUSES,
        "shows_sync": hooks.shows_sync(request.membership),
        "clients": queries.clients_visible_to(request.membership).order_by("name", "pk"),
        "receivables": queries.receivables(any_state, today=today),
        "page": page,
        "rows": [Row(each, each.is_overdue(today), statuses.get(each.pk, "")) for each in shown],
        "currencies": {each.currency for each in shown},
        "may_draft": may(request.membership, Ability.DRAFT_INVOICES),
        "is_new": not everything.exists(),
        "filters": form.given,
        "may_copy": hooks.may_copy_many(request.membership),
        "copies": hooks.copies_under_way(request.membership),
        "broken_choices": hooks.choices_that_broke(request.membership),
    }
    return filtered(request, form, render(request, "invoices/list.html", context))


def narrowed(form: InvoiceFilterForm, member: Membership, *, today: date) -> QuerySet[Invoice]:
    """Return what a member may see of the invoices, narrowed by all filters of the list."""
    found = queries.matching(queries.invoices_visible_to(member), form.invoice_filter(), today=today)
    return hooks.narrow(found, member.workspace, form.wanted["sync"]) if "sync" in form.wanted else found


def _chips(found: QuerySet[Invoice], today: date) -> list[Chip]:
    """Count the invoices behind each state, under the other filters."""
    counts = found.order_by().aggregate(
        overdue=Count("pk", filter=Q(state=State.OPEN, due_date__lt=today)),
        every=Count("pk"),
        **{state.value: Count("pk", filter=Q(state=state)) for state in State},
    )
    chips = [Chip("", "All", counts["every"])]
    for state in State:
        chips.append(Chip(state.value, state.label, counts[state.value]))
        if state == State.OPEN:
            chips.append(Chip(OVERDUE, "Overdue", counts[OVERDUE]))
    return chips
