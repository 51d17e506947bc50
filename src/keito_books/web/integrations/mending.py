"""Remember from which invoice somebody came to the settings, and offer the way back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from keito_books.invoicing.models import Invoice
from keito_books.invoicing.queries import invoices_visible_to
from keito_books.web.access import WorkspaceRequest

_KEY = "mending"
# Who is still in the settings after that has come for something else.
_LASTS = timedelta(minutes=30)


def came_from(request: WorkspaceRequest) -> Invoice | None:
    """Return the invoice whose cause is being mended, by the address or by an earlier one of this visit."""
    asked = request.GET.get("invoice", "")
    if asked:
        request.session[_KEY] = {"invoice": asked, "at": timezone.now().isoformat()}
    kept = request.session.get(_KEY)
    if not kept or timezone.now() - datetime.fromisoformat(kept["at"]) > _LASTS:
        return None
    return invoice_of(request, kept["invoice"])


def invoice_of(request: WorkspaceRequest, key: str) -> Invoice | None:
    """Return one that this person may see here; None for anything else that was sent as its id."""
    try:
        return invoices_visible_to(request.membership).filter(pk=UUID(key)).first()
    except ValueError:
        return None
