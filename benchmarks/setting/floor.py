"""What a bare client would cost for the same calls: encode, send by http.client, decode the receipt."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from joined import Joined
from keito_books.syncing.models import Dispatch

DEADLINE_SECONDS = 30


def client_seconds(joined: Joined, dispatches: Iterable[Dispatch]) -> float:
    """Return processor seconds. The calls are replayed under their keys, so that the answers are the very same."""
    host = urlsplit(joined.sandbox.url)
    line = http.client.HTTPConnection(host.hostname or "", host.port, timeout=DEADLINE_SECONDS)
    headers = {
        "Authorization": f"Bearer {joined.token}",
        "xero-tenant-id": joined.connection.organisation_id,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    spent = 0.0
    for dispatch in dispatches:
        content = json.loads(bytes(dispatch.body))
        started = time.process_time()
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        path = f"/api.xro/2.0{dispatch.path}"
        line.request(dispatch.method, path, body, {**headers, "Idempotency-Key": dispatch.key})
        reply = line.getresponse()
        json.loads(reply.read())
        spent += time.process_time() - started
        if reply.status != http.HTTPStatus.OK:
            raise RuntimeError(f"The replay was answered with {reply.status}, so it is no floor.")
    return spent
