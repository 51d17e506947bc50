"""Make invoice numbers from a pattern such as INV-{YYYY}-{####}."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from keito_books.invoicing.books import open_books
from keito_books.invoicing.checks import NAME_LENGTH, line_of_text
from keito_books.invoicing.errors import InvalidValue, NumberTaken
from keito_books.invoicing.models import Invoice, InvoiceSettings
from keito_books.workspaces.models import Workspace

_COUNTER = re.compile(r"\{(#+)\}")
_VARIABLE = re.compile(r"\{[^{}]*\}")
_CHUNK = 100
_CHUNKS_MAX = 1000


def fill(pattern: str, count: int, issued_on: date) -> str:
    """Return the number for a count: {YYYY} is the year of issue, {####} the count, padded to as many digits."""
    with_year = pattern.replace("{YYYY}", f"{issued_on.year:04d}")
    return _COUNTER.sub(lambda found: str(count).zfill(len(found.group(1))), with_year)


def check_pattern(pattern: str) -> str:
    kept = _printable(line_of_text(pattern, "The number pattern", field="number_pattern", limit=64, required=True))
    unknown = [each for each in _VARIABLE.findall(kept) if each != "{YYYY}" and not _COUNTER.fullmatch(each)]
    if unknown:
        raise InvalidValue(
            f"The number pattern can hold {{YYYY}} and {{####}}, not {unknown[0]}.", field="number_pattern"
        )
    if len(_COUNTER.findall(kept)) != 1:
        raise InvalidValue(
            "The number pattern needs {####} once: it is what makes one number differ from the next.",
            field="number_pattern",
        )
    return kept


def check_number(number: str) -> str:
    return _printable(
        line_of_text(number, "The invoice number", field="number", limit=NAME_LENGTH, required=True), field="number"
    )


def lock_settings(workspace: Workspace) -> InvoiceSettings:
    """Return the workspace's settings, locked: while they are, nobody else gives or takes a number."""
    open_books(workspace)
    return InvoiceSettings.objects.select_for_update().get(workspace=workspace)


def propose(settings: InvoiceSettings, issued_on: date) -> str:
    """Return the next number that is free now, without taking it; empty when the next ones are all in use."""
    return next((number for _, number in _free(settings, settings.next_number, issued_on)), "")


def take_next(settings: InvoiceSettings, issued_on: date) -> str:
    """Return the next free number and move the counter behind it; the settings must be locked."""
    for first in range(settings.next_number, settings.next_number + _CHUNK * _CHUNKS_MAX, _CHUNK):
        for count, number in _free(settings, first, issued_on):
            settings.next_number = count + 1
            settings.save(update_fields=["next_number"])
            return number
    raise NumberTaken(
        "The next invoice numbers are all in use. Set a higher next number in the invoice settings.", field="number"
    )


def require_free(settings: InvoiceSettings, number: str, *, but: Invoice | None = None) -> None:
    """Raise NumberTaken when another invoice has the number; the settings must be locked."""
    others = Invoice.objects.filter(workspace_id=settings.workspace_id, number=number)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise NumberTaken(f"Another invoice already has the number {number}. Choose a different one.", field="number")


def _free(settings: InvoiceSettings, first: int, issued_on: date) -> Iterator[tuple[int, str]]:
    candidates = {count: fill(settings.number_pattern, count, issued_on) for count in range(first, first + _CHUNK)}
    taken = set(
        Invoice.objects.filter(workspace_id=settings.workspace_id, number__in=candidates.values()).values_list(
            "number", flat=True
        )
    )
    return ((count, number) for count, number in candidates.items() if number not in taken)


def _printable(value: str, *, field: str = "number_pattern") -> str:
    # Accounting systems take printable ASCII for numbers, and people dictate them on the phone.
    if not value.isascii():
        raise InvalidValue(
            "Invoice numbers can hold the letters A to Z, digits and ordinary signs, so that every accounting "
            "system takes them.",
            field=field,
        )
    return value
