"""What the integrations add to Keito's own pages: `{% load integrations %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keito_books.connections.queries import live_connection
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.syncing.contacts import count_of_questions
from keito_books.web.access import WorkspaceRequest
from keito_books.web.formatting import exact_text
from keito_books.web.integrations.panel import ClientPanel, Panel, PaymentPanel
from keito_books.web.templatetags.keito import moment
from keito_books.workspaces.permissions import Ability, may

register = template.Library()
_KEPT = "_integration_panel"


@register.simple_tag(takes_context=True)
def panel_of(context: Context, invoice: Invoice) -> Panel:
    """Return how an invoice stands; the parts of one page share what was read for it."""
    request: WorkspaceRequest = context["request"]
    kept: Panel | None = getattr(request, _KEPT, None)
    if kept is None or kept.invoice.pk != invoice.pk:
        kept = Panel(invoice, request.membership, timezone.now())
        setattr(request, _KEPT, kept)
    return kept


@register.simple_tag(takes_context=True)
def payment_panel(context: Context, payment: Payment, invoice: Invoice) -> PaymentPanel:
    panel: Panel = panel_of(context, invoice)
    return panel.of_payment(payment)


@register.simple_tag(takes_context=True)
def client_panel(context: Context, client: Client) -> ClientPanel:
    request: Any = context["request"]
    return ClientPanel(client, request.membership)


@register.simple_tag
def clock(value: datetime) -> SafeString:
    """Write the time of today at which something goes on, or the whole moment when that is another day."""
    local = timezone.localtime(value)
    if local.date() != timezone.localdate():
        return moment(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact_text(local), f"{local:%H:%M}"
    )


@register.simple_tag(takes_context=True)
def contacts_to_match(context: Context) -> int:
    """Return how many clients wait until a person says which contact they are; 0 for who may not say it."""
    request: WorkspaceRequest = context["request"]
    connection = live_connection(request.workspace)
    if connection is None or not may(request.membership, Ability.COPY_INVOICES):
        return 0
    return count_of_questions(connection)


@register.simple_tag(takes_context=True)
def may_see_surprises(context: Context) -> bool:
    """Say whether this person looks after the connection."""
    request: WorkspaceRequest = context["request"]
    return may(request.membership, Ability.MANAGE_INTEGRATIONS)
