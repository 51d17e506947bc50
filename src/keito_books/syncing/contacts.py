"""What people say about which contact a client is (link, create, later, separate), and what they are shown for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from keito_books.accounting.documents import Kind, RemoteContact
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing.actions.clients import details_of, update_client
from keito_books.invoicing.models import Client
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.directory import Copied, contacts_copied
from keito_books.syncing.errands.contacts import ARCHIVED
from keito_books.syncing.errors import ContactProblem, ContactShared
from keito_books.syncing.explanations import Explanation, explain, refusal_from_json, refusal_to_json
from keito_books.syncing.likeness import Likeness, certain_one, likest, plain_name
from keito_books.syncing.models import Job, Link
from keito_books.syncing.queue import enqueue, find_job, find_link
from keito_books.syncing.translate import contact_document
from keito_books.workspaces import audit
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require, require_same_workspace

# Only a person can say which contact is meant; until then the client's invoices fail for the same reason.
OPEN_QUESTIONS = (
    RefusalCode.CONTACT_AMBIGUOUS.value,
    RefusalCode.CONTACT_NAME_TAKEN.value,
    RefusalCode.CONTACT_ARCHIVED.value,
    RefusalCode.CONTACT_SEPARATED.value,
)
QUESTIONS_MAX = 100
_FOUND_MAX = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact to choose from; `held_by` names our other clients that are joined to it."""

    likeness: Likeness
    held_by: tuple[str, ...]
    address: str

    @property
    def contact(self) -> RemoteContact:
        return self.likeness.contact


@dataclass(frozen=True, slots=True)
class Question:
    """A client whose contact only a person can name."""

    client: Client
    explanation: Explanation
    code: str
    candidates: tuple[Candidate, ...]
    waiting: int
    asked_at: datetime | None
    certain: Candidate | None = None


def open_questions(connection: Connection) -> QuerySet[Job]:
    """Return the contact jobs that wait for a person's answer, without those put off."""
    return _asked(connection).exclude(answer=Job.Answer.LATER)


def count_of_questions(connection: Connection) -> int:
    return open_questions(connection).count()


def questions(connection: Connection, *, put_off: bool = False) -> list[Question]:
    """Return the oldest questions with their candidates, in a fixed number of queries."""
    wanted = _asked(connection).filter(answer=Job.Answer.LATER) if put_off else open_questions(connection)
    jobs = list(
        wanted.select_related("client__workspace")
        .prefetch_related("client__contacts")
        .order_by("finished_at", "pk")[:QUESTIONS_MAX]
    )
    copied = contacts_copied(connection)
    holders = _holders(connection)
    waiting = _waiting(connection, [job.client_id for job in jobs if job.client_id])
    found = [_question(job, job.client, connection, copied, holders, waiting) for job in jobs if job.client]
    return _without_rivals(found)


def search_contacts(connection: Connection, text: str, *, but_for: Client) -> list[Candidate]:
    """Return contacts whose name, e-mail address, code or tax number holds a text. No call is made."""
    wanted, like = text.strip().casefold(), plain_name(text)
    if not wanted:
        return []
    document = contact_document(but_for)
    holders = _holders(connection)
    hits = [
        each for each in contacts_copied(connection).contacts if not each.merged_into_id and _holds(each, wanted, like)
    ]
    hits.sort(key=lambda each: (each.is_archived, each.name.casefold(), each.id))
    from_likeness = {each.contact.id: each for each in likest(document, hits)}
    return [
        _candidate(from_likeness.get(each.id, Likeness(each, 0, ())), but_for, connection, holders)
        for each in hits[:_FOUND_MAX]
    ]


def linked_contact(connection: Connection, link: Link) -> RemoteContact | None:
    """Return what was last read of a contact that a client is joined to."""
    return contacts_copied(connection).by_id.get(link.remote_id)


