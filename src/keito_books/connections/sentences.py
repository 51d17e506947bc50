"""Say what became of a way back from a provider, in words for the person's page."""

from __future__ import annotations

import re

from keito_books.accounting.errors import MustReconnect, OutcomeUnknown, ProviderError, TryAgainLater
from keito_books.connections.errors import CannotConnect
from keito_books.connections.models import ConnectAttempt
from keito_books.connections.outcomes import Cancelled, Failed, Why
from keito_books.connections.providing import provider_name
from keito_books.connections.queries import active_connection
from keito_books.workspaces.errors import NotAllowed

_ERROR_WORD = re.compile(r"[a-z_]{1,40}")

_SENTENCES = {
    Why.UNKNOWN: "This way back from {name} is not one that Keito Books began. Nothing was connected. {again}",
    Why.FOREIGN: (
        "This way back from {name} was begun in another browser, or by another person. Nothing was connected. {again}"
    ),
    Why.OLD: "Too much time passed since this was begun, so nothing was connected. {again}",
    Why.CODE_REFUSED: (
        "{name} no longer accepted this permission: it can be used once, within five minutes. Nothing was connected. "
        "{again}"
    ),
    Why.NO_ORGANISATION: (
        "No organisation was chosen at {name}, so nothing was connected. {again} "
        "On the last page there, choose the organisation."
    ),
}


def failed(attempt: ConnectAttempt, why: Why) -> Failed:
    if why == Why.REUSED:
        return Failed(why, _used_already(attempt), attempt.workspace)
    return Failed(why, failed_for_nobody(why, attempt.provider).sentence, attempt.workspace)


def failed_for_nobody(why: Why, provider: str) -> Failed:
    """Return a failure that names no workspace, since it is not certain whose return it is."""
    name = provider_name(provider)
    return Failed(why, _SENTENCES[why].format(name=name, again=_again(name)))


def why_not(attempt: ConnectAttempt, problem: NotAllowed | CannotConnect | ProviderError) -> Failed:
    """Return what a raised problem means for the person who came back."""
    if isinstance(problem, NotAllowed):
        return Failed(Why.NOT_ALLOWED, str(problem), attempt.workspace)
    if isinstance(problem, CannotConnect):
        return Failed(Why.TAKEN, str(problem), attempt.workspace)
    if isinstance(problem, MustReconnect):
        return failed(attempt, Why.CODE_REFUSED)
    return _unreachable(attempt, problem)


def declined(attempt: ConnectAttempt, error: str) -> Cancelled | Failed:
    if error == "access_denied":
        return cancelled(attempt)
    name = provider_name(attempt.provider)
    word = f" ({error})" if _ERROR_WORD.fullmatch(error) else ""
    return Failed(
        Why.REFUSED_THERE,
        f"{name} answered with an error{word} instead of a permission. Nothing was connected. Start again; if it comes "
        "back, whoever operates this installation checks how the app is registered there.",
        attempt.workspace,
    )


def cancelled(attempt: ConnectAttempt) -> Cancelled:
    name = provider_name(attempt.provider)
    connection = active_connection(attempt.workspace)
    stays = f"{attempt.workspace} is still connected to {connection.organisation_name}." if connection else ""
    return Cancelled(
        stays or f"Connecting to {name} was cancelled, and nothing was changed. You can start again at any time.",
        attempt.workspace,
    )


def _unreachable(attempt: ConnectAttempt, problem: ProviderError) -> Failed:
    name = provider_name(attempt.provider)
    if isinstance(problem, TryAgainLater) and problem.reason == "settings":
        sentence = (
            f"{name} does not accept this installation's own client id and secret. Nothing was connected. "
            "Whoever operates this installation must correct them."
        )
    elif isinstance(problem, OutcomeUnknown):
        sentence = (
            f"The answer from {name} was lost on the way, so nothing was connected. "
            f"Start again with “Connect to {name}”."
        )
    else:
        sentence = (
            f"{name} can't be reached at the moment. Nothing was connected. Start again in a few minutes with "
            f"“Connect to {name}”."
        )
    return Failed(Why.UNREACHABLE, sentence, attempt.workspace)


def _used_already(attempt: ConnectAttempt) -> str:
    name = provider_name(attempt.provider)
    connection = active_connection(attempt.workspace)
    now_what = f"{attempt.workspace} is connected to {connection.organisation_name}." if connection else _again(name)
    return f"This way back from {name} was used already, and nothing more was done. {now_what}"


def _again(name: str) -> str:
    return f"Start again with “Connect to {name}”."
