"""The wrong variants, each with the smallest schedule that can show it. Each patches one production function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import connection as database

from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import TryAgainLater
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections import refreshing, tokens
from keito_books.connections.models import Connection, Grant
from keito_books.providers.xero import payloads, verdicts
from keito_books.syncing import governor, protocol, records, road, translate
from keito_books.syncing.errands.invoices import InvoiceErrand
from keito_books.syncing.errands.payments import PaymentErrand
from keito_books.syncing.following import Trip
from keito_books.syncing.models import Dispatch, Job, Lane
from keito_books.syncing.settling import Accepted
from keito_books.workspaces import audit
from simulation.bugs import scenarios
from simulation.plan import Plan

NOWHERE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Bug:
    """A mistake that somebody could make, and within how many seeds the simulation must notice it."""

    name: str
    planted: Callable[[], AbstractContextManager[object]]
    scenario: Callable[[int], Plan]
    seeds: int = 10


def _instead(owner: Any, name: str, wrong: Any) -> AbstractContextManager[object]:
    return mock.patch.object(owner, name, wrong)


# --- keys and sending again ---------------------------------------------------------------------------------------


def new_key_each_try() -> AbstractContextManager[object]:
    right = records.count_sending

    def wrong(dispatch: Dispatch, **details: Any) -> bool:
        is_noted = right(dispatch, **details)
        dispatch.key = f"{dispatch.key}-{dispatch.sends}"
        dispatch.save(update_fields=["key"])
        return is_noted

    return _instead(records, "count_sending", wrong)


def key_not_stored_before_sending() -> AbstractContextManager[object]:
    right = road.Road.call

    def wrong(self: Any, purpose: str, calling: Any, **details: Any) -> Any:
        dispatch = details.get("dispatch")
        if purpose != "send" or dispatch is None:
            return right(self, purpose, calling, **details)
        mine = list(Job.objects.filter(dispatch=dispatch).values_list("pk", flat=True))
        Job.objects.filter(pk__in=mine).update(state=Job.State.WAITING, dispatch=None)
        try:
            return right(self, purpose, calling, **details)
        finally:
            Job.objects.filter(pk__in=mine).update(state=Job.State.SENDING, dispatch=dispatch)

    return _instead(road.Road, "call", wrong)


def no_look_up() -> AbstractContextManager[object]:
    return _instead(PaymentErrand, "look_up", lambda self, ride: None)  # noqa: ARG005  what it is called with


def no_quarantine() -> AbstractContextManager[object]:
    return _instead(protocol, "QUARANTINE", timedelta(seconds=1))


def long_resend_window() -> AbstractContextManager[object]:
    return _instead(protocol, "RESEND_WINDOW", dict.fromkeys(Kind, timedelta(seconds=345)))


def post_for_put() -> AbstractContextManager[object]:
    right = payloads._prepared

    def wrong(*args: Any, **details: Any) -> Any:
        return replace(right(*args, **details), method="POST")

    return _instead(payloads, "_prepared", wrong)


def refused_one_tried_again() -> AbstractContextManager[object]:
    def wrong(self: Trip, errand: Any, ride: Any, refusal: Any) -> None:
        records.unsend([errand.job], until=self.road.clock() + timedelta(seconds=2), because="")

    return _instead(Trip, "_declined", wrong)


def first_refusal_believed() -> AbstractContextManager[object]:
    return _instead(protocol, "certainly_absent", lambda sendings: True)  # noqa: ARG005


# --- what a reply means ---------------------------------------------------------------------------------------------


@contextmanager
def matched_by_position() -> Iterator[None]:
    def wrong(write: Any, shape: Any, found: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(write.markers, found, strict=False))

    with _instead(verdicts, "_matched", wrong), _instead(verdicts, "_carries", lambda *_: True):
        yield


def missing_element_taken_for_absent() -> AbstractContextManager[object]:
    right = Trip._absorb

    def wrong(self: Trip, told: Sequence[Any]) -> None:
        right(self, told)
        answered = {verdict.marker for verdict in told}
        missing = [errand.job for errand, ride in self.riders if ride.marker not in answered]
        records.unsend(missing, until=self.road.clock(), because="")

    return _instead(Trip, "_absorb", wrong)


def time_out_taken_for_failure() -> AbstractContextManager[object]:
    right = Trip.send

    def wrong(self: Trip) -> None:
        real = self._wait

        def fail(jobs: Sequence[Job]) -> None:
            for job in jobs:
                records.fail(job, Refusal(RefusalCode.UNKNOWN), now=self.road.clock())

        self._wait = fail  # type: ignore[method-assign]
        try:
            right(self)
        finally:
            self._wait = real  # type: ignore[method-assign]

    return _instead(Trip, "send", wrong)


def success_without_an_answer() -> AbstractContextManager[object]:
    def wrong(self: Trip, jobs: Sequence[Job]) -> None:
        records.succeed([(job, "created", "unknown") for job in jobs], now=self.road.clock())

    return _instead(Trip, "_wait", wrong)


def nothing_compared() -> AbstractContextManager[object]:
    return _instead(Accepted, "differences", property(lambda self: []))  # noqa: ARG005


def stranger_adopted() -> AbstractContextManager[object]:
    from keito_books.syncing.errands import invoices  # noqa: PLC0415  the module, not its class

    return _instead(invoices, "is_ours", lambda remote, expected: remote.number == expected["number"])


# --- leases, limits, epochs -----------------------------------------------------------------------------------------


@contextmanager
def no_lease() -> Iterator[None]:
    def wrong(lane_id: Any, *, now: Any) -> int:
        Lane.objects.filter(pk=lane_id).update(lease_expires_at=now + governor.LEASE)
        return Lane.objects.values_list("fence", flat=True).get(pk=lane_id)

    with _instead(governor, "take_lease", wrong), _instead(governor, "release_lease", lambda *_, **__: None):
        yield


def no_fence_in_permit() -> AbstractContextManager[object]:
    right = governor.permit

    def wrong(lane_id: Any, asking: Any, *, now: Any, **details: Any) -> Any:
        fence = Lane.objects.values_list("fence", flat=True).get(pk=lane_id)
        Lane.objects.filter(pk=lane_id).update(lease_expires_at=now + governor.LEASE)
        return right(lane_id, replace(asking, fence=fence), now=now, **details)

    return _instead(governor, "permit", wrong)


def epoch_unchecked() -> AbstractContextManager[object]:
    right = governor.permit

    def wrong(lane_id: Any, asking: Any, **details: Any) -> Any:
        states = Connection.objects.filter(pk=asking.connection_id)
        epoch, state = states.values_list("epoch", "state").get()
        if state == Connection.State.ACTIVE:
            return right(lane_id, replace(asking, epoch=epoch), **details)
        Lane.objects.filter(pk=lane_id).update(last_call_at=details["now"])
        return "unchecked"

    return _instead(governor, "permit", wrong)


def retry_after_ignored() -> AbstractContextManager[object]:
    right = protocol.pause
    return _instead(protocol, "pause", lambda attempts, *, asked_for, spread: right(attempts, asked_for=None, spread=0))  # noqa: ARG005


def day_limit_ignored() -> AbstractContextManager[object]:
    right = governor.trouble

    def wrong(lane_id: Any, later: TryAgainLater, **details: Any) -> Any:
        return None if later.reason == "day limit" else right(lane_id, later, **details)

    return _instead(governor, "trouble", wrong)


@contextmanager
def frozen_request_forgotten_at_disconnect() -> Iterator[None]:
    from keito_books.connections.signals import disconnected  # noqa: PLC0415  connected only while the bug is planted

    def wrong(*, connection: Connection, **_: Any) -> None:
        Job.objects.filter(connection=connection).update(dispatch=None)

    disconnected.connect(wrong)
    try:
        yield
    finally:
        disconnected.disconnect(wrong)


# --- order and money ------------------------------------------------------------------------------------------------


def payment_before_invoice() -> AbstractContextManager[object]:
    def wrong(self: Any) -> str:
        link = self.known.link(Kind.INVOICE, self.payment.invoice)
        return link.remote_id if link else NOWHERE

    return _instead(PaymentErrand, "_invoice_id", wrong)


def invoice_before_contact() -> AbstractContextManager[object]:
    return _instead(InvoiceErrand, "_contact_id", lambda self: NOWHERE)  # noqa: ARG005


def float_money() -> AbstractContextManager[object]:
    from keito_books.syncing.errands import payments  # noqa: PLC0415  the module, not its class

    right = translate.payment_document

    def wrong(*args: Any, **details: Any) -> Any:
        document = right(*args, **details)
        return replace(document, amount=Decimal(int(float(document.amount) * 100)) / 100)

    return _instead(payments, "payment_document", wrong)


# --- tokens -----------------------------------------------------------------------------------------------------------


def token_not_stored_under_its_lease() -> AbstractContextManager[object]:
    """A version check: whoever answers last reads the newest version, and writes over it."""
    right = refreshing._store

    def wrong(grant: Grant, received: Any, *, lease: int, now: Any) -> None:
        newest = Grant.objects.values_list("lease", flat=True).get(pk=grant.pk)
        right(grant, received, lease=newest, now=now)

    return _instead(refreshing, "_store", wrong)


def refresh_without_intent() -> AbstractContextManager[object]:
    right = refreshing._claim

    def wrong(grant: Grant, *, now: Any) -> bool:
        claimed = right(grant, now=now)
        Grant.objects.filter(pk=grant.pk).update(refresh_intent_at=None)
        return claimed

    return _instead(refreshing, "_claim", wrong)


def token_not_stored_before_use() -> AbstractContextManager[object]:
    return _instead(refreshing, "_store", lambda *_, **__: None)


@contextmanager
def two_refreshes_at_once() -> Iterator[None]:
    def wrong(grant: Grant, *, now: Any) -> bool:
        Grant.objects.filter(pk=grant.pk).update(refresh_intent_at=now)
        return True

    with _instead(refreshing, "_claim", wrong):
        yield


def token_of_another_workspace() -> AbstractContextManager[object]:
    """The filter by connection is missing where the tokens are fetched."""

    def wrong(connection: Connection) -> Any:
        return Connection.objects.exclude(grant=None).order_by("organisation_id").values_list("grant_id", flat=True)[0]

    return _instead(tokens, "_grant_id", wrong)


# --- the outbox and its evidence --------------------------------------------------------------------------------------


@contextmanager
def two_jobs_for_one_document() -> Iterator[None]:
    """Neither the code nor the database holds one job per document."""
    right = Job.objects.get_or_create

    def wrong(**asked: Any) -> Any:
        return Job.objects.create(**{**asked.pop("defaults"), **asked}), True

    assert right is not None
    with _without_constraint("syncing_job", "job_once_per_document"), _instead(Job.objects, "get_or_create", wrong):
        yield


@contextmanager
def _without_constraint(table: str, name: str) -> Iterator[None]:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        (definition,) = cursor.fetchone() or ("",)
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def end_without_audit() -> AbstractContextManager[object]:
    forgetful = SimpleNamespace(**{**vars(audit), "record_many": lambda *_, **__: None})
    return _instead(records, "audit", forgetful)


def unfrozen_second_sending() -> AbstractContextManager[object]:
    """The bytes are made anew for each sending, with what the books say by then."""
    right = Trip._sending

    def wrong(self: Trip, access: Any) -> Any:
        if self.dispatch.sends > 1:
            self.dispatch.body = bytes(self.dispatch.body).replace(b"{", b"{ ", 1)
        return right(self, access)

    return _instead(Trip, "_sending", wrong)


def stopped_one_sent_all_the_same() -> AbstractContextManager[object]:
    """Nobody looks whether the jobs still wait when they are frozen."""
    return _instead(records, "lock_ready", lambda jobs: {job.pk for job in jobs})


def unknown_sent_anew_at_once() -> AbstractContextManager[object]:
    right = Trip.send

    def wrong(self: Trip) -> None:
        right(self)
        still = [errand.job for errand, _ in self.riders]
        records.unsend(still, until=self.road.clock() + timedelta(seconds=5), because="")

    return _instead(Trip, "send", wrong)


BUGS = (
    Bug("a new key for each try", new_key_each_try, scenarios.an_invoice_in_doubt),
    Bug("the key is not stored before sending", key_not_stored_before_sending, scenarios.dying_workers, 30),
    Bug("no look-up before a new key", no_look_up, scenarios.two_payments),
    Bug("no quarantine before the look-up", no_quarantine, scenarios.two_payments, 60),
    Bug("the same key is sent again for 345 s", long_resend_window, scenarios.late_payments, 40),
    Bug("POST in place of PUT", post_for_put, scenarios.one_invoice),
    Bug("a refused document is tried again and again", refused_one_tried_again, scenarios.archived_account),
    Bug(
        "a clear no after an unanswered sending is believed",
        first_refusal_believed,
        scenarios.a_limit_after_a_lost_reply,
    ),
    Bug("replies are matched by position", matched_by_position, scenarios.six_at_once),
    Bug("an element that is missing counts as absent", missing_element_taken_for_absent, scenarios.six_at_once),
    Bug("a time-out counts as a failure", time_out_taken_for_failure, scenarios.an_invoice_in_doubt, 40),
    Bug("Success without an answer", success_without_an_answer, scenarios.an_invoice_in_doubt),
    Bug("nothing is compared before Success", nothing_compared, scenarios.edited_invoice),
    Bug("a stranger's invoice is adopted by its number", stranger_adopted, scenarios.two_companies),
    Bug("no lease on the lane", no_lease, scenarios.several_workers),
    Bug("no fence in the permit", no_fence_in_permit, scenarios.sleeping_workers, 30),
    Bug("the epoch is not checked", epoch_unchecked, scenarios.ended_again_and_again, 30),
    Bug("Retry-After is ignored", retry_after_ignored, scenarios.limits),
    Bug("the day limit does not hold the lane back", day_limit_ignored, scenarios.limits, 30),
    Bug("a disconnect forgets the frozen request", frozen_request_forgotten_at_disconnect, scenarios.ended_in_doubt),
    Bug("a payment goes before its invoice", payment_before_invoice, scenarios.an_invoice_and_its_payment),
    Bug("an invoice goes before its contact", invoice_before_contact, scenarios.one_invoice),
    Bug("money as float", float_money, scenarios.odd_cents),
    Bug("tokens are stored by version, not by lease", token_not_stored_under_its_lease, scenarios.old_tokens, 30),
    Bug("a refresh leaves no intent", refresh_without_intent, scenarios.old_tokens),
    Bug("a new token is used before it is stored", token_not_stored_before_use, scenarios.old_tokens),
    Bug("two refreshes at once", two_refreshes_at_once, scenarios.lost_tokens, 20),
    Bug("the token of another workspace", token_of_another_workspace, scenarios.two_companies),
    Bug("two jobs for one document", two_jobs_for_one_document, scenarios.clicks),
    Bug("an end without an audit entry", end_without_audit, scenarios.one_invoice),
    Bug("other bytes under the same key", unfrozen_second_sending, scenarios.an_invoice_in_doubt),
    Bug("a stopped job is sent all the same", stopped_one_sent_all_the_same, scenarios.cancelled_while_sending, 30),
    Bug("what is unknown is sent anew at once", unknown_sent_anew_at_once, scenarios.an_invoice_in_doubt),
)
