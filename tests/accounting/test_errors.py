"""Errors carry what the next step needs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keito_books.accounting.errors import (
    MustReconnect,
    NotOffered,
    OutcomeUnknown,
    ProviderError,
    Refused,
    TokenRejected,
    TryAgainLater,
)
from keito_books.accounting.refusals import Refusal, RefusalCode


@pytest.mark.parametrize("kind", [TryAgainLater, OutcomeUnknown, Refused, TokenRejected, MustReconnect, NotOffered])
def test_everything_that_a_provider_raises_is_a_provider_error(kind: type[Exception]) -> None:
    assert issubclass(kind, ProviderError)


def test_try_again_later_says_why_and_how_long_to_wait() -> None:
    error = TryAgainLater("limit reached", reason="limit", retry_after=timedelta(seconds=26))

    assert (str(error), error.reason, error.retry_after) == ("limit reached", "limit", timedelta(seconds=26))


def test_refused_is_told_by_its_code_and_keeps_every_message() -> None:
    error = Refused(Refusal(RefusalCode.NUMBER_TAKEN, ("Invoice # must be unique.",), {"number": "INV-1"}))

    assert str(error) == "number_taken"
    assert error.refusal.messages == ("Invoice # must be unique.",)


def test_must_reconnect_keeps_the_provider_s_own_word() -> None:
    assert MustReconnect("refused", code="invalid_grant").code == "invalid_grant"
