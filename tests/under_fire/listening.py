"""Read the sandbox's log while it runs, since it keeps only the newest requests."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.error import URLError

from xero_sandbox.testing import RunningSandbox

EVERY_SECONDS = 4.0


@dataclass
class Listener:
    sandbox: RunningSandbox
    calls: Counter[str] = field(default_factory=Counter)
    too_many: list[str] = field(default_factory=list)
    """Refusals for a limit that nobody scripted: they are of our own making."""

    _heard: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._hear()

    def _listen(self) -> None:
        while not self._stop.wait(EVERY_SECONDS):
            self._hear()

    def _hear(self) -> None:
        try:
            heard = self.sandbox.door("GET", f"/requests?after={self._heard}")["requests"]
        except (URLError, TimeoutError):
            return  # it is asked again
        for each in heard:
            if each["status"] is None and not each["fault"]:
                break  # under way: what follows is read next time
            self._heard = each["number"]
            self.calls["tokens" if "/connect/" in each["path"] else each["method"]] += 1
            if each["status"] == HTTPStatus.TOO_MANY_REQUESTS and not each["fault"]:
                self.too_many.append(f"{each['at']} {each['method']} {each['path']} {each['reply_headers']}")
