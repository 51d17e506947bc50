"""Whatever is asked of any route, the answer is one of Xero's: no server error, no stack trace, no foreign shape.

A few cases of each here; `python -m xero_fuzz.run` sends as many as are wanted.
"""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xero_fuzz.asking import Asked, Stage
from xero_fuzz.cases import try_operation
from xero_openapi import specification
from xero_openapi.coverage import is_implemented
from xero_sandbox.control.doors import doors
from xero_sandbox.identity.routes import routes as identity_routes

IMITATED = [one.route for one in specification.operations() if is_implemented(one)] if specification.is_there() else []
OTHERS = [
    (method, prefix + one.path.replace("{id}", "1"))
    for prefix, routes in (("", identity_routes), ("/_sandbox", doors))
    for one in routes
    for method in sorted(one.methods or ())
]
ODD_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
).map(lambda one: json.dumps(one).encode())
QUERIES = st.text(alphabet="abcdwhereIDs=&%+\"'<>/?0129", max_size=30)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


@specification.on_specification
@pytest.mark.parametrize("route", IMITATED)
def test_cases_of_the_specification_and_against_it_are_answered(stage: Stage, route: str) -> None:
    assert try_operation(route, 6, 1, stage.problems, stage.known_ids) == []


@pytest.mark.parametrize(("method", "path"), OTHERS, ids=[f"{method} {path}" for method, path in OTHERS])
def test_random_bytes_are_answered_everywhere_else(stage: Stage, method: str, path: str) -> None:
    kinds = ("application/json", "application/x-www-form-urlencoded", "text/xml")

    @settings(max_examples=12, deadline=None, database=None)
    @given(body=st.binary(max_size=80) | ODD_JSON, query=QUERIES, kind=st.sampled_from(kinds))
    def ask(body: bytes, query: str, kind: str) -> None:
        assert stage.problems(Asked(method, path, query, (("content-type", kind),), body)) == []

    ask()
