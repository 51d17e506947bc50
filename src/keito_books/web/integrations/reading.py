"""Read the organisation's lists for a page, and say in words when that does not work."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.utils import timezone

from keito_books.accounting.errors import MustReconnect, ProviderError, Refused, TokenRejected, TryAgainLater
from keito_books.connections.errors import NotConnected
from keito_books.connections.models import Connection
from keito_books.connections.providing import provider_for, redirect_uri
from keito_books.mapping.actions import refresh_books
from keito_books.syncing import ticks
from keito_books.syncing.directory import is_fresh
from keito_books.syncing.explanations import explain
from keito_books.syncing.governor import lane_of


def problem_of_reading(connection: Connection, *, now: datetime) -> str:
    """Read the lists anew. Return an empty string, or what stood in the way and what to do; the old lists then stay."""
    try:
        refresh_books(connection, now=now)
    except Refused as refused:
        explanation = explain(refused.refusal)
        return f"We could not read the lists. {explanation.sentence} {explanation.fix}"
    except (MustReconnect, TokenRejected, NotConnected):
        return "We could not read the lists, since the connection to Xero has expired. Press Reconnect."
    except TryAgainLater as later:
        return f"We could not read the lists: {_reason(later)} Press Refresh lists in a minute."
    except ProviderError:
        return "We could not read the lists: the answer from Xero did not come. Press Refresh lists to try again."
    return ""


def read_contacts_ahead(connection: Connection) -> None:
    """Have the contacts read that are needed as soon as the copy starts, while somebody looks at its preview."""
    if not is_fresh(connection, now=timezone.now()):
        ticks.read_contacts_soon(lane_of(connection).pk, connection.pk)


def consent_sources() -> str:
    """Return where Connect to Xero leads, as a source of a content security policy.

    The way to the consent may lead over several hosts of the provider's domain (login, authorize), all of them in the
    one chain of redirects that a browser holds to the policy of the page.
    """
    parts = urlsplit(provider_for("xero").identity.start(redirect_uri=redirect_uri("xero")).url)
    _, _, domain = parts.netloc.partition(".")
    return f"{parts.scheme}://*.{domain}" if "." in domain else f"{parts.scheme}://{parts.netloc}"


def _reason(later: TryAgainLater) -> str:
    return {
        "limit": "Xero’s limit of calls a minute is used up.",
        "day limit": "Xero’s daily limit of calls is used up.",
        "maintenance": "Xero is down for maintenance.",
        "settings": "Xero does not accept this installation’s own client id and secret. Tell whoever operates it.",
    }.get(later.reason, "we could not reach Xero.")
