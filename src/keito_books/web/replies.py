"""Answer forms: onwards when they were taken, the same form again when they were refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, push_url

from keito_books.invoicing.errors import BooksError
from keito_books.web.access import WorkspaceRequest
from keito_books.web.forms.filters import FilterForm
from keito_books.workspaces.errors import InvalidDetail

REFUSED = 422
Refusal = BooksError | InvalidDetail


def address_of(request: WorkspaceRequest, name: str, *args: UUID | str) -> str:
    """Return the address of a page of this workspace."""
    return reverse(name, args=[request.workspace.slug, *args])


def onwards(request: WorkspaceRequest, name: str, *args: UUID | str) -> HttpResponse:
    """Go to a page of this workspace, whether the form was sent by the browser or by htmx."""
    address = address_of(request, name, *args)
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def refuse(form: forms.BaseForm, problem: Refusal) -> None:
    """Put the sentence of a refusal beside the field that it is about, or above the form."""
    name = problem.field.rpartition(".")[2]
    form.add_error(name if name in form.fields else None, problem.sentence)


def show_form(
    request: WorkspaceRequest, template: str, context: Mapping[str, Any], *, refused: bool = False
) -> HttpResponse:
    """Show a form as a page of its own, or alone inside the dialog when htmx asks; 422 when it was refused.

    The context needs `heading`, and `back` with `back_word` for the page.
    """
    layout = "layouts/dialog.html" if request.htmx else "layouts/form_page.html"
    status = REFUSED if refused else 200
    response = render(request, template, {**context, "layout": layout}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def filtered(request: WorkspaceRequest, form: FilterForm, response: HttpResponse) -> HttpResponse:
    """Keep the filters of a list in the address, without the empty ones."""
    return push_url(response, f"{request.path}{form.address}") if request.htmx else response
