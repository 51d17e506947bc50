"""Settings: the index, the company, the invoice settings and the item categories."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keito_books.invoicing import actions as books
from keito_books.invoicing import numbering
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import ItemCategory
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.forms.settings import CategoryForm, CompanyForm, InvoiceSettingsForm, initial_of_settings
from keito_books.web.once import make_once
from keito_books.web.replies import REFUSED, address_of, onwards, refuse, show_form
from keito_books.workspaces import actions as companies
from keito_books.workspaces.actions import CompanyDetails
from keito_books.workspaces.errors import InvalidDetail
from keito_books.workspaces.permissions import Ability, refusal


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings, and what one must be allowed to do to open it."""

    name: str
    icon: str
    word: str
    about: str
    ability: Ability | None = None


_SECTIONS = (
    Section("company", "building-2", "Company", "Name, address, currency and time zone.", Ability.MANAGE_COMPANY),
    Section(
        "invoice_settings", "receipt-text", "Invoices", "Numbers, taxes, terms and e-mail.", Ability.MANAGE_SETTINGS
    ),
    Section("categories", "tags", "Item categories", "What the lines of invoices sell.", Ability.MANAGE_SETTINGS),
    Section("people", "users-round", "People", "Who is here, and what they may do.", Ability.MANAGE_PEOPLE),
    Section("integrations", "plug", "Integrations", "Xero and QuickBooks."),
)


@require_GET
@in_workspace
def index(request: WorkspaceRequest) -> HttpResponse:
    sections = [(each, each.ability and refusal(request.membership, each.ability)) for each in _SECTIONS]
    return render(request, "settings/index.html", {"sections": sections})


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_COMPANY)
def company(request: WorkspaceRequest) -> HttpResponse:
    initial = {name: getattr(request.workspace, name) for name in CompanyDetails.__dataclass_fields__}
    form = CompanyForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            companies.update_company(form.details(), by=request.membership, now=timezone.now())
        except InvalidDetail as problem:
            refuse(form, problem)
        else:
            messages.success(request, "The company’s details are saved.")
            return onwards(request, "company")
    return _show(request, "settings/company.html", {"form": form}, refused=form.is_bound)


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_SETTINGS)
def invoice_settings(request: WorkspaceRequest) -> HttpResponse:
    kept = books.settings_of(request.workspace)
    form = InvoiceSettingsForm(request.POST or None, initial=initial_of_settings(kept))
    if form.is_valid():
        try:
            books.update_settings(form.details(), by=request.membership, now=timezone.now())
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, "The invoice settings are saved. Invoices that exist keep what they have.")
            return onwards(request, "invoice_settings")
    example = numbering.fill(kept.number_pattern, kept.next_number, timezone.localdate())
    context = {"form": form, "example": example}
    return _show(request, "settings/invoices.html", context, refused=form.is_bound)


@require_GET
@in_workspace
@needs(Ability.MANAGE_SETTINGS)
def categories(request: WorkspaceRequest) -> HttpResponse:
    every = ItemCategory.objects.filter(workspace=request.workspace).order_by("archived_at", "name", "pk")
    return _show(request, "settings/categories.html", {"categories": every})


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_SETTINGS)
def new_category(request: WorkspaceRequest) -> HttpResponse:
    form = CategoryForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            make_once(
                request,
                form.cleaned_data["submission_id"],
                lambda: books.add_category(name, by=request.membership, now=timezone.now()).pk,
            )
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{name} is added.")
            return onwards(request, "categories")
    return _category_form(request, form, "New item category", "Add category")


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.MANAGE_SETTINGS)
def edit_category(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(ItemCategory, workspace=request.workspace, pk=pk)
    form = CategoryForm(request.POST or None, initial={"name": found.name})
    if form.is_valid():
        try:
            saved = books.rename_category(found, form.cleaned_data["name"], by=request.membership, now=timezone.now())
        except BooksError as problem:
            refuse(form, problem)
        else:
            messages.success(request, f"{saved.name} is saved.")
            return onwards(request, "categories")
    return _category_form(request, form, "Rename item category", "Save category")


@require_POST
@in_workspace
@needs(Ability.MANAGE_SETTINGS)
def archive_category(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(ItemCategory, workspace=request.workspace, pk=pk)
    if "restore" in request.POST:
        books.restore_category(found, by=request.membership, now=timezone.now())
        messages.success(request, f"{found.name} is offered again.")
    else:
        books.archive_category(found, by=request.membership, now=timezone.now())
        messages.success(request, f"{found.name} is archived. Lines that have it keep it.")
    return onwards(request, "categories")


def _category_form(request: WorkspaceRequest, form: CategoryForm, heading: str, button: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "back": address_of(request, "categories"),
        "back_word": "Item categories",
    }
    return show_form(request, "settings/category.html", context, refused=form.is_bound)


def _show(
    request: WorkspaceRequest, template: str, context: dict[str, object], *, refused: bool = False
) -> HttpResponse:
    return render(request, template, context, status=REFUSED if refused else 200)
