"""Xero goes away in the middle, and comes back."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from running_stack import stop
from walks import Walk

# The worker asks again after a few seconds, and the sweep that finds it due runs every five.
PATIENCE_MS = 60_000


@pytest.mark.fault("F13")
@pytest.mark.promise("P45", "P46")
def test_an_invoice_waits_for_xero_and_goes_on_by_itself(connected: Walk) -> None:
    connected.open_invoice("O'Brien")
    stop(connected.stack.sandbox)

    connected.copy()

    expect(connected.card.locator(".badge").first).to_have_text("Pending", timeout=PATIENCE_MS)
    expect(connected.card).to_contain_text("could not reach Xero", timeout=PATIENCE_MS)
    connected.stack.sandbox.start(now=time.monotonic())
    connected.stack.wait_until_ready()
    expect(connected.card.locator(".badge").first).to_have_text("Success", timeout=PATIENCE_MS)
    assert len(connected.calls("PUT", "/Invoices")) == 1
