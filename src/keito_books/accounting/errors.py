"""What can go wrong with an accounting system, named for what to do next.

ProviderError
├── TryAgainLater     wait: a limit, a 5xx or no reply to a read; or a write that certainly never left
├── OutcomeUnknown    a write may have landed: look it up, then decide
├── Refused           understood and declined: someone must change the document, a mapping or a permission
├── TokenRejected     the access token is not accepted: refresh it once, then repeat
├── MustReconnect     the grant is gone: someone must reconnect
└── NotOffered        this provider cannot express it
"""

from __future__ import annotations

from datetime import timedelta

from keito_books.accounting.refusals import Refusal


class ProviderError(Exception):
    """Base of everything a provider raises."""


class TryAgainLater(ProviderError):
    """Nothing was done; the same call may succeed later.

    `retry_after` is what the provider asked for, and None when it did not say. `reason` is a word for people's
    pages: "limit" (calls a minute), "day limit", "unreachable", "maintenance", "token" (it is being
    renewed), or "settings" (the app's own client id
    or secret was refused, which the operator mends; nobody has to reconnect).
    """

    def __init__(self, message: str, *, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after


class OutcomeUnknown(ProviderError):
    """A write left us and no trustworthy answer came back."""


class Refused(ProviderError):
    """The provider (or its adapter, before sending) declined; nothing was changed on the other side."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class TokenRejected(ProviderError):
    """The access token has expired or was withdrawn; nothing was done."""


class MustReconnect(ProviderError):
    """The grant was refused; `code` is the provider's own word, such as invalid_grant."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NotOffered(ProviderError):
    """This provider has no way to say it."""
