"""The invoice editor: head, lines and totals, read from a browser or filled from a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from keito_books.invoicing.checks import LINES_MAX
from keito_books.invoicing.currencies import CURRENCIES
from keito_books.invoicing.drafts import InvoiceDraft, LineDraft
from keito_books.invoicing.errors import BooksError
from keito_books.invoicing.models import Client, ItemCategory, PaymentTerm, Project
from keito_books.invoicing.totals import Item, Totals, add_up
from keito_books.web import formatting
from keito_books.web.forms.fields import Day, Form, Number, Pick, Submission, WholeNumber, long_text

_LARGEST = Decimal(10) ** 15
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of the editor offer."""

    clients: Sequence[Client]
    projects: Sequence[Project]
    categories: Sequence[ItemCategory]
    tax_labels: tuple[str, str] = ("", "")  # as in the invoice settings

    def projects_of(self, client: Client | None) -> list[Project]:
        return [project for project in self.projects if client is not None and project.client_id == client.pk]


class HeadForm(Form):
    """Everything of an invoice but its lines."""

    client = Pick()
    number = forms.CharField(label="Invoice number", required=False)
    issue_date = Day(label="Issue date")
    payment_term = forms.ChoiceField(label="Payment terms", choices=PaymentTerm.choices)
    payment_days = WholeNumber(label="Days", required=False)
    due_date = Day(label="Due date", required=False)
    purchase_order = forms.CharField(label="PO number", required=False)
    subject = forms.CharField(required=False)
    currency = forms.ChoiceField(required=False, choices=[("", "The client’s"), *((c, c) for c in sorted(CURRENCIES))])
    period_start = Day(label="Period from", required=False)
    period_end = Day(label="Period to", required=False)
    tax_percent = Number(required=False)
    tax2_percent = Number(required=False)
    discount_percent = Number(label="Discount", required=False)
    notes = forms.CharField(required=False, widget=long_text())
    submission_id = Submission(required=False)
    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, choices: Choices, draft: InvoiceDraft | None, **options: Any) -> None:
        super().__init__(**options)
        self.fields["client"] = Pick(choices.clients, nothing="Choose a client", label="Client")
        self.fields["client"].error_messages["required"] = "Choose the client who gets this invoice."
        self.fields["tax_percent"].label = (draft and draft.tax_label) or choices.tax_labels[0] or "Tax 1"
        self.fields["tax2_percent"].label = (draft and draft.tax2_label) or choices.tax_labels[1] or "Tax 2"


class LineForm(Form):
    amount: Decimal | None = None  # what the line comes to, set when the editor is added up

    category = Pick(required=False)
    project = Pick(required=False)
    description = forms.CharField(widget=forms.Textarea(attrs={"rows": 1}), required=False)
    quantity = Number(required=False)
    unit_price = Number(label="Unit price", required=False)
    taxed = forms.BooleanField(required=False)
    taxed2 = forms.BooleanField(required=False)

    def __init__(self, key: int, choices: Choices, client: Client | None, **options: Any) -> None:
        super().__init__(prefix=f"lines-{key}", **options)
        self.key = key
        self.fields["category"] = Pick(choices.categories, nothing="None", required=False, label="Category")
        self.fields["project"] = Pick(choices.projects_of(client), nothing="None", required=False, label="Project")

    def item(self) -> Item:
        """Return what the line adds, as far as it can be read: totals are shown while people still type."""
        quantity, price = readable(self["quantity"].value()), readable(self["unit_price"].value())
        return Item(
            quantity or _ZERO,
            price or _ZERO,
            taxed=bool(self["taxed"].value()),
            taxed2=bool(self["taxed2"].value()),
        )

    def draft(self) -> LineDraft:
        kept = self.cleaned_data
        return LineDraft(
            description=kept["description"],
            quantity=kept["quantity"] if kept["quantity"] is not None else Decimal(1),
            unit_price=kept["unit_price"] or _ZERO,
            taxed=kept["taxed"],
            taxed2=kept["taxed2"],
            category=kept["category"],
            project=kept["project"],
        )

    @property
    def is_blank(self) -> bool:
        """Say whether nobody wrote anything here: such lines are left out."""
        return not (self["description"].value() or "").strip() and not (self["unit_price"].value() or "").strip()


@dataclass(slots=True)
class Editor:
    """An invoice being written. `basis` gives what the form does not ask for, such as the labels of the taxes."""

    head: HeadForm
    lines: list[LineForm]
    choices: Choices
    basis: InvoiceDraft | None

    @property
    def client(self) -> Client | None:
        chosen = str(self.head["client"].value() or "")
        return next((client for client in self.choices.clients if str(client.pk) == chosen), None)

    @property
    def currency(self) -> str:
        return str(self.head["currency"].value() or "") or (self.client.currency if self.client else "")

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *[line.is_valid() for line in self.kept_lines()]])

    def kept_lines(self) -> list[LineForm]:
        return [line for line in self.lines if not line.is_blank]

    def totals(self, currency: str) -> Totals:
        return add_up(
            [line.item() for line in self.lines],
            currency=currency,
            discount_percent=self.discount or _ZERO,
            tax_percent=self.tax,
            tax2_percent=self.tax2,
        )

    @property
    def discount(self) -> Decimal | None:
        return self._percent("discount_percent")

    @property
    def tax(self) -> Decimal | None:
        return self._percent("tax_percent")

    @property
    def tax2(self) -> Decimal | None:
        return self._percent("tax2_percent")

    def draft(self) -> InvoiceDraft:
        """Return what was typed; the forms must be valid."""
        kept = dict(self.head.cleaned_data)
        for name in ("submission_id", "seen_at"):
            del kept[name]
        kept["discount_percent"] = kept["discount_percent"] or _ZERO
        return InvoiceDraft(
            lines=tuple(line.draft() for line in self.kept_lines()),
            tax_label=self.basis.tax_label if self.basis else "",
            tax2_label=self.basis.tax2_label if self.basis else "",
            **kept,
        )

    def refuse(self, problem: BooksError) -> None:
        """Put a refusal beside the field that it is about."""
        place, _, rest = problem.field.partition(".")
        position, _, name = rest.partition(".")
        kept = self.kept_lines()
        if place == "lines" and position.isdigit() and int(position) < len(kept) and name in kept[int(position)].fields:
            kept[int(position)].add_error(name, problem.sentence)
        else:
            self.head.add_error(problem.field if problem.field in self.head.fields else None, problem.sentence)

    def blank_line(self, key: int) -> LineForm:
        taxes = {"taxed": bool(self._value("tax_percent")), "taxed2": bool(self._value("tax2_percent"))}
        return LineForm(key, self.choices, self.client, initial={"quantity": "1", **taxes})

    def next_key(self) -> int:
        return max((line.key for line in self.lines), default=-1) + 1

    def _percent(self, name: str) -> Decimal | None:
        return readable(self.head[name].value())

    def _value(self, name: str) -> str:
        return str(self.head[name].value() or "")


