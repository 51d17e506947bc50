"""Change what new invoices of a workspace start from."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from keito_books.invoicing import checks, numbering, trail
from keito_books.invoicing.drafts import SettingsDetails
from keito_books.invoicing.errors import InvalidValue
from keito_books.invoicing.models import InvoiceSettings
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, require

_NEXT_NUMBER_MAX = 999_999_999
_LABEL_LENGTH = 50


@transaction.atomic
def update_settings(details: SettingsDetails, *, by: Membership, now: datetime) -> InvoiceSettings:
    """Replace the settings. Invoices that exist keep what they have."""
    require(by, Ability.MANAGE_SETTINGS)
    settings = numbering.lock_settings(by.workspace)
    settings.number_pattern = numbering.check_pattern(details.number_pattern)
    settings.next_number = _check_next_number(details.next_number)
    settings.tax_percent = checks.optional_percent(details.tax_percent, "Tax 1", field="tax_percent")
    settings.tax2_percent = checks.optional_percent(details.tax2_percent, "Tax 2", field="tax2_percent")
    settings.tax_label = _check_label(details.tax_label, "Tax 1", field="tax_label")
    settings.tax2_label = _check_label(details.tax2_label, "Tax 2", field="tax2_label")
    settings.payment_term, settings.payment_days = checks.term(details.payment_term, details.payment_days)
    settings.notes = checks.text(details.notes, "The default notes", field="notes")
    settings.footer = checks.text(details.footer, "The footer", field="footer")
    settings.email_subject = checks.line_of_text(
        details.email_subject, "The e-mail subject", field="email_subject", required=True
    )
    settings.email_body = checks.text(details.email_body, "The e-mail text", field="email_body", required=True)
    settings.save()  # all fields, since the row is locked and replaced as a whole
    trail.about_settings("settings.changed", by=by, now=now)
    return settings


def _check_next_number(value: int) -> int:
    if not 1 <= value <= _NEXT_NUMBER_MAX:
        raise InvalidValue(f"The next number must be between 1 and {_NEXT_NUMBER_MAX:,}.", field="next_number")
    return value


def _check_label(value: str, tax: str, *, field: str) -> str:
    return checks.line_of_text(value, f"The label of {tax}", field=field, limit=_LABEL_LENGTH)
