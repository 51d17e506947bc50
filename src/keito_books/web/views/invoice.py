"""The page of one invoice, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from keito_books.invoicing import actions, queries
from keito_books.invoicing.books import settings_of
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Invoice, State
from keito_books.web import formatting
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.payment import LetterForm, PaymentForm
from keito_books.web.history import steps_of
from keito_books.web.integrations import hooks
from keito_books.web.replies import address_of, onwards, refuse, show_form
from keito_books.workspaces.permissions import Ability, may, refusal

HISTORY_LENGTH = 50


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def invoice(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    shown = _find(request, pk)
    member = request.membership
    context = {
        "invoice": shown,
        "lines": queries.lines_of(shown),
        "settings": settings_of(request.workspace),
        "overdue": shown.is_overdue(timezone.localdate()),
        "payments": queries.payment_steps(shown),
        "last_message": shown.messages.order_by("-written_at", "-pk").first(),
        "history": steps_of(queries.history(shown)[:HISTORY_LENGTH]),
        "may_draft": may(member, Ability.DRAFT_INVOICES),
        "may_send": may(member, Ability.SEND_INVOICES),
        "may_delete": may(member, Ability.DELETE_DRAFTS),
        "may_pay": may(member, Ability.RECORD_PAYMENTS),
        "may_revert": shown.state == State.OPEN and shown.due_amount == shown.amount and not hooks.must_stay(shown),
        "why_not": refusal(member, Ability.SEND_INVOICES),
    }
    return render(request, "invoices/page.html", context)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.RECORD_PAYMENTS)
def record_payment(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    initial = {
        "amount": formatting.typed_amount(found.due_amount, found.currency),
        "paid_on": timezone.localdate(),
        "submission_id": uuid4(),
    }
    form = PaymentForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            payment = actions.record_payment(found, by=request.membership, now=timezone.now(), **form.cleaned_data)
        except BooksError as problem:
            refuse(form, problem)
        else:
            paid = payment.invoice.state == State.PAID
            messages.success(
                request, f"Payment recorded. {found.number} is {'paid in full' if paid else 'still open'}."
            )
            return onwards(request, "invoice", found.pk)
    context = {"form": form, "invoice": found, "heading": "Record Payment", **_back(request, found)}
    return show_form(request, "invoices/record_payment.html", context, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.SEND_INVOICES)
def send(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    blank = actions.blank_letter(found)
    initial = {"recipients": ", ".join(blank.recipients), "subject": blank.subject, "body": blank.body}
    form = LetterForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            sent = actions.send_invoice(found, form.letter(), by=request.membership, now=timezone.now())
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{sent.number} is on its way to {', '.join(form.letter().recipients)}.")
            return onwards(request, "invoice", sent.pk)
    heading = f"Send {found.number}" if found.state == State.DRAFT else f"Send {found.number} again"
    context = {
        "form": form,
        "invoice": found,
        "heading": heading,
        "copied_to": hooks.copied_when_sent(found),
        **_back(request, found),
    }
    return show_form(request, "invoices/send.html", context, refused=form.is_bound)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to confirm: what happens, in words, and the button that does it."""

    heading: str
    sentence: str
    button: str
    dangerous: bool = False
    keep: str = "Cancel"


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.SEND_INVOICES)
def close(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    question = Question(
        f"Close {found.number}?",
        "What is still due no longer counts as owed to you. Use it for amounts that were written off, disputed or "
        "cancelled. It can’t be undone, and it changes nothing in Xero.",
        "Close invoice",
        dangerous=True,
    )
    return _confirmed(
        request,
        found,
        question,
        lambda: actions.close_invoice(found, by=request.membership, now=timezone.now()),
        f"{found.number} is closed.",
    )


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.SEND_INVOICES)
def revert(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    question = Question(
        f"Revert {found.number} to draft?",
        "You can change it and send it again. Your client keeps the e-mail that they already have.",
        "Revert to draft",
    )
    return _confirmed(
        request,
        found,
        question,
        lambda: actions.revert_to_draft(found, by=request.membership, now=timezone.now()),
        f"{found.number} is a draft again.",
    )


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.DELETE_DRAFTS)
def delete(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    question = Question(
        f"Delete {found.number}?",
        "The draft and its lines are removed for good. Its number becomes free again.",
        "Delete draft",
        dangerous=True,
    )
    return _confirmed(
        request,
        found,
        question,
        lambda: actions.delete_draft(found, by=request.membership, now=timezone.now()),
        f"{found.number} is deleted.",
        onto="invoices",
    )


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.RECORD_PAYMENTS)
def delete_payment(request: WorkspaceRequest, pk: UUID, payment_pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    payment = get_object_or_404(found.payments, pk=payment_pk)
    amount = f"{found.currency} {formatting.amount_text(payment.amount, found.currency)}"
    question = Question(
        "Delete this payment?",
        f"{amount} of {formatting.day_text(payment.paid_on)} is taken back, and {found.number} has that much more due. "
        "The entry stays visible in the history.",
        "Delete payment",
        dangerous=True,
    )
    return _confirmed(
        request,
        found,
        question,
        lambda: actions.delete_payment(payment, by=request.membership, now=timezone.now()),
        f"The payment of {amount} is deleted.",
    )


def _confirmed(
    request: WorkspaceRequest,
    found: Invoice,
    question: Question,
    act: Callable[[], object],
    done: str,
    *,
    onto: str = "invoice",
) -> HttpResponse:
    """Ask on GET, do it on POST; a refusal is shown in the question's place."""
    problem = ""
    if request.method == "POST":
        try:
            act()
        except BooksError as refused:
            problem = refused.sentence
        else:
            messages.success(request, done)
            return onwards(request, onto) if onto == "invoices" else onwards(request, onto, found.pk)
    context = {"question": question, "heading": question.heading, "problem": problem, **_back(request, found)}
    return show_form(request, "components/confirm.html", context, refused=bool(problem))


def _find(request: WorkspaceRequest, pk: UUID) -> Invoice:
    return get_object_or_404(queries.invoices_visible_to(request.membership), pk=pk)


def _back(request: WorkspaceRequest, found: Invoice) -> dict[str, str]:
    return {"back": address_of(request, "invoice", found.pk), "back_word": found.number}
