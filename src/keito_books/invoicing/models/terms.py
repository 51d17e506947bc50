"""When an invoice is due."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Q


class PaymentTerm(models.TextChoices):
    UPON_RECEIPT = "upon_receipt", "Upon Receipt"
    NET_15 = "net_15", "Net 15"
    NET_30 = "net_30", "Net 30"
    NET_45 = "net_45", "Net 45"
    NET_60 = "net_60", "Net 60"
    CUSTOM = "custom", "Custom"


_DAYS = {
    PaymentTerm.UPON_RECEIPT: 0,
    PaymentTerm.NET_15: 15,
    PaymentTerm.NET_30: 30,
    PaymentTerm.NET_45: 45,
    PaymentTerm.NET_60: 60,
}


def days_of(term: str, custom_days: int | None) -> int:
    """Return the days between issue and due date."""
    if term == PaymentTerm.CUSTOM:
        return custom_days or 0
    return _DAYS[PaymentTerm(term)]


def due_on(issued_on: date, term: str, custom_days: int | None) -> date:
    return issued_on + timedelta(days=days_of(term, custom_days))


def known_term(term: str, days: str) -> Q:
    """Demand a known term, and days with Custom and only with Custom."""
    fixed = Q(**{f"{term}__in": [each.value for each in _DAYS], f"{days}__isnull": True})
    return fixed | Q(**{term: PaymentTerm.CUSTOM.value, f"{days}__isnull": False, f"{days}__gte": 0})
