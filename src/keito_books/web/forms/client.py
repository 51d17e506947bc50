"""Clients, their contacts and projects, as typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms

from keito_books.invoicing.currencies import CURRENCIES
from keito_books.invoicing.drafts import ClientDetails, ContactDetails
from keito_books.invoicing.models import Client, ClientContact, PaymentTerm, Project
from keito_books.web import formatting
from keito_books.web.forms.fields import Form, Number, Pick, Submission, WholeNumber


class MakingForm(Form):
    """A form for something new, which carries the name of its submission."""

    submission_id = Submission(initial=uuid4)


class ClientForm(MakingForm):
    name = forms.CharField(label="Name")
    email = forms.CharField(label="E-mail address", required=False, widget=forms.EmailInput)
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    street = forms.CharField(label="Street", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    city = forms.CharField(label="City", required=False)
    region = forms.CharField(label="State or province", required=False)
    postal_code = forms.CharField(label="Postal code", required=False)
    country = forms.CharField(label="Country", required=False)
    tax_number = forms.CharField(label="Tax number", required=False)
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in sorted(CURRENCIES)])
    payment_term = forms.ChoiceField(
        label="Payment terms",
        required=False,
        choices=[("", "As in the invoice settings"), *PaymentTerm.choices],
        widget=forms.Select(attrs={"data-shows": "custom-days", "data-shows-for": "custom"}),
    )
    payment_days = WholeNumber(label="Days", required=False)
    tax_percent = Number(label="Tax 1", required=False, help_text="Empty: as in the invoice settings.")
    tax2_percent = Number(label="Tax 2", required=False, help_text="Empty: as in the invoice settings.")
    discount_percent = Number(label="Discount", required=False)

    def details(self) -> ClientDetails:
        return ClientDetails(**_without_submission(self.cleaned_data))


class ContactForm(MakingForm):
    first_name = forms.CharField(label="First name")
    last_name = forms.CharField(label="Last name", required=False)
    title = forms.CharField(label="Title", required=False, help_text="Such as Head of finance.")
    email = forms.CharField(label="E-mail address", required=False, widget=forms.EmailInput)
    phone_office = forms.CharField(label="Office phone", required=False)
    phone_mobile = forms.CharField(label="Mobile phone", required=False)

    def details(self) -> ContactDetails:
        return ContactDetails(**_without_submission(self.cleaned_data))


class ProjectForm(MakingForm):
    client = Pick()
    name = forms.CharField(label="Name")
    code = forms.CharField(label="Code", required=False, help_text="Such as ACME-WEB; it stands before the name.")

    def __init__(self, clients: Iterable[Client], *, project: Project | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.fields["client"] = Pick(clients, nothing="Choose a client", label="Client")
        self.fields["client"].error_messages["required"] = "Choose the client of the project."
        if project is not None:
            del self.fields["client"]


def initial_of(client: Client) -> dict[str, object]:
    """Return a client as it would be typed."""
    kept = {name: getattr(client, name) for name in ClientDetails.__dataclass_fields__}
    for name in ("tax_percent", "tax2_percent", "discount_percent"):
        kept[name] = formatting.typed_number(kept[name])
    return kept


def initial_of_contact(contact: ClientContact) -> dict[str, object]:
    return {name: getattr(contact, name) for name in ContactDetails.__dataclass_fields__}


def _without_submission(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cleaned.items() if name != "submission_id"}
