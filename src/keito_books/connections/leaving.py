"""End a consent at the provider, in the background for up to a day if it must be.

The trap: at Xero, revoking one refresh token ends every connection that the same person made to this app, those of
other workspaces too. So the one connection is deleted first, by its id, and the token is revoked only when nothing
else of ours hangs on that person's consent. A token that is not revoked for this reason is still forgotten here.
What others need is looked up anew before each try, since somebody may have connected in between. A person who consents
again in the very second in which an old consent is being revoked can lose the new one with it; the next call finds that
out, and the page offers Reconnect.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q

from keito_books.accounting.errors import MustReconnect, ProviderError, TokenRejected
from keito_books.accounting.port import TokenSet
from keito_books.connections.grants import NO_TOKENS, access_token_of, refresh_token_of, retire, sealed_for
from keito_books.connections.models import ConnectAttempt, Connection, Grant, Revocation
from keito_books.connections.providing import provider_for, provider_name
from keito_books.connections.vault import CannotOpen
from keito_books.workspaces import audit
from keito_books.workspaces.models import Workspace

log = logging.getLogger(__name__)

_GIVE_UP_AFTER = timedelta(hours=24)
_LONGEST_WAIT = timedelta(hours=1)
_CLAIM = timedelta(minutes=2)
_ACCESS_MARGIN = timedelta(seconds=30)


def set_aside(
    grant: Grant,
    *,
    workspace: Workspace,
    organisation_name: str,
    remote_connection_ids: Iterable[str],
    now: datetime,
) -> Revocation | None:
    """Move a grant's tokens into a revocation to be done after the commit. None when there is nothing to revoke."""
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    try:
        access_token, refresh_token = access_token_of(grant), refresh_token_of(grant)
    except CannotOpen:
        retire(grant, now=now)
        return None
    revocation_id = uuid4()
    revocation = Revocation.objects.create(
        id=revocation_id,
        workspace=workspace,
        provider=grant.provider,
        account=grant.account,
        grant_id=grant.pk,
        organisation_name=organisation_name,
        remote_connection_ids=[each for each in remote_connection_ids if each],
        created_at=now,
        next_at=now,
        **sealed_for(Revocation, revocation_id, access_token, refresh_token, grant.access_expires_at),
    )
    retire(grant, now=now)
    return revocation


def keep_for_revocation(grant_id: UUID, tokens: TokenSet) -> None:
    """Hand the waiting revocation of this grant newer tokens, which arrived after it was retired."""
    for revocation in Revocation.objects.select_for_update().filter(
        grant_id=grant_id, outcome=Revocation.Outcome.WAITING
    ):
        _keep_tokens(revocation, tokens)


def revoke_now(revocation: Revocation | None, *, now: datetime) -> bool:
    """Try once, outside any transaction. Say whether it is over; if not, the background goes on."""
    if revocation is None:
        return True
    if not _claim(revocation.pk, now=now):
        return False
    revocation.refresh_from_db()
    try:
        outcome = _end_at_provider(revocation, now=now)
    except (MustReconnect, CannotOpen) as problem:
        # The provider ended it already, or nobody can read the tokens any more: nothing is left to revoke.
        _finish(revocation, Revocation.Outcome.NOT_NEEDED, problem=str(problem), now=now)
        return True
    except ProviderError as problem:
        _wait(revocation, problem, now=now)
        return False
    _finish(revocation, outcome, problem="", now=now)
    return True


def retry_revocations(now: datetime) -> int:
    """Try every revocation that is due. Return how many are over."""
    due = Revocation.objects.filter(outcome=Revocation.Outcome.WAITING, next_at__lte=now).order_by("next_at", "id")
    return sum(revoke_now(revocation, now=now) for revocation in list(due))


def _claim(revocation_id: UUID, *, now: datetime) -> bool:
    with transaction.atomic(durable=True):
        return bool(
            Revocation.objects.filter(pk=revocation_id, outcome=Revocation.Outcome.WAITING, next_at__lte=now).update(
                next_at=now + _CLAIM, attempts=F("attempts") + 1
            )
        )


def _end_at_provider(revocation: Revocation, *, now: datetime) -> Revocation.Outcome:
    still_used = _remote_ids_in_use(revocation)
    unused = [each for each in revocation.remote_connection_ids if each not in still_used]
    if unused:
        _delete_connections(revocation, unused, now=now)
    if _others_share_the_consent(revocation):
        return Revocation.Outcome.DONE if unused else Revocation.Outcome.NOT_NEEDED
    provider_for(revocation.provider).identity.revoke(refresh_token=refresh_token_of(revocation))
    return Revocation.Outcome.DONE


