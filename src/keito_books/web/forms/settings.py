"""Company, invoice settings, categories and people, as typed."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms

from keito_books.invoicing.currencies import CURRENCIES
from keito_books.invoicing.drafts import SettingsDetails
from keito_books.invoicing.models import InvoiceSettings, PaymentTerm
from keito_books.web import formatting
from keito_books.web.forms.client import MakingForm
from keito_books.web.forms.fields import Form, Number, WholeNumber, long_text
from keito_books.workspaces.actions import CompanyDetails, Rights
from keito_books.workspaces.models import Role


class CompanyForm(Form):
    name = forms.CharField(label="Name")
    address = forms.CharField(label="Address", required=False, widget=long_text(4))
    phone = forms.CharField(label="Phone", required=False)
    tax_number = forms.CharField(label="Tax number", required=False)
    currency = forms.ChoiceField(
        label="Currency",
        choices=[(code, code) for code in sorted(CURRENCIES)],
        help_text="For new clients. Clients and invoices that exist keep theirs.",
    )
    time_zone = forms.ChoiceField(
        label="Time zone", choices=[(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
    )

    def details(self) -> CompanyDetails:
        return CompanyDetails(**self.cleaned_data)


class InvoiceSettingsForm(Form):
    number_pattern = forms.CharField(
        label="Number pattern",
        help_text="{YYYY} is the year, {####} the counter: INV-{YYYY}-{####} gives INV-2026-0001.",
    )
    next_number = WholeNumber(label="Next number")
    tax_label = forms.CharField(label="Tax 1: label", required=False)
    tax_percent = Number(label="Tax 1: rate", required=False, help_text="Empty: not used.")
    tax2_label = forms.CharField(label="Tax 2: label", required=False)
    tax2_percent = Number(label="Tax 2: rate", required=False, help_text="Empty: not used.")
    payment_term = forms.ChoiceField(
        label="Payment terms",
        choices=PaymentTerm.choices,
        widget=forms.Select(attrs={"data-shows": "custom-days", "data-shows-for": "custom"}),
    )
    payment_days = WholeNumber(label="Days", required=False)
    notes = forms.CharField(label="Notes on new invoices", required=False, widget=long_text(3))
    footer = forms.CharField(label="Footer of every invoice", required=False, widget=long_text(2))
    email_subject = forms.CharField(label="E-mail subject")
    email_body = forms.CharField(
        label="E-mail text",
        widget=long_text(7),
        help_text="{number}, {company}, {client}, {amount}, {issue_date} and {due_date} are filled in.",
    )

    def details(self) -> SettingsDetails:
        return SettingsDetails(**self.cleaned_data)


class CategoryForm(MakingForm):
    name = forms.CharField(label="Name")


class RightsForm(Form):
    role = forms.ChoiceField(
        label="Role",
        choices=Role.choices,
        widget=forms.Select(attrs={"data-shows": "manager-toggles", "data-shows-for": Role.MANAGER.value}),
    )
    may_draft_invoices = forms.BooleanField(
        label="Draft invoices", required=False, help_text="Write drafts for somebody else to send."
    )
    may_send_invoices = forms.BooleanField(
        label="Send/edit invoices",
        required=False,
        help_text="Send, close and revert invoices, record payments, copy to Xero.",
    )

    def rights(self) -> Rights:
        kept = self.cleaned_data
        return Rights(kept["role"], kept["may_draft_invoices"], kept["may_send_invoices"])


class PersonForm(RightsForm):
    email = forms.CharField(label="E-mail address", widget=forms.EmailInput)
    name = forms.CharField(label="Name")
    field_order = ("email", "name", "role", "may_draft_invoices", "may_send_invoices")


def initial_of_settings(settings: InvoiceSettings) -> dict[str, object]:
    kept = {name: getattr(settings, name) for name in SettingsDetails.__dataclass_fields__}
    for name in ("tax_percent", "tax2_percent"):
        kept[name] = formatting.typed_number(kept[name])
    return kept
