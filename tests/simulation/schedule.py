"""Run one schedule: chaos, then quiet, then the question whether everything came to its end."""

from __future__ import annotations

import logging
import random
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from unittest import mock
from uuid import UUID

from keito_books.connections import checking, leaving, refreshing
from keito_books.connections.actions import close_attempts
from keito_books.providers import http
from keito_books.syncing import runner, ticks
from simulation.chance import seeded
from simulation.faults import Weather
from simulation.hub import Actor, Endless, Hub, Trouble
from simulation.judge import Judge
from simulation.ledger import Ledger, Violated
from simulation.people import Bookkeeper, User
from simulation.plan import Plan, length
from simulation.stage import START, Stage, played
from simulation.trace import Trace
from simulation.wire import Wire

# I6: within 20 minutes, and what a 429 may have asked for, and a quarantine that had just begun.
QUIET = timedelta(minutes=45)
SWEEP_SECONDS = 5.0
UPKEEP_SECONDS = 30.0
HOURLY_SECONDS = 780.0
LONGEST_SWEEP_SECONDS = 80.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a schedule; `violation` is empty when every invariant held."""

    seed: int
    trace: Trace
    violation: str
    points: int
    hours: float


def run(stage: Stage, plan: Plan) -> Outcome:
    trace = Trace()
    violation = ""
    stage.set_up()
    with stage.database.in_use(), played(), seeded(plan.seed):
        hub = Hub(random.Random(plan.seed), START, trace, stage.connections)  # noqa: S311  the same again
        violation = _played_out(_Show(hub, stage, plan))
    trace.note(hub.now, "", f"ends: {violation or 'all held'}")
    return Outcome(plan.seed, trace, violation, hub.points, (hub.now - START).total_seconds() / 3600)


def _played_out(show: _Show) -> str:
    """Play, and return the violation that ended it, or an empty string."""
    violation = ""
    with show.installed():
        try:
            show.play()
        except (Violated, Endless) as violated:
            violation = str(violated)
        except Exception as error:  # noqa: BLE001  whatever the code raises in an actor is a finding of its own
            violation = f"{type(error).__name__}: {error}\n{''.join(traceback.format_exception(error)[-12:])}"
        finally:
            show.hub.close()
    return violation


class _Show:
    """The actors of one schedule and what connects them."""

    def __init__(self, hub: Hub, stage: Stage, plan: Plan) -> None:
        self.hub = hub
        self.stage = stage
        self.plan = plan
        self.homes = [stage.homes[index] for index in plan.homes]
        self.weather = Weather(plan.kinds, plan.rate, only=plan.only, scripted=dict(plan.scripted))
        self.wire = Wire(hub, stage.xero, self.weather, hub.rng)
        self.keeper = Bookkeeper(hub, stage, self.homes)
        self.ledger = Ledger(hub, stage, self.wire, self.homes, self.keeper)
        self.judge = Judge(self.ledger)
        self.bench: list[UUID] = []
        self.busy: dict[str, UUID] = {}
        self.idle: set[str] = set()
        self.resting: set[Actor] = set()  # periodic jobs between two of their moments
        self.is_stale = True
        self.is_upkeep_stale = False
        self.hourly_at = hub.started(HOURLY_SECONDS)
        self.rests = SWEEP_SECONDS
        self.has_moved = True

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Put the virtual clock, the wire and the note of ticks where production has sockets and an engine."""
        self.hub.on_tick = self.stage.xero.tick
        self.hub.on_commit = self._on_commit
        self.hub.on_rest = self._before_waiting
        self.hub.on_death = self.judge.on_death
        self.hub.crash_at = self.plan.crash_at
        alarm = _Alarm()
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(self.stage.switch, "wire", self.wire))
            stack.enter_context(mock.patch.object(ticks, "poke", self._poke))
            stack.enter_context(mock.patch.object(refreshing, "time", _Time(self.hub)))
            stack.enter_context(mock.patch.object(http, "time", _Time(self.hub)))
            stack.enter_context(mock.patch.object(http, "datetime", _Datetime(self.hub)))
            stack.enter_context(alarm.listening())
            yield

    def play(self) -> None:
        self.judge.begin()
        self._spawn_all()
        hub, plan = self.hub, self.plan
        hub.trouble = plan.trouble
        hub.run_until(START + length(plan))
        hub.trouble = Trouble(switch=plan.trouble.switch)
        self.weather.rate = 0.0
        self.weather.scripted.clear()
        self.keeper.leave()
        hub.trace.note(hub.now, "", "quiet")
        hub.run_until(hub.now + QUIET, or_when=self.judge.is_settled)
        self.judge.at_the_end()

    def _spawn_all(self) -> None:
        skews = [timedelta(seconds=each) for each in self.plan.skews]
        for place in range(self.plan.workers):
            self.hub.spawn(f"worker{place + 1}", self._work, skew=skews[place])
        self.sweeper = self.hub.spawn("sweeper", self._sweep, skew=skews[-2])
        self.upkeep = self.hub.spawn("upkeep", self._keep_up, skew=skews[-1])
        for index, home in zip(self.plan.homes, self.homes, strict=True):
            deeds = [deed for deed in self.plan.deeds if deed.home == index]
            user = User(self.hub, self.stage, home, deeds)
            self.ledger.users.append(user)
            self.hub.spawn(f"user {home.letter}", user.act)
        for edit in self.plan.edits:
            home = self.stage.homes[edit.home]
            self.hub.at(self.hub.started(edit.at), partial(self.keeper.edit, edit, home))

    # --- workers and ticks -------------------------------------------------------------------------------------
    def _work(self) -> None:
        """Take ticks as the engine's worker does, and work each lane for a slice."""
        actor = self.hub.actor
        self.busy.pop(actor.name, None)
        while True:
            lane = self._take_tick()
            if lane is None:
                self.idle.add(actor.name)
                actor.wait_until(self.hub.forever)
                self.idle.discard(actor.name)
                continue
            self.busy[actor.name] = lane
            steps = runner.work(lane, clock=actor.clock)
            if steps and lane in runner.lanes_with_due_work(now=actor.clock()):
                self._poke(lane)
            self.busy.pop(actor.name, None)
            actor.wait_until(self.hub.now)

    def _take_tick(self) -> UUID | None:
        """Ticks of one organisation don't run side by side, unless their worker froze or chance has it so."""
        taken = {lane for name, lane in self.busy.items() if not self._is_frozen(name)}
        overlap = self.plan.ticks_overlap and self.hub.rng.random() < self.plan.ticks_overlap
        free = [lane for lane in self.bench if overlap or lane not in taken]
        if not free:
            return None
        lane = free[0]
        self.bench.remove(lane)
        return lane

    def _is_frozen(self, name: str) -> bool:
        return any(actor.name == name and actor.is_frozen for actor in self.hub.actors)

    def _poke(self, lane_id: UUID) -> None:
        current = self.hub.current
        if current is not None and current.is_dead:
            return
        if self.hub.rng.random() < self.plan.ticks_lost:
            self.hub.trace.count("tick lost")
            return
        if lane_id not in self.bench:
            self.bench.append(lane_id)
        for actor in self.hub.actors:
            if actor.name in self.idle:
                actor.wake_at = min(actor.wake_at, self.hub.now)

    # --- periodic jobs -----------------------------------------------------------------------------------------
    def _sweep(self) -> None:
        """The engine's sweep, only at those of its moments at which something is due."""
        actor = self.hub.actor
        while True:
            self.resting.discard(actor)
            # Sorted, since the database gives them in the order in which they happen to lie.
            for lane_id in sorted(runner.lanes_with_due_work(now=actor.clock())):
                self._poke(lane_id)
            self.rests = SWEEP_SECONDS if self.has_moved else min(self.rests * 2, LONGEST_SWEEP_SECONDS)
            self.has_moved = False
            self.is_stale = True
            self.resting.add(actor)
            actor.wait_until(self.hub.now + timedelta(seconds=self.rests))

    def _keep_up(self) -> None:
        """The engine's upkeep, only at those of its moments at which something is due."""
        actor = self.hub.actor
        while True:
            self.resting.discard(actor)
            checking.sweep_refreshes(actor.clock())
            leaving.retry_revocations(actor.clock())
            if self.hub.now >= self.hourly_at:
                self.hourly_at = self.hub.now + timedelta(hours=1)
                close_attempts(actor.clock())
                checking.keep_alive(actor.clock())
                checking.check_connections(actor.clock())
            self.is_upkeep_stale = True
            self.resting.add(actor)
            actor.wait_until(self.hub.now + timedelta(seconds=UPKEEP_SECONDS))

    def _on_commit(self, actor: Actor, tables: frozenset[str]) -> None:
        if "syncing_job" in tables:
            self.is_stale = self.has_moved = True
            self.rests = SWEEP_SECONDS
        if {"connections_grant", "connections_revocation"} & tables:
            self.is_upkeep_stale = True
        self.judge.on_commit(actor, tables)

    def _before_waiting(self) -> None:
        """Leave out those sweeps that would find nothing: most of an hour has nothing due."""
        ask = self.stage.snapshot.ask
        if self.is_stale and self.sweeper in self.resting:
            self.is_stale = False
            ((soonest,),) = ask("SELECT min(next_at) FROM syncing_job WHERE state IN ('waiting', 'sending')")
            if soonest is None:
                self.sweeper.wake_at = self.hub.forever
            else:
                seen_at = soonest - self.sweeper.skew
                later = max(seen_at, self.hub.now) + timedelta(seconds=1)
                self.sweeper.wake_at = max(
                    later, min(self.sweeper.wake_at, self.hub.now + timedelta(seconds=self.rests))
                )
        if self.is_upkeep_stale and self.upkeep in self.resting:
            self.is_upkeep_stale = False
            ((due,),) = ask(_UPKEEP_DUE)
            at = self.hourly_at if due is None else min(self.hourly_at, due - self.upkeep.skew)
            self.upkeep.wake_at = max(at, self.hub.now + timedelta(seconds=1))


