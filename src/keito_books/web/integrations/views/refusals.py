"""What each refusal means, from the catalogue: for people who want to know more than the card says."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations import CAUSES, Explanation, Place, explain
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.integrations.places import section_of
from keito_books.workspaces.permissions import Ability


@dataclass(frozen=True, slots=True)
class Topic:
    """One refusal in general words; `address` is empty where it is mended on the page of one document."""

    code: RefusalCode
    explanation: Explanation
    cause: str
    address: str = ""

    @property
    def title(self) -> str:
        return self.code.value.replace("_", " ").capitalize()


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def topics(request: WorkspaceRequest) -> HttpResponse:
    every = sorted((_topic(code, request) for code in RefusalCode), key=lambda each: each.title)
    return render(request, "integrations/help_topics.html", {"topics": every})


@require_GET
@in_workspace
@needs(Ability.SEE_INVOICES)
def topic(request: WorkspaceRequest, code: str) -> HttpResponse:
    if code not in set(RefusalCode):
        raise Http404(f"no refusal {code}")
    return render(request, "integrations/help_topic.html", {"topic": _topic(RefusalCode(code), request)})


def _topic(code: RefusalCode, request: WorkspaceRequest) -> Topic:
    explanation = explain(Refusal(code))
    address = section_of(Place(explanation.place), slug=request.workspace.slug)
    return Topic(code, explanation, CAUSES[code], address)
