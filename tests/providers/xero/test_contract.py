"""Xero keeps the contract, over HTTP against its sandbox."""

from __future__ import annotations

import pytest

from providers.contract import ProviderContract


@pytest.mark.promise("P23", "P38", "P41", "P46", "P51", "P53", "P66")
class TestXero(ProviderContract):
    """Nothing of its own."""
