"""Answer those who only ask whether we live: before hosts, redirects and sessions, since a probe has none of them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from keito_books.syncing.readiness import Readiness, readiness


def health(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    doors = {"/health/live": _live, "/health/ready": _ready}

    def respond(request: HttpRequest) -> HttpResponse:
        door = doors.get(request.path_info)
        if door is None:
            return get_response(request)
        response = door() if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return respond


def _live() -> HttpResponse:
    """Say that the process answers; a database that is away is no reason to kill it."""
    return JsonResponse({"status": "live"})


def _ready() -> HttpResponse:
    found = readiness()
    status = HTTPStatus.OK if found.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(_told(found), status=status)


def _told(found: Readiness) -> dict[str, object]:
    degraded = "ready" if found.workers else "degraded"
    return {
        "status": degraded if found.is_ready else "not ready",
        "database": found.database,
        "migrations_missing": found.missing,
        "workers_seen": found.workers,
        # From our own rows: a probe must not cost a call, nor fail because Xero does.
        "accounting_last_called_at": found.last_call_at.isoformat() if found.last_call_at else None,
    }
