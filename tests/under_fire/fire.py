"""Break something every few seconds, by a seeded plan: workers, the database, the calls to Xero."""

from __future__ import annotations

import logging
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.error import URLError

from keito_books.cli.service import Service
from under_fire.scene import Scene

LEASE_SECONDS = 60.0  # of the application's time
STOP_WITHIN_SECONDS = 30.0  # of real time: what whoever stops a worker waits
GONE_WITHIN_SECONDS = 20.0
GLANCE_SECONDS = 0.05
# What a call takes at Xero. Most of a worker's life is waiting, and so most kills meet a call under way.
USUAL_SECONDS = 5.0
# What happens to a call, how often among all, and whether it takes a number of seconds of the application's time.
CUTS: tuple[tuple[str, int, tuple[float, float] | None], ...] = (
    ("save and drop the reply", 6, None),
    ("drop the request", 3, None),
    ("reset the connection", 1, None),
    ("save and reset in the middle of the reply", 1, None),
    ("save and cut the reply short", 1, None),
    ("answer 500", 2, None),
    ("save and answer 500", 2, None),
    ("answer 503", 1, None),
    ("answer slowly", 2, (2.0, 15.0)),
    ("apply late and drop the reply", 2, (5.0, 240.0)),
    ("close after saving the first 3", 1, None),
    ("answer without the last element", 1, None),
)
ROUTES = ("PUT /Invoices", "PUT /Payments", "PUT /Contacts", "POST /Payments/{id}", "* /*", "POST /connect/token")
log = logging.getLogger(__name__)


@dataclass
class Fire:
    """Runs in the main thread, since children end with the thread that started them."""

    scene: Scene
    seed: int
    every_seconds: float
    done: Counter[str] = field(default_factory=Counter)
    longest_stop_seconds: float = 0.0
    _due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    _frozen: set[str] = field(default_factory=set)
    _away: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(f"{self.seed} fire")  # noqa: S311  # chance for a test
        self._choices: list[tuple[Callable[[], None], int]] = [
            (self._kill, 46),
            (self._freeze, 12),
            (self._tell_to_stop, 12),
            (self._cut, 22),
            (lambda: self._restart_database(signal.SIGQUIT, "database stopped at once"), 3),
            (lambda: self._restart_database(signal.SIGINT, "database stopped in order"), 3),
            (lambda: self._restart_database(signal.SIGKILL, "database killed"), 2),
        ]

    def burn(self, seconds: float) -> None:
        self._change_faults([])
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            next_at = time.monotonic() + min(self._random.expovariate(1 / self.every_seconds), 4 * self.every_seconds)
            while time.monotonic() < next_at:
                self.look_after()
                time.sleep(GLANCE_SECONDS)
            does, weights = zip(*self._choices, strict=True)
            self._random.choices(does, weights)[0]()

    def put_out(self) -> None:
        """End all trouble, and leave everything running."""
        self.scene.sandbox.clear_faults()
        while self._due or self._away or self._frozen:
            self.look_after()
            time.sleep(GLANCE_SECONDS)

    def look_after(self) -> None:
        """Do what is due, and start again what ended by itself, as whoever runs workers does."""
        now = time.monotonic()
        due = [do for at, do in self._due if at <= now]
        self._due = [(at, do) for at, do in self._due if at > now]
        for do in due:
            do()
        for worker in self.scene.workers:
            if worker.exit_code is not None and worker.name not in self._away:
                self.done["worker ended by itself"] += 1
                log.warning("%s ended by itself with %s", worker.name, worker.exit_code)
                self._start_soon(worker)

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        self._due.append((time.monotonic() + seconds, do))

    def _a_worker(self) -> Service | None:
        ready = [each for each in self.scene.workers if each.name not in self._away | self._frozen]
        return self._random.choice(ready) if ready else None

    def _kill(self) -> None:
        worker = self._a_worker()
        if worker is not None and worker.pid is not None:
            os.kill(worker.pid, signal.SIGKILL)
            worker.see_stopped(patience_seconds=GONE_WITHIN_SECONDS)
            self.done["worker killed"] += 1
            self._start_soon(worker)

    def _freeze(self) -> None:
        """Let a worker sleep for longer than its lease, as a suspended machine does."""
        worker = self._a_worker()
        if worker is None or worker.pid is None:
            return
        pid = worker.pid
        os.kill(pid, signal.SIGSTOP)
        self._frozen.add(worker.name)
        self.done["worker frozen beyond its lease"] += 1

        def thaw() -> None:
            os.kill(pid, signal.SIGCONT)
            self._frozen.discard(worker.name)

        self._later(self.scene.real(LEASE_SECONDS * self._random.uniform(1.1, 2.5)), thaw)

    def _tell_to_stop(self) -> None:
        worker = self._a_worker()
        if worker is None:
            return
        worker.ask_to_stop()
        self._away.add(worker.name)
        self.done["worker told to stop"] += 1
        self._wait_for_end(worker, told_at=time.monotonic())

    def _wait_for_end(self, worker: Service, *, told_at: float) -> None:
        took = time.monotonic() - told_at
        if worker.exit_code is not None:
            self.longest_stop_seconds = max(self.longest_stop_seconds, took)
            self._start_soon(worker)
        elif took > STOP_WITHIN_SECONDS:
            self.longest_stop_seconds = max(self.longest_stop_seconds, took)
            self.done["worker did not stop in time"] += 1
            worker.see_stopped(patience_seconds=0)
            self._start_soon(worker)
        else:
            self._later(GLANCE_SECONDS, lambda: self._wait_for_end(worker, told_at=told_at))

    def _start_soon(self, worker: Service) -> None:
        self._away.add(worker.name)

        def start() -> None:
            worker.start(now=time.monotonic())
            self._away.discard(worker.name)

        self._later(self._random.uniform(0.1, 1.0), start)

    def _cut(self) -> None:
        """Let the next calls of some kinds go wrong, and the others take their time."""
        self._change_faults([self._a_cut(), self._a_cut()])
        self.done["calls to Xero cut"] += 1

    def _a_cut(self) -> dict[str, object]:
        [(then, _, seconds)] = self._random.choices(CUTS, [weight for _, weight, _ in CUTS])
        route, times = self._random.choice(ROUTES), self._random.randint(1, 5)
        takes = {} if seconds is None else {"seconds": self.scene.real(self._random.uniform(*seconds))}
        return {"route": route, "then": then, "times": times, **takes}

    def _change_faults(self, cuts: list[dict[str, object]]) -> None:
        slow = {"route": "* /*", "then": "answer slowly", "seconds": self.scene.real(USUAL_SECONDS), "times": None}
        try:
            self.scene.sandbox.clear_faults()
            self.scene.sandbox.door("POST", "/faults", [*cuts, slow])  # the first that fits is met
        except (URLError, TimeoutError) as problem:
            log.warning("the sandbox takes no fault now: %s", problem)

    def _restart_database(self, number: signal.Signals, name: str) -> None:
        database = self.scene.database
        if database.pid is None:
            return
        os.kill(database.pid, number)
        gone_by = time.monotonic() + GONE_WITHIN_SECONDS
        while database.is_running and time.monotonic() < gone_by:
            time.sleep(0.01)
        if database.is_running:
            self.done["database did not stop in time"] += 1
            return
        time.sleep(self._random.uniform(0.0, 1.5))
        database.start()
        self.done[name] += 1
