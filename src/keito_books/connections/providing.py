"""Know which accounting systems there are, and how this installation reaches them."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from keito_books.accounting.port import Provider
from keito_books.connections.models import ProviderKey
from keito_books.providers.registry import open_provider
from keito_books.providers.settings import ProviderSettings

# Of one call, all in all. Leases and limits count on it: see syncing/governor.py.
_CALL_SECONDS = 30.0
_CALLBACK_PATH = "/settings/integrations/{key}/callback"


@dataclass(frozen=True, slots=True)
class Offer:
    """One accounting system as the Integrations page shows it. `problem` is empty when it can be connected."""

    key: str
    name: str
    problem: str = ""

    @property
    def is_available(self) -> bool:
        return self.problem == ""


def offers() -> tuple[Offer, ...]:
    """Return every accounting system that people can read about here, the available ones first."""
    return (
        Offer(ProviderKey.XERO, ProviderKey.XERO.label, problem=_missing_settings()),
        Offer(ProviderKey.QUICKBOOKS, ProviderKey.QUICKBOOKS.label, problem="QuickBooks is not available yet."),
    )


def offer_of(key: str) -> Offer | None:
    return next((offer for offer in offers() if offer.key == key), None)


def is_offered(key: str) -> bool:
    offer = offer_of(key)
    return offer is not None and offer.is_available


def provider_name(key: str) -> str:
    """Return the name that people know, such as Xero."""
    return ProviderKey(key).label


def provider_for(key: str) -> Provider:
    """Return the provider; one per process, and another as soon as the settings are others. Raises KeyError."""
    return open_provider(
        key,
        ProviderSettings(
            client_id=settings.XERO_CLIENT_ID,
            client_secret=settings.XERO_CLIENT_SECRET,
            sandbox_url=settings.XERO_SANDBOX_URL,
            total_seconds=_CALL_SECONDS / settings.CLOCK_RATE,
        ),
    )


def redirect_uri(key: str) -> str:
    """Return where the provider sends people back to. Made from settings only, never from a request's Host header."""
    return settings.PUBLIC_URL + _CALLBACK_PATH.format(key=key)


def _missing_settings() -> str:
    if settings.XERO_CLIENT_ID and settings.XERO_CLIENT_SECRET:
        return ""
    return (
        "Xero is not set up on this installation. Whoever operates it sets XERO_CLIENT_ID and XERO_CLIENT_SECRET, "
        "then it can be connected."
    )
