"""The filter language: what it reads, and how it refuses."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox.where import Field, Kind, read_where
from xero_sandbox.wire.errors import BadQuery


@dataclass(frozen=True)
class Row:
    name: str = ""
    total: Decimal = Decimal(0)
    dated: date | None = None
    paid: bool = False


FIELDS: dict[str, Field[Row]] = {
    "name": Field(Kind.TEXT, lambda one: one.name),
    "contact.name": Field(Kind.TEXT, lambda one: one.name),
    "total": Field(Kind.NUMBER, lambda one: one.total),
    "date": Field(Kind.DATE, lambda one: one.dated),
    "paid": Field(Kind.FLAG, lambda one: one.paid),
}
ROW = Row('Ñandú "7" Ltd', Decimal("12.50"), date(2026, 3, 1), paid=True)


@pytest.mark.parametrize(
    "source",
    [
        'Name=="ñandú \\"7\\" ltd"',
        'name = "NANDU \\"7\\" LTD"',
        '"nandu \\"7\\" ltd" == Contact.Name',
        "Total >= 12.5 AND Total<13",
        "Total == 12.50 && Paid",
        "Paid == true",
        "!(Total > 13)",
        "Date >= DateTime(2026, 03, 01) AND Date < DateTime(2026,3,2)",
        "Date == DateTime(2026,3,1,0,0,0)",
        'Name.StartsWith("Ñan") AND Name.EndsWith("LTD")',
        'Name.ToLower().Contains("and")',
        'Name != null AND Name!="other"',
        'Total > 99 OR (Total > 1 and Name.Contains("7"))',
        "Total > -1",
    ],
)
def test_these_filters_accept_the_row(source: str) -> None:
    assert read_where(source, FIELDS).accepts(ROW)


@pytest.mark.parametrize(
    "source",
    ['Name=="x"', "Total < 12.5", "Paid == false", "Date > DateTime(2026,3,1)", "Name == null", "!Paid"],
)
def test_these_filters_reject_it(source: str) -> None:
    assert not read_where(source, FIELDS).accepts(ROW)


@pytest.mark.parametrize(
    "source",
    [
        "Name", "Name ==", '== "x"', 'Name == "x', "Name == x", 'Nmae == "x"', 'Name == "x" AND', "(Paid", "Paid)",
        'Name.Reverse() == "x"', "Total.Contains(1)", 'Total == "12"', "Name > 3", "Paid > true", "Date == 3",
        "Date == DateTime(2026,13,1)", "Date == DateTime(2026)", 'Name == guid("nope")', "Name ~ 3", "1", "AND",
        "(" * 200 + "Paid" + ")" * 200, "Paid" + " " * 9000, 'Name.Contains("a"', "Name..Length", ";DROP TABLE",
    ],
)  # fmt: skip
def test_these_filters_are_refused(source: str) -> None:
    with pytest.raises(BadQuery):
        read_where(source, FIELDS)


def test_equalities_that_an_index_can_answer_are_told() -> None:
    where = read_where('Contact.Name == "a" AND (Total > 1 OR Name == "b")', FIELDS)

    assert where.equalities == {"contact.name": "a"}


@given(st.text(alphabet='NameTotal.=!<>&|()",\\ 0123456789"ANDORguiDteTx\n', max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    with suppress(BadQuery):
        read_where(source, FIELDS).accepts(ROW)
