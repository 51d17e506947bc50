"""Count what the other side refused although nothing here had foreseen it, since each such case is a missing rule."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from keito_books.accounting.refusals import Refusal
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice
from keito_books.syncing.models import Job, Surprise
from keito_books.syncing.preflight import check

_MESSAGE_MAX = 500


def note(job: Job, refusal: Refusal, *, now: datetime) -> None:
    """Count a refusal that came from them; call when the job has failed, so that what only an earlier try could tell
    (a number, a contact) counts as known."""
    if not refusal.messages or _was_foreseen(job, refusal, now=now):
        return
    with transaction.atomic():
        found, _ = Surprise.objects.get_or_create(
            connection=job.connection,
            code=refusal.code.value,
            message=refusal.messages[0][:_MESSAGE_MAX],
            defaults={"last_at": now, "last_job": job},
        )
        Surprise.objects.filter(pk=found.pk).update(times=F("times") + 1, last_at=now, last_job=job)


def surprises_of(connection: Connection) -> QuerySet[Surprise]:
    """Return what was counted for an organisation, the most frequent first."""
    rows = Surprise.objects.filter(connection=connection).select_related(
        "last_job__client", "last_job__invoice", "last_job__payment__invoice"
    )
    return rows.order_by("-times", "-last_at", "pk")


def _was_foreseen(job: Job, refusal: Refusal, *, now: datetime) -> bool:
    """Say whether preflight tells this cause; it looks at invoices and what they need only."""
    if job.invoice is None:
        return False
    invoice = Invoice.objects.select_related("client").get(pk=job.invoice.pk)
    found = check([invoice], job.connection, now=now)[invoice.pk]
    return refusal.code.value in {each.code for each in found}
