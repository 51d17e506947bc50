"""Clients: list, page, form, contacts, archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keito_books.invoicing import actions, queries
from keito_books.invoicing.books import settings_of
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Client, ClientContact, State
from keito_books.invoicing.queries import Receivable
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.client import ClientForm, ContactForm, initial_of, initial_of_contact
from keito_books.web.forms.filters import SearchForm, page_number
from keito_books.web.once import make_once
from keito_books.web.replies import address_of, filtered, onwards, refuse, show_form
from keito_books.web.views.invoice import Question
from keito_books.workspaces.permissions import Ability, may

ROWS_PER_PAGE = 50
INVOICES_PER_PAGE = 25


@dataclass(slots=True)
class Row:
    client: Client
    owes: list[Receivable] = field(default_factory=list)


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def clients(request: WorkspaceRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    everyone = queries.clients_visible_to(request.membership)
    found = everyone.filter(archived_at__isnull=not form.wanted.get("archived", False))
    for word in form.wanted.get("q", "").split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(tax_number__icontains=word))
    page = Paginator(found.order_by("name", "pk"), ROWS_PER_PAGE).get_page(page_number(request))
    context = {
        "wanted": form.wanted,
        "page": page,
        "rows": _rows(request, list(page.object_list)),
        "is_new": not everyone.exists(),
        "archived": everyone.exclude(archived_at=None).count(),
        "may_change": may(request.membership, Ability.MANAGE_CLIENTS),
    }
    return filtered(request, form, render(request, "clients/list.html", context))


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def client(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    shown = _find(request, pk)
    today = timezone.localdate()
    invoices = queries.newest_first(queries.invoices_visible_to(request.membership).filter(client=shown))
    page = Paginator(invoices, INVOICES_PER_PAGE).get_page(page_number(request))
    context = {
        "client": shown,
        "contacts": shown.contacts.order_by("created_at", "pk"),
        "projects": shown.projects.filter(archived_at=None).order_by("name", "pk"),
        "settings": settings_of(request.workspace),
        "receivables": queries.receivables(invoices, today=today),
        "page": page,
        "rows": [(each, each.is_overdue(today)) for each in page.object_list],
        "may_change": may(request.membership, Ability.MANAGE_CLIENTS),
        "may_draft": may(request.membership, Ability.DRAFT_INVOICES),
    }
    return render(request, "clients/page.html", context)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def new(request: WorkspaceRequest) -> HttpResponse:
    form = ClientForm(request.POST or None, initial={"currency": request.workspace.currency})
    if form.is_valid():
        details = form.details()
        try:
            made = make_once(
                request,
                form.cleaned_data["submission_id"],
                lambda: actions.create_client(details, by=request.membership, now=timezone.now()).pk,
            )
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{details.name} is added.")
            return onwards(request, "client", made)
    context = {"form": form, "heading": "New Client", "back": address_of(request, "clients"), "back_word": "Clients"}
    return show_form(request, "clients/form.html", {**context, "button": "Add client"}, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def edit(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    form = ClientForm(request.POST or None, initial=initial_of(found))
    if form.is_valid():
        try:
            saved = actions.update_client(found, form.details(), by=request.membership, now=timezone.now())
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{saved.name} is saved.")
            return onwards(request, "client", saved.pk)
    context = {"form": form, "heading": "Edit client", **_back(request, found), "button": "Save client"}
    return show_form(request, "clients/form.html", context, refused=form.is_bound)


@require_POST
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def archive(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Archive or restore, as the button said: both can be taken back, so nothing is asked."""
    found = _find(request, pk)
    if "restore" in request.POST:
        actions.restore_client(found, by=request.membership, now=timezone.now())
        messages.success(request, f"{found.name} is back in the lists.")
    else:
        actions.archive_client(found, by=request.membership, now=timezone.now())
        messages.success(request, f"{found.name} is archived: out of lists and pickers, with its history kept.")
    return onwards(request, "client", found.pk)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def new_contact(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    form = ContactForm(request.POST or None)
    if form.is_valid():
        details = form.details()
        try:
            make_once(
                request,
                form.cleaned_data["submission_id"],
                lambda: actions.add_contact(found, details, by=request.membership, now=timezone.now()).pk,
            )
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{details.first_name} {details.last_name}".strip() + " is added.")
            return onwards(request, "client", found.pk)
    context = {"form": form, "heading": "Add Contact", **_back(request, found), "button": "Add Contact"}
    return show_form(request, "clients/contact.html", context, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def edit_contact(request: WorkspaceRequest, pk: UUID, contact_pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    contact = get_object_or_404(found.contacts, pk=contact_pk)
    form = ContactForm(request.POST or None, initial=initial_of_contact(contact))
    if form.is_valid():
        try:
            actions.update_contact(contact, form.details(), by=request.membership, now=timezone.now())
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{contact} is saved.")
            return onwards(request, "client", found.pk)
    context = {"form": form, "heading": "Edit contact", **_back(request, found), "button": "Save contact"}
    return show_form(request, "clients/contact.html", {**context, "contact": contact}, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_CLIENTS)
def delete_contact(request: WorkspaceRequest, pk: UUID, contact_pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    contact = get_object_or_404(ClientContact, client=found, pk=contact_pk)
    if request.method == "POST":
        actions.delete_contact(contact, by=request.membership, now=timezone.now())
        messages.success(request, f"{contact} is deleted.")
        return onwards(request, "client", found.pk)
    question = Question(
        f"Delete {contact}?",
        f"{found.name} has one contact less to send invoices to.",
        "Delete contact",
        dangerous=True,
    )
    context = {"question": question, "heading": question.heading, **_back(request, found)}
    return show_form(request, "components/confirm.html", context)


def _rows(request: WorkspaceRequest, shown: Sequence[Client]) -> list[Row]:
    """Put beside each client of a page what it owes, with one query for all of them."""
    owed = (
        queries.invoices_visible_to(request.membership)
        .filter(client__in=shown, state=State.OPEN)
        .order_by("currency")
        .values_list("client_id", "currency")
        .annotate(due=Sum("due_amount"), late=Sum("due_amount", filter=Q(due_date__lt=timezone.localdate()), default=0))
    )
    by_client: dict[UUID, list[Receivable]] = defaultdict(list)
    for client_id, currency, due, late in owed:
        by_client[client_id].append(Receivable(currency, due, late))
    return [Row(each, by_client[each.pk]) for each in shown]


def _find(request: WorkspaceRequest, pk: UUID) -> Client:
    return get_object_or_404(queries.clients_visible_to(request.membership), pk=pk)


def _back(request: WorkspaceRequest, found: Client) -> dict[str, str]:
    return {"back": address_of(request, "client", found.pk), "back_word": found.name}
