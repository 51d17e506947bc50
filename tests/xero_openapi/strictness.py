"""Read the specification's schemas strictly: no member that they do not name, dates and ids in their exact form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs

from xero_openapi.deviations import DEVIATIONS, ENVELOPE, GUID, IDENTITY_TIME, INSTANT
from xero_openapi.specification import Api, Json, document

Problems = Callable[[Any], list[str]]
# A refused element echoes what was asked, whatever that was; only this is Xero's own (reference 6.4).
OPEN = {"Element": {"ValidationErrors"}}


@cache
def checker(api: Api, schema: str, without: int | None = None) -> Problems:
    """Return what tells how a value differs from a schema; "Connection[]" is a list of them.

    `without` leaves out the deviation of that number, to show that it is needed.
    """
    name = schema.removesuffix("[]")
    reference: Json = {"$ref": f"#/components/schemas/{name}"}
    wanted = {"type": "array", "items": reference} if schema.endswith("[]") else reference
    validator = jsonschema_rs.validator_for({**wanted, "components": {"schemas": _schemas(api, without)}})

    def problems(value: Any) -> list[str]:  # any JSON
        return [f"{_place(one.instance_path)}: {one.message[:300]}" for one in validator.iter_errors(value)]

    return problems


@cache
def _schemas(api: Api, without: int | None) -> Json:
    found = {name: _strict(schema, name) for name, schema in document(api)["components"]["schemas"].items()}
    for number, deviation in enumerate(DEVIATIONS):
        for name, schema in found.items():
            if number == without:
                continue
            if deviation.schema == name or (deviation.schema == ENVELOPE and _is_list(api, name)):
                schema["properties"] |= deviation.members
    return found


def _is_list(api: Api, name: str) -> bool:
    return "x-objectArrayKey" in document(api)["components"]["schemas"][name]


def _strict(schema: Json, name: str = "") -> Json:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
        return INSTANT
    if schema.get("format") == "uuid":
        return GUID
    if schema.get("format") == "date-time":
        return IDENTITY_TIME
    kept: Json = {key: schema[key] for key in ("type", "enum", "maxLength", "required") if key in schema}
    if "items" in schema:
        kept["items"] = _strict(schema["items"])
    if "properties" in schema:
        members = schema["properties"].items()
        kept["properties"] = {key: _strict(value) for key, value in members if key in OPEN.get(name, {key})}
        kept["additionalProperties"] = name in OPEN
    return kept


def _place(path: list[str | int]) -> str:
    return "/".join(str(part) for part in path) or "the whole"
