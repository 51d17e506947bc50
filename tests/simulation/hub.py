"""Let actors (workers, people, periodic jobs) take turns on one virtual clock; exactly one runs at a time.

Each actor is a greenlet with a database connection of its own. It may be interrupted at yield points only: around each
transaction end, before each statement outside a transaction, and around each call. There chance decides whether it
goes on, lets others go first, freezes for a while or is killed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from greenlet import getcurrent, greenlet

from simulation.trace import Trace

STEPS_MAX = 20_000
# No piece of work needs as many statements in one instant; who makes more, spins.
STATEMENTS_MAX = 4_000
_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


class Killed(BaseException):
    """The process of this actor ends here, as by kill -9: nothing that it would still do reaches anybody."""


class Endless(BaseException):
    """Somebody goes on and on without coming to rest."""


@dataclass(slots=True)
class Trouble:
    """How likely each thing is at one yield point."""

    switch: float = 0.0
    kill: float = 0.0
    freeze: float = 0.0
    freeze_seconds: tuple[float, float] = (5.0, 120.0)


class Actor:
    """Somebody who acts: `body` runs again from its beginning after a kill."""

    def __init__(self, hub: Hub, name: str, body: Callable[[], None], *, skew: timedelta, may_die: bool) -> None:
        self.hub = hub
        self.name = name
        self.skew = skew
        self.may_die = may_die
        self.wake_at: datetime = hub.now
        self.is_dead = False
        self.is_over = False
        # The sequence number of this actor's last commit: what it decided then is what it acts upon.
        self.decided_at = 0
        self.is_frozen = False
        self.woke_at = hub.start - timedelta(days=1)  # from its last freeze
        self.statements = 0
        self.last_seen = hub.now
        self.database = hub.borrow_database()
        self._body = body
        self._greenlet = greenlet(self._run, parent=hub.main)

    def clock(self) -> datetime:
        """Return the time by this actor's own clock."""
        return self.hub.now + self.skew

    def resume(self) -> None:
        connections["default"] = self.database
        self.hub.current = self
        self._greenlet.switch()

    def wait_until(self, moment: datetime) -> None:
        self.wake_at = moment
        self.hub.main.switch()

    def sleep(self, seconds: float) -> None:
        self.wait_until(self.hub.now + timedelta(seconds=seconds))

    def _run(self) -> None:
        while not self.is_over:
            with suppress(Killed):
                self._live()

    def _live(self) -> None:
        try:
            self._body()
        except Killed:
            if not self.is_over:
                self._die()
            return
        self.is_over = True
        self.wake_at = self.hub.forever

    def end(self) -> None:
        """Let the greenlet go, whatever it was about to do."""
        self.is_dead = self.is_over = True
        if self._greenlet:
            connections["default"] = self.database
            self._greenlet.throw(Killed)
        reset(self.database)

    def _die(self) -> None:
        self.hub.on_death(self)
        self.hub.trace.note(self.hub.now, self.name, "was killed")
        self.hub.trace.count("killed")
        reset(self.database)
        self.is_dead = False
        self.sleep(self.hub.rng.uniform(0.5, 30))


