"""New and edit invoice: the editor, its running totals, its lines."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from keito_books.invoicing import actions, queries
from keito_books.invoicing.books import settings_of
from keito_books.invoicing.checks import DAYS_MAX
from keito_books.invoicing.drafts import InvoiceDraft
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Client, Invoice, State
from keito_books.invoicing.models.terms import PaymentTerm, due_on
from keito_books.web import formatting
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.invoice import (
    Choices,
    Editor,
    HeadForm,
    blank_editor,
    editor_from_browser,
    editor_from_draft,
    for_another_client,
    seen_at,
    submission_of,
)
from keito_books.web.replies import REFUSED, address_of, onwards
from keito_books.workspaces.permissions import Ability


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.DRAFT_INVOICES)
def new(request: WorkspaceRequest) -> HttpResponse:
    choices = _choices(request)
    if request.method == "GET":
        basis = _blank_for(choices, request.GET.get("client", ""))
        return _show(request, _from_draft(basis, choices) if basis else _for_nobody_yet(request, choices))
    editor = editor_from_browser(request.POST, choices, _blank_for(choices, request.POST.get("client", "")))
    if answer := _still_typing(request, editor):
        return answer
    if editor.is_valid():
        try:
            made = actions.create_draft(
                editor.draft(), by=request.membership, now=timezone.now(), submission_id=submission_of(editor.head)
            )
        except BooksError as problem:
            editor.refuse(problem)
        else:
            messages.success(request, f"{made.number} is saved as a draft.")
            return onwards(request, "invoice", made.pk)
    return _show(request, editor, refused=True)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.DRAFT_INVOICES)
def edit(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    invoice = get_object_or_404(queries.invoices_visible_to(request.membership), pk=pk)
    if invoice.state != State.DRAFT:
        messages.warning(request, f"{invoice.number} is {invoice.get_state_display()}; only drafts can be edited.")
        return onwards(request, "invoice", invoice.pk)
    draft = actions.draft_of(invoice)
    choices = _choices(request, draft)
    if request.method == "GET":
        editor = _from_draft(draft, choices)
        editor.head.initial["seen_at"] = invoice.updated_at.isoformat()
        return _show(request, editor, invoice)
    editor = editor_from_browser(request.POST, choices, draft)
    if answer := _still_typing(request, editor, invoice):
        return answer
    if editor.is_valid():
        try:
            saved = actions.update_draft(
                invoice, editor.draft(), by=request.membership, now=timezone.now(), seen_at=seen_at(editor.head)
            )
        except BooksError as problem:
            editor.refuse(problem)
        else:
            messages.success(request, f"{saved.number} is saved.")
            return onwards(request, "invoice", saved.pk)
    return _show(request, editor, invoice, refused=True)


@require_POST
@in_workspace
@needs(Ability.DRAFT_INVOICES)
def totals(request: WorkspaceRequest) -> HttpResponse:
    """Add up what is typed so far; with it go the amounts of the lines and the due date of the terms."""
    choices = _choices(request)
    editor = editor_from_browser(request.POST, choices, _blank_for(choices, request.POST.get("client", "")))
    return render(request, "invoices/_running_totals.html", {"fresh": True, **_figures(request, editor)})


@require_POST
@in_workspace
@needs(Ability.DRAFT_INVOICES)
def due_date(request: WorkspaceRequest) -> HttpResponse:
    """Answer the due date field anew after the issue date or the terms were changed."""
    typed = HeadForm(Choices((), (), ()), None, data=request.POST)
    typed.is_valid()
    due = _due_by_terms(
        **{name: typed.cleaned_data.get(name) for name in ("issue_date", "payment_term", "payment_days")}
    )
    fresh = HeadForm(Choices((), (), ()), None, initial={"due_date": due or typed.cleaned_data.get("due_date")})
    return render(request, "invoices/_due_date.html", {"field": fresh["due_date"]})


@require_POST
@in_workspace
@needs(Ability.DRAFT_INVOICES)
def client(request: WorkspaceRequest) -> HttpResponse:
    """Answer the fields that depend on the client, and no others: people type on while this travels."""
    choices = _choices(request)
    draft = _blank_for(choices, request.POST.get("client", ""))
    if draft is None:
        return HttpResponse(status=204)
    typed = editor_from_browser(request.POST, choices, draft)
    typed.head.is_valid()
    issued = typed.head.cleaned_data.get("issue_date") or draft.issue_date
    editor = for_another_client(typed, draft, due=due_on(issued, draft.payment_term, draft.payment_days))
    return render(request, "invoices/_for_client.html", {"fresh": True, **_figures(request, editor)})


@require_POST
@in_workspace
@needs(Ability.DRAFT_INVOICES)
def line(request: WorkspaceRequest) -> HttpResponse:
    """Answer one more line for the editor."""
    choices = _choices(request)
    editor = editor_from_browser(request.POST, choices, _blank_for(choices, request.POST.get("client", "")))
    added = editor.blank_line(editor.next_key())
    return render(request, "invoices/_line.html", {"line": added, "editor": editor, **_taxes(request, editor)})


def _still_typing(request: WorkspaceRequest, editor: Editor, invoice: Invoice | None = None) -> HttpResponse | None:
    """Answer the editor again when a button asked for another line or one line less, not for saving."""
    if "add_line" in request.POST:
        editor.lines.append(editor.blank_line(editor.next_key()))
        return _show(request, editor, invoice)
    if "remove_line" in request.POST:
        gone = request.POST["remove_line"]
        editor.lines = [each for each in editor.lines if str(each.key) != gone] or [editor.blank_line(0)]
        return _show(request, editor, invoice)
    return None


def _show(
    request: WorkspaceRequest, editor: Editor, invoice: Invoice | None = None, *, refused: bool = False
) -> HttpResponse:
    context = {
        "editor": editor,
        "invoice": invoice,
        "action": address_of(request, "edit_invoice", invoice.pk) if invoice else address_of(request, "new_invoice"),
        "back": address_of(request, "invoice", invoice.pk) if invoice else address_of(request, "invoices"),
        **_figures(request, editor),
    }
    template = "invoices/_editor.html" if request.htmx else "invoices/editor.html"
    return render(request, template, context, status=REFUSED if refused else 200)


def _figures(request: WorkspaceRequest, editor: Editor) -> dict[str, object]:
    currency = editor.currency or request.workspace.currency
    sums = editor.totals(currency)
    for each, amount in zip(editor.lines, sums.line_amounts, strict=True):
        each.amount = amount
    return {"editor": editor, "currency": currency, "totals": sums, **_taxes(request, editor)}


def _taxes(request: WorkspaceRequest, editor: Editor) -> dict[str, object]:
    """Say which of the two taxes the editor asks for: those that the settings or the draft know."""
    settings = settings_of(request.workspace)
    basis = editor.basis
    return {
        "tax_label": (basis and basis.tax_label) or settings.tax_label,
        "tax2_label": (basis and basis.tax2_label) or settings.tax2_label,
        "shows_tax": settings.tax_percent is not None or (basis is not None and basis.tax_percent is not None),
        "shows_tax2": settings.tax2_percent is not None or (basis is not None and basis.tax2_percent is not None),
    }


def _choices(request: WorkspaceRequest, draft: InvoiceDraft | None = None) -> Choices:
    """Read the lists once; what the draft already has stays on offer even when it is archived by now."""
    member = request.membership
    clients = list(queries.clients_visible_to(member).filter(archived_at=None).order_by("name", "pk"))
    projects = list(queries.projects_visible_to(member).filter(archived_at=None).order_by("name", "pk"))
    categories = list(queries.categories_in_use(member))
    if draft is not None:
        clients += [draft.client] if draft.client not in clients else []
        for each in draft.lines:
            projects += [each.project] if each.project and each.project not in projects else []
            categories += [each.category] if each.category and each.category not in categories else []
    settings = settings_of(request.workspace)
    return Choices(clients, projects, categories, (settings.tax_label, settings.tax2_label))


def _blank_for(choices: Choices, key: str) -> InvoiceDraft | None:
    client = next((each for each in choices.clients if str(each.pk) == key), None)
    return _draft_for(client) if client else None


def _draft_for(client: Client) -> InvoiceDraft:
    return actions.blank_draft(client, today=timezone.localdate())


def _from_draft(draft: InvoiceDraft, choices: Choices) -> Editor:
    return editor_from_draft(draft, choices, due=_due(draft))


def _for_nobody_yet(request: WorkspaceRequest, choices: Choices) -> Editor:
    """Start from the invoice settings until a client is chosen."""
    settings = settings_of(request.workspace)
    today = timezone.localdate()
    usual = {
        "payment_term": settings.payment_term,
        "payment_days": settings.payment_days,
        "due_date": due_on(today, settings.payment_term, settings.payment_days),
        "tax_percent": formatting.typed_number(settings.tax_percent),
        "tax2_percent": formatting.typed_number(settings.tax2_percent),
        "notes": settings.notes,
    }
    return blank_editor(choices, today=today, usual=usual)


def _due_by_terms(issue_date: date | None, payment_term: str | None, payment_days: int | None) -> date | None:
    """Return the due date that the terms give, or None while they are half typed."""
    if issue_date is None or not payment_term:
        return None
    if payment_term == PaymentTerm.CUSTOM and (payment_days is None or not 0 <= payment_days <= DAYS_MAX):
        return None
    return due_on(issue_date, payment_term, payment_days)


def _due(draft: InvoiceDraft) -> date:
    return due_on(draft.issue_date, draft.payment_term, draft.payment_days)
