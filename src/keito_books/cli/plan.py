"""Decide what `run` starts, from its options and the environment."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keito_books.cli.errors import CommandError
from keito_books.cli.keys import key_settings
from keito_books.cli.service import Service, child_environment, without_our_settings

# The app that the sandbox's demo knows. It is public and opens nothing real.
SANDBOX_CLIENT = {
    "XERO_CLIENT_ID": "KEITOBOOKSDEMO0000000000000000AA",
    "XERO_CLIENT_SECRET": "demo-secret-for-the-sandbox-only",
}


@dataclass(frozen=True, slots=True)
class Plan:
    data: Path
    port: int
    sandbox_port: int
    demo: bool
    outside_database: str | None
    """The operator's own DATABASE_URL, in place of the embedded PostgreSQL."""

    real_xero: bool

    @property
    def url(self) -> str:
        # Xero returns people to http://localhost but not to http://127.0.0.1.
        return f"http://localhost:{self.port}"

    @property
    def public_url(self) -> str:
        """What people type: our own address, or that of a proxy before us."""
        return os.environ.get("KEITO_PUBLIC_URL", self.url)

    @property
    def sandbox_url(self) -> str:
        return f"http://localhost:{self.sandbox_port}"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    def settings(self, database_url: str) -> dict[str, str]:
        """Return the settings of the application's processes, besides what the operator set."""
        settings = {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "keito_books.config.settings",
            "KEITO_DATA_DIR": str(self.data),
            "KEITO_PUBLIC_URL": self.public_url,
            **key_settings(self.data, os.environ),
        }
        if not self.real_xero:
            settings |= {"XERO_SANDBOX_URL": self.sandbox_url, **SANDBOX_CLIENT}
        return settings

    def sandbox(self) -> Service:
        state = str(self.data / "sandbox.json")
        command = ["xero_sandbox", "--port", str(self.sandbox_port), "--seed", "demo", "--state", state]
        return Service(
            "Xero sandbox",
            [sys.executable, "-m", *command],
            {**without_our_settings(os.environ), "PYTHONUNBUFFERED": "1"},
            self.logs / "sandbox.log",
        )

    def web_server(self, settings: Mapping[str, str]) -> Service:
        return self._own("web server", ["web", "--port", str(self.port)], settings, "web.log")

    def worker(self, settings: Mapping[str, str]) -> Service:
        return self._own("worker", ["worker"], settings, "worker.log")

    def _own(self, name: str, arguments: list[str], settings: Mapping[str, str], log: str) -> Service:
        command = [sys.executable, "-m", "keito_books.cli", *arguments]
        return Service(name, command, child_environment(settings), self.logs / log)


def wants_real_xero(environ: Mapping[str, str]) -> bool:
    client = bool(environ.get("XERO_CLIENT_ID"))
    secret = bool(environ.get("XERO_CLIENT_SECRET") or environ.get("XERO_CLIENT_SECRET_FILE"))
    if client != secret:
        missing = "XERO_CLIENT_SECRET" if client else "XERO_CLIENT_ID"
        raise CommandError(
            f"{missing} is not set, and real Xero needs both it and its partner. Set both, as Xero's developer "
            "portal shows them for your app, or neither to work with the sandbox."
        )
    return client
