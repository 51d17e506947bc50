"""One run: people work while it burns; then it is quiet, all must settle, and both sides are compared."""

from __future__ import annotations

import logging
import time
from collections import Counter

from django.db import Error as DatabaseTrouble
from django.db import connection as database

from keito_books.syncing import protocol
from keito_books.syncing.models import Attempt, Job, Link
from under_fire.checks import judge, open_jobs
from under_fire.figures import Figures
from under_fire.fire import Fire
from under_fire.listening import Listener
from under_fire.offices import Office, open_offices
from under_fire.scene import Scene

GLANCE_SECONDS = 0.25
# Every wait of the protocol may follow another once, and the longest pause of a lane on top.
SETTLES_WITHIN = 3 * protocol.QUARANTINE
log = logging.getLogger(__name__)


def run_course(
    scene: Scene,
    *,
    seed: int,
    seconds: float,
    workers: int,
    every_seconds: float,
    pause_seconds: float,
    started_at: float,
) -> Figures:
    offices = open_offices(scene.sandbox, scene.seats, seed=seed, pause_seconds=pause_seconds)
    listener = Listener(scene.sandbox)
    listener.start()
    for _ in range(workers):
        scene.add_worker()
    fire = Fire(scene, seed, every_seconds)
    try:
        for office in offices:
            office.hand.start()
        fire.burn(seconds)
    finally:
        _send_home(offices, fire)
    quiet_since = time.monotonic()
    fire.put_out()
    _wait_until_settled(offices, fire, scene)
    settled = time.monotonic() - quiet_since
    listener.stop()
    figures = _figures(offices, fire, listener, scene)
    figures.burned_seconds, figures.settled_seconds = seconds, settled
    log.info("all of it took %.0f s", time.monotonic() - started_at)
    return figures


def _send_home(offices: list[Office], fire: Fire) -> None:
    """Let everybody finish what they insist on."""
    for office in offices:
        office.hand.stop()
    for office in offices:
        while not office.hand.join(GLANCE_SECONDS):
            fire.look_after()
        if office.hand.problem is not None:
            raise office.hand.problem


def _wait_until_settled(offices: list[Office], fire: Fire, scene: Scene) -> None:
    deadline = time.monotonic() + scene.real(SETTLES_WITHIN.total_seconds())
    while time.monotonic() < deadline:
        fire.look_after()
        try:
            if open_jobs(offices) == 0:
                return
        except DatabaseTrouble:
            database.close()  # it was opened before the last restart
        time.sleep(GLANCE_SECONDS)


def _figures(offices: list[Office], fire: Fire, listener: Listener, scene: Scene) -> Figures:
    verdict = judge(offices, scene.sandbox.world())
    verdict.add("429 of our own making", listener.too_many)
    stops = fire.done["worker did not stop in time"]
    verdict.add("workers that did not stop in 30 s", ["see the worker's log"] * stops)
    figures = Figures(fire.seed, burned_seconds=0, troubles=fire.done, calls=listener.calls, wrong=verdict.wrong)
    figures.longest_stop_seconds = fire.longest_stop_seconds
    for office in offices:
        figures.operations += office.hand.answered.operations
    figures.jobs = Counter(f"{kind} {state}" for kind, state in Job.objects.values_list("kind", "state"))
    figures.links = Counter(Link.objects.values_list("origin", flat=True))
    figures.attempts = Attempt.objects.count()
    figures.unrecorded = listener.calls["PUT"] - Attempt.objects.filter(method="PUT", status__gt=0).count()
    return figures