_UPKEEP_DUE = """
    SELECT min(due) FROM (
        SELECT GREATEST(refresh_intent_at, lease_expires_at, rests_until) AS due
        FROM connections_grant WHERE retired_at IS NULL AND refresh_intent_at IS NOT NULL
        UNION ALL SELECT next_at FROM connections_revocation WHERE outcome = 'waiting'
    ) AS waiting
"""


class _Alarm(logging.Handler):
    """Whatever production logs as an error is a finding: the outermost edges catch and log what nobody expected."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            raise Violated(f"unexpected: {record.getMessage()}") from record.exc_info[1]

    @contextmanager
    def listening(self) -> Iterator[None]:
        logger = logging.getLogger("keito_books")
        before = logger.level, logger.handlers, logger.propagate
        logger.setLevel(logging.ERROR)
        logger.handlers, logger.propagate = [self], False
        try:
            yield
        finally:
            logger.setLevel(before[0])
            logger.handlers, logger.propagate = before[1:]


class _Time:
    """Stands for the module `time` where production waits."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def monotonic(self) -> float:
        return (self._hub.now - START).total_seconds()

    def sleep(self, seconds: float) -> None:
        self._hub.actor.sleep(max(seconds, 0.5))


class _Datetime:
    """Stands for the class `datetime` where production stamps a call."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def now(self, zone: tzinfo) -> datetime:
        return self._hub.now.astimezone(zone)
