"""Turn where a cause is mended into the address of the page for it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from keito_books.syncing.explanations import Place

_SECTIONS = {Place.ACCOUNTS: "accounts", Place.TAXES: "taxes", Place.TRACKING: "tracking", Place.CONNECTION: ""}


def address_of(place: Place, *, slug: str, invoice_id: UUID, client_id: UUID) -> str:
    """Return the address, or "" where nothing of ours mends it."""
    if place in _SECTIONS:
        section = _SECTIONS[place]
        return reverse("xero", args=[slug]) + (f"#{section}" if section else "")
    if place is Place.CLIENT:
        return reverse("client", args=[slug, client_id])
    if place is Place.CONTACT:
        return reverse("client", args=[slug, client_id]) + "#xero-contact"
    if place is Place.INVOICE:
        return reverse("invoice", args=[slug, invoice_id])
    return ""
