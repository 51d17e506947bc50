"""What happens next to a request whose outcome is not known. All times are worked by hand from the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keito_books.accounting.documents import Kind
from keito_books.syncing.protocol import Do, Sendings, certainly_absent, pause, step

SENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_what_never_left_is_frozen_and_sent() -> None:
    assert step(Kind.INVOICE, None, has_answer=False, now=SENT).do is Do.SEND


def test_a_payment_without_an_answer_is_sent_again_after_two_seconds() -> None:
    once = Sendings(SENT, SENT, 1)

    early = step(Kind.PAYMENT, once, has_answer=False, now=SENT + seconds(1.9))
    due = step(Kind.PAYMENT, once, has_answer=False, now=SENT + seconds(2))

    assert (early.do, early.until) == (Do.WAIT, SENT + seconds(2))
    assert due.do is Do.SEND_AGAIN


@pytest.mark.parametrize(
    ("kind", "last_second"),
    [(Kind.PAYMENT, 45), (Kind.CONTACT, 45), (Kind.PAYMENT_DELETION, 45), (Kind.INVOICE, 180)],
)
def test_the_same_bytes_are_sent_only_inside_the_window(kind: Kind, last_second: int) -> None:
    once = Sendings(SENT, SENT, 1)

    inside = step(kind, once, has_answer=False, now=SENT + seconds(last_second - 0.001))
    outside = step(kind, once, has_answer=False, now=SENT + seconds(last_second))

    assert inside.do is Do.SEND_AGAIN
    assert (outside.do, outside.until) == (Do.WAIT, SENT + timedelta(minutes=10))


def test_the_window_counts_from_the_first_sending_and_the_quarantine_from_the_last() -> None:
    twice = Sendings(SENT, SENT + seconds(40), 2)

    after_window = step(Kind.PAYMENT, twice, has_answer=False, now=SENT + seconds(46))
    after_quarantine = step(Kind.PAYMENT, twice, has_answer=False, now=SENT + seconds(640))

    assert (after_window.do, after_window.until) == (Do.WAIT, SENT + seconds(640))
    assert after_quarantine.do is Do.LOOK_UP


def test_a_pause_that_would_leave_the_window_leads_straight_to_the_quarantine() -> None:
    # Four sendings ask for a pause of 16 s; from second 40 that would be second 56, past the window of 45 s.
    four_times = Sendings(SENT, SENT + seconds(40), 4)

    decision = step(Kind.PAYMENT, four_times, has_answer=False, now=SENT + seconds(41))

    assert (decision.do, decision.until) == (Do.WAIT, SENT + seconds(640))


@pytest.mark.fault("F24")
def test_a_refusal_after_an_unanswered_sending_is_not_sent_again() -> None:
    twice = Sendings(SENT, SENT + seconds(2), 2)

    decision = step(Kind.INVOICE, twice, has_answer=True, now=SENT + seconds(20))

    assert (decision.do, decision.until) == (Do.WAIT, SENT + seconds(602))


@given(
    kind=st.sampled_from(list(Kind)),
    count=st.integers(1, 12),
    last=st.floats(0, 180),
    now=st.floats(0, 3600),
    has_answer=st.booleans(),
)
def test_nothing_is_looked_up_within_ten_minutes_and_nothing_resent_after_three(
    kind: Kind, count: int, last: float, now: float, *, has_answer: bool
) -> None:
    sendings = Sendings(SENT, SENT + seconds(last), count)

    decision = step(kind, sendings, has_answer=has_answer, now=SENT + seconds(now))

    assert decision.do is not Do.SEND
    if decision.do is Do.LOOK_UP:
        assert seconds(now) - seconds(last) >= timedelta(minutes=10) - seconds(0.001)
    if decision.do is Do.SEND_AGAIN:
        assert now < 180
    if decision.do is Do.WAIT:
        assert decision.until is not None
        assert decision.until > SENT + seconds(now)


def test_only_a_single_sending_proves_absence() -> None:
    assert certainly_absent(Sendings(SENT, SENT, 1))
    assert not certainly_absent(Sendings(SENT, SENT, 2))


@pytest.mark.fault("F26")
def test_what_the_provider_asked_for_is_law() -> None:
    assert pause(0, asked_for=seconds(26), spread=0) == seconds(27)
    assert pause(0, asked_for=seconds(-5), spread=0.5) == seconds(1.5)


@pytest.mark.fault("F27")
def test_pauses_double_and_stay_under_sixteen_minutes() -> None:
    assert pause(0, asked_for=None, spread=1) == seconds(3)
    assert pause(3, asked_for=None, spread=1) == seconds(17)
    assert pause(3, asked_for=None, spread=0) == seconds(1)
    assert pause(40, asked_for=None, spread=1) == timedelta(minutes=15, seconds=1)
