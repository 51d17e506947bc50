"""An invoice and its lines; totals and states are written by actions only."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from keito_books.invoicing.models.base import ZERO, OfWorkspace, money_field, percent_field, within_a_hundred
from keito_books.invoicing.models.clients import Client, Project
from keito_books.invoicing.models.settings import ItemCategory
from keito_books.invoicing.models.terms import PaymentTerm, known_term
from keito_books.workspaces.models import Person


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    PAID = "paid", "Paid"
    CLOSED = "closed", "Closed"


class Invoice(OfWorkspace):
    """What a client owes us. Labels and percentages are frozen here, since settings change later.

    `subtotal` is the sum of the lines, `amount` the total the client pays, `due_amount` what is left of it.
    `submission_id` names the form that made it, so that a double click makes one invoice.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=255)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    issue_date = models.DateField()
    due_date = models.DateField()
    payment_term = models.CharField(max_length=16, choices=PaymentTerm.choices)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    subject = models.CharField(max_length=255, blank=True, default="")
    purchase_order = models.CharField(max_length=255, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    currency = models.CharField(max_length=3)

    tax_label = models.CharField(max_length=50, blank=True, default="")
    tax_percent = percent_field(null=True, blank=True)
    tax2_label = models.CharField(max_length=50, blank=True, default="")
    tax2_percent = percent_field(null=True, blank=True)
    discount_percent = percent_field(default=ZERO)

    subtotal = money_field(default=ZERO)
    discount_amount = money_field(default=ZERO)
    tax_amount = money_field(default=ZERO)
    tax2_amount = money_field(default=ZERO)
    amount = money_field(default=ZERO)
    due_amount = money_field(default=ZERO)

    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    submission_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["workspace", "number"], name="invoice_number_unique"),
            models.UniqueConstraint(fields=["workspace", "submission_id"], name="invoice_submission_unique"),
            models.CheckConstraint(condition=~Q(number=""), name="invoice_number_not_empty"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="invoice_state_known"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="invoice_currency_shape"),
            models.CheckConstraint(condition=Q(due_date__gte=F("issue_date")), name="invoice_due_after_issue"),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_end__gte=F("period_start")),
                name="invoice_period_forwards",
            ),
            models.CheckConstraint(condition=known_term("payment_term", "payment_days"), name="invoice_term_known"),
            models.CheckConstraint(condition=within_a_hundred("tax_percent"), name="invoice_tax_percent"),
            models.CheckConstraint(condition=within_a_hundred("tax2_percent"), name="invoice_tax2_percent"),
            models.CheckConstraint(condition=within_a_hundred("discount_percent"), name="invoice_discount_percent"),
            models.CheckConstraint(condition=Q(subtotal__gte=ZERO), name="invoice_subtotal_not_negative"),
            models.CheckConstraint(
                condition=Q(amount=F("subtotal") - F("discount_amount") + F("tax_amount") + F("tax2_amount")),
                name="invoice_amount_adds_up",
            ),
            # Payments never exceed the amount: what is due is kept in the same transaction as every payment.
            models.CheckConstraint(
                condition=Q(due_amount__gte=ZERO, due_amount__lte=F("amount")), name="invoice_due_within_amount"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, due_amount=F("amount"), sent_at__isnull=True)
                | Q(state=State.OPEN, due_amount__gt=ZERO, sent_at__isnull=False)
                | Q(state=State.PAID, due_amount=ZERO, sent_at__isnull=False, paid_at__isnull=False)
                | Q(state=State.CLOSED, sent_at__isnull=False, closed_at__isnull=False),
                name="invoice_state_fits_figures",
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "-issue_date", "-number"], name="invoice_newest_first"),
            models.Index(fields=["workspace", "state", "due_date"], name="invoice_by_state"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_finalized(self) -> bool:
        return self.state != State.DRAFT

    def is_overdue(self, today: date) -> bool:
        return self.state == State.OPEN and self.due_date < today


class InvoiceLine(OfWorkspace):
    """One thing sold. `amount` is quantity times unit price, rounded to the currency; `position` counts from 1."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    category = models.ForeignKey(ItemCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    description = models.TextField(max_length=4000)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    amount = money_field()
    taxed = models.BooleanField(default=False)
    taxed2 = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "position"], name="line_position_unique"),
            models.CheckConstraint(condition=Q(position__gte=1), name="line_position_from_one"),
            models.CheckConstraint(condition=Q(quantity__gte=ZERO), name="line_quantity_not_negative"),
            models.CheckConstraint(condition=~Q(description=""), name="line_description_not_empty"),
        )

    def __str__(self) -> str:
        return self.description