def editor_from_draft(draft: InvoiceDraft, choices: Choices, *, due: date) -> Editor:
    """Fill the editor from a draft."""
    editor = Editor(HeadForm(choices, draft, initial=_initial(draft, due=due)), [], choices, draft)
    editor.lines = [_line_from_draft(key, line, editor) for key, line in enumerate(draft.lines)]
    editor.lines = editor.lines or [editor.blank_line(0)]
    return editor


def blank_editor(choices: Choices, *, today: date, usual: Mapping[str, object]) -> Editor:
    """Return the editor of an invoice whose client is not chosen yet."""
    initial = {"issue_date": today, "submission_id": uuid4(), **usual}
    editor = Editor(HeadForm(choices, None, initial=initial), [], choices, None)
    editor.lines = [editor.blank_line(0)]
    return editor


def editor_from_browser(data: QueryDict, choices: Choices, basis: InvoiceDraft | None) -> Editor:
    """Read the editor as it was sent, lines in the order of the page."""
    editor = Editor(HeadForm(choices, basis, data=data), [], choices, basis)
    keys = [int(key) for key in data.getlist("line") if key.isascii() and key.isdigit() and len(key) < 6]  # noqa: PLR2004
    client = editor.client
    # One more than is possible goes on, so that the refusal can say so.
    unique = list(dict.fromkeys(keys))[: LINES_MAX + 1]
    editor.lines = [LineForm(key, choices, client, data=data) for key in unique]
    return editor


def for_another_client(editor: Editor, draft: InvoiceDraft, *, due: date) -> Editor:
    """Return the editor with another client's terms, taxes and discount, and everything else as typed."""
    kept = {"currency": str(editor.head["currency"].value() or "")}
    head = HeadForm(editor.choices, draft, initial={**_initial(draft, due=due), **kept})
    again = Editor(head, [], editor.choices, draft)
    again.lines = [_line_as_typed(line, again) for line in editor.lines]
    return again


def _initial(draft: InvoiceDraft, *, due: date) -> dict[str, Any]:
    return {
        "client": str(draft.client.pk),
        "number": draft.number,
        "issue_date": draft.issue_date,
        "payment_term": draft.payment_term,
        "payment_days": draft.payment_days,
        "due_date": draft.due_date or due,
        "purchase_order": draft.purchase_order,
        "subject": draft.subject,
        # Empty: the client's, so that it follows when another client is chosen.
        "currency": "" if draft.currency == draft.client.currency else draft.currency,
        "period_start": draft.period_start,
        "period_end": draft.period_end,
        "tax_percent": formatting.typed_number(draft.tax_percent),
        "tax2_percent": formatting.typed_number(draft.tax2_percent),
        "discount_percent": formatting.typed_number(draft.discount_percent) if draft.discount_percent else "",
        "notes": draft.notes,
        "submission_id": uuid4(),
    }


def _line_from_draft(key: int, line: LineDraft, editor: Editor) -> LineForm:
    initial = {
        "category": _key(line.category),
        "project": _key(line.project),
        "description": line.description,
        "quantity": formatting.typed_number(line.quantity),
        "unit_price": formatting.typed_price(line.unit_price, editor.currency),
        "taxed": line.taxed,
        "taxed2": line.taxed2,
    }
    return LineForm(key, editor.choices, editor.client, initial=initial)


def _line_as_typed(line: LineForm, editor: Editor) -> LineForm:
    typed = {name: line[name].value() for name in line.fields}
    return LineForm(line.key, editor.choices, editor.client, initial=typed)


def _key(row: ItemCategory | Project | None) -> str:
    return "" if row is None else str(row.pk)


def readable(typed: object) -> Decimal | None:
    """Return a number that is typed, or None while it can't be read or is beyond all that can be kept."""
    try:
        number = Number(required=False).clean(typed)
    except ValidationError:
        return None
    return number if number is None or abs(number) <= _LARGEST else None


def submission_of(head: HeadForm) -> UUID | None:
    value: UUID | None = head.cleaned_data["submission_id"]
    return value


def seen_at(head: HeadForm) -> datetime | None:
    """Return when the draft that the form was filled from was saved; None when the form does not say so."""
    try:
        return datetime.fromisoformat(head.cleaned_data["seen_at"])
    except ValueError:
        return None
