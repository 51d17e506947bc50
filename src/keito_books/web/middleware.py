"""Give each request a reference number, which stands in logs, in the audit trail and on error pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from keito_books.workspaces import audit

# Crockford's letters: nobody reads an O as a 0 over the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        number = "".join(secrets.choice(_LETTERS) for _ in range(8))
        token = audit.request_id.set(number)
        try:
            response = get_response(request)
        finally:
            audit.request_id.reset(token)
        response.headers["X-Request-Id"] = number
        return response

    return respond
