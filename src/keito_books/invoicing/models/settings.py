"""What new invoices of a workspace start from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from keito_books.invoicing.models.base import OfWorkspace, percent_field, within_a_hundred
from keito_books.invoicing.models.terms import PaymentTerm, known_term

DEFAULT_PATTERN = "INV-{YYYY}-{####}"
DEFAULT_SUBJECT = "Invoice {number} from {company}"
DEFAULT_BODY = (
    "Dear {client},\n\n"
    "Please find our invoice {number} of {issue_date} over {amount}, due on {due_date}.\n\n"
    "Kind regards,\n{company}"
)


class InvoiceSettings(OfWorkspace):
    """One row per workspace. A tax without a percentage is not used."""

    number_pattern = models.CharField(max_length=64, default=DEFAULT_PATTERN)
    next_number = models.PositiveIntegerField(default=1)
    tax_label = models.CharField(max_length=50, blank=True, default="")
    tax_percent = percent_field(null=True, blank=True)
    tax2_label = models.CharField(max_length=50, blank=True, default="")
    tax2_percent = percent_field(null=True, blank=True)
    payment_term = models.CharField(max_length=16, choices=PaymentTerm.choices, default=PaymentTerm.NET_30)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    notes = models.TextField(blank=True, default="")
    footer = models.TextField(blank=True, default="")
    email_subject = models.CharField(max_length=255, default=DEFAULT_SUBJECT)
    email_body = models.TextField(default=DEFAULT_BODY)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["workspace"], name="settings_one_per_workspace"),
            models.CheckConstraint(condition=Q(next_number__gte=1), name="settings_next_number_positive"),
            models.CheckConstraint(condition=within_a_hundred("tax_percent"), name="settings_tax_percent"),
            models.CheckConstraint(condition=within_a_hundred("tax2_percent"), name="settings_tax2_percent"),
            models.CheckConstraint(condition=known_term("payment_term", "payment_days"), name="settings_term_known"),
        )

    def __str__(self) -> str:
        return f"Invoice settings of {self.workspace}"


class ItemCategory(OfWorkspace):
    """What kind of thing a line sells, such as Service or Product."""

    name = models.CharField(max_length=255)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint("workspace", Lower("name"), name="category_name_unique"),)

    def __str__(self) -> str:
        return self.name
