"""Come back from the provider's consent page: tell right from wrong, exchange the code, find the organisation.

The state is consumed first and by one return only, then the provider is called with no transaction open. A consent that
is stored and comes to nothing is given back.
"""

from __future__ import annotations

import hmac
import logging
from datetime import datetime, timedelta

from django.db import transaction

from keito_books.accounting.errors import MustReconnect, ProviderError
from keito_books.accounting.port import RemoteConnection
from keito_books.connections.binding import hash_of, session_hash, verifier_place
from keito_books.connections.errors import CannotConnect
from keito_books.connections.grants import access_token_of, new_grant
from keito_books.connections.joining import give_back, join
from keito_books.connections.models import ConnectAttempt, Grant
from keito_books.connections.outcomes import Cancelled, ChooseOrganisation, ConfirmOther, Failed, Outcome, Why
from keito_books.connections.providing import provider_for, redirect_uri
from keito_books.connections.queries import CHOOSE_WITHIN, latest_connection, open_attempt
from keito_books.connections.sentences import cancelled, declined, failed, failed_for_nobody, why_not
from keito_books.connections.starting import require_free_place
from keito_books.connections.vault import CannotOpen, unseal
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import Membership, Person
from keito_books.workspaces.permissions import Ability, require

log = logging.getLogger(__name__)

RETURN_WITHIN = timedelta(minutes=10)
_Step = ConnectAttempt.Step


def finish_connecting(
    *,
    state: str,
    code: str,
    error: str,
    person: Person,
    session_key: str,
    now: datetime,
    provider: str = "xero",
) -> Outcome:
    """Take what the provider's redirect brought, with empty strings for the rest; connect, ask on, or say why not.

    `provider` is the one whose callback path was called. Never call this inside a transaction.
    """
    attempt = ConnectAttempt.objects.select_related("workspace").filter(state_hash=hash_of(state)).first()
    if attempt is None:
        return failed_for_nobody(Why.UNKNOWN, provider)
    if not _belongs(attempt, person=person, session_key=session_key, provider=provider):
        log.warning("attempt %s came back in another session, to another person or path", attempt.pk)
        return failed_for_nobody(Why.FOREIGN, provider)
    verifier = _consume(attempt, now=now)
    if verifier is None:
        return failed(attempt, Why.REUSED)
    if now - attempt.started_at > RETURN_WITHIN:
        return give_back(attempt, failed(attempt, Why.OLD), now=now)
    if error or not code:
        return give_back(attempt, declined(attempt, error), now=now)
    return _connect(attempt, code=code, verifier=verifier, now=now)


def choose_organisation(
    *, attempt: ConnectAttempt, organisation_id: str, by: Membership, session_key: str, now: datetime
) -> Outcome:
    """Go on with one of the organisations that the consent reaches."""
    current = _undecided(attempt, by=by, session_key=session_key, now=now)
    if isinstance(current, Failed):
        return current
    chosen = next((each for each in _organisations(current) if each.organisation_id == organisation_id), None)
    if chosen is None:
        return failed(current, Why.NO_ORGANISATION)
    return _go_on_with(current, chosen, by=by, now=now)


def confirm_other_organisation(*, attempt: ConnectAttempt, by: Membership, session_key: str, now: datetime) -> Outcome:
    """Connect the chosen organisation although another was connected before."""
    current = _undecided(attempt, by=by, session_key=session_key, now=now)
    if isinstance(current, Failed):
        return current
    chosen = next((each for each in _organisations(current) if each.organisation_id == current.organisation_id), None)
    if chosen is None:
        return failed(current, Why.NO_ORGANISATION)
    return join(current, chosen, by=by, now=now)


def abandon(*, attempt: ConnectAttempt, by: Membership, session_key: str, now: datetime) -> Cancelled | Failed:
    """Choose none of them. The consent is given back, and what was connected before stays."""
    current = _undecided(attempt, by=by, session_key=session_key, now=now)
    if isinstance(current, Failed):
        return current
    return give_back(current, cancelled(current), now=now)


def close_attempts(now: datetime) -> int:
    """Close the attempts that nobody finished, and give back their consents. Return how many were closed."""
    late = ConnectAttempt.objects.filter(step=_Step.SENT, started_at__lt=now - RETURN_WITHIN).update(
        step=_Step.FAILED, sealed_verifier=b""
    )
    undecided = ConnectAttempt.objects.select_related("workspace", "grant").filter(
        step__in=[_Step.RETURNED, _Step.CHOOSING], returned_at__lt=now - CHOOSE_WITHIN
    )
    for attempt in list(undecided):
        give_back(attempt, failed(attempt, Why.OLD), now=now)
        late += 1
    return late


