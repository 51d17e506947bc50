"""The bodies of replies: the envelope and the kinds of refusal (xero-api reference 5, 6.4 and 11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.wire.codec import encode
from xero_sandbox.wire.dates import dotnet_reply_time
from xero_sandbox.wire.ids import new_id

Json = dict[str, Any]
VALIDATION, POST_DATA, QUERY_PARSE = 10, 14, 16


@dataclass(slots=True)
class Outcome:
    """What became of one element of a write."""

    element: Json
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def success(call: Call, plural: str, elements: list[Json], pagination: Json | None = None) -> Reply:
    body: Json = {
        "Id": new_id(),
        "Status": "OK",
        "ProviderName": call.app_name,
        "DateTimeUTC": dotnet_reply_time(call.now),
    }
    if pagination is not None:
        body["pagination"] = pagination
    body[plural] = elements
    return Reply(200, encode(body))


def refusal(number: int, kind: str, message: str, elements: list[Json] | None = None) -> Reply:
    """Return a 400, which has no envelope [DOCKET]."""
    body: Json = {"ErrorNumber": number, "Type": kind, "Message": message}
    if elements is not None:
        body["Elements"] = elements
    return Reply(400, encode(body))


def validation_refusal(elements: list[Json]) -> Reply:
    return refusal(VALIDATION, "ValidationException", "A validation exception occurred", elements)


def single_refusal(message: str) -> Reply:
    return validation_refusal([{"ValidationErrors": [{"Message": message}]}])


def messages_json(messages: list[str]) -> list[Json]:
    return [{"Message": one} for one in messages]


def batch_reply(call: Call, plural: str, outcomes: list[Outcome], flag: str | None) -> Reply:
    """Return the reply to a write, in the form that `summarizeErrors` asks for (reference 6.4).

    `flag` is the member that says whether an element has errors: documents and contacts differ in it, some have none.
    """
    failed = any(one.errors for one in outcomes)
    summarize = call.query.flag("summarizeErrors", default=True)
    if failed and summarize:
        return validation_refusal([_refused_element(one, flag) for one in outcomes if one.errors])
    if summarize:
        return success(call, plural, [_plain_element(one, flag) for one in outcomes])
    return success(call, plural, [_graded_element(one, flag) for one in outcomes])


def _plain_element(outcome: Outcome, flag: str | None) -> Json:
    """Without summarizeErrors=false there is no StatusAttributeString [DOCKET]."""
    element = {**outcome.element, **_flagged(flag, errors=False)}
    if outcome.warnings:
        element["Warnings"] = messages_json(outcome.warnings)
    return element


def _graded_element(outcome: Outcome, flag: str | None) -> Json:
    if outcome.errors:
        return {**_refused_element(outcome, flag), "StatusAttributeString": "ERROR"}
    grade = "WARNING" if outcome.warnings else "OK"
    return {**_plain_element(outcome, flag), "StatusAttributeString": grade}


def _refused_element(outcome: Outcome, flag: str | None) -> Json:
    element = {**outcome.element, **_flagged(flag, errors=True), "ValidationErrors": messages_json(outcome.errors)}
    if outcome.warnings:
        element["Warnings"] = messages_json(outcome.warnings)
    return element


def _flagged(flag: str | None, *, errors: bool) -> Json:
    return {flag: errors} if flag else {}
