"""Answer forms: onwards when they were taken, the same form again when they were refused."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from keito_books.invoicing.errors import BooksError
from keito_books.web.access import WorkspaceRequest

REFUSED = 422


def onwards(request: WorkspaceRequest, to: str, *args: UUID | str) -> HttpResponse:
    """Go to a page of this workspace, whether the form was sent by the browser or by htmx."""
    address = reverse(to, args=[request.workspace.slug, *args])
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def refuse(form: forms.BaseForm, problem: BooksError) -> None:
    """Put the sentence of a refusal beside the field that it is about, or above the form."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)


def show_form(request: WorkspaceRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Show a form as a page of its own, or alone inside the dialog when htmx asks; 422 when it holds errors."""
    form = context["form"]
    refused = isinstance(form, forms.BaseForm) and form.is_bound and not form.is_valid()
    layout = "layouts/dialog.html" if request.htmx else "layouts/form_page.html"
    return render(request, template, {**context, "layout": layout}, status=REFUSED if refused else 200)
