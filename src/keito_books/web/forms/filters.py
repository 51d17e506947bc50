"""Read the filters of a list from its address. What can't be read does not count: addresses get cut and retyped."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from keito_books.invoicing.models import State
from keito_books.invoicing.queries import InvoiceFilter
from keito_books.web.forms.fields import Day
from keito_books.web.integrations.hooks import SYNC_STATUSES

F = TypeVar("F", bound="FilterForm")
OVERDUE = "overdue"


class FilterForm(forms.Form):
    @property
    def wanted(self) -> dict[str, Any]:
        """Return the filters that could be read and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    @property
    def given(self) -> dict[str, str]:
        """Return them as they were written."""
        return {name: self.data[name] for name in self.wanted}

    @property
    def address(self) -> str:
        """Return them as the end of an address."""
        kept = QueryDict(mutable=True)
        kept.update(self.given)
        return f"?{kept.urlencode()}" if kept else ""


class InvoiceFilterForm(FilterForm):
    state = forms.ChoiceField(choices=[*State.choices, (OVERDUE, "Overdue")], required=False)
    sync = forms.ChoiceField(choices=list(SYNC_STATUSES.items()), required=False)
    client = forms.UUIDField(required=False)
    since = Day(required=False)
    until = Day(required=False)
    q = forms.CharField(required=False, max_length=200)

    def invoice_filter(self, *, with_state: bool = True) -> InvoiceFilter:
        wanted = self.wanted
        state = wanted.get("state", "") if with_state else ""
        return InvoiceFilter(
            state="" if state == OVERDUE else state,
            overdue=state == OVERDUE,
            client_id=wanted.get("client"),
            text=wanted.get("q", ""),
            issued_from=wanted.get("since"),
            issued_to=wanted.get("until"),
        )


class SearchForm(FilterForm):
    q = forms.CharField(required=False, max_length=200)
    archived = forms.BooleanField(required=False)


def page_number(request: HttpRequest) -> str:
    return request.GET.get("page", "1")
