"""Keep each call as evidence: append-only rows, each chained to the one before."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from keito_books.accounting.port import Receipt
from keito_books.connections.models import Connection
from keito_books.syncing.models import Attempt, Dispatch, Job


def keep(receipt: Receipt, *, connection: Connection, purpose: str, job: Job | None, dispatch: Dispatch | None) -> None:
    """Add one attempt at the end of the connection's chain."""
    with transaction.atomic():
        # The lock makes the chain a chain: two writers can't both take the same place.
        Connection.objects.select_for_update(no_key=True).get(pk=connection.pk)
        last = Attempt.objects.filter(connection=connection).order_by("-sequence").first()
        attempt = Attempt(
            connection=connection,
            sequence=last.sequence + 1 if last else 1,
            job=job,
            dispatch=dispatch,
            purpose=purpose,
            sent_at=receipt.sent_at,
            seconds=receipt.seconds,
            method=receipt.method,
            path=receipt.path,
            key=dispatch.key if dispatch and purpose == "send" else "",
            status=receipt.status,
            correlation_id=receipt.correlation_id,
            # PostgreSQL holds no NUL in text; a reply that has one is kept without it.
            request_body=receipt.request_body.replace("\x00", ""),
            response_body=receipt.response_body.replace("\x00", ""),
            problem=receipt.problem,
            previous_hash=last.hash if last else "",
        )
        attempt.hash = hash_of(attempt)
        attempt.save(force_insert=True)


def hash_of(attempt: Attempt) -> str:
    """Return the SHA-256 over everything that the row says, and over the hash of the row before it."""
    said = [
        str(attempt.connection_id),
        attempt.sequence,
        str(attempt.job_id or ""),
        str(attempt.dispatch_id or ""),
        attempt.purpose,
        attempt.sent_at.isoformat(),
        attempt.seconds,
        attempt.method,
        attempt.path,
        attempt.key,
        attempt.status,
        attempt.correlation_id,
        attempt.request_body,
        attempt.response_body,
        attempt.problem,
        attempt.previous_hash,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def first_break(connection: Connection) -> int | None:
    """Return the place of the first attempt that was changed or follows a removed one, or None when all is whole."""
    previous = ""
    for place, attempt in enumerate(Attempt.objects.filter(connection=connection).order_by("sequence").iterator(), 1):
        if attempt.sequence != place or attempt.previous_hash != previous or attempt.hash != hash_of(attempt):
            return place
        previous = attempt.hash
    return None
