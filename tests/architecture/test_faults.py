"""Each fault that the sync engine must bear is shown by a test, or says why it is not yet."""

from __future__ import annotations

import pytest

from fault_rows import GROUPS, GROUPS_TO_COVER, ROWS
from faults import PAGE, page, shown_by
from faults_not_yet import NOT_YET

TO_COVER = [key for letter in GROUPS_TO_COVER for key in GROUPS[letter][1]]


def test_the_rows_are_numbered_without_a_gap() -> None:
    assert list(ROWS) == [f"F{number:02}" for number in range(1, 136)]


@pytest.mark.parametrize("row", TO_COVER)
def test_each_row_has_a_test_or_a_reason(row: str) -> None:
    assert shown_by().get(row) or NOT_YET.get(row), f"No test carries @pytest.mark.fault({row!r})"


def test_no_test_and_no_reason_names_a_row_that_does_not_exist() -> None:
    assert set(shown_by()) | set(NOT_YET) <= set(ROWS)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run python tests/faults.py"
