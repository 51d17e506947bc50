"""Fields that read numbers, dates and choices as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

_PLAIN = re.compile(r"[-\u2212]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?")
_DIGITS_MAX = 40


class Row(Protocol):
    pk: UUID


class Form(forms.Form):
    """A form whose sentences name the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.label:
                field.error_messages["required"] = f"{field.label} is missing. Please fill it in."


class Number(forms.Field):
    """A decimal number, with or without commas between the thousands. A comma is never taken for a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        written = re.sub(r"\s", "", str(value or ""))
        if not written:
            return None
        plain = written.replace(",", "").replace("\u2212", "-")
        if not _PLAIN.fullmatch(written) or not any(map(str.isdigit, plain)) or len(plain) > _DIGITS_MAX:
            raise ValidationError("Write a number such as 1,234.50, with a point before the decimals.")
        return Decimal(plain)


class WholeNumber(Number):
    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # a narrower number
        number = super().to_python(value)
        if number is not None and number != number.to_integral_value():
            raise ValidationError("Write a whole number.")
        return None if number is None else int(number)


class Day(forms.DateField):
    """A date; browsers send 2026-11-22, people without a date picker may write 22/11/2026 or 22 Nov 2026."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d %B %Y"])
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)
        self.error_messages["invalid"] = "Write a date such as 22/11/2026."


class Pick(forms.TypedChoiceField):
    """A choice between rows that are already read, so that a form with many lines asks the database once."""

    def __init__(self, rows: Iterable[Row] = (), *, nothing: str = "", **options: Any) -> None:
        by_key = {str(row.pk): row for row in rows}
        choices = [("", nothing), *((key, str(row)) for key, row in by_key.items())]
        super().__init__(choices=choices, coerce=by_key.__getitem__, empty_value=None, **options)
        self.error_messages["invalid_choice"] = "Choose one from the list."


class Submission(forms.UUIDField):
    """The hidden name of one filling-in of a form, so that sending it twice makes one thing."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        sentence = "This form was damaged on its way. Reload the page and fill it in again."
        self.error_messages.update(invalid=sentence, required=sentence)


def long_text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})
