"""Find a provider by its key."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from keito_books.accounting.port import Provider
from keito_books.providers.settings import ProviderSettings

# Dotted paths, imported on first use, so that a provider which nobody uses costs nothing.
PROVIDERS = {
    "xero": "keito_books.providers.xero.provider.XeroProvider",
    "memory": "keito_books.providers.memory.provider.MemoryProvider",
}


@lru_cache(maxsize=16)
def open_provider(key: str, settings: ProviderSettings) -> Provider:
    """Return the provider; equal settings share one, and with it one pool of connections.

    Raises KeyError when there is no such provider.
    """
    module_name, class_name = PROVIDERS[key].rsplit(".", 1)
    provider: Provider = getattr(import_module(module_name), class_name)(settings)
    return provider
