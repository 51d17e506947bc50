"""Money that a client paid."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from keito_books.invoicing.models.base import ZERO, OfWorkspace, money_field
from keito_books.invoicing.models.invoices import Invoice
from keito_books.workspaces.models import Person

# Crockford's alphabet: no I, L, O and U, which are misread or spell words.
MARKER = r"^KP-[0-9A-HJKMNP-TV-Z]{8}$"


class Payment(OfWorkspace):
    """A payment towards one invoice, in its currency. A deleted one stays, marked, for the trail.

    `marker` (KP-7F3K9Q2M) is public, unique everywhere and short enough to travel in a bank reference.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    marker = models.CharField(max_length=16)
    amount = money_field()
    paid_on = models.DateField()
    notes = models.TextField(blank=True, default="")
    transaction_id = models.CharField(max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    deleted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)
    submission_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["marker"], name="payment_marker_unique"),
            models.UniqueConstraint(fields=["workspace", "submission_id"], name="payment_submission_unique"),
            models.CheckConstraint(condition=Q(marker__regex=MARKER), name="payment_marker_shape"),
            models.CheckConstraint(condition=Q(amount__gt=ZERO), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_by__isnull=True)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="payment_deleted_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["invoice", "paid_on", "id"], name="payment_by_invoice"),)

    def __str__(self) -> str:
        return self.marker

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None
