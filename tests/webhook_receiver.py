"""A receiver of webhooks on the loopback, as an app would have one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 10
HTTP_PATH = "/xero/webhooks"


@dataclass
class Receiver:
    """Answers 200 to a good signature and 401 to a bad one, or `status` to all while it is set."""

    url: str
    key: str = "a signing key of the test"
    status: int | None = None
    extra_body: bytes = b""
    extra_headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)  # cleared: answers wait
    heard: list[tuple[dict[str, Any], bool]] = field(default_factory=list)  # body, and whether it was signed well
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def batches(self) -> list[dict[str, Any]]:
        """Return the well-signed bodies that hold events."""
        return [body for body, signed_well in self.heard if signed_well and body["events"]]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for batch in self.batches for event in batch["events"]]

    def wait_for_events(self, count: int) -> list[dict[str, Any]]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.events) >= count, PATIENCE_SECONDS), self.heard
        return self.events

    def wait_for_batches(self, count: int) -> list[dict[str, Any]]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.batches) >= count, PATIENCE_SECONDS), self.heard
        return self.batches


@contextmanager
def webhook_receiver() -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}{HTTP_PATH}")
    receiver.hold.set()
    server.receiver = receiver  # type: ignore[attr-defined]  # read by the handler below
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.hold.set()
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # set above
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = base64.b64encode(hmac.new(receiver.key.encode(), body, hashlib.sha256).digest()).decode()
        signed_well = hmac.compare_digest(right, self.headers["x-xero-signature"])
        receiver.hold.wait(PATIENCE_SECONDS)
        with receiver.arrived:
            receiver.heard.append((json.loads(body), signed_well))
            receiver.arrived.notify_all()
        self.send_response(receiver.status or (200 if signed_well else 401))
        for name, value in receiver.extra_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(receiver.extra_body)))
        self.end_headers()
        with suppress(ConnectionError):  # the sender may have lost its patience
            self.wfile.write(receiver.extra_body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
