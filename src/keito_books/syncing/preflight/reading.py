"""Read what the rules need, for however many invoices, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from keito_books.accounting.documents import Kind, RemoteContact
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for
from keito_books.invoicing.models import Client, Invoice, InvoiceLine, Payment
from keito_books.mapping.books import books_of, books_or_none_read
from keito_books.mapping.queries import choices_of
from keito_books.syncing.directory import copied_contacts
from keito_books.syncing.explanations import refusal_from_json
from keito_books.syncing.models import Job, Link, LockAnswer, Sighting
from keito_books.syncing.preflight.facts import ClientFacts, Facts, LineRow, PaymentRow, Shared
from keito_books.syncing.translate import contact_document

# What a person decides about a client; until then every invoice of that client fails for the same reason.
_NEEDS_A_DECISION = (
    RefusalCode.CONTACT_AMBIGUOUS,
    RefusalCode.CONTACT_NAME_TAKEN,
    RefusalCode.CONTACT_SEPARATED,
    RefusalCode.EMAIL_NOT_VALID,
)


def read_shared(connection: Connection, *, not_allowed: str, now: datetime) -> Shared:
    books = books_of(connection)
    return Shared(
        connection=connection,
        documents=provider_for(connection.provider).documents,
        choices=choices_of(connection),
        books=books or books_or_none_read(connection),
        has_books=books is not None,
        today=now.date(),
        not_allowed=not_allowed,
        plan_cap_met_on=_plan_cap_met_on(connection, now=now),
    )


def read_facts(invoices: Sequence[Invoice], shared: Shared) -> Iterator[Facts]:
    """Yield the facts of each invoice, in the order given."""
    connection = shared.connection
    ids = [invoice.pk for invoice in invoices]
    prefetch_related_objects(invoices, "client__contacts")
    clients = _client_facts({invoice.client_id: invoice.client for invoice in invoices}, shared)
    lines, payments = _lines_of(ids), _payments_of(ids)
    links = {each.invoice_id: each for each in Link.objects.filter(connection=connection, invoice__in=ids)}
    jobs = jobs_of(connection, Kind.INVOICE, ids)
    answers = {each.invoice_id: each for each in LockAnswer.objects.filter(connection=connection, invoice__in=ids)}
    sightings = _latest_sightings(connection, ids)
    in_use = _in_use_elsewhere(connection, [invoice.number for invoice in invoices])
    for invoice in invoices:
        answer = answers.get(invoice.pk)
        yield Facts(
            shared=shared,
            invoice=invoice,
            lines=tuple(lines.get(invoice.pk, ())),
            client=clients[invoice.client_id],
            payments=tuple(payments.get(invoice.pk, ())),
            link=links.get(invoice.pk),
            job=jobs.get(invoice.pk),
            lock_answer=answer if answer is not None and answer.about == invoice.issue_date else None,
            sightings=tuple(sightings.get(invoice.pk, ())),
            is_in_use_elsewhere=invoice.number in in_use,
        )


def _lines_of(ids: Sequence[UUID]) -> dict[UUID, list[LineRow]]:
    # As plain rows: whole models of fifty thousand lines take most of the time of a check.
    found: dict[UUID, list[LineRow]] = defaultdict(list)
    rows = InvoiceLine.objects.filter(invoice__in=ids).order_by("invoice_id", "position")
    for row in rows.values_list(*LineRow._fields):
        found[row[0]].append(LineRow(*row))
    return found


def _payments_of(ids: Sequence[UUID]) -> dict[UUID, list[PaymentRow]]:
    found: dict[UUID, list[PaymentRow]] = defaultdict(list)
    for row in Payment.objects.filter(invoice__in=ids, deleted_at=None).values_list(*PaymentRow._fields):
        found[row[0]].append(PaymentRow(*row))
    return found


def jobs_of(connection: Connection, kind: Kind, ids: Iterable[UUID]) -> dict[UUID, Job]:
    about = "client" if kind is Kind.CONTACT else "invoice"
    jobs = Job.objects.filter(connection=connection, kind=kind, **{f"{about}__in": list(ids)})
    return {getattr(job, f"{about}_id"): job for job in jobs}


def _client_facts(clients: dict[UUID, Client], shared: Shared) -> dict[UUID, ClientFacts]:
    connection = shared.connection
    links = {
        each.client_id: each
        for each in Link.objects.filter(connection=connection, kind=Kind.CONTACT, client__in=clients)
    }
    jobs = jobs_of(connection, Kind.CONTACT, clients)
    documents = {key: contact_document(client) for key, client in clients.items()}
    copy = copied_contacts(connection)
    among: Sequence[RemoteContact] = copy.contacts if copy else ()
    by_id = {each.id: each for each in among}
    unlinked = [documents[key] for key in clients if key not in links]
    found = shared.documents.match_contacts(unlinked, among=among) if copy and unlinked else {}
    held = _held(connection, [each.id for matches in found.values() for each in matches])
    shared.contacts_read_at = copy.read_at if copy else None
    return {
        key: ClientFacts(
            document=documents[key],
            link=links.get(key),
            linked=by_id.get(links[key].remote_id) if key in links else None,
            matches=found.get(documents[key].marker),
            refusal=_standing_refusal(client, jobs.get(key)),
            answer=jobs[key].answer if key in jobs else "",
            held=held,
        )
        for key, client in clients.items()
    }


def _held(connection: Connection, remote_ids: Sequence[str]) -> dict[str, str]:
    """Return the name of the client that is joined to each of these contacts; the asked clients have no link."""
    links = Link.objects.filter(connection=connection, kind=Kind.CONTACT, remote_id__in=remote_ids)
    return {remote_id: name or "" for remote_id, name in links.values_list("remote_id", "client__name")}


def _standing_refusal(client: Client, job: Job | None) -> Refusal | None:
    """Return why the contact failed when that holds until somebody decides or changes the client."""
    if job is None or job.state != Job.State.FAILED or not job.refusal:
        return None
    refusal = refusal_from_json(job.refusal)
    is_unchanged = job.finished_at is not None and client.updated_at <= job.finished_at
    return refusal if refusal.code in _NEEDS_A_DECISION and is_unchanged else None


def _latest_sightings(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Sighting]]:
    """Return what the newest search that looked for an invoice saw of its number."""
    found: dict[UUID, list[Sighting]] = defaultdict(list)
    seen = Sighting.objects.filter(search__connection=connection, search__epoch=connection.epoch, invoice__in=ids)
    for sighting in seen.select_related("search").order_by("-search__requested_at", "id"):
        kept = found[sighting.invoice_id]
        if not kept or kept[0].search_id == sighting.search_id:
            kept.append(sighting)
    return found


def _in_use_elsewhere(connection: Connection, numbers: Sequence[str]) -> set[str]:
    """Return the numbers under which another workspace has copied an invoice into the same organisation."""
    others = Link.objects.filter(
        kind=Kind.INVOICE,
        connection__provider=connection.provider,
        connection__organisation_id=connection.organisation_id,
        remote_label__in=numbers,
    ).exclude(connection__workspace=connection.workspace_id)
    return set(others.values_list("remote_label", flat=True))


def _plan_cap_met_on(connection: Connection, *, now: datetime) -> date | None:
    """Return the day in this month on which the plan was last said to be used up, while nothing arrived since."""
    this_month = Job.objects.filter(
        connection=connection, kind=Kind.INVOICE, finished_at__gte=now.replace(day=1, hour=0, minute=0, second=0)
    )
    met = this_month.filter(state=Job.State.FAILED, refusal__code=RefusalCode.PLAN_CAP.value)
    last = met.order_by("-finished_at").values_list("finished_at", flat=True).first()
    if last is None or this_month.filter(state=Job.State.DONE, finished_at__gt=last).exists():
        return None
    return last.date()
