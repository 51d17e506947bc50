"""Replies other than success, in the forms that Xero's gateways give them."""

import json
from uuid import uuid4

from starlette.responses import Response

from xero_sandbox.control.held import Held, held_reply

UNHANDLED = b"An error occurred in Xero. Check the API Status page"
OFFLINE = "The organisation is currently offline. Please try again later"
NOT_FOUND_TEXT = "The resource you're looking for cannot be found"


class Problem(Exception):  # it is a reply, not a failure of ours
    """A reply that ends the handling of a call."""

    def __init__(
        self,
        status: int,
        body: bytes = b"",
        content_type: str | None = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {body[:200]!r}")
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = headers or {}

    def held(self) -> Held:
        return held_reply(self.status, self.body, self.content_type, self.headers)

    def response(self) -> Response:
        reply = Response(self.body, self.status, headers=self.headers)
        if self.content_type:
            reply.headers["content-type"] = self.content_type
        return reply


def gateway_problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Problem:
    """Return the gateway's own form (xero-api reference 11: 401 and 403)."""
    body: dict[str, object] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": str(uuid4()),
        "Extensions": {},
    }
    return Problem(status, json.dumps(body).encode(), headers=headers)


def unauthorized(detail: str, challenge: str = 'Bearer error="invalid_token"') -> Problem:
    return gateway_problem(401, "Unauthorized", detail, {"WWW-Authenticate": challenge})


def missing_scope(needed: str, *, status: int = 401) -> Problem:
    """Return the refusal of a token without the scope (xero-api reference 2.4 [COMM-SCOPE]; some report a 403)."""
    problem = unauthorized("AuthorizationUnsuccessful", f'Bearer error="insufficient_scope", scope="{needed}"')
    return problem if status == 401 else forbidden("AuthorizationUnsuccessful")  # noqa: PLR2004  # Unauthorized


def organisation_offline(*, as_json: bool = False) -> Problem:
    """Return one organisation's 503; its form is not known (open question 16)."""
    if as_json:
        body = {"Type": "OrganisationOffline", "Message": OFFLINE}
        return Problem(503, json.dumps(body).encode())
    return Problem(503, OFFLINE.encode(), "text/plain; charset=utf-8")


def forbidden(detail: str = "AuthenticationUnsuccessful") -> Problem:
    return gateway_problem(403, "Forbidden", detail)


def lacks_permission() -> Problem:
    """Return the refusal of a person without the right; that Xero says it with 403 and these words is assumed."""
    return forbidden("AuthorizationUnsuccessful: the user lacks permission for this action")


def not_found(text: str = NOT_FOUND_TEXT) -> Problem:
    """Return a 404 as recorded: HTML type, one sentence, no JSON (xero-api reference 11 [DOCKET])."""
    return Problem(404, text.encode(), "text/html; charset=utf-8")
