"""Say when the copy of the organisation's lists is too old to send by, and let one worker at a time renew it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from keito_books.connections.models import Connection
from keito_books.mapping.models import BooksCopy

# Rates, accounts and lock dates seldom change; an hour costs at most 24 readings a day of the daily limit.
LISTS_LAST = timedelta(hours=1)


def claim_renewal(connection: Connection, *, now: datetime) -> bool:
    """Say whether the caller shall read the lists now. Of several workers one is told so, at most once an hour."""
    copies = BooksCopy.objects.filter(connection=connection)
    # A person may have read them meanwhile, which serves as well.
    is_old = Q(tried_at=None) | Q(tried_at__lte=now - LISTS_LAST)
    return copies.filter(is_old).update(tried_at=now) > 0


def distrust(connection: Connection) -> None:
    """Have the lists read anew before the next sending: something in them is no longer as it was."""
    BooksCopy.objects.filter(connection=connection).update(tried_at=None)
