"""Run everything that Keito Books consists of, as children of one process, until asked to stop."""

import time
from collections.abc import Callable

from keito_books.cli.errors import CommandError
from keito_books.cli.logs import last_words
from keito_books.cli.plan import Plan
from keito_books.cli.ports import ask, refuse_a_taken_port
from keito_books.cli.postgres import EmbeddedPostgres
from keito_books.cli.preparation import Prepared, prepare
from keito_books.cli.service import Service, how_it_ended
from keito_books.cli.stop import StopRequest
from keito_books.cli.welcome import welcome

READY_TIMEOUT_SECONDS = 60.0
STOP_PATIENCE_SECONDS = 10.0
GLANCE_SECONDS = 0.2


class Stack:
    def __init__(self, plan: Plan, stop: StopRequest, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._stop = stop
        self._say = say
        self._postgres: EmbeddedPostgres | None = None
        self._services: list[Service] = []

    def run(self) -> None:
        """Return after an orderly stop. Raises CommandError when something can't start."""
        try:
            prepared = self._start()
            if prepared is not None:
                self._say(welcome(self._plan, prepared))
                self._watch()
        finally:
            self._end()

    def _start(self) -> Prepared | None:
        """Start all, quickest first. Return None if the wish to stop came in between."""
        plan = self._plan
        if not plan.outside_database:
            # First of all: who starts a second time should read that, and not that the ports are taken.
            self._postgres = EmbeddedPostgres(plan.data)
            self._postgres.claim()
        refuse_a_taken_port(plan.port, purpose="the web pages", option="--port")
        if not plan.real_xero:
            refuse_a_taken_port(plan.sandbox_port, purpose="the Xero sandbox", option="--sandbox-port")
        settings = plan.settings(self._start_database())
        sandbox = None if plan.real_xero else self._start_service(plan.sandbox())
        prepared = prepare(plan, settings, self._stop)
        if prepared is None:
            return None
        web_server = self._start_service(plan.web_server(settings))
        self._start_service(plan.worker(settings))
        self._wait_for(web_server, plan.port, "/")
        if sandbox is not None:
            self._wait_for(sandbox, plan.sandbox_port, "/_sandbox/")
        return None if self._stop.is_made else prepared

    def _start_database(self) -> str:
        if self._postgres is None:
            return self._plan.outside_database or ""
        self._postgres.start()
        return self._postgres.url()

    def _start_service(self, service: Service) -> Service:
        self._services.append(service)
        service.start(now=time.monotonic())
        return service

    def _wait_for(self, service: Service, port: int, path: str) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while not self._stop.is_made:
            code = service.exit_code
            if code is not None:
                raise CommandError(
                    f"The {service.name} {how_it_ended(code)} instead of starting. "
                    f"Its last words: {last_words(service.log)}"
                )
            answer = ask(port, path)
            if answer is not None:
                _refuse_an_error(service, is_an_error=answer.is_an_error)
                return
            if time.monotonic() > deadline:
                raise CommandError(
                    f"The {service.name} did not answer within {READY_TIMEOUT_SECONDS:.0f} s. "
                    f"Its last words: {last_words(service.log)}"
                )
            self._stop.pause(0.05)

    def _watch(self) -> None:
        while not self._stop.is_made:
            if self._postgres is not None and not self._postgres.is_running:
                self._say("PostgreSQL stopped; starting it again.")
                self._postgres.start()
            for service in self._services:
                news = service.keep_alive(now=time.monotonic())
                if news is not None:
                    self._say(news)
            self._stop.pause(GLANCE_SECONDS)

    def _end(self) -> None:
        for service in self._services:
            service.ask_to_stop()
        deadline = time.monotonic() + STOP_PATIENCE_SECONDS
        for service in self._services:
            patience = 0.0 if self._stop.is_urgent else deadline - time.monotonic()
            service.see_stopped(patience_seconds=patience)
        if self._postgres is not None:
            self._postgres.stop()


def _refuse_an_error(service: Service, *, is_an_error: bool) -> None:
    if is_an_error:
        raise CommandError(
            f"The {service.name} started but answers with an error. Its last words: {last_words(service.log)}"
        )
