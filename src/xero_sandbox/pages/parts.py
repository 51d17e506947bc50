"""Pieces that pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from xero_sandbox.html import Child, Markup, tag

STATUS_SIGNS = {
    "PAID": ("good", "✓"),
    "AUTHORISED": ("good", "●"),
    "ACTIVE": ("good", "●"),
    "SUBMITTED": ("wait", "◐"),
    "DRAFT": ("wait", "○"),
    "VOIDED": ("bad", "✕"),
    "DELETED": ("bad", "✕"),
    "ARCHIVED": ("bad", "▢"),
}


def badge(status: str) -> Markup:
    """Return a status as a word and a sign, not as a colour alone."""
    colour, sign = STATUS_SIGNS.get(status, ("wait", "●"))
    return tag("span", tag("span", sign, aria_hidden="true"), f" {status.capitalize()}", class_=f"badge {colour}")


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def day(dated: date | None) -> str:
    return f"{dated.day} {dated.strftime('%b %Y')}" if dated else "–"


def moment(at: datetime) -> Markup:
    return tag("time", at.strftime("%d %b %Y %H:%M:%S UTC"), datetime=at.isoformat(timespec="seconds"))


def facts(pairs: Iterable[tuple[str, Child]]) -> Markup:
    shown = [(tag("dt", name), tag("dd", value)) for name, value in pairs if value not in ("", None)]
    return tag("dl", shown, class_="facts")


def number(text: str) -> Markup:
    return tag("td", text, class_="number")


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Child]], foot: Child = None) -> Markup:
    """Return a table that scrolls by itself on a narrow screen. A head that starts with # is of numbers."""
    if not rows:
        return tag("p", f"{caption}: none yet.", class_="quiet")
    head = tag("tr", [_head(text) for text in heads])
    body = [tag("tr", [cell if _is_cell(cell) else tag("td", cell) for cell in row]) for row in rows]
    whole = tag(
        "table",
        tag("caption", caption),
        tag("thead", head),
        tag("tbody", body),
        tag("tfoot", foot) if foot else None,
    )
    return tag("div", whole, class_="scroll", role="region", aria_label=caption, tabindex=0)


def link(address: str, text: Child) -> Markup:
    return tag("a", text, href=address)


def _head(text: str) -> Markup:
    plain = text.removeprefix("#")
    return tag("th", plain, scope="col", class_="number" if plain != text else None)


def _is_cell(child: Child) -> bool:
    return isinstance(child, Markup) and child.startswith(("<td", "<th"))
