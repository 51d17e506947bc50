"""Find the calls that were made for a job: those about it alone, and those of the requests on which it rode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from keito_books.syncing.models import Attempt, Job


def attempts_of(job: Job) -> QuerySet[Attempt]:
    """Return the calls in the order in which they were made."""
    ridden = job.rides.values("dispatch")
    return Attempt.objects.filter(Q(job=job) | Q(job=None, dispatch__in=ridden)).order_by("sequence")


def attempt_counts(jobs: Collection[Job]) -> dict[UUID, int]:
    """Return how many calls were made for each job; one that has none is left out."""
    alone = Attempt.objects.filter(job__in=jobs).values_list("job").annotate(Count("pk"))
    together = Attempt.objects.filter(job=None, dispatch__rides__job__in=jobs).values_list("dispatch__rides__job")
    counts: Counter[UUID] = Counter()
    for job_id, number in [*alone, *together.annotate(Count("pk"))]:
        if job_id is not None:
            counts[job_id] += number
    wanted = {job.pk for job in jobs}
    return {job_id: number for job_id, number in counts.items() if job_id in wanted}
