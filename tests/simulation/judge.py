"""Hold the invariants against both sides after each step: our rows after each commit, Xero after each call."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from keito_books.connections.grants import access_token_of
from keito_books.connections.models import Grant
from simulation.hub import Actor
from simulation.invariants import calls, consents, effects, ends, jobs
from simulation.invariants.words import is_expected_to_end, is_users, resource
from simulation.ledger import JOBS, JobRow, Ledger, Wait
from simulation.wire import Call
from xero_sandbox.control.held import Held


class Judge:
    """Fills the ledger of one schedule, and asks every invariant when it may have changed. The first break ends all."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.hub = ledger.hub
        ledger.wire.on_start.append(self._on_start)
        ledger.wire.on_effect.append(self._on_effect)
        ledger.wire.on_end.append(self._on_end)

    def begin(self) -> None:
        """Learn what the stage holds already."""
        self._look_at_connections()
        self._look_at_grants()

    def is_settled(self) -> bool:
        """Say whether nothing is on its way and every job that can has reached its end."""
        if self.hub.events:
            return False
        rows = self.ledger.jobs.values()
        return not any(row.is_open and is_expected_to_end(self.ledger, row) for row in rows)

    def at_the_end(self) -> None:
        self._look_at_jobs()
        for check in ends.ALL:
            check(self.ledger)

    def on_commit(self, _actor: Actor, tables: frozenset[str]) -> None:
        self.ledger.stage.changed |= tables
        if {"syncing_job", "syncing_link", "connections_connection"} & tables:
            self._look_at_jobs()
        if "connections_connection" in tables:
            self._look_at_connections()
        if "connections_grant" in tables:
            self._look_at_grants()

    def on_death(self, actor: Actor) -> None:
        """What the dead were told and had not written down binds nobody."""
        waits = self.ledger.waits
        for organisation in [name for name, wait in waits.items() if wait.actor == actor.name]:
            del waits[organisation]

    def _look_at_jobs(self) -> None:
        ledger = self.ledger
        before, ledger.jobs = ledger.jobs, {row[0]: JobRow(*row) for row in ledger.stage.snapshot.ask(JOBS)}
        for row in ledger.jobs.values():
            earlier = before.get(row.id)
            if earlier is None or earlier.state != row.state:
                self._tell(row)
                for check in jobs.AT_A_CHANGE:
                    check(ledger, row)
                if earlier is not None:
                    jobs.what_was_stopped_stays_stopped(earlier, row)
            jobs.next_time_is_near(ledger, row)

    def _tell(self, row: JobRow) -> None:
        why = row.refusal or row.because
        self.hub.trace.note(self.hub.now, "", f"{row.kind} {row.name} is {row.state} {why}".rstrip())
        self.hub.trace.count(f"job {row.state}")

    def _look_at_connections(self) -> None:
        ledger = self.ledger
        rows = ledger.stage.snapshot.ask(
            "SELECT id, workspace_id, organisation_id, state, epoch, expired_kind, grant_id FROM connections_connection"
            " ORDER BY id"
        )
        live: dict[Any, int] = defaultdict(int)
        for pk, workspace, organisation, state, epoch, kind, grant in rows:
            ledger.grants_of[pk].add(grant)
            live[workspace] += state != "disconnected"
            if state == "disconnected":
                ledger.ended_at.setdefault((pk, epoch), self.hub.sequence)
            elif state == "expired":
                consents.reconnect_is_honest(ledger, organisation, kind)
        consents.one_connection_each(live)

    def _look_at_grants(self) -> None:
        ledger = self.ledger
        with ledger.at_home():
            for grant in Grant.objects.filter(retired_at=None).order_by("id"):
                ledger.grant_of_token[access_token_of(grant)] = grant.pk
                consents.newest_token_is_kept(ledger, grant)

    def _on_start(self, call: Call) -> None:
        if call.is_api and not is_users(call):
            for check in calls.AT_A_START:
                check(self.ledger, call)
            self.ledger.starts[call.organisation].append(call.started)
        elif call.path == "/connect/token":
            consents.one_refresh_at_a_time(self.ledger, call)

    def _on_effect(self, call: Call, reply: Held) -> None:
        if call.path == "/connect/token" and call.ended is not None:
            self.ledger.late_refreshes.add(self.hub.now)
        if not call.is_api:
            return
        effects.no_limit_of_our_own_making(call, reply)
        if call.method == "GET":
            self.ledger.look_ups[(call.organisation, resource(call))].append(self.hub.now)
            return
        for check in effects.AT_AN_EFFECT:
            check(self.ledger, call)

    def _on_end(self, call: Call) -> None:
        if call.wait_seconds is not None:
            until = self.hub.now + timedelta(seconds=call.wait_seconds)
            self.ledger.waits[call.organisation] = Wait(call.actor, self.hub.now, until)
