"""Invariants of a whole schedule, asked when everything has come to rest."""

from __future__ import annotations

from collections.abc import Callable

from keito_books.connections.models import Connection
from keito_books.syncing import evidence
from simulation.invariants.words import alive_payments, is_expected_to_end
from simulation.ledger import Ledger, Violated


def everything_ends(ledger: Ledger) -> None:
    """I6: once the faults have stopped, every job reaches an end."""
    for row in ledger.jobs.values():
        if row.is_open and is_expected_to_end(ledger, row):
            raise Violated(f"I6: {row.kind} {row.name} is still {row.state} ({row.because}, next {row.next_at})")


def money_adds_up(ledger: Ledger) -> None:
    """I18: payments that are Success here are there once, and nothing else of ours is."""
    for row in ledger.jobs.values():
        if row.kind != "payment" or row.number in ledger.keeper.touched:
            continue
        there = alive_payments(ledger, row.organisation, row.name)
        deleted = any(each.kind == "payment_deletion" and each.name == row.name for each in ledger.jobs.values())
        if row.state == "done" and not deleted and [each.amount for each in there] != [row.payment_amount]:
            raise Violated(f"I18: payment {row.name} of {row.payment_amount} is Success here, and there: {there}")


def answered_clicks_have_a_job(ledger: Ledger) -> None:
    """I7, I27: every click that was answered has its one job."""
    for user in ledger.users:
        for kind, pk in user.answered:
            if pk not in ledger.jobs:
                raise Violated(f"I7: a click on {kind} was answered, and its job {pk} is not there")


def ends_are_audited(ledger: Ledger) -> None:
    """I23: every job that ended has its entry in the audit trail, of the same moment."""
    rows = ledger.stage.snapshot.ask(
        """
        SELECT job.kind, job.state FROM syncing_job job WHERE job.state IN ('done', 'failed') AND NOT EXISTS (
            SELECT 1 FROM workspaces_auditentry entry
            WHERE entry.workspace_id = job.workspace_id AND entry.at = job.finished_at
        )
        """
    )
    if rows:
        raise Violated(f"I23: no audit entry for {rows}")


def evidence_is_whole(ledger: Ledger) -> None:
    """I23: the chain of attempts has no break."""
    with ledger.at_home():
        for connection in Connection.objects.order_by("id"):
            place = evidence.first_break(connection)
            if place is not None:
                raise Violated(f"I23: the evidence of {connection} breaks at {place}")


ALL: tuple[Callable[[Ledger], None], ...] = (
    everything_ends,
    money_adds_up,
    answered_clicks_have_a_job,
    ends_are_audited,
    evidence_is_whole,
)
