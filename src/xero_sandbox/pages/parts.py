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
    return sign(status.capitalize(), *STATUS_SIGNS.get(status, ("wait", "●")))


def sign(word: str, colour: str, mark: str) -> Markup:
    return tag("span", tag("span", mark, aria_hidden="true"), f" {word}", class_=f"badge {colour}")


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def day(dated: date | None) -> Markup:
    return tag("span", f"{dated.day} {dated.strftime('%b %Y')}" if dated else "–", class_="nowrap")


def moment(at: datetime) -> Markup:
    text = f"{at.day} {at.strftime('%b %Y %H:%M:%S')} UTC"
    return tag("time", text, datetime=at.isoformat(timespec="seconds"), class_="nowrap")


def facts(pairs: Iterable[tuple[str, Child]]) -> Markup:
    shown = [(tag("dt", name), tag("dd", value)) for name, value in pairs if value not in ("", None)]
    return tag("dl", shown, class_="facts")


def number(text: str) -> Markup:
    return cell(text, class_="number")


def cell(content: Child, **attributes: str | int | None) -> Markup:
    return tag("td", content, **attributes)


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Child]]) -> Markup:
    """Return a table that scrolls by itself on a narrow screen. A head that starts with # is of numbers."""
    if not rows:
        return tag("p", f"{caption}: none yet.", class_="quiet")
    return _whole(caption, heads, [_row(row) for row in rows])


def table_of_pairs(caption: str, heads: Sequence[str], pairs: Sequence[tuple[Sequence[Child], Child]]) -> Markup:
    """Return a table in which more may be folded away below each row; on a narrow screen its rows are stacked."""
    if not pairs:
        return tag("p", f"{caption}: none yet.", class_="quiet")
    rows = [
        (
            tag("tr", [_labelled(head, one) for head, one in zip(heads, row, strict=True)]),
            tag("tr", cell(more, colspan=len(heads)), class_="more") if more else None,
        )
        for row, more in pairs
    ]
    return _whole(caption, heads, rows, class_="stacked")


def prose(text: str) -> list[Child]:
    """Return a sentence in which `names` stand between backticks."""
    return [tag("code", part) if number_ % 2 else part for number_, part in enumerate(text.split("`"))]


def link(address: str, text: Child) -> Markup:
    return tag("a", text, href=address)


def _whole(caption: str, heads: Sequence[str], rows: Child, class_: str | None = None) -> Markup:
    head = tag("tr", [_head(text) for text in heads])
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", rows), class_=class_)
    return tag("div", whole, class_="scroll", role="region", aria_label=caption, tabindex=0)


def _labelled(head: str, content: Child) -> Markup:
    label = head.removeprefix("#")
    return cell(tag("span", content), data_label=label, class_="number" if label != head else None)


def _row(row: Sequence[Child]) -> Markup:
    return tag("tr", [one if _is_cell(one) else cell(one) for one in row])


def _head(text: str) -> Markup:
    plain = text.removeprefix("#")
    return tag("th", plain, scope="col", class_="number" if plain != text else None)


def _is_cell(child: Child) -> bool:
    return isinstance(child, Markup) and child.startswith(("<td", "<th"))
