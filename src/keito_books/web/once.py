"""Let a form make its thing once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from keito_books.web.access import WorkspaceRequest
from keito_books.workspaces.models import Membership

_KEY = "made"
_REMEMBERED = 30


def make_once(request: WorkspaceRequest, submission: UUID, make: Callable[[], UUID]) -> UUID:
    """Return what the form made: now, or when it was sent before.

    The membership's row is locked meanwhile, so that the second of two clicks waits and then finds the first one's
    work in the session. Actions that take a `submission_id` need no such help.
    """
    with transaction.atomic():
        Membership.objects.select_for_update(of=("self",)).get(pk=request.membership.pk)
        session = type(request.session)(request.session.session_key)
        made: dict[str, str] = session.get(_KEY, {})
        if str(submission) in made:
            return UUID(made[str(submission)])
        fresh = make()
        session[_KEY] = {**dict(list(made.items())[-_REMEMBERED:]), str(submission): str(fresh)}
        session.save()
        request.session[_KEY] = session[_KEY]
    return fresh
