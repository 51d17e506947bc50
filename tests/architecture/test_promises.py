"""The help page's promises are all kept, by tests that exist."""

from __future__ import annotations

import pytest

from promises import PAGE, PROMISES, page, shown_by


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_a_test(promise: str) -> None:
    assert shown_by().get(promise), f"No test carries @pytest.mark.promise({promise!r})"


def test_no_test_names_a_promise_that_does_not_exist() -> None:
    assert set(shown_by()) <= set(PROMISES)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run python tests/promises.py"
