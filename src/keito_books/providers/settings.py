"""Say how to reach a provider."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """The app's own credentials and limits. `sandbox_url` replaces all hosts of the provider; empty means real ones."""

    client_id: str
    client_secret: str = field(repr=False)
    sandbox_url: str = ""
    user_agent: str = "KeitoBooks"
    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    total_seconds: float = 30.0
    reply_bytes_max: int = 16 * 1024 * 1024
    connections_max: int = 20
