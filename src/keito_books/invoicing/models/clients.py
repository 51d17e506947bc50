"""Whom we invoice, whom we write to there, and what we do for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from keito_books.invoicing.models.base import OfWorkspace, percent_field, within_a_hundred
from keito_books.invoicing.models.terms import PaymentTerm, known_term


class Client(OfWorkspace):
    """A company or person that gets invoices. Empty terms, taxes and discount mean: as in the invoice settings."""

    name = models.CharField(max_length=255)
    street = models.CharField(max_length=500, blank=True, default="")
    city = models.CharField(max_length=255, blank=True, default="")
    region = models.CharField(max_length=255, blank=True, default="")
    postal_code = models.CharField(max_length=50, blank=True, default="")
    country = models.CharField(max_length=50, blank=True, default="")
    phone = models.CharField(max_length=50, blank=True, default="")
    email = models.EmailField(max_length=254, blank=True, default="")
    tax_number = models.CharField(max_length=50, blank=True, default="")
    currency = models.CharField(max_length=3)
    payment_term = models.CharField(max_length=16, choices=PaymentTerm.choices, blank=True, default="")
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    tax_percent = percent_field(null=True, blank=True)
    tax2_percent = percent_field(null=True, blank=True)
    discount_percent = percent_field(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="client_name_not_empty"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="client_currency_shape"),
            models.CheckConstraint(
                condition=Q(payment_term="", payment_days__isnull=True) | known_term("payment_term", "payment_days"),
                name="client_term_known",
            ),
            models.CheckConstraint(condition=within_a_hundred("tax_percent"), name="client_tax_percent"),
            models.CheckConstraint(condition=within_a_hundred("tax2_percent"), name="client_tax2_percent"),
            models.CheckConstraint(condition=within_a_hundred("discount_percent"), name="client_discount_percent"),
        )
        indexes = (models.Index("workspace", Lower("name"), name="client_by_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class ClientContact(OfWorkspace):
    """A person at a client; the first one with an e-mail address gets the invoices."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255, blank=True, default="")
    title = models.CharField(max_length=255, blank=True, default="")
    email = models.EmailField(max_length=254, blank=True, default="")
    phone_office = models.CharField(max_length=50, blank=True, default="")
    phone_mobile = models.CharField(max_length=50, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(first_name=""), name="contact_first_name_not_empty"),)

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Project(OfWorkspace):
    """Work for one client."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=255)
    code = models.CharField(max_length=50, blank=True, default="")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="project_name_not_empty"),)

    def __str__(self) -> str:
        return f"[{self.code}] {self.name}" if self.code else self.name
