"""Xero's own OpenAPI files. They lie beside the project and are no part of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "xero-openapi"
MISSING = "the folder ../shared/xero-openapi is not beside this clone"
FETCH_IT = (
    "Put xero_accounting.yaml, xero-identity.yaml and xero-webhooks.yaml of github.com/XeroAPI/Xero-OpenAPI there."
)
METHODS = ("get", "put", "post", "delete", "patch")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Api:
    """One file, and where in the sandbox its paths begin."""

    file: str
    base: str


ACCOUNTING = Api("xero_accounting.yaml", "/api.xro/2.0")
IDENTITY = Api("xero-identity.yaml", "")
APIS = (ACCOUNTING, IDENTITY)
WEBHOOKS = Api("xero-webhooks.yaml", "")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as the specification describes it."""

    api: Api
    path: str
    method: str  # in capitals
    replies: Mapping[str, str]  # status -> name of the schema of its JSON; [] marks a list

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"


@cache
def is_there() -> bool:
    return all((FOLDER / api.file).is_file() for api in (*APIS, WEBHOOKS))


def needed() -> None:
    """End a command that cannot do without the files."""
    if not is_there():
        sys.exit(f"Nothing was done: {MISSING}. {FETCH_IT}")


def header() -> list[str]:
    """Return what pytest's header says of the files: nothing when they are there."""
    return [] if is_there() else [f"Xero's OpenAPI: {MISSING}, so the sandbox's replies are not compared with it"]


on_specification = pytest.mark.skipif(not is_there(), reason=MISSING)


@cache
def document(api: Api) -> Json:
    loaded: Json = yaml.load((FOLDER / api.file).read_bytes(), yaml.CSafeLoader)  # the safe one, in C
    return loaded


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(one for api in APIS for one in _operations(api))


def operations_for(method: str, path: str) -> list[Operation]:
    """Return what answers a path of the sandbox; a literal part beats a named one, letter case does not count.

    There are several where the specification tells an id from a number or a file's name.
    """
    fitting = [one for one in operations() if one.method == method and _fits(one, path)]
    fewest = min((one.path.count("{") for one in fitting), default=0)
    return [one for one in fitting if one.path.count("{") == fewest]


def _operations(api: Api) -> Iterator[Operation]:
    for path, item in document(api)["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(api, path, method.upper(), _replies(api, item[method]))


def _replies(api: Api, operation: Json) -> dict[str, str]:
    found = {}
    for status, given in operation["responses"].items():
        reply = document(api)["components"]["responses"][_named(given)] if "$ref" in given else given
        schema = reply.get("content", {}).get("application/json", {}).get("schema", {})
        if "$ref" in schema:
            found[str(status)] = _named(schema)
        elif "$ref" in schema.get("items", {}):
            found[str(status)] = f"{_named(schema['items'])}[]"
    return found


def _named(reference: Json) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _fits(one: Operation, path: str) -> bool:
    wanted = f"{one.api.base}{one.path}".lower().split("/")
    given = path.lower().rstrip("/").split("/")
    return len(wanted) == len(given) and all(
        want == part or (want.startswith("{") and part) for want, part in zip(wanted, given, strict=True)
    )
