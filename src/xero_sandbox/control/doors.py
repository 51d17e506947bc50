"""The control doors that tools use; see the README for each."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xero_sandbox.clock import Clock
from xero_sandbox.control.bookkeeper import CannotDo, do
from xero_sandbox.control.faults import NotAFault
from xero_sandbox.control.limits_door import change_limits, show_limits
from xero_sandbox.identity.grant_door import make_grant
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.seeds import SEEDS
from xero_sandbox.webhooks.doors import webhook_doors
from xero_sandbox.world import NotAState


async def reset(request: Request) -> Response:
    wanted = (await _asked(request)).get("seed", "demo")
    if wanted not in SEEDS:
        return _refused(f'There is no seed "{wanted}". Choose one of: {", ".join(SEEDS)}.')
    _sandbox(request).reset(wanted)
    return JSONResponse({"seed": wanted})


async def clock(request: Request) -> Response:
    asked = await _asked(request)
    its_clock = _sandbox(request).world.clock
    try:
        if "set" in asked:
            its_clock.set(_moment(asked["set"]))
        if "advance_seconds" in asked:
            its_clock.advance(float(asked["advance_seconds"]))
        if "rate" in asked:
            its_clock.run(float(asked["rate"]))
    except (TypeError, ValueError, OverflowError) as problem:
        taken = '{"advance_seconds": n}, {"set": "2026-11-22T09:00:00Z"} or {"rate": n}'
        return _refused(f"The clock takes {taken}: {problem}.")
    if asked.get("freeze") is True:
        its_clock.freeze()
    if asked.get("freeze") is False:
        its_clock.release()
    return JSONResponse(_shown(its_clock))


async def show_clock(request: Request) -> Response:
    return JSONResponse(_shown(_sandbox(request).world.clock))


async def ask_bookkeeper(request: Request) -> Response:
    try:
        done = do(_sandbox(request), await _asked(request))
    except CannotDo as problem:
        return _refused(str(problem))
    return JSONResponse({"done": True, **done})


async def show_readings(request: Request) -> Response:
    return JSONResponse(asdict(_sandbox(request).world.readings))


async def change_readings(request: Request) -> Response:
    asked, readings = await _asked(request), _sandbox(request).world.readings
    known = asdict(readings)
    if not asked or not all(name in known and isinstance(value, bool) for name, value in asked.items()):
        return _refused(f"A reading is true or false. There are: {', '.join(known)}.")
    for name, value in asked.items():
        setattr(readings, name, value)
    return JSONResponse(asdict(readings))


async def add_faults(request: Request) -> Response:
    asked = await _any_json(request)
    instructions = asked if isinstance(asked, list) else [asked]
    book = _sandbox(request).faults
    try:
        added = [book.add(one).shown() for one in instructions]
    except NotAFault as problem:
        return _refused(str(problem))
    return JSONResponse({"faults": added}, 201)


async def show_faults(request: Request) -> Response:
    return JSONResponse({"faults": [one.shown() for one in _sandbox(request).faults.all()]})


async def clear_faults(request: Request) -> Response:
    _sandbox(request).faults.clear()
    return JSONResponse({"faults": []})


async def show_requests(request: Request) -> Response:
    """Return those after the number `after`, so that whoever looks often need not read all of them each time."""
    after = request.query_params.get("after", "0")
    if not after.isdecimal():
        return _refused("`after` is the number of a request.")
    newer = [one for one in _sandbox(request).log.exchanges() if one.number > int(after)]
    return JSONResponse({"requests": [one.shown() for one in newer]})


async def clear_requests(request: Request) -> Response:
    _sandbox(request).log.clear()
    return JSONResponse({"requests": []})


async def export_state(request: Request) -> Response:
    return Response(_sandbox(request).world.export(), media_type="application/json")


async def import_state(request: Request) -> Response:
    try:
        _sandbox(request).load(await request.body())
    except NotAState as problem:
        return _refused(f"This is no exported state: {problem}.")
    return JSONResponse({"imported": True})


def _sandbox(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox


async def _any_json(request: Request) -> Any:  # what a stranger sends has no known shape
    try:
        return json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return None


async def _asked(request: Request) -> dict[str, Any]:
    asked = await _any_json(request)
    return asked if isinstance(asked, dict) else {}


def _shown(its_clock: Clock) -> dict[str, object]:
    return {"now": its_clock.now().isoformat(), "frozen": its_clock.frozen_at is not None, "rate": its_clock.rate}


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refused(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, 400)


doors = [
    Route("/reset", reset, methods=["POST"]),
    Route("/grants", make_grant, methods=["POST"]),
    Route("/clock", clock, methods=["POST"]),
    Route("/clock", show_clock, methods=["GET"]),
    Route("/bookkeeper", ask_bookkeeper, methods=["POST"]),
    Route("/readings", show_readings, methods=["GET"]),
    Route("/readings", change_readings, methods=["PUT"]),
    Route("/faults", add_faults, methods=["POST"]),
    Route("/faults", show_faults, methods=["GET"]),
    Route("/faults", clear_faults, methods=["DELETE"]),
    Route("/limits", show_limits, methods=["GET"]),
    Route("/limits", change_limits, methods=["PUT"]),
    Route("/requests", show_requests, methods=["GET"]),
    Route("/requests", clear_requests, methods=["DELETE"]),
    Route("/state", export_state, methods=["GET"]),
    Route("/state", import_state, methods=["PUT"]),
    *webhook_doors,
]
