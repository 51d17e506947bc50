"""Compare what the sandbox answered with Xero's specification."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs

from xero_openapi.deviations import GUID
from xero_openapi.specification import (
    ACCOUNTING,
    IDENTITY,
    WEBHOOKS,
    Operation,
    document,
    is_there,
    operations_for,
)
from xero_openapi.strictness import checker
from xero_sandbox.control.log import Exchange

GATEWAY_STATUSES = (401, 403)
OFFLINE = 503
# The specification describes neither of the gateway's refusals, nor those of the token endpoint (reference 2.2, 11).
GATEWAY = jsonschema_rs.validator_for(
    {
        "properties": {
            "Type": {"type": "null"},
            "Title": {"enum": ["Unauthorized", "Forbidden"]},
            "Status": {"enum": list(GATEWAY_STATUSES)},
            "Detail": {"type": "string", "pattern": "^(Authentication|Authorization)Unsuccessful|^TokenExpired: "},
            "Instance": GUID,
            "Extensions": {"const": {}},
        },
        "required": ["Type", "Title", "Status", "Detail", "Instance"],
        "additionalProperties": False,
    }
)
TOKEN_ROUTES = {"/connect/token": "AccessToken", "/connect/revocation": ""}
TOKEN_REFUSAL = jsonschema_rs.validator_for(
    {"properties": {"error": {"type": "string"}}, "required": ["error"], "additionalProperties": False}
)


def routes_of(exchange: Exchange) -> set[str]:
    """Return the specification's routes of a call, as "GET /Invoices/{InvoiceID}"."""
    return {one.route for one in operations_for(exchange.method, exchange.path)}


def problems_of(exchange: Exchange, without: int | None = None) -> list[str]:
    """Return how a reply differs from the specification; empty for what scripted trouble changed.

    `without` leaves out the deviation of that number.
    """
    if exchange.fault or exchange.status is None or not is_there() or not _is_json(exchange):
        return []
    told = [f"{exchange.method} {exchange.path} -> {exchange.status}: {one}" for one in _differences(exchange, without)]
    return told[:10]


def webhook_problems(body: Any) -> list[str]:
    """Return how the body of a delivery differs from the specification of webhooks."""
    schemas = json.loads(json.dumps(document(WEBHOOKS)["components"], default=str))  # its examples hold dates
    validator = jsonschema_rs.validator_for({"$ref": "#/components/schemas/WebhookEvent", "components": schemas})
    return [one.message for one in validator.iter_errors(body)]


def _differences(exchange: Exchange, without: int | None) -> list[str]:
    value = json.loads(exchange.reply_body)
    if exchange.path in TOKEN_ROUTES:
        return _token_differences(exchange, value, without)
    if exchange.status == OFFLINE:
        return []  # the specification says nothing of it: open question 16
    operation = next(iter(operations_for(exchange.method, exchange.path)), None)
    if exchange.status in GATEWAY_STATUSES:
        return [one.message for one in GATEWAY.iter_errors(value)]
    if operation is None:
        return ["the specification has no such route"] if exchange.path.startswith(ACCOUNTING.base) else []
    schema = "Error" if exchange.status == 400 else operation.replies.get(str(exchange.status))
    if schema is None:
        return ["the specification has no such JSON reply"]
    return [*_refused_differences(operation, value), *checker(operation.api, schema, without)(value)]


def _token_differences(exchange: Exchange, value: Any, without: int | None) -> list[str]:
    if exchange.status != 200:
        return [one.message for one in TOKEN_REFUSAL.iter_errors(value)]
    return checker(IDENTITY, TOKEN_ROUTES[exchange.path], without)(value)


def _refused_differences(operation: Operation, value: Any) -> list[str]:
    """Take refused elements out of a list, and check them as what they are: echoes with messages (reference 6.4)."""
    if not isinstance(value, dict):
        return []
    told: list[str] = []
    for name, elements in value.items():
        if isinstance(elements, list) and name != "Elements":
            refused = [one for one in elements if _is_refused(one)]
            value[name] = [one for one in elements if not _is_refused(one)]
            told += [problem for one in refused for problem in checker(operation.api, "Element")(one)]
    return told


def _is_refused(element: Any) -> bool:
    return isinstance(element, dict) and element.get("StatusAttributeString") == "ERROR"


def _is_json(exchange: Exchange) -> bool:
    types = [value for name, value in exchange.reply_headers or [] if name.lower() == "content-type"]
    return bool(exchange.reply_body) and any("json" in one for one in types)
