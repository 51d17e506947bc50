"""Settings > Integrations > Xero: show the connection and keep what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from keito_books.connections.models import Connection
from keito_books.connections.providing import offer_of
from keito_books.connections.queries import latest_connection, live_connection
from keito_books.mapping import actions
from keito_books.mapping.errors import BooksNotRead, ChangedMeanwhile, ChoiceRefused
from keito_books.mapping.models import TrackingMapping
from keito_books.mapping.versions import unless_changed
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.integrations import mending, reading
from keito_books.web.integrations.access import SeeOther, to_settings, with_forms_to
from keito_books.web.integrations.forms import refuse
from keito_books.web.integrations.reading import read_contacts_ahead
from keito_books.web.integrations.settings_page import SettingsPage
from keito_books.web.replies import REFUSED
from keito_books.workspaces.permissions import Ability, refusal

_NOT_READ = "The lists were not read from Xero yet, so there is nothing to choose from. Refresh the lists first."

_WITH_EFFECT = ("accounts", "taxes", "overrides")
_CHANGED = (
    "Somebody saved this section after you had opened it. Nothing of yours was saved; this is how it is now. "
    "Choose again if you still want to change it."
)


@require_GET
@in_workspace
def xero(request: WorkspaceRequest) -> HttpResponseBase:
    connection = live_connection(request.workspace)
    if connection is None or connection.provider != "xero":
        return show_unconnected(request)
    return _show(request, _page(request, connection))


def show_unconnected(request: WorkspaceRequest, problem: str = "") -> HttpResponseBase:
    """Show what connecting needs and brings; `problem` is why it was just refused."""
    live = live_connection(request.workspace)
    offer = offer_of("xero")
    context = {
        "offer": offer,
        "in_the_way": live,
        "before": latest_connection(request.workspace),
        "why_not": refusal(request.membership, Ability.MANAGE_INTEGRATIONS),
        "problem": problem,
    }
    response = render(request, "integrations/unconnected.html", context, status=REFUSED if problem else 200)
    return _may_leave_to_xero(request, response)


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def refresh_lists(request: WorkspaceRequest) -> HttpResponse:
    connection = _connection(request)
    problem = reading.problem_of_reading(connection, now=timezone.now())
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "The lists are as they are in Xero now.")
        read_contacts_ahead(connection)
    asked_from = mending.invoice_of(request, request.POST.get("invoice", ""))
    if asked_from is not None:
        return SeeOther(reverse("invoice", args=[request.workspace.slug, asked_from.pk]))
    return to_settings(request)


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def save_accounts(request: WorkspaceRequest) -> HttpResponseBase:
    page = _page(request, _connection(request), section="accounts")
    is_first = page.step == "accounts"

    def save() -> None:
        kept = page.accounts.cleaned_data
        actions.save_accounts(
            page.connection,
            revenue_account_id=kept["revenue_account"],
            payment_account_id=kept["payment_account"],
            invoices_as=kept["invoices_as"],
            by=request.membership,
            now=timezone.now(),
        )

    return _saved(request, page, save, done="The accounts are saved.", onto="" if is_first else "accounts")


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def save_currencies(request: WorkspaceRequest) -> HttpResponseBase:
    page = _page(request, _connection(request), section="currencies")

    def save() -> None:
        rules = page.currencies.chosen()
        actions.save_currencies(page.connection, rules, by=request.membership, now=timezone.now())

    return _saved(request, page, save, done="The currencies are saved.", onto="currencies")


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def save_taxes(request: WorkspaceRequest) -> HttpResponseBase:
    page = _page(request, _connection(request), section="taxes")
    is_first = page.step == "taxes"

    def save() -> None:
        actions.save_taxes(page.connection, page.taxes.chosen(), by=request.membership, now=timezone.now())

    query = "?step=tracking" if is_first else ""
    return _saved(request, page, save, done="The tax rates are saved.", onto="" if is_first else "taxes", query=query)


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def save_tracking(request: WorkspaceRequest) -> HttpResponseBase:
    page = _page(request, _connection(request), section="tracking")

    def save() -> None:
        rules = {form.category.id: form.wanted() for form in page.tracking}
        actions.save_tracking(page.connection, rules, by=request.membership, now=timezone.now())

    return _saved(request, page, save, done="The tracking categories are saved.", onto="tracking")


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def save_overrides(request: WorkspaceRequest) -> HttpResponseBase:
    page = _page(request, _connection(request), section="overrides")

    def save() -> None:
        actions.save_overrides(
            page.connection,
            projects=page.overrides.chosen_projects(),
            categories=page.overrides.chosen_categories(),
            by=request.membership,
            now=timezone.now(),
        )

    return _saved(request, page, save, done="The accounts per project and category are saved.", onto="overrides")


@require_GET
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def tracking_table(request: WorkspaceRequest, category_id: str) -> HttpResponse:
    """Show the table of one tracking category for another source, before anything is saved."""
    page = _page(request, _connection(request))
    # The select that asks sends itself, under the name that it has in the whole form.
    source = request.GET.get(f"{category_id}-source", "")
    if source not in ("off", *TrackingMapping.Source.values) or page.books is None:
        raise Http404(f"no source {source}")
    try:
        form = page.tracking_of(category_id, source=source)
    except LookupError as unknown:
        raise Http404(f"no tracking category {category_id}") from unknown
    return render(request, "integrations/_tracking_table.html", {"form": form})


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def effect(request: WorkspaceRequest, section: str) -> HttpResponse:
    """Show which invoices a section would change if it were saved as it stands; nothing is saved."""
    page = _page(request, _connection(request), section=section)
    if section not in _WITH_EFFECT or page.books is None:
        raise Http404(f"no section {section}")
    is_valid = getattr(page, section).is_valid()
    context = {"effect": page.effect() if is_valid else None, "section": section}
    template = "integrations/_effect.html" if request.htmx else "integrations/effect.html"
    return render(request, template, context, status=200 if is_valid else REFUSED)


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def try_line(request: WorkspaceRequest) -> HttpResponse:
    """Show what both sides make of a sample line with the tax rates as they stand in the form."""
    page = _page(request, _connection(request), section="sample")
    if page.books is None:
        raise Http404("the lists were not read")
    is_valid = page.sample.is_valid()
    context = {"form": page.sample, "tried": page.tried() if is_valid else None, "currency": request.workspace.currency}
    template = "integrations/_tried.html" if request.htmx else "integrations/tried.html"
    return render(request, template, context, status=200 if is_valid else REFUSED)


@require_POST
@in_workspace
@needs(Ability.MANAGE_INTEGRATIONS)
def save_behaviour(request: WorkspaceRequest) -> HttpResponseBase:
    page = _page(request, _connection(request), section="behaviour")

    def save() -> None:
        actions.save_behaviour(
            page.connection,
            copies_when_sent=page.behaviour.cleaned_data["copies_when_sent"],
            by=request.membership,
            now=timezone.now(),
        )

    return _saved(request, page, save, done="The behaviour is saved.", onto="behaviour")


def _saved(
    request: WorkspaceRequest,
    page: SettingsPage,
    save: Callable[[], None],
    *,
    done: str,
    onto: str,
    query: str = "",
) -> HttpResponseBase:
    """Save a section and go on; or show the page again with each refusal beside its field."""
    if page.books is None:
        page.problem = _NOT_READ
        return _show(request, page, status=REFUSED)
    section = getattr(page, page.section)
    sent = section if isinstance(section, list) else [section]
    if not all([form.is_valid() for form in sent]):  # noqa: C419  each form is to say what is wrong with it
        return _show(request, page, status=REFUSED)
    try:
        with unless_changed(page.connection, page.section, seen=request.POST.get("seen", "")):
            save()
    except ChangedMeanwhile:
        messages.error(request, _CHANGED)
        return to_settings(request, onto, query)
    except ChoiceRefused as refused:
        for form in sent:
            category = getattr(form, "category", None)
            refuse(form, refused.problems if category is None else _of_category(refused.problems, category.id))
        return _show(request, page, status=REFUSED)
    except BooksNotRead:
        page.problem = _NOT_READ
        return _show(request, page, status=REFUSED)
    messages.success(request, done)
    return to_settings(request, onto, query)


def _of_category(problems: dict[str, str], category_id: str) -> dict[str, str]:
    return {"source": problems[category_id]} if category_id in problems else {}


def _page(request: WorkspaceRequest, connection: Connection, *, section: str = "") -> SettingsPage:
    return SettingsPage(
        request.membership,
        connection,
        timezone.now(),
        asked_step=request.GET.get("step", ""),
        section=section,
        data=request.POST if section else None,
    )


def _show(request: WorkspaceRequest, page: SettingsPage, *, status: int = 200) -> HttpResponseBase:
    context = {"page": page, "came_from": mending.came_from(request)}
    response = render(request, "integrations/xero.html", context, status=status)
    return _may_leave_to_xero(request, response)


def _connection(request: WorkspaceRequest) -> Connection:
    connection = live_connection(request.workspace)
    if connection is None or connection.provider != "xero":
        raise Http404("no connection to Xero")
    return connection


def _may_leave_to_xero(request: WorkspaceRequest, response: HttpResponse) -> HttpResponseBase:
    return with_forms_to(reading.consent_sources(), request, response)
