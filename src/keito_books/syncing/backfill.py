"""Look for older invoices in the organisation by their numbers, in the background, before any of them is sent."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from keito_books.accounting.documents import Kind, RemoteInvoice, RemoteStatus
from keito_books.accounting.errors import MustReconnect, Refused, TryAgainLater
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, State
from keito_books.syncing import governor, ticks
from keito_books.syncing.actions import usable_connection
from keito_books.syncing.errors import NotCopyable
from keito_books.syncing.explanations import explain
from keito_books.syncing.models import BULK, Job, Link, Search, Sighting
from keito_books.syncing.preflight.rules import RULES, number_is_free
from keito_books.syncing.preview import INVOICES_MAX, Item, Preview, preview
from keito_books.syncing.queue import OPEN_STATES
from keito_books.syncing.road import WHILE_PAUSED, Road
from keito_books.syncing.runner import stopping
from keito_books.syncing.verification import is_ours
from keito_books.workspaces import audit
from keito_books.workspaces.models import Membership, Plan, Workspace
from keito_books.workspaces.permissions import Ability, require

SLICE = timedelta(seconds=10)
_ANOTHER_AT_WORK = timedelta(seconds=2)
_AFTER_A_MISTAKE = timedelta(minutes=5)
_ENDED = "Xero was disconnected before the search was through. Nothing was sent. Search again once it is connected."
_GONE = (RemoteStatus.VOIDED.value, RemoteStatus.DELETED.value)
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """One of our invoices, and what holds its number over there."""

    item: Item
    sighting: Sighting

    @property
    def is_gone(self) -> bool:
        """Say whether it was voided or deleted there, which keeps its number taken."""
        return self.sighting.status in _GONE


@dataclass(frozen=True, slots=True)
class Findings:
    """What would become of the invoices of a search. Of those that are ready, `ours` are there already from us and
    are only joined; `taken` are left out, since something else holds their number."""

    preview: Preview
    ours: list[Seen]
    taken: list[Seen]


def start_search(*, issued_from: date, issued_to: date, by: Membership, now: datetime) -> Search:
    """Begin to look for the finalized invoices of these days that are not there yet. Nothing is sent.

    An equal search that is still under way is returned instead. Raises NotAllowed, NotConnectedNow or NotCopyable.
    """
    require(by, Ability.COPY_INVOICES)
    connection = usable_connection(by.workspace)
    days = {"issued_from": issued_from, "issued_to": issued_to}
    with transaction.atomic():
        Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
        same = Search.objects.filter(connection=connection, epoch=connection.epoch, finished_at=None, **days).first()
        if same is not None:
            return same
        found = not_there(connection, issued_from=issued_from, issued_to=issued_to)
        wanted = [str(key) for key in found.values_list("pk", flat=True)[:INVOICES_MAX]]
        if not wanted:
            raise NotCopyable(
                "No finalized invoice of these days is missing in Xero, as far as is known here. Choose other days."
            )
        search = Search.objects.create(
            workspace=by.workspace,
            connection=connection,
            epoch=connection.epoch,
            requested_by=by.person,
            requested_at=now,
            wanted=wanted,
            next_at=now,
            **days,
        )
        _audit(search, by=by, now=now)
        ticks.search_soon(search.pk, governor.lane_of(connection).pk)
    return search


def not_there(connection: Connection, *, issued_from: date, issued_to: date) -> QuerySet[Invoice]:
    """Return the finalized invoices of these days that are neither there nor on their way, oldest first."""
    about = {"connection": connection, "kind": Kind.INVOICE, "invoice": OuterRef("pk")}
    going = Job.objects.filter(**about, state__in=(*OPEN_STATES, Job.State.HELD, Job.State.DONE))
    invoices = Invoice.objects.filter(
        workspace_id=connection.workspace_id,
        state__in=[State.OPEN, State.PAID],
        issue_date__gte=issued_from,
        issue_date__lte=issued_to,
    )
    missing = invoices.exclude(Exists(going)).exclude(Exists(Link.objects.filter(**about)))
    return missing.order_by("issue_date", "number", "pk")


def oldest_missing(workspace: Workspace, connection: Connection) -> date | None:
    """Return the day of the oldest invoice that could be looked for."""
    missing = not_there(connection, issued_from=date.min, issued_to=date.max)
    return missing.filter(workspace=workspace).values_list("issue_date", flat=True).first()


def findings_of(search: Search, *, now: datetime) -> Findings:
    """Return what would become of the invoices now, by what is known here and by what the search saw there."""
    invoices = Invoice.objects.filter(pk__in=search.wanted, workspace=search.workspace)
    # What holds a number is told in full below, by this search and no other.
    rules = [rule for rule in RULES if rule is not number_is_free]
    found = preview(invoices.order_by("-issue_date", "-number", "id"), search.connection, now=now, rules=rules)
    sightings: dict[UUID, list[Sighting]] = {}
    for sighting in search.sightings.order_by("id"):
        sightings.setdefault(sighting.invoice_id, []).append(sighting)
    ours, taken = [], []
    for item in found.ready:
        seen = [Seen(item, sighting) for sighting in sightings.get(item.id, [])]
        alive = [each for each in seen if each.sighting.is_ours and not each.is_gone]
        if alive:
            ours.append(alive[0])
        elif seen:
            taken.append(next((each for each in seen if not each.is_gone), seen[0]))
    left_out = {each.item.id for each in taken}
    found.ready = [item for item in found.ready if item.id not in left_out]
    return Findings(found, ours, taken)


def due_searches(*, now: datetime) -> QuerySet[Search]:
    return Search.objects.filter(finished_at=None, next_at__lte=now).select_related("connection")


def go_on(search_id: UUID, *, clock: Clock, spread: Callable[[], float] = random.random) -> Search | None:
    """Look for a slice of a search's invoices, under the lane's lease and limits; return it, or None when it ended."""
    search = Search.objects.select_related("connection__workspace").get(pk=search_id)
    if not search.is_due(clock()) or not _may_go_on(search, now=clock()):
        return None
    lane_id = governor.lane_of(search.connection).pk
    fence = governor.take_lease(lane_id, now=clock())
    if fence is None:
        _rest(search, until=clock() + _ANOTHER_AT_WORK, because="lease")
        return search
    road = Road(search.connection, lane_id=lane_id, fence=fence, urgency=BULK, clock=clock, spread=spread)
    try:
        until = clock() + SLICE
        while search.is_due(clock()) and clock() < until and not stopping.is_set():
            _look(search, road)
    except Exception:  # outermost edge: a mistake of ours must not make the sweep come back every few seconds
        log.exception("search %s could not go on", search.pk)
        _rest(search, until=clock() + _AFTER_A_MISTAKE, because="")
    finally:
        governor.release_lease(lane_id, fence=fence)
    return search if search.finished_at is None else None


def _may_go_on(search: Search, *, now: datetime) -> bool:
    """Say whether a search may call; end it with its connection, let it wait for a reconnect or the plan."""
    connection = search.connection
    if connection.epoch != search.epoch or not connection.is_live:
        _finish(search, now=now, problem=_ENDED)
        return False
    because = "expired" if not connection.is_active else "plan" if connection.workspace.plan != Plan.BUSINESS else ""
    if because:
        _rest(search, until=now + WHILE_PAUSED, because=because)
    return not because


def _look(search: Search, road: Road) -> None:
    """Look for the next numbers, and note what was seen. What can't be done now is left for later."""
    size = road.documents.batch_size
    ids = search.wanted[search.searched : search.searched + size]
    invoices = {invoice.number: invoice for invoice in Invoice.objects.filter(pk__in=ids)}
    try:
        seen = road.call("search", lambda access: road.documents.find_many_invoices(access, list(invoices)))
    except TryAgainLater as later:
        rest = road.rest_after(later, attempts=search.attempts)
        search.attempts += not rest.is_for_all
        _rest(search, until=rest.until, because=later.reason)
    except (MustReconnect, NotConnected):
        _rest(search, until=road.clock() + WHILE_PAUSED, because="expired")
    except Refused as refused:
        explanation = explain(refused.refusal)
        _finish(search, now=road.clock(), problem=f"{explanation.sentence} {explanation.fix}")
    else:
        _note(search, invoices, seen, size=len(ids), now=road.clock())


