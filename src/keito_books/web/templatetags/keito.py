"""The components that templates are put together from: `{% load keito %}`."""

from __future__ import annotations

from collections.abc import Sized
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from keito_books.web import formatting, theme
from keito_books.web.badges import BADGES

register = template.Library()
register.filter("amount", formatting.amount_text)
register.filter("price", formatting.price_text)
register.filter("number", formatting.number_text)
register.filter("address", formatting.address_text)

register.filter("thousands", formatting.count_text)

__all__ = ["IconDoesNotExist"]


@register.filter
def count(things: int | Sized, noun: str) -> str:
    """Write "1 invoice", "2 invoices"; takes a number, or the things themselves."""
    number = things if isinstance(things, int) else len(things)
    return f"{formatting.count_text(number)} {noun}{'' if number == 1 else 's'}"


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """Draw an icon that only decorates: the word beside it is what is read out."""
    return mark_safe(lucide(name, size=size, aria_hidden="true", focusable="false"))  # noqa: S308  drawn from the package's own file


@register.simple_tag
def money(amount: Decimal, currency: str) -> SafeString:
    """Write an amount with its currency, which never wraps."""
    return format_html(
        '<span class="money"><span class="money__code">{}</span> {}</span>',
        currency,
        formatting.amount_text(amount, currency),
    )


@register.simple_tag
def figure(amount: Decimal, currency: str) -> SafeString:
    """Write an amount without its currency, which the column's heading or its first row says."""
    return format_html('<span class="money">{}</span>', formatting.amount_text(amount, currency))


@register.simple_tag
def day(value: date | None) -> SafeString:
    if value is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formatting.day_text(value))


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Write a time to the minute in the workspace's zone, with second and zone on hover and for screen readers."""
    if value is None:
        return mark_safe("")
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden">:{} {}</span></time>',
        local.isoformat(),
        formatting.exact_text(local),
        formatting.moment_text(local),
        f"{local:%S}",
        f"{local:%Z}",
    )


@register.inclusion_tag("components/badge.html")
def badge(state: str, word: str = "") -> dict[str, object]:
    """Show a state as icon, word and colour; `word` replaces the usual one, for example with what it waits for."""
    known = BADGES[str(state)]
    return {"icon_name": known.icon, "tone": known.tone, "word": word or known.word, "state": state}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, unit: str = "", *, number: bool = False, plain: bool = False) -> dict[str, object]:
    """Show a form field with its label, hint and errors; `unit` stands behind it, `plain` spares "(optional)"."""
    return {"field": bound, "unit": unit, "number": number, "plain": plain, "kind": bound.widget_type}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Page[Any], noun: str) -> dict[str, object]:
    """Show which part of a list this is, with links that keep the filters of the address."""
    return {"page": page, "noun": noun, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def chosen_theme(context: Context) -> str:
    """Return light or dark, or nothing when the person follows their system."""
    return theme.chosen(context.get("request"))
