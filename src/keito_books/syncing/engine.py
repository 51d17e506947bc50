"""The engine's tasks. A tick is disposable: what must be done, and when, stands in our own tables."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from keito_books.connections import actions, checking, leaving
from keito_books.syncing import backfill, clock, directory, runner, ticks
from keito_books.syncing.governor import lane_of

log = logging.getLogger(__name__)
# A worker that has not reported for this long is taken for dead (engine's heartbeat: 5 s).
STALLED_AFTER_SECONDS = clock.real_seconds(20, at_least=3)
KEPT_HOURS = 24
# A wait for a permit that is shorter is slept through: handing the lane back and finding it again would take longer.
_PATIENCE = timedelta(seconds=6)


def _each(seconds: int) -> str:
    """Return a cron line. In this engine's a sixth field, at the END, holds the seconds."""
    return f"* * * * * */{clock.real_seconds(seconds, at_least=1):.0f}"


@app.task(name=ticks.WORK, queue=ticks.QUEUE)
def work(lane_id: str) -> None:
    """Work a slice of one organisation's lane, and tick again while something is due."""
    lane = UUID(lane_id)
    time = clock.shared()
    steps = runner.work(lane, clock=time, threads=settings.SYNC_THREADS, patience=_PATIENCE)
    if steps and lane in runner.lanes_with_due_work(now=time()):
        ticks.poke(lane)


@app.task(name=ticks.READ_CONTACTS, queue=ticks.QUEUE)
def read_contacts(connection_id: str) -> None:
    """Read the organisation's contacts while a person looks at the preview of a bulk copy."""
    directory.read_ahead(UUID(connection_id), clock=clock.shared())


@app.task(name=ticks.SEARCH, queue=ticks.QUEUE)
def search(search_id: str) -> None:
    """Look for a slice of older invoices, and again while there are more."""
    found = backfill.go_on(UUID(search_id), clock=clock.shared())
    if found is not None and found.is_due(clock.shared()()):
        ticks.search(found.pk, lane_of(found.connection).pk)


@app.periodic(cron=_each(5))
@app.task(name="keito_books.sweep", queue="upkeep", queueing_lock="sweep", lock="sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001  the engine hands the time of the period
    """Tick every organisation with due work: the safety net under each lost tick, and the clock of each retry."""
    for lane_id in runner.lanes_with_due_work(now=clock.shared()()):
        ticks.poke(lane_id)
    for waiting in backfill.due_searches(now=clock.shared()()):
        ticks.search(waiting.pk, lane_of(waiting.connection).pk)


# It alone has no lock. A worker that dies in the middle of it would hold that lock for ever, and nobody would be left
# to end what the dead hold: their organisations would stand still. Two at once do no harm.
@app.periodic(cron=_each(10))
@app.task(name="keito_books.bury_dead_ticks", queue="upkeep", queueing_lock="bury", pass_context=True)
async def bury_dead_ticks(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  as above
    """End ticks whose worker died. They are not retried: a retry would meet its waiting twin and hang for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        if job.id == context.job.id:
            continue  # our own worker was frozen for a while, and is here again
        log.warning("a worker died during job %s (%s)", job.id, job.task_name)
        try:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        except ConnectorException as problem:
            log.info("job %s was ended by somebody else meanwhile: %s", job.id, problem.__cause__)


@app.periodic(cron=_each(30))
@app.task(name="keito_books.upkeep", queue="upkeep", queueing_lock="upkeep", lock="upkeep")
def keep_connections(timestamp: int) -> None:  # noqa: ARG001  as above
    """Ask again for tokens whose answer was lost, and end consents that could not be ended before."""
    checking.sweep_refreshes(clock.shared()())
    leaving.retry_revocations(clock.shared()())


@app.periodic(cron="13 * * * *")
@app.task(name="keito_books.look_after_connections", queue="upkeep", queueing_lock="hourly", lock="hourly")
def look_after_connections(timestamp: int) -> None:  # noqa: ARG001  as above
    """Keep idle consents alive, notice connections that were ended at the provider, close walks that nobody ended."""
    actions.close_attempts(clock.shared()())
    checking.keep_alive(clock.shared()())
    checking.check_connections(clock.shared()())


@app.periodic(cron="17 3 * * *")
@app.task(name="keito_books.forget_old_ticks", queue="upkeep", queueing_lock="forget", lock="forget", pass_context=True)
async def forget_old_ticks(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  as above
    """Remove finished ticks, so that the engine's table stays small."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)