def _note(
    search: Search, invoices: dict[str, Invoice], seen: tuple[RemoteInvoice, ...], *, size: int, now: datetime
) -> None:
    sightings = [
        _sighting(search, invoice, remote)
        for remote in seen
        for number, invoice in invoices.items()
        if number.casefold() == remote.number.casefold()
    ]
    with transaction.atomic():
        Sighting.objects.bulk_create(sightings, ignore_conflicts=True)
        search.searched += size
        search.attempts, search.waiting_because, search.next_at = 0, "", now
        if search.searched >= len(search.wanted):
            search.finished_at = now
        search.save(update_fields=["searched", "attempts", "waiting_because", "next_at", "finished_at"])


def _sighting(search: Search, invoice: Invoice, remote: RemoteInvoice) -> Sighting:
    ours = {"number": invoice.number, "url": f"{settings.PUBLIC_URL}/i/{invoice.pk}/"}
    return Sighting(
        search=search,
        invoice=invoice,
        remote_id=remote.id,
        status=remote.status.value,
        total=remote.total,
        currency=remote.currency,
        is_ours=is_ours(remote, ours),
    )


def _rest(search: Search, *, until: datetime, because: str) -> None:
    search.next_at, search.waiting_because = until, because
    search.save(update_fields=["next_at", "waiting_because", "attempts"])


def _finish(search: Search, *, now: datetime, problem: str) -> None:
    search.finished_at, search.problem = now, problem
    search.save(update_fields=["finished_at", "problem"])


def _audit(search: Search, *, by: Membership, now: datetime) -> None:
    label = f"{search.issued_from.isoformat()} to {search.issued_to.isoformat()}"
    details: dict[str, audit.Detail] = {
        "organisation": search.connection.organisation_name,
        "invoices": len(search.wanted),
    }
    subject = audit.Subject("search", search.pk, label)
    audit.record(
        "sync.search_started", workspace=by.workspace, at=now, person=by.person, subject=subject, details=details
    )
