"""The evidence of a job: every call for it, each once, in order."""

from __future__ import annotations

from joined import Joined
from keito_books.syncing.history import attempt_counts, attempts_of
from keito_books.syncing.models import Job


def test_a_job_shows_its_own_calls_in_order_and_each_once(joined: Joined) -> None:
    job = joined.copy(joined.invoice())
    joined.work()
    job.refresh_from_db()

    calls = list(attempts_of(job))

    assert [call.method for call in calls] == ["PUT"]
    assert "/Invoices?" in calls[0].path
    assert calls[0].correlation_id


def test_the_calls_of_a_page_are_counted_as_each_job_shows_them(joined: Joined) -> None:
    for name in ("First Ltd", "Second Ltd"):
        joined.copy(joined.invoice(client=joined.client(name)))
    joined.work()
    jobs = list(Job.objects.all())

    assert attempt_counts(jobs) == {job.pk: attempts_of(job).count() for job in jobs}
    assert all(attempt_counts(jobs).values())
