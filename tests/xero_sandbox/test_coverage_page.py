"""The page of what is covered says what is so."""

from xero_openapi import coverage, specification

pytestmark = specification.on_specification


def test_the_coverage_page_is_current() -> None:
    """When this fails, run the command at the top of the page; with the new test files alone it is quick."""
    written = coverage.PAGE.read_text(encoding="utf-8")
    reached = coverage.reached_on(written)

    assert coverage.page(reached) == written


def test_the_tests_that_the_page_names_exist() -> None:
    reached = coverage.reached_on(coverage.PAGE.read_text(encoding="utf-8"))
    existing = {path.stem for path in coverage.TESTS.rglob("test_*.py")}

    assert len(reached) > 90
    assert {one for files in reached.values() for one in files} <= existing