@transaction.atomic
def link_contact(
    client: Client, *, remote_id: str, name: str = "", may_share: bool = False, by: Membership, now: datetime
) -> Link:
    """Join a client to a contact that a person picked; what waited for it goes on by itself. The same twice is once.

    Raises NotAllowed, NotConnectedNow, ContactProblem, or ContactShared when another client is joined to that contact
    and nobody said that both are meant to be.
    """
    connection, client = _locked(client, by)
    if client.is_archived:
        raise ContactProblem(f"{client.name} is archived here. Restore the client first, then link it.")
    link = find_link(connection, Kind.CONTACT, client)
    if link is not None:
        if link.remote_id == remote_id:
            return link
        raise ContactProblem(
            f"{client.name} is joined to {link.remote_label} already. Unlink it first, then choose another."
        )
    _nothing_under_way(connection, client)
    contact = contacts_copied(connection).by_id.get(remote_id)
    if contact is not None and (contact.is_archived or contact.merged_into_id):
        raise ContactProblem(
            f"{contact.name} is archived in Xero, so it can't get invoices. Restore it in Xero, or choose another."
        )
    others = [each for each in _holders(connection).get(remote_id, ()) if each[0] != client.pk]
    if others and not may_share:
        names = ", ".join(other for _, other in others)
        raise ContactShared(
            f"{names} is joined to this contact already. Two clients share a contact only when you say so."
        )
    label = contact.name if contact is not None else name
    link = Link.objects.create(
        connection=connection,
        kind=Kind.CONTACT,
        client=client,
        remote_id=remote_id,
        remote_label=label[:255],
        origin="chosen",
        made_at=now,
    )
    job = enqueue(connection, Kind.CONTACT, client, by=by.person, now=now)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=now, answer="")
    _let_invoices_go_on(connection, client, by=by, now=now)
    shared = [other for _, other in others]
    _audit(
        "sync.contact_chosen",
        client,
        by=by,
        now=now,
        details={"contact": label, "remote_id": remote_id, "shared_with": shared},
    )
    return link


@transaction.atomic
def create_contact(client: Client, *, name: str, by: Membership, now: datetime) -> Job:
    """Let a new contact be made for a client, whatever is like it there; a name that is in use must be changed first.

    The client gets the new name here as well, so that people tell both apart on either side.
    """
    require(by, Ability.MANAGE_CLIENTS)
    connection, client = _locked(client, by)
    if find_link(connection, Kind.CONTACT, client) is not None:
        raise ContactProblem(f"{client.name} is joined to a contact already. Unlink it first.")
    if client.is_archived:
        raise ContactProblem(f"{client.name} is archived here. Restore the client first.")
    _nothing_under_way(connection, client)
    job = find_job(connection, Kind.CONTACT, client)
    if job is None or job.state != Job.State.FAILED:
        raise ContactProblem("This was answered meanwhile. Nothing was changed.")
    copied = contacts_copied(connection)
    document = replace(contact_document(client), name=name)
    if any(each.marker == document.marker for each in copied.contacts):
        raise ContactProblem(
            "A contact in Xero carries this client's code, since it was made from here, and Xero allows no second one. "
            "Link that contact."
        )
    taken = plain_case(name) in {plain_case(each.name) for each in copied.contacts if not each.is_archived}
    if taken:
        raise ContactProblem(
            f"Xero has a contact called {name.strip()} already, and each name may be used once there. "
            "Give this client a name that tells the two apart, such as one with its town."
        )
    if name.strip() != client.name:
        client = update_client(client, replace(details_of(client), name=name), by=by, now=now)
    job = enqueue(connection, Kind.CONTACT, client, by=by.person, now=now)
    Job.objects.filter(pk=job.pk).update(answer=Job.Answer.CREATE)
    _let_invoices_go_on(connection, client, by=by, now=now)
    _audit("sync.contact_to_create", client, by=by, now=now, details={"contact": client.name})
    return job


@transaction.atomic
def put_off(client: Client, *, by: Membership, now: datetime) -> None:
    """Take a question out of the count until somebody comes back to it; its invoices stay Failed."""
    connection, client = _locked(client, by)
    asked = _asked(connection).filter(client=client).exclude(answer=Job.Answer.LATER)
    if asked.update(answer=Job.Answer.LATER):
        _audit("sync.contact_put_off", client, by=by, now=now, details={})