def _undecided(attempt: ConnectAttempt, *, by: Membership, session_key: str, now: datetime) -> ConnectAttempt | Failed:
    current = open_attempt(attempt.pk, by=by, session_key=session_key, now=now)
    if current is not None:
        return current
    if attempt.workspace_id != by.workspace_id or attempt.person_id != by.person_id:
        return failed_for_nobody(Why.FOREIGN, attempt.provider)
    attempt.refresh_from_db()
    return failed(attempt, Why.OLD if attempt.step == _Step.CHOOSING else Why.REUSED)


def _belongs(attempt: ConnectAttempt, *, person: Person, session_key: str, provider: str) -> bool:
    return (
        attempt.person_id == person.pk
        and attempt.provider == provider
        and bool(session_key)
        and hmac.compare_digest(attempt.session_hash, session_hash(session_key))
    )


def _consume(attempt: ConnectAttempt, *, now: datetime) -> str | None:
    """Return the verifier to the first who asks, and None to everybody after."""
    sealed = bytes(attempt.sealed_verifier)
    with transaction.atomic(durable=True):
        is_first = ConnectAttempt.objects.filter(pk=attempt.pk, step=_Step.SENT).update(
            step=_Step.RETURNED, returned_at=now, sealed_verifier=b""
        )
    if not is_first:
        return None
    attempt.refresh_from_db()
    try:
        return unseal(sealed, verifier_place(attempt.pk))
    except CannotOpen:
        # The key changed within these minutes. The exchange will be refused, and the person starts again.
        return ""


def _connect(attempt: ConnectAttempt, *, code: str, verifier: str, now: datetime) -> Outcome:
    try:
        by = _member(attempt)
        require_free_place(attempt.workspace, attempt.provider)
        _exchange(attempt, code=code, verifier=verifier, now=now)
        organisations = _ask_for_organisations(attempt)
    except (NotAllowed, CannotConnect, ProviderError) as problem:
        log.warning("attempt %s failed: %s", attempt.pk, problem)
        return give_back(attempt, why_not(attempt, problem), now=now)
    if not organisations:
        return give_back(attempt, failed(attempt, Why.NO_ORGANISATION), now=now)
    if len(organisations) > 1:
        return ChooseOrganisation(attempt)
    return _go_on_with(attempt, organisations[0], by=by, now=now)


def _member(attempt: ConnectAttempt) -> Membership:
    """Return the person's membership, read anew. Raises NotAllowed when it no longer reaches this far."""
    found = Membership.objects.select_related("workspace", "person")
    by = found.filter(workspace=attempt.workspace_id, person=attempt.person_id).first()
    if by is None:
        raise NotAllowed("You are no longer a member of this workspace, so nothing was connected.")
    require(by, Ability.MANAGE_INTEGRATIONS)
    return by


def _exchange(attempt: ConnectAttempt, *, code: str, verifier: str, now: datetime) -> None:
    tokens = provider_for(attempt.provider).identity.exchange(
        code=code, code_verifier=verifier, redirect_uri=redirect_uri(attempt.provider), now=now
    )
    with transaction.atomic(durable=True):
        attempt.grant = new_grant(attempt.provider, tokens, now=now)
        attempt.save(update_fields=["grant"])


def _ask_for_organisations(attempt: ConnectAttempt) -> tuple[RemoteConnection, ...]:
    identity = provider_for(attempt.provider).identity
    found = identity.connections(access_token=access_token_of(_grant(attempt)))
    attempt.organisations = [
        {"id": each.id, "organisation_id": each.organisation_id, "name": each.organisation_name} for each in found
    ]
    attempt.step = _Step.CHOOSING
    attempt.save(update_fields=["organisations", "step"])
    return found


def _go_on_with(attempt: ConnectAttempt, organisation: RemoteConnection, *, by: Membership, now: datetime) -> Outcome:
    before = latest_connection(attempt.workspace, attempt.provider)
    if before is None or before.organisation_id == organisation.organisation_id:
        return join(attempt, organisation, by=by, now=now)
    attempt.organisation_id, attempt.replaces = organisation.organisation_id, before
    attempt.save(update_fields=["organisation_id", "replaces"])
    return ConfirmOther(attempt, old_name=before.organisation_name, new_name=organisation.organisation_name)


def _organisations(attempt: ConnectAttempt) -> list[RemoteConnection]:
    return [RemoteConnection(each["id"], each["organisation_id"], each["name"]) for each in attempt.organisations]


def _grant(attempt: ConnectAttempt) -> Grant:
    if attempt.grant is None:
        raise MustReconnect("This attempt holds no consent any more")
    return attempt.grant
