"""The engine's tasks. A tick is disposable: what must be done, and when, stands in our own tables."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from keito_books.connections import actions, checking, leaving
from keito_books.syncing import backfill, directory, runner, ticks
from keito_books.syncing.governor import lane_of

log = logging.getLogger(__name__)
# A worker that has not reported for this long is taken for dead (engine's heartbeat: 5 s).
STALLED_AFTER_SECONDS = 20
KEPT_HOURS = 24
# A wait for a permit that is shorter is slept through: handing the lane back and finding it again would take longer.
_PATIENCE = timedelta(seconds=6)
# In this engine's cron lines a sixth field, at the END, holds the seconds.


@app.task(name=ticks.WORK, queue="organisations")
def work(lane_id: str) -> None:
    """Work a slice of one organisation's lane, and tick again while something is due."""
    lane = UUID(lane_id)
    steps = runner.work(lane, clock=timezone.now, threads=settings.SYNC_THREADS, patience=_PATIENCE)
    if steps and lane in runner.lanes_with_due_work(now=timezone.now()):
        ticks.poke(lane)


@app.task(name=ticks.READ_CONTACTS, queue="organisations")
def read_contacts(connection_id: str) -> None:
    """Read the organisation's contacts while a person looks at the preview of a bulk copy."""
    directory.read_ahead(UUID(connection_id), clock=timezone.now)


@app.task(name=ticks.SEARCH, queue="organisations")
def search(search_id: str) -> None:
    """Look for a slice of older invoices, and again while there are more."""
    found = backfill.go_on(UUID(search_id), clock=timezone.now)
    if found is not None and found.is_due(timezone.now()):
        ticks.search(found.pk, lane_of(found.connection).pk)


@app.periodic(cron="* * * * * */5")
@app.task(name="keito_books.sweep", queue="upkeep", queueing_lock="sweep", lock="sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001  the engine hands the time of the period
    """Tick every organisation with due work: the safety net under each lost tick, and the clock of each retry."""
    for lane_id in runner.lanes_with_due_work(now=timezone.now()):
        ticks.poke(lane_id)
    for waiting in backfill.due_searches(now=timezone.now()):
        ticks.search(waiting.pk, lane_of(waiting.connection).pk)


@app.periodic(cron="* * * * * */10")
@app.task(name="keito_books.bury_dead_ticks", queue="upkeep", queueing_lock="bury", lock="bury", pass_context=True)
async def bury_dead_ticks(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  as above
    """End ticks whose worker died. They are not retried: a retry would meet its waiting twin and hang for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        log.warning("a worker died during job %s (%s)", job.id, job.task_name)
        await manager.finish_job(job, Status.FAILED, delete_job=False)


@app.periodic(cron="* * * * * */30")
@app.task(name="keito_books.upkeep", queue="upkeep", queueing_lock="upkeep", lock="upkeep")
def keep_connections(timestamp: int) -> None:  # noqa: ARG001  as above
    """Ask again for tokens whose answer was lost, and end consents that could not be ended before."""
    checking.sweep_refreshes(timezone.now())
    leaving.retry_revocations(timezone.now())


@app.periodic(cron="13 * * * *")
@app.task(name="keito_books.look_after_connections", queue="upkeep", queueing_lock="hourly", lock="hourly")
def look_after_connections(timestamp: int) -> None:  # noqa: ARG001  as above
    """Keep idle consents alive, notice connections that were ended at the provider, close walks that nobody ended."""
    actions.close_attempts(timezone.now())
    checking.keep_alive(timezone.now())
    checking.check_connections(timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="keito_books.forget_old_ticks", queue="upkeep", queueing_lock="forget", lock="forget", pass_context=True)
async def forget_old_ticks(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  as above
    """Remove finished ticks, so that the engine's table stays small."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)