@transaction.atomic
def unlink_contact(client: Client, *, by: Membership, now: datetime) -> None:
    """Separate a client from its contact. Nothing changes in Xero; the next invoice asks a person for a contact."""
    connection, client = _locked(client, by)
    link = find_link(connection, Kind.CONTACT, client)
    if link is None:
        return
    _nothing_under_way(connection, client)
    if (why := why_not_unlink(connection, client)) != "":
        raise ContactProblem(why)
    refusal = Refusal(RefusalCode.CONTACT_SEPARATED, details={f"candidate:{link.remote_id}": link.remote_label})
    job = enqueue(connection, Kind.CONTACT, client, by=by.person, now=now)
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.FAILED,
        refusal=refusal_to_json(refusal),
        finished_at=now,
        waiting_because="",
        answer=Job.Answer.ASK,
    )
    link.delete()
    details: dict[str, audit.Detail] = {
        "contact": link.remote_label,
        "remote_id": link.remote_id,
        "origin": link.origin,
    }
    _audit("sync.contact_separated", client, by=by, now=now, details=details)


def why_not_unlink(connection: Connection, client: Client) -> str:
    """Return why a client must keep its contact for now; empty when nothing of it is on its way."""
    about = Q(invoice__client=client) | Q(payment__invoice__client=client)
    if Job.objects.filter(about, connection=connection, dispatch__isnull=False).exists():
        return (
            "Something for this client is on its way to Xero. Wait until that has succeeded or failed, then unlink it."
        )
    return ""


@transaction.atomic
def accept_certain(pairs: Mapping[UUID, str], *, by: Membership, now: datetime) -> tuple[int, int]:
    """Join clients to the contacts that were shown as certain, where they still are; return how many, and the rest."""
    require(by, Ability.COPY_INVOICES)
    connection = usable_connection(by.workspace)
    Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    sure = {each.client.pk: each for each in questions(connection) if each.certain is not None}
    linked = 0
    for client_id, remote_id in pairs.items():
        question = sure.get(client_id)
        if question is None or question.certain is None or question.certain.contact.id != remote_id:
            continue
        link_contact(question.client, remote_id=remote_id, by=by, now=now)
        linked += 1
    return linked, len(pairs) - linked


def plain_case(name: str) -> str:
    return " ".join(name.split()).casefold()


def _locked(client: Client, by: Membership) -> tuple[Connection, Client]:
    """Return both for changing. The connection's lock orders two people who give one contact to two clients."""
    require(by, Ability.COPY_INVOICES)
    require_same_workspace(by, client)
    connection = usable_connection(by.workspace)
    Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
    return connection, Client.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=client.pk)


def _nothing_under_way(connection: Connection, client: Client) -> None:
    """Refuse while a request that makes the contact has left, or may leave at any moment."""
    jobs = Job.objects.filter(connection=connection, kind=Kind.CONTACT, client=client).select_for_update()
    if any(job.may_have_arrived or job.state == Job.State.SENDING for job in jobs):
        raise ContactProblem("The contact is being created in Xero just now. Wait until that has succeeded or failed.")


def _let_invoices_go_on(connection: Connection, client: Client, *, by: Membership, now: datetime) -> None:
    invoices = Job.objects.filter(connection=connection, kind=Kind.INVOICE, invoice__client=client)
    for job in invoices.filter(state=Job.State.FAILED, refusal__code__in=OPEN_QUESTIONS).select_related("invoice"):
        if job.invoice is not None:
            enqueue(connection, Kind.INVOICE, job.invoice, by=by.person, now=now)
    invoices.filter(state=Job.State.WAITING, waiting_because="contact").update(next_at=now)


def _asked(connection: Connection) -> QuerySet[Job]:
    return Job.objects.filter(
        Q(refusal__code__in=OPEN_QUESTIONS),
        connection=connection,
        kind=Kind.CONTACT,
        state=Job.State.FAILED,
        client__archived_at=None,
    ).exclude(Exists(Link.objects.filter(connection=connection, kind=Kind.CONTACT, client=OuterRef("client"))))


