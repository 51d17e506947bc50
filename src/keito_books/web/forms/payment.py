"""Record Payment and Send Invoice, as typed."""

from __future__ import annotations

import re

from django import forms

from keito_books.invoicing.drafts import Letter
from keito_books.web.forms.fields import Day, Form, Number, Submission, long_text


class PaymentForm(Form):
    amount = Number(label="Amount")
    paid_on = Day(label="Date")
    transaction_id = forms.CharField(
        label="Transaction ID", required=False, help_text="The bank’s or card company’s reference, for reconciliation."
    )
    notes = forms.CharField(required=False, widget=long_text(2))
    submission_id = Submission()


class LetterForm(Form):
    recipients = forms.CharField(label="To", help_text="Several addresses: put commas between them.")
    subject = forms.CharField(label="Subject")
    body = forms.CharField(label="Message", widget=long_text(8))

    def letter(self) -> Letter:
        kept = self.cleaned_data
        addresses = tuple(part for part in re.split(r"[\s,;]+", kept["recipients"]) if part)
        return Letter(addresses, kept["subject"], kept["body"])
