"""Activity > Xero: every document that was to be copied, and each call that was made for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from keito_books.accounting.documents import Kind
from keito_books.connections.queries import live_connection
from keito_books.syncing.explanations import Explanation, explain, refusal_from_json
from keito_books.syncing.history import attempt_counts, attempts_of
from keito_books.syncing.models import Attempt, Job
from keito_books.syncing.status import Standing, job_standings
from keito_books.syncing.surprises import surprises_of
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.fields import Day
from keito_books.web.forms.filters import FilterForm, page_number
from keito_books.web.replies import filtered
from keito_books.workspaces.permissions import Ability

ROWS_PER_PAGE = 50
_State = Job.State
_STATES = {
    "pending": (_State.WAITING, _State.SENDING, _State.HELD),
    "success": (_State.DONE,),
    "failed": (_State.FAILED,),
}
_NOUNS = {
    Kind.CONTACT: "Contact",
    Kind.INVOICE: "Invoice",
    Kind.PAYMENT: "Payment",
    Kind.PAYMENT_DELETION: "Deletion of payment",
}
KINDS = [(Kind.INVOICE, "Invoices"), (Kind.CONTACT, "Contacts"), (Kind.PAYMENT, "Payments")]
_OK, _REFUSED, _BROKEN = 200, 400, 500
_ANSWERS = {
    401: "the permission was not accepted (401)",
    403: "not allowed (403)",
    404: "not found (404)",
    429: "too many calls, to be repeated later (429)",
}


class CallsFilterForm(FilterForm):
    state = forms.ChoiceField(
        choices=[("pending", "Pending"), ("success", "Success"), ("failed", "Failed")], required=False
    )
    kind = forms.ChoiceField(choices=KINDS, required=False)
    invoice = forms.UUIDField(required=False)
    run = forms.UUIDField(required=False)
    since = Day(required=False)
    until = Day(required=False)
    q = forms.CharField(required=False, max_length=200)


@dataclass(frozen=True, slots=True)
class Row:
    """One document on its way: what it is, whose page shows it, and how far it is."""

    job: Job
    noun: str
    name: str
    address: str
    badge: str
    standing: Standing
    calls: int = 0

    @property
    def text(self) -> str:
        """Return in words what it waits for, or why it failed."""
        return self.standing.text


@dataclass(frozen=True, slots=True)
class Call:
    """One call in words, with what was sent and answered laid out for reading."""

    attempt: Attempt
    words: str
    is_good: bool
    request: str
    reply: str


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def jobs(request: WorkspaceRequest) -> HttpResponse:
    form = CallsFilterForm(request.GET)
    everything = Job.objects.filter(workspace=request.workspace)
    found = _matching(everything, form).distinct().order_by("-requested_at", "-pk")
    page = Paginator(found.select_related(*_RELATED), ROWS_PER_PAGE).get_page(page_number(request))
    shown = list(page.object_list)
    standings, calls = job_standings(shown), attempt_counts(shown)
    context = {
        "form": form,
        "wanted": form.wanted,
        "kinds": KINDS,
        "page": page,
        "rows": [_row(each, standings[each.pk], calls.get(each.pk, 0), request.workspace.slug) for each in shown],
        "is_new": not everything.exists(),
    }
    return filtered(request, form, render(request, "integrations/activity.html", context))


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def job(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Show one document with each call that was made for it."""
    found = get_object_or_404(Job.objects.select_related(*_RELATED), pk=pk, workspace=request.workspace)
    calls = [_call(attempt) for attempt in attempts_of(found)]
    context = {
        "row": _row(found, job_standings([found])[found.pk], len(calls), request.workspace.slug),
        "calls": calls,
        "explanation": _explanation(found),
        "said": (found.refusal or {}).get("messages", []),
    }
    return render(request, "integrations/job.html", context)


@require_GET
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def surprises(request: WorkspaceRequest) -> HttpResponse:
    """Show what Xero refused although everything that was known here looked right."""
    connection = live_connection(request.workspace)
    found = surprises_of(connection)[:ROWS_PER_PAGE] if connection else []
    rows = [(each, _subject(each.last_job)[0]) for each in found]
    return render(request, "integrations/surprises.html", {"rows": rows, "connection": connection})


_RELATED = ("client", "invoice", "payment__invoice", "requested_by", "connection")


def _matching(found: QuerySet[Job], form: CallsFilterForm) -> QuerySet[Job]:
    wanted = form.wanted
    if "state" in wanted:
        found = found.filter(state__in=_STATES[wanted["state"]])
    if "kind" in wanted:
        found = found.filter(kind__startswith=wanted["kind"])
    if "invoice" in wanted:
        about = Q(invoice=wanted["invoice"]) | Q(payment__invoice=wanted["invoice"])
        found = found.filter(about | Q(client__invoices=wanted["invoice"]))
    if "since" in wanted:
        found = found.filter(requested_at__date__gte=wanted["since"])
    if "until" in wanted:
        found = found.filter(requested_at__date__lte=wanted["until"])
    if "run" in wanted:
        found = found.filter(run=wanted["run"])
    if "q" in wanted:
        word = wanted["q"]
        about = Q(invoice__number__icontains=word) | Q(payment__invoice__number__icontains=word)
        found = found.filter(about | Q(client__name__icontains=word) | Q(payment__marker__icontains=word))
    return found


def _row(job: Job, standing: Standing, calls: int, slug: str) -> Row:
    noun = _NOUNS[Kind(job.kind)]
    name, page, key = _subject(job)
    return Row(job, noun, name, reverse(page, args=[slug, key]), standing.status.value, standing, calls)


def _subject(job: Job) -> tuple[str, str, UUID]:
    """Return what a job is about: its name, the page that shows it, and that page's row."""
    if job.client is not None:
        return job.client.name, "client", job.client.pk
    if job.payment is not None:
        return f"{job.payment.marker} of {job.payment.invoice.number}", "invoice", job.payment.invoice_id
    assert job.invoice is not None  # noqa: S101  the database holds this: job_is_about_one_document
    return job.invoice.number, "invoice", job.invoice.pk


def _explanation(job: Job) -> Explanation | None:
    return explain(refusal_from_json(job.refusal)) if job.refusal else None


def _call(attempt: Attempt) -> Call:
    verb = "Sent to Xero" if attempt.purpose == "send" else "Looked up in Xero"
    return Call(
        attempt,
        words=f"{verb}: {_answer(attempt)}",
        is_good=_OK <= attempt.status < _REFUSED,
        request=_laid_out(attempt.request_body),
        reply=_laid_out(attempt.response_body),
    )


def _answer(attempt: Attempt) -> str:
    if attempt.status == 0:
        return "no answer came"
    if attempt.status < _REFUSED:
        return f"answered ({attempt.status})"
    if attempt.status >= _BROKEN:
        return f"Xero had a problem ({attempt.status})"
    return _ANSWERS.get(attempt.status, f"declined ({attempt.status})")


def _laid_out(body: str) -> str:
    """Return JSON with line breaks, and anything else as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
