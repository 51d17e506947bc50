"""One running sandbox: its world, its scripted trouble and its memory of what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from weakref import WeakValueDictionary

from xero_sandbox.books import Books
from xero_sandbox.control.faults import FaultBook
from xero_sandbox.control.log import RequestLog
from xero_sandbox.past import Past
from xero_sandbox.seeds import SEEDS
from xero_sandbox.webhooks.sender import WebhookSender
from xero_sandbox.world import World, import_world


class Sandbox:
    """Holds the world; `reset` and `load` replace it, so keep the sandbox and not its world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = FaultBook()
        self.log = RequestLog()
        self.webhooks = WebhookSender(lambda: self.world)
        self.in_flight: dict[str, int] = {}  # calls being answered, by "client id/organisation id"
        self._books: dict[str, Books] = {}
        self._pasts: dict[str, Past] = {}
        self._key_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def books(self, organisation_id: str) -> Books:
        """Return the organisation with its indexes, made on first use."""
        books = self._books.get(organisation_id)
        if books is None:
            organisation = self.world.organisations[organisation_id]
            past = self._pasts[organisation_id] = Past(organisation, self._now)
            books = Books(organisation, partial(self.webhooks.notice, organisation_id), past)
            self._books[organisation_id] = books
        return books

    def books_as_of(self, organisation_id: str, moment: datetime) -> Books:
        """Return a copy of the books as they were; only for reading."""
        self.books(organisation_id)
        return Books(self._pasts[organisation_id].as_of(moment))

    def key_lock(self, key: str) -> asyncio.Lock:
        """Return what makes a call with a key in use wait for the first (assumed)."""
        lock = self._key_locks.get(key)
        if lock is None:
            lock = self._key_locks[key] = asyncio.Lock()
        return lock

    def reset(self, seed: str) -> None:
        """Start again from a seed; raises KeyError for an unknown one."""
        make: Callable[[], World] = SEEDS[seed]
        self._replace(make())

    def load(self, exported: bytes) -> None:
        """Take over an exported state; raises NotAState and then changes nothing."""
        self._replace(import_world(exported))

    def _replace(self, world: World) -> None:
        self.world = world
        self.faults.clear()
        self.log.clear()
        self._books.clear()
        self._pasts.clear()

    def _now(self) -> datetime:
        return self.world.clock.now()
