"""Make cases from Xero's OpenAPI with Schemathesis: such as it describes, and such as it forbids."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import DataObject, data, sampled_from
from schemathesis import GenerationMode
from schemathesis.core import NotSet
from schemathesis.core.result import Err

from xero_fuzz.asking import Asked, encoded
from xero_openapi.specification import APIS, Api, Json, document, operations

# What a request never holds: it only makes cases large and dull.
ANSWERED_ONLY = {
    "Invoice": ("Payments", "Prepayments", "Overpayments", "CreditNotes", "Attachments", "InvoiceAddresses"),
    "Contact": ("BatchPayments", "Attachments", "BrandingTheme", "Balances", "ContactGroups"),
    "Payment": ("BatchPayment",),
    "CreditNote": ("Payments", "InvoiceAddresses"),
}
# Documents inside documents are named, not written out again.
NAMED_ONLY = {
    "Invoice": ("InvoiceID", "InvoiceNumber", "Type"),
    "CreditNote": ("CreditNoteID", "CreditNoteNumber"),
    "Prepayment": ("PrepaymentID",),
    "Overpayment": ("OverpaymentID",),
    "Account": ("AccountID", "Code"),
    "BankTransaction": ("BankTransactionID",),
}
Case = schemathesis.Case[Any]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def try_operation(route: str, count: int, start: int, check: Callable[[Asked], list[str]], ids: list[str]) -> list[str]:
    """Send so many cases of one route, half of them against its rules; return what was wrong."""
    told: list[str] = []
    for mode in MODES:

        @seed(start)
        @settings(
            max_examples=max(1, count // len(MODES)),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=_operation(route).as_strategy(generation_mode=mode), drawn=data())
        def send(case: Case, drawn: DataObject) -> None:
            told.extend(check(_asked(route, case, drawn, ids)))

        send()
    return told


def _asked(route: str, case: Case, drawn: DataObject, ids: list[str]) -> Asked:
    method, path = route.split(" ", 1)
    for name, value in (case.path_parameters or {}).items():
        part = drawn.draw(sampled_from([str(value), *ids]))
        path = path.replace(f"{{{name}}}", encoded(part) or "-")
    base = next(one.api.base for one in operations() if one.route == route)
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    headers = tuple((str(name), str(value)) for name, value in (case.headers or {}).items())
    return Asked(method, base + path, query, headers, _body(case.body))


def _body(body: object) -> bytes:
    if isinstance(body, NotSet):
        return b""
    return body if isinstance(body, bytes) else json.dumps(body, default=str).encode()


def _operation(route: str) -> Operation:
    return _operations()[route]


@cache
def _operations() -> dict[str, Operation]:
    found = {}
    for api in APIS:
        schema = schemathesis.openapi.from_dict(_slim(api))
        for result in schema.get_all_operations():
            if isinstance(result, Err):
                raise result.err()
            operation = result.ok()
            found[f"{operation.method.upper()} {operation.path}"] = operation
    return found


def _slim(api: Api) -> Json:
    """Return the specification without what only answers hold, and without its examples."""
    slim = cast(Json, _without_examples(copy.deepcopy(document(api))))
    for name, schema in slim["components"]["schemas"].items():
        members = schema.get("properties", {})
        for member in [one for one, shape in members.items() if shape.get("readOnly")]:
            del members[member]
        for member in ANSWERED_ONLY.get(name, ()):
            members.pop(member, None)
        for member in members.keys() & NAMED_ONLY.keys():
            members[member] = {"type": "object", "properties": {key: {"type": "string"} for key in NAMED_ONLY[member]}}
        if members:
            schema["additionalProperties"] = False
    return slim


def _without_examples(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_examples(inner) for key, inner in value.items() if key not in ("example", "examples")}
    if isinstance(value, list):
        return [_without_examples(inner) for inner in value]
    return value
