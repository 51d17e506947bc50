"""The whole product as separate processes, for journeys: sandbox, web server and worker, with their own database."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from keito_books.cli.plan import Plan
from keito_books.cli.ports import ask
from keito_books.cli.preparation import Prepared, SignIn, prepare
from keito_books.cli.service import Service
from keito_books.cli.stop import StopRequest
from table_copies import TableCopies

READY_TIMEOUT_SECONDS = 120.0
STOP_PATIENCE_SECONDS = 10.0


@dataclass
class RunningStack:
    """Start with `start_stack`; call `reset` before each journey."""

    plan: Plan
    database_url: str
    prepared: Prepared
    sandbox: Service
    web_server: Service
    worker: Service
    _copies: TableCopies = field(init=False, repr=False)
    _remembered: dict[str, tuple[TableCopies, Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._copies = TableCopies.of(self.database_url)

    @property
    def url(self) -> str:
        return self.plan.url

    @property
    def sandbox_url(self) -> str:
        return self.plan.sandbox_url

    @property
    def sign_ins(self) -> list[SignIn]:
        return self.prepared.sign_ins

    def reset(self) -> None:
        """Bring the database and the sandbox back to the demo as it was seeded, with every process running."""
        for service in (self.sandbox, self.web_server, self.worker):
            if service.exit_code is not None:
                service.start(now=time.monotonic())
        self.wait_until_ready()
        self.control("POST", "reset", {"seed": "demo"})
        self._copies.restore()

    def remember(self, name: str) -> None:
        """Keep both sides as they are now, so that later journeys begin here instead of walking all the way."""
        self._remembered[name] = TableCopies.of(self.database_url), self.control("GET", "state")

    def go_back_to(self, name: str) -> bool:
        """Bring both sides back to a remembered state. Say whether there was one."""
        if name not in self._remembered:
            return False
        copies, state = self._remembered[name]
        self.control("PUT", "state", state)
        copies.restore()
        return True

    def control(self, method: str, door: str, body: object = None) -> Any:
        """Use a control door of the sandbox; return its JSON, if any."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # our own sandbox
            f"{self.sandbox_url}/_sandbox/{door}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:  # the same
            text = reply.read()
        return json.loads(text) if text else None

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the journey's database. Django's own connection points at another one."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def wait_until_ready(self) -> None:
        _wait_for(self.web_server, self.plan.port, "/")
        _wait_for(self.sandbox, self.plan.sandbox_port, "/_sandbox/")

    def stop(self) -> None:
        for service in (self.web_server, self.worker, self.sandbox):
            stop(service)


def start_stack(folder: Path, database_url: str) -> RunningStack:
    """Start everything in this folder, on free ports, with a new database of this address."""
    _create_database(database_url)
    plan = Plan(
        data=folder,
        port=free_port(),
        sandbox_port=free_port(),
        demo=True,
        outside_database=database_url,
        real_xero=False,
    )
    settings = {**plan.settings(database_url), "KEITO_ENVIRONMENT": "test"}
    prepared = prepare(plan, settings, StopRequest())
    assert prepared is not None
    services = plan.sandbox(), plan.web_server(settings), plan.worker(settings)
    stack = RunningStack(plan, database_url, prepared, *services)
    try:
        for service in services:
            service.start(now=time.monotonic())
        stack.wait_until_ready()
    except BaseException:
        stack.stop()
        raise
    return stack


def stop(service: Service) -> None:
    service.ask_to_stop()
    service.see_stopped(patience_seconds=STOP_PATIENCE_SECONDS)


def _wait_for(service: Service, port: int, path: str) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while ask(port, path) is None:
        if service.exit_code is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The {service.name} does not answer:\n{service.log.read_text()[-3000:]}")
        time.sleep(0.05)


def _create_database(url: str) -> None:
    parts = urlsplit(url)
    name = sql.Identifier(parts.path.lstrip("/"))
    beside = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