def _question(
    job: Job,
    client: Client,
    connection: Connection,
    copied: Copied,
    holders: Mapping[str, list[tuple[UUID, str]]],
    waiting: Mapping[UUID, int],
) -> Question:
    refusal = refusal_from_json(job.refusal or {})
    document = contact_document(client)
    named = _named(refusal, copied)
    found = likest(document, [*copied.contacts, *(each for each in named if each.id not in copied.by_id)])
    known = {each.contact.id for each in found}
    found += [Likeness(each, 0, ("found when it was looked for",)) for each in named if each.id not in known]
    candidates = tuple(_candidate(each, client, connection, holders) for each in found)
    sure = certain_one(found)
    certain = next(
        (each for each in candidates if sure and each.contact.id == sure.contact.id and not each.held_by), None
    )
    return Question(
        client, explain(refusal), refusal.code.value, candidates, waiting.get(client.pk, 0), job.finished_at, certain
    )


def _named(refusal: Refusal, copied: Copied) -> list[RemoteContact]:
    """Return the contacts that a refusal names, as last read, else as the refusal tells of them."""
    prefix = "candidate:"
    told = {key.removeprefix(prefix): name for key, name in refusal.details.items() if key.startswith(prefix)}
    contacts = [
        copied.by_id.get(key, RemoteContact(key, name.removesuffix(ARCHIVED), is_archived=name.endswith(ARCHIVED)))
        for key, name in told.items()
    ]
    return [each for each in contacts if not each.merged_into_id]


def _without_rivals(found: list[Question]) -> list[Question]:
    """Take the certainty from questions that point to one and the same contact."""
    pointed = [each.certain.contact.id for each in found if each.certain]
    return [
        replace(each, certain=None) if each.certain and pointed.count(each.certain.contact.id) > 1 else each
        for each in found
    ]


def _candidate(
    likeness: Likeness, client: Client, connection: Connection, holders: Mapping[str, list[tuple[UUID, str]]]
) -> Candidate:
    others = tuple(name for pk, name in holders.get(likeness.contact.id, ()) if pk != client.pk)
    documents = provider_for(connection.provider).documents
    address = documents.contact_address(short_code=connection.short_code, remote_id=likeness.contact.id)
    return Candidate(likeness, others, address)


def _holders(connection: Connection) -> dict[str, list[tuple[UUID, str]]]:
    """Return which of our clients are joined to each contact."""
    links = Link.objects.filter(connection=connection, kind=Kind.CONTACT, client__isnull=False)
    found: dict[str, list[tuple[UUID, str]]] = {}
    for remote_id, pk, name in links.values_list("remote_id", "client_id", "client__name"):
        if pk is not None:
            found.setdefault(remote_id, []).append((pk, name or ""))
    return found


def _waiting(connection: Connection, clients: Iterable[UUID]) -> dict[UUID, int]:
    jobs = Job.objects.filter(
        connection=connection,
        kind=Kind.INVOICE,
        invoice__client__in=list(clients),
        state__in=[Job.State.FAILED, Job.State.WAITING],
    )
    found: dict[UUID, int] = {}
    for job in jobs.select_related("invoice"):
        is_for_this = job.waiting_because == "contact" or (job.refusal or {}).get("code") in OPEN_QUESTIONS
        if job.invoice is not None and is_for_this:
            found[job.invoice.client_id] = found.get(job.invoice.client_id, 0) + 1
    return found


def _holds(contact: RemoteContact, wanted: str, like: str) -> bool:
    texts = (contact.name, contact.email, contact.marker, contact.tax_number, contact.id)
    return any(wanted in each.casefold() for each in texts) or (bool(like) and like in plain_name(contact.name))


def _audit(action: str, client: Client, *, by: Membership, now: datetime, details: dict[str, audit.Detail]) -> None:
    subject = audit.Subject("client", client.pk, client.name)
    audit.record(action, workspace=by.workspace, at=now, person=by.person, subject=subject, details=details)
