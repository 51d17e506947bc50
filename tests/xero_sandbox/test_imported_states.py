"""A state that would break the sandbox later is refused when it is imported, with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox_client import Client
from xero_openapi.watching import take_problems
from xero_sandbox.identity.signing import is_readable_key
from xero_sandbox.seeds import SEEDS
from xero_sandbox.soundness import first_flaw
from xero_sandbox.testing import RunningSandbox

Json = dict[str, Any]
NOWHERE = "00000000-0000-0000-0000-00000000dead"
PATHS = ("Organisation", "Accounts", "TaxRates", "Contacts", "Contacts?page=1", "Invoices", "Invoices?page=1",
         "CreditNotes?page=1", "Payments", "Payments?page=1", "Items", "TrackingCategories")  # fmt: skip
PAGES = ("", "usage", "controls", "log")


def books(state: Json) -> Json:
    """The first organisation that has payments."""
    found: Json = next(one for one in state["organisations"].values() if one["payments"])
    return found


def first(table: Json) -> Json:
    found: Json = next(iter(table.values()))
    return found


def put(sandbox: RunningSandbox, state: object) -> httpx2.Response:
    return httpx2.put(f"{sandbox.url}/_sandbox/state", json=state, timeout=20)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_is_sound(seed: str) -> None:
    assert first_flaw(SEEDS[seed]()) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: first(books(state)["invoices"]).update(contact_id=NOWHERE), "names the contact"),
        (lambda state: first(books(state)["invoices"]).update(payment_ids=[NOWHERE]), "names the payment"),
        (lambda state: first(books(state)["invoices"]).update(credit_ids=[NOWHERE]), "names the credit"),
        (lambda state: first(books(state)["invoices"])["lines"][0].update(account_id=NOWHERE), "names the account"),
        (lambda state: first(books(state)["invoices"]).update(type="GIFT"), 'has the type "GIFT"'),
        (lambda state: first(books(state)["invoices"]).update(total="NaN"), "NaN is no amount"),
        (lambda state: first(books(state)["invoices"]).update(updated="2026-01-01T00:00:00"), "has no zone"),
        (lambda state: first(books(state)["payments"]).update(invoice_id=NOWHERE), "names the invoice"),
        (lambda state: first(books(state)["payments"]).update(account_id=NOWHERE), "names the account"),
        (lambda state: first(books(state)["payments"]).update(payment_id=NOWHERE), "is kept under"),
        (lambda state: first(books(state)["contacts"]).update(merged_to=NOWHERE), "names the contact"),
        (lambda state: books(state)["contacts"].clear(), "names the contact"),
        (lambda state: books(state).update(zone="Europe/Atlantis"), "Europe/Atlantis"),
        (lambda state: books(state).update(base_currency="XXX"), "names the currency"),
        (lambda state: state["identity"]["apps"].clear(), "names the app"),
        (lambda state: first(state["identity"]["people"])["roles"].update(x="king"), 'has the role "king"'),
        (lambda state: state["identity"].update(signing_key_pem="no key"), "signing_key_pem"),
        (lambda state: state["organisations"].clear(), "names the organisation"),
        (lambda state: state["clock"].update(frozen_at="1066-10-14T09:00:00Z"), "beyond the years"),
    ],
)
def test_what_leads_nowhere_is_named_and_nothing_is_imported(
    sandbox: RunningSandbox, xero: Client, change: Any, said: str
) -> None:
    state = sandbox.door("GET", "/state")
    change(state)

    reply = put(sandbox, state)

    assert reply.status_code == 400
    assert reply.json()["error"].startswith("This is no exported state: ")
    assert said in reply.json()["error"]
    assert xero.call("GET", "/Invoices").status_code == 200


def test_what_is_exported_can_be_imported(sandbox: RunningSandbox, xero: Client) -> None:
    xero.invoice()

    assert put(sandbox, sandbox.door("GET", "/state")).status_code == 200
    assert xero.call("GET", "/Invoices").status_code == 200


def test_a_key_is_readable_or_it_is_not() -> None:
    assert not is_readable_key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    assert not is_readable_key("ключ")


def leaves(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


ODD = st.sampled_from(["", "x", NOWHERE, "-1", "9" * 30, "2026-01-01", "9999-12-31", "0001-01-01", -1, 0, 10**9, True])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.integers(min_value=0, max_value=10**6), odd=ODD)
def test_one_odd_value_is_refused_or_does_no_harm(
    sandbox: RunningSandbox, xero: Client, choice: int, odd: object
) -> None:
    state = sandbox.door("GET", "/state")
    paths = list(leaves(state))
    *way, last = paths[choice % len(paths)]
    place: Any = state
    for step in way:
        place = place[step]
    before, place[last] = place[last], odd

    imported = xero.http.put(f"{sandbox.url}/_sandbox/state", json=state)
    statuses = [xero.call("GET", f"/{path}").status_code for path in PATHS]
    statuses += [xero.http.get(f"{sandbox.url}/_sandbox/{path}").status_code for path in PAGES]
    place[last] = before
    sandbox.door("PUT", "/state", state)
    take_problems()  # odd values make odd replies; here they only must not break anything

    assert imported.status_code in (200, 400), (*way, last, odd)
    assert max(statuses) < 500, (*way, last, odd)