def _delete_connections(revocation: Revocation, remote_ids: list[str], *, now: datetime) -> None:
    identity = provider_for(revocation.provider).identity
    expires_at = revocation.access_expires_at
    if expires_at is None or expires_at - now < _ACCESS_MARGIN:
        _refresh(revocation, now=now)
    for remote_id in remote_ids:
        try:
            identity.delete_connection(access_token=access_token_of(revocation), connection_id=remote_id)
        except TokenRejected:
            _refresh(revocation, now=now)
            identity.delete_connection(access_token=access_token_of(revocation), connection_id=remote_id)


def _refresh(revocation: Revocation, *, now: datetime) -> None:
    identity = provider_for(revocation.provider).identity
    tokens = identity.refresh(refresh_token=refresh_token_of(revocation), now=now)
    _keep_tokens(revocation, tokens)


def _keep_tokens(revocation: Revocation, tokens: TokenSet) -> None:
    sealed = sealed_for(Revocation, revocation.pk, tokens.access_token, tokens.refresh_token, tokens.access_expires_at)
    Revocation.objects.filter(pk=revocation.pk, outcome=Revocation.Outcome.WAITING).update(**sealed)
    revocation.refresh_from_db()


def _remote_ids_in_use(revocation: Revocation) -> set[str]:
    active = Connection.objects.filter(provider=revocation.provider, state=Connection.State.ACTIVE)
    in_use = set(active.values_list("remote_connection_id", flat=True))
    for attempt in _open_attempts(revocation):
        in_use.update(each["id"] for each in attempt.organisations)
    return in_use


def _others_share_the_consent(revocation: Revocation) -> bool:
    same_consent = Q(grant_id=revocation.grant_id)
    if revocation.account:
        same_consent |= Q(grant__account=revocation.account)
    active = Connection.objects.filter(
        same_consent, provider=revocation.provider, state=Connection.State.ACTIVE, grant__retired_at=None
    )
    return active.exists() or _open_attempts(revocation).filter(same_consent).exists()


def _open_attempts(revocation: Revocation) -> models.QuerySet[ConnectAttempt]:
    return ConnectAttempt.objects.filter(
        provider=revocation.provider,
        step__in=[ConnectAttempt.Step.RETURNED, ConnectAttempt.Step.CHOOSING],
        grant__isnull=False,
    )


def _wait(revocation: Revocation, problem: ProviderError, *, now: datetime) -> None:
    log.warning("revocation %s at %s must wait: %s", revocation.pk, revocation.provider, problem)
    if now - revocation.created_at >= _GIVE_UP_AFTER:
        _finish(revocation, Revocation.Outcome.GIVEN_UP, problem=str(problem), now=now)
        return
    wait = min(timedelta(minutes=2 ** min(revocation.attempts - 1, 10)), _LONGEST_WAIT)
    Revocation.objects.filter(pk=revocation.pk, outcome=Revocation.Outcome.WAITING).update(
        next_at=now + wait, problem=str(problem)
    )


def _finish(revocation: Revocation, outcome: Revocation.Outcome, *, problem: str, now: datetime) -> None:
    with transaction.atomic():
        changed = Revocation.objects.filter(pk=revocation.pk, outcome=Revocation.Outcome.WAITING).update(
            outcome=outcome, problem=problem, ended_at=now, **NO_TOKENS
        )
        if changed and outcome == Revocation.Outcome.GIVEN_UP:
            _tell_people(revocation, now=now)


def _tell_people(revocation: Revocation, *, now: datetime) -> None:
    name = provider_name(revocation.provider)
    log.error("revocation %s at %s was given up after a day", revocation.pk, revocation.provider)
    audit.record(
        "connection.revocation_given_up",
        workspace=revocation.workspace,
        at=now,
        person=None,
        subject=audit.Subject("revocation", revocation.pk, f"{name}: {revocation.organisation_name}"),
        details={
            "because": (
                f"{name} could not be reached for a day, so Keito Books is still listed there. Its tokens are deleted "
                f"here. Remove Keito Books in {name}, on the page of connected apps."
            )
        },
    )
