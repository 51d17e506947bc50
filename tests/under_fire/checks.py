"""Compare our books and jobs with what is in the organisations: nothing lost, nothing doubled, nothing stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from keito_books.accounting.documents import Kind
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Payment
from keito_books.syncing.evidence import first_break
from keito_books.syncing.models import Attempt, Job, Link
from keito_books.workspaces.models import AuditEntry
from under_fire.offices import Office
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.world import World

STATES_AT_REST = (Job.State.DONE, Job.State.STOPPED)
GONE = ("DELETED", "VOIDED")


@dataclass
class Verdict:
    """What is wrong, by kind; empty when all is well."""

    wrong: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, found: Iterable[str]) -> None:
        self.wrong.setdefault(kind, []).extend(found)

    def count(self, kind: str) -> int:
        return len(self.wrong.get(kind, []))

    @property
    def is_clean(self) -> bool:
        return not any(self.wrong.values())


def judge(offices: list[Office], world: World) -> Verdict:
    verdict = Verdict()
    for office in offices:
        organisation = world.organisations[office.connection.organisation_id]
        verdict.add("lost", _lost(office, organisation))
        verdict.add("not taken back", _still_there(office, organisation))
        verdict.add("stuck", _stuck(office.connection))
        verdict.add("failed", _failed(office.connection))
        verdict.add("unequal", _unequal(office, organisation))
        verdict.add("wrongly asked to reconnect", _expired(office.connection))
        verdict.add("evidence broken", _broken(office.connection))
        verdict.add("keys used for other bytes", _keys(office.connection))
    for organisation in world.organisations.values():
        verdict.add("doubled", _doubled(organisation))
        verdict.add("unknown to us", _strangers(organisation))
    return verdict


def open_jobs(offices: list[Office]) -> int:
    ids = [office.connection.pk for office in offices]
    return Job.objects.filter(connection__in=ids).exclude(state__in=[*STATES_AT_REST, Job.State.FAILED]).count()


def _lost(office: Office, organisation: Organisation) -> Iterator[str]:
    """Tell what was answered OK and is not there."""
    answered = office.hand.answered
    links = _links(office.connection)
    for invoice_id in answered.copied:
        there = organisation.invoices.get(links.get(("invoice", invoice_id), ""))
        if there is None or there.status in GONE:
            yield f"invoice {invoice_id}"
    for payment_id in answered.paid:
        payment = organisation.payments.get(links.get(("payment", payment_id), ""))
        if payment is None or payment.status in GONE:
            yield f"payment {payment_id}"


def _still_there(office: Office, organisation: Organisation) -> Iterator[str]:
    alive = Counter(_marker(each.reference) for each in organisation.payments.values() if each.status not in GONE)
    taken_back = Payment.objects.filter(workspace=office.by.workspace, deleted_at__isnull=False)
    return (f"payment {marker}" for marker in taken_back.values_list("marker", flat=True) if alive[marker])


def _doubled(organisation: Organisation) -> Iterator[str]:
    invoices = Counter(each.number for each in organisation.invoices.values() if each.status not in GONE)
    payments = Counter(_marker(each.reference) for each in organisation.payments.values() if each.status not in GONE)
    contacts = Counter(each.contact_number for each in organisation.contacts.values())
    for kind, counted in (("invoice", invoices), ("payment", payments), ("contact", contacts)):
        yield from (f"{kind} {name}, {times} times" for name, times in counted.items() if times > 1)


def _strangers(organisation: Organisation) -> Iterator[str]:
    """Tell what is there without a link of ours."""
    known = set(Link.objects.values_list("remote_id", flat=True))
    yield from (f"invoice {each.number}" for each in organisation.invoices.values() if each.invoice_id not in known)
    alive = [each for each in organisation.payments.values() if each.status not in GONE]
    yield from (f"payment {each.reference}" for each in alive if each.payment_id not in known)
    yield from (f"contact {each.name}" for each in organisation.contacts.values() if each.contact_id not in known)


def _stuck(connection: Connection) -> Iterator[str]:
    unsettled = Job.objects.filter(connection=connection).exclude(state__in=[*STATES_AT_REST, Job.State.FAILED])
    return (f"{job.kind} job {job.pk}: {job.state} {job.waiting_because} {job.next_at}" for job in unsettled)


def _failed(connection: Connection) -> Iterator[str]:
    failed = Job.objects.filter(connection=connection, state=Job.State.FAILED)
    return (f"{job.kind} job {job.pk}: {job.refusal}" for job in failed)


def _unequal(office: Office, organisation: Organisation) -> Iterator[str]:
    """Compare totals, and what was paid."""
    links = Link.objects.filter(connection=office.connection, kind=Kind.INVOICE).select_related("invoice")
    for link in links:
        invoice, there = link.invoice, organisation.invoices.get(link.remote_id)
        if invoice is None or there is None:
            continue
        paid = sum(each.amount for each in invoice.payments.filter(deleted_at=None))
        if (there.total, there.amount_paid) != (invoice.amount, paid):
            yield f"{invoice.number}: {there.total}, {there.amount_paid} paid; ours {invoice.amount}, {paid} paid"


def _expired(connection: Connection) -> Iterator[str]:
    said = AuditEntry.objects.filter(workspace=connection.workspace, action="connection.expired")
    yield from (f"{connection}: {entry.details}" for entry in said)
    connection.refresh_from_db()
    if not connection.is_active:
        yield f"{connection} is {connection.state}"


def _broken(connection: Connection) -> Iterator[str]:
    place = first_break(connection)
    if place is not None:
        yield f"{connection} at {place}"


def _keys(connection: Connection) -> Iterator[str]:
    sent = Attempt.objects.filter(connection=connection).exclude(key="")
    several = sent.values("key").annotate(bodies=Count("request_body", distinct=True)).filter(bodies__gt=1)
    return (row["key"] for row in several)


def _links(connection: Connection) -> dict[tuple[str, UUID], str]:
    found: dict[tuple[str, UUID], str] = {}
    for kind in ("invoice", "payment"):
        links = Link.objects.filter(connection=connection, kind=kind)
        found |= {(kind, each): remote_id for each, remote_id in links.values_list(kind, "remote_id")}
    return found


def _marker(reference: str) -> str:
    """Return our KP-... in a payment's reference."""
    return reference.rpartition(" ")[2]
