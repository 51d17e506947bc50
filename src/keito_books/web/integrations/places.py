"""Turn where a cause is mended into the address of the page for it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from keito_books.syncing.explanations import Place

_SECTIONS = {Place.ACCOUNTS: "accounts", Place.TAXES: "taxes", Place.TRACKING: "tracking", Place.CONNECTION: ""}


def section_of(place: Place, *, slug: str, query: str = "") -> str:
    """Return the address of a section of the settings, or "" for what is mended elsewhere."""
    if place not in _SECTIONS:
        return ""
    section = _SECTIONS[place]
    return reverse("xero", args=[slug]) + query + (f"#{section}" if section else "")


def address_of(place: Place, *, slug: str, invoice_id: UUID, client_id: UUID, comes_back: bool = False) -> str:
    """Return the address, or "" where nothing of ours mends it. `comes_back` lets the settings offer the way back to
    the invoice."""
    if place in _SECTIONS:
        return section_of(place, slug=slug, query=f"?invoice={invoice_id}" if comes_back else "")
    if place is Place.CLIENT:
        return reverse("client", args=[slug, client_id])
    if place is Place.CONTACT:
        return reverse("client", args=[slug, client_id]) + "#xero-contact"
    if place is Place.INVOICE:
        return reverse("invoice", args=[slug, invoice_id])
    return ""