class Hub:
    """The virtual clock and whose turn it is."""

    def __init__(self, rng: random.Random, start: datetime, trace: Trace, databases: list[BaseDatabaseWrapper]) -> None:
        self.rng = rng
        self.start = start
        self.now = start
        self.forever = start + timedelta(days=3650)
        self.trace = trace
        self.main = getcurrent()
        self.actors: list[Actor] = []
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.current: Actor | None = None
        self.trouble = Trouble()
        self.sequence = 0
        self.steps = 0
        self.on_tick: Callable[[datetime], None] = _nothing
        # Asked when everybody waits, before time moves on.
        self.on_rest: Callable[[], None] = _nothing
        self.on_commit: Callable[[Actor, frozenset[str]], None] = _nothing
        self.on_death: Callable[[Actor], None] = _nothing
        # Crash at exactly this yield point of an actor that may die; counted from 1.
        self.crash_at: frozenset[int] = frozenset()
        self.points = 0
        self._databases = list(databases)
        self.home = connections["default"]

    def spawn(
        self, name: str, body: Callable[[], None], *, skew: timedelta = timedelta(0), may_die: bool = True
    ) -> Actor:
        actor = Actor(self, name, body, skew=skew, may_die=may_die)
        Watch(actor)
        self.actors.append(actor)
        return actor

    def borrow_database(self) -> BaseDatabaseWrapper:
        return self._databases.pop()

    def close(self) -> None:
        for actor in self.actors:
            actor.end()
        connections["default"] = self.home

    def at(self, moment: datetime, do: Callable[[], None]) -> None:
        """Let something happen at a time, in nobody's turn."""
        self.sequence += 1
        self.events.append((moment, self.sequence, do))

    def run_until(self, end: datetime, *, or_when: Callable[[], bool] = lambda: False) -> None:
        """Let everybody act until a moment, or until something is true between two turns."""
        try:
            while not or_when():
                if not self._turn(end):
                    return
        finally:
            connections["default"] = self.home
            self.current = None

    def _turn(self, end: datetime) -> bool:
        ready = [actor for actor in self.actors if actor.wake_at <= self.now]
        due = [event for event in self.events if event[0] <= self.now]
        if due:
            event = min(due, key=lambda each: each[:2])
            self.events.remove(event)
            event[2]()
        elif ready:
            self.steps += 1
            if self.steps > STEPS_MAX:
                raise Endless(f"after {STEPS_MAX} turns it is still {self.now}")
            chosen = ready[0] if len(ready) == 1 else self.rng.choice(ready)
            chosen.wake_at = self.now
            chosen.resume()
        else:
            self.on_rest()
            moments = [actor.wake_at for actor in self.actors] + [event[0] for event in self.events]
            soonest = min(moments, default=self.forever)
            self.now = min(soonest, end)
            self.on_tick(self.now)
            return soonest <= end
        return True

    def started(self, seconds: float) -> datetime:
        """Return the moment so many seconds after the beginning."""
        return self.start + timedelta(seconds=seconds)

    @property
    def actor(self) -> Actor:
        assert self.current is not None, "nobody acts now"
        return self.current

    def pause(self, what: str, *, longest: float | None = None, only_death: bool = False) -> None:
        """A yield point of the current actor; `longest` limits a freeze, in seconds.

        With `only_death` nobody else gets a turn: for moments at which rows are locked.
        """
        actor = self.current
        if actor is None or getcurrent() is self.main:
            return
        if actor.is_dead:
            raise Killed
        actor.statements = actor.statements + 1 if actor.last_seen == self.now else 1
        actor.last_seen = self.now
        if actor.statements > STATEMENTS_MAX:
            raise Endless(f"{actor.name} spins: {STATEMENTS_MAX} statements in one instant, now at {what}")
        if actor.may_die:
            self.points += 1
            if self.points in self.crash_at:
                self._kill(actor, what)
        drawn = self.rng.random()
        trouble = self.trouble
        if drawn < trouble.kill and actor.may_die:
            self._kill(actor, what)
        if only_death:
            return
        drawn -= trouble.kill
        if 0 <= drawn < trouble.freeze and actor.may_die:
            seconds = self.rng.uniform(*trouble.freeze_seconds)
            seconds = seconds if longest is None else min(seconds, longest)
            self.trace.note(self.now, actor.name, f"froze for {seconds:.1f} s at {what}")
            self.trace.count("froze")
            actor.is_frozen = True
            actor.sleep(seconds)
            actor.is_frozen, actor.woke_at = False, self.now
        elif trouble.freeze <= drawn < trouble.freeze + trouble.switch:
            # A moment for others who are ready, or a while in which somebody may come: statements take time as well.
            actor.sleep(self.rng.choice((0.0, 0.01, 1.0)))

    def _kill(self, actor: Actor, what: str) -> None:
        self.trace.note(self.now, actor.name, f"dies at {what}")
        self.trace.count(f"died at {what.split(' ', maxsplit=1)[0]}")
        actor.is_dead = True
        raise Killed


class Watch:
    """Makes an actor's statements and commits yield points, and tells of the tables that a commit changed."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._hub = actor.hub
        self._database = actor.database
        self._touched: set[str] = set()
        self._database.execute_wrappers[:] = [self.execute]
        self._database.commit = self.commit  # type: ignore[method-assign]
        self._database.rollback = self.rollback  # type: ignore[method-assign]

    def execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._actor.is_dead:
            raise Killed
        is_alone = not self._database.in_atomic_block
        if is_alone:
            self._hub.pause("statement")
        result = execute(sql, params, many, context)
        written = _WRITES.match(sql)
        if written:
            self._touched.add(written.group(1))
            if is_alone:
                self._tell()
        return result

    def commit(self) -> None:
        if self._touched:
            self._may_die_before()
        type(self._database).commit(self._database)
        if self._touched:
            self._tell()
        self._hub.pause("committed")

    def rollback(self) -> None:
        self._touched.clear()
        type(self._database).rollback(self._database)

    def _may_die_before(self) -> None:
        try:
            self._hub.pause("commit", only_death=True)
        except Killed:
            self.rollback()
            raise

    def _tell(self) -> None:
        self._hub.sequence += 1
        self._actor.decided_at = self._hub.sequence
        tables = frozenset(self._touched)
        self._touched.clear()
        self._hub.on_commit(self._actor, tables)


def _nothing(*_: object) -> None:
    """Nobody listens yet."""


def reset(database: BaseDatabaseWrapper) -> None:
    """Bring a connection back to where a new process would begin."""
    database.in_atomic_block = False
    database.savepoint_ids = []
    database.needs_rollback = False
    database.run_on_commit = []
    database.run_commit_hooks_on_set_autocommit_on = False
    if database.connection is not None:
        type(database).rollback(database)
        database.set_autocommit(True)
