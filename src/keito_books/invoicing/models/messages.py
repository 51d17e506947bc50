"""E-mails about invoices, as they were sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from keito_books.invoicing.models.base import OfWorkspace
from keito_books.invoicing.models.invoices import Invoice
from keito_books.workspaces.models import Person


class MessageKind(models.TextChoices):
    SEND = "send", "Invoice"
    REMINDER = "reminder", "Reminder"
    THANK_YOU = "thank_you", "Thank you"


class Delivery(models.TextChoices):
    WAITING = "waiting", "Waiting"
    HANDED_OVER = "handed_over", "Sent"
    FAILED = "failed", "Not sent"


class InvoiceMessage(OfWorkspace):
    """One e-mail. It leaves after the transaction that wrote it; `delivery` says whether our mail server took it."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=16, choices=MessageKind.choices)
    recipients = models.JSONField()
    subject = models.CharField(max_length=255)
    body = models.TextField()
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    delivery = models.CharField(max_length=16, choices=Delivery.choices, default=Delivery.WAITING)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_known"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="message_delivery_known"),
        )

    def __str__(self) -> str:
        return self.subject
