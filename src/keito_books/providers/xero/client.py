"""Call Xero's Accounting API for one organisation, and leave a receipt of each call."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import quote, urlencode

from keito_books.accounting.errors import MustReconnect
from keito_books.accounting.port import Access, Identity, PreparedWrite, Receipt
from keito_books.providers.http import Exchange, Http, Reply, Request
from keito_books.providers.xero.errors import is_organisation_out_of_reach, read_failure
from keito_books.providers.xero.hosts import Hosts

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


class XeroClient:
    """`identity` tells which organisations an access token reaches; it is asked only when Xero answers 403."""

    def __init__(self, http: Http, hosts: Hosts, identity: Identity) -> None:
        self._http = http
        self._hosts = hosts
        self._identity = identity

    def get(self, access: Access, *path: str, **query: str) -> bytes | None:
        """Return the body, or None for 404. Raises what a read may raise."""
        address = "/" + "/".join(quote(part, safe="") for part in path)
        reply = self._call(access, "GET", f"{address}?{urlencode(query)}" if query else address)
        if reply.status == HTTPStatus.OK:
            return reply.body
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        self.raise_if_disconnected(access, reply)
        raise read_failure(reply)

    def write(self, access: Access, write: PreparedWrite, *, key: str) -> Reply:
        """Return the reply to exactly these bytes, whatever its status. Raises TryAgainLater or OutcomeUnknown."""
        return self._call(access, write.method, write.path, body=write.body, key=key)

    def raise_if_disconnected(self, access: Access, reply: Reply) -> None:
        """Raise MustReconnect when a refusal comes from having lost the organisation.

        Xero answers one and the same 403 when the organisation left us and when its user lost the right to enter, so
        the list of joined organisations decides.
        """
        if is_organisation_out_of_reach(reply):
            joined = self._identity.connections(access_token=access.access_token, whole_account=True)
            if access.organisation_id not in {each.organisation_id for each in joined}:
                raise MustReconnect("The organisation is no longer connected", code="organisation_disconnected")

    def _call(self, access: Access, method: str, path: str, *, body: bytes = b"", key: str = "") -> Reply:
        headers = {
            "Authorization": f"Bearer {access.access_token}",
            "xero-tenant-id": access.organisation_id,
            "Accept": "application/json",
        }
        if method != "GET":
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        request = Request(
            method,
            self._hosts.accounting + path,
            headers,
            body,
            is_write=method != "GET",
            secrets=(access.access_token,),
        )
        # Asked at the last moment and under the call's deadline: a worker that was frozen before it is refused, and one
        # that was frozen after it finds its time used up. Neither sends anything.
        with self._http.deadline():
            access.permit()
            return self._http.call(request, observe=lambda exchange: access.record(_receipt(exchange)))


def _receipt(exchange: Exchange) -> Receipt:
    return Receipt(
        method=exchange.method,
        path=exchange.path,
        sent_at=exchange.sent_at,
        seconds=exchange.seconds,
        status=exchange.status,
        correlation_id=exchange.headers.get("xero-correlation-id", ""),
        request_body=exchange.request_body,
        response_body=exchange.response_body,
        minute_left=_whole_number(exchange.headers.get("x-minlimit-remaining", "")),
        day_left=_whole_number(exchange.headers.get("x-daylimit-remaining", "")),
        app_minute_left=_whole_number(exchange.headers.get("x-appminlimit-remaining", "")),
        problem=exchange.problem,
    )


def _whole_number(text: str) -> int | None:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None
