"""Settings > Integrations: which accounting systems there are, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keito_books.connections.models import Connection
from keito_books.connections.providing import Offer, offers
from keito_books.connections.queries import live_connection
from keito_books.web.access import WorkspaceRequest, in_workspace


@dataclass(frozen=True, slots=True)
class Card:
    """One accounting system. `in_the_way` is the connection of another one, which must be disconnected first."""

    offer: Offer
    connection: Connection | None
    in_the_way: Connection | None


@require_GET
@in_workspace
def overview(request: WorkspaceRequest) -> HttpResponse:
    live = live_connection(request.workspace)
    cards = [_card(offer, live) for offer in offers()]
    return render(request, "integrations/index.html", {"cards": cards})


def _card(offer: Offer, live: Connection | None) -> Card:
    own = live if live is not None and live.provider == offer.key else None
    return Card(offer, connection=own, in_the_way=live if own is None else None)
