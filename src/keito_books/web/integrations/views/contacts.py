"""Which contact is a client: the queue of open questions, searching, linking, unlinking, creating."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keito_books.invoicing import queries
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Client
from keito_books.syncing import contacts
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.directory import contacts_copied
from keito_books.syncing.errors import ContactShared, NotConnectedNow, SyncProblem
from keito_books.syncing.status import client_standing
from keito_books.web.access import WorkspaceRequest, in_workspace, needs
from keito_books.web.integrations.access import SeeOther
from keito_books.web.integrations.reading import read_contacts_ahead
from keito_books.web.replies import address_of, onwards, show_form
from keito_books.web.views.invoice import Question
from keito_books.workspaces.permissions import Ability

TEXT_MAX = 255


@require_GET
@in_workspace
@needs(Ability.COPY_INVOICES)
def queue(request: WorkspaceRequest) -> HttpResponse:
    """Show the clients whose contact only a person can name."""
    try:
        connection = usable_connection(request.workspace)
    except NotConnectedNow as problem:
        return render(request, "integrations/contacts.html", {"problem": str(problem)})
    read_contacts_ahead(connection)
    asked = contacts.questions(connection)
    context = {
        "connection": connection,
        "questions": asked,
        "put_off": contacts.questions(connection, put_off=True),
        "certain": [each for each in asked if each.certain is not None],
        "read_at": contacts_copied(connection).read_at,
    }
    return render(request, "integrations/contacts.html", context)


@require_POST
@in_workspace
def accept_certain(request: WorkspaceRequest) -> HttpResponse:
    pairs: dict[UUID, str] = {}
    for text in request.POST.getlist("pair")[: contacts.QUESTIONS_MAX]:
        client, _, remote_id = text.partition(" ")
        try:
            pairs[UUID(client)] = remote_id
        except ValueError:
            continue

    def act() -> str:
        linked, left = contacts.accept_certain(pairs, by=request.membership, now=timezone.now())
        more = f" {left} changed meanwhile and stay here." if left else ""
        return f"{linked} linked. Their invoices go on by themselves.{more}"

    return _answered(request, act, address_of(request, "xero_contacts"))


@require_GET
@in_workspace
@needs(Ability.COPY_INVOICES)
def search(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Search what was last read of the contacts, to link one by hand."""
    client = _client(request, pk)
    text = request.GET.get("q", client.name)[:TEXT_MAX]
    try:
        connection = usable_connection(request.workspace)
    except NotConnectedNow as problem:
        messages.error(request, str(problem))
        return SeeOther(address_of(request, "client", pk))
    read_contacts_ahead(connection)
    context = {
        "client": client,
        "text": text,
        "candidates": contacts.search_contacts(connection, text, but_for=client),
        "connection": connection,
        "read_at": contacts_copied(connection).read_at,
    }
    return render(request, "integrations/contact_search.html", context)


@require_POST
@in_workspace
def link(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """Join a client to a contact that was found for it, and go back to where it was asked."""
    client = _client(request, pk)
    remote_id = request.POST.get("contact", "")
    name = _known_name(request, client, remote_id)
    if name is None:
        messages.error(request, "Choose one of the contacts. Nothing was changed.")
        return SeeOther(_back(request, client))

    def act() -> str:
        may_share = request.POST.get("share") == "yes"
        contacts.link_contact(
            client, remote_id=remote_id, name=name, may_share=may_share, by=request.membership, now=timezone.now()
        )
        return f"{client.name} is now joined to {name} in Xero. What waited for it goes on."

    return _answered(request, act, _back(request, client))


@require_POST
@in_workspace
def create(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    client = _client(request, pk)
    name = request.POST.get("name", client.name)

    def act() -> str:
        contacts.create_contact(client, name=name, by=request.membership, now=timezone.now())
        return f"A new contact is made in Xero for {name.strip()}. What waited for it goes on."

    return _answered(request, act, _back(request, client))


@require_POST
@in_workspace
def later(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    client = _client(request, pk)

    def act() -> str:
        contacts.put_off(client, by=request.membership, now=timezone.now())
        return f"{client.name} is left for later. Its invoices stay here until then."

    return _answered(request, act, _back(request, client))


@require_http_methods(["GET", "POST"])
@in_workspace
@needs(Ability.COPY_INVOICES)
def unlink(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    client = _client(request, pk)
    problem = ""
    if request.method == "POST":
        try:
            contacts.unlink_contact(client, by=request.membership, now=timezone.now())
        except SyncProblem as refused:
            problem = str(refused)
        else:
            messages.success(request, f"{client.name} is no longer joined to a contact in Xero.")
            return onwards(request, "client", client.pk)
    question = Question(
        f"Unlink {client.name} from its contact in Xero?",
        "Nothing changes in Xero: the contact and its invoices stay as they are, and so does the history here. "
        "The next invoice for this client waits until somebody says which contact it goes to.",
        "Unlink",
        dangerous=True,
    )
    context = {
        "question": question,
        "heading": question.heading,
        "problem": problem,
        "back": address_of(request, "client", client.pk),
        "back_word": client.name,
    }
    return show_form(request, "components/confirm.html", context, refused=bool(problem))


def _answered(request: WorkspaceRequest, act: Callable[[], str], back: str) -> HttpResponse:
    try:
        said = act()
    except ContactShared as problem:
        messages.error(request, f"{problem} Tick “Both are the same company” to share it.")
    except BooksError as problem:
        messages.error(request, problem.sentence)
    except SyncProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, said)
    return SeeOther(back)


def _known_name(request: WorkspaceRequest, client: Client, remote_id: str) -> str | None:
    """Return the name of a contact that we know of; an id that somebody typed into the address is none."""
    name = dict(client_standing(client).candidates).get(remote_id)
    if name is not None:
        return name
    try:
        copied = contacts_copied(usable_connection(request.workspace))
    except NotConnectedNow:
        return None
    contact = copied.by_id.get(remote_id)
    return contact.name if contact is not None else None


def _back(request: WorkspaceRequest, client: Client) -> str:
    if request.POST.get("from") == "queue":
        return address_of(request, "xero_contacts")
    invoice = request.POST.get("invoice", "")
    found = queries.invoices_visible_to(request.membership).filter(client=client)
    known = next((each for each in found.values_list("pk", flat=True) if str(each) == invoice), None)
    return address_of(request, "invoice", known) if known else address_of(request, "client", client.pk)


def _client(request: WorkspaceRequest, pk: UUID) -> Client:
    return get_object_or_404(queries.clients_visible_to(request.membership), pk=pk)
