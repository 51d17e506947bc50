"""Providers are found by their key and made once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keito_books.providers.registry import PROVIDERS, open_provider
from keito_books.providers.settings import ProviderSettings

SETTINGS = ProviderSettings(client_id="id", client_secret="secret")


@pytest.mark.parametrize("key", PROVIDERS)
def test_every_provider_of_the_registry_opens_and_knows_its_key(key: str) -> None:
    provider = open_provider(key, SETTINGS)

    assert provider.key == key
    assert provider.name


def test_equal_settings_share_one_provider_and_its_connections() -> None:
    assert open_provider("xero", SETTINGS) is open_provider("xero", replace(SETTINGS))
    assert open_provider("xero", SETTINGS) is not open_provider("xero", replace(SETTINGS, client_id="other"))


def test_an_unknown_provider_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        open_provider("abacus", SETTINGS)
