"""Lock dates and due dates (xero-api reference 6.7 and 7)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from xero_sandbox import messages
from xero_sandbox.records.contact import PaymentTerm
from xero_sandbox.records.organisation import Organisation

MONTHS = 12


def lock_problems(organisation: Organisation, dated: date, *, adviser: bool) -> list[str]:
    """A document dated on or before a lock is closed; advisers may still post before the period lock (6.7)."""
    year_lock, period_lock = organisation.end_of_year_lock_date, organisation.period_lock_date
    if year_lock and dated <= year_lock:
        return [messages.before_year_lock(year_lock)]
    if period_lock and dated <= period_lock and not adviser:
        return [messages.before_period_lock(period_lock)]
    return []


def due_by_terms(terms: PaymentTerm | None, dated: date) -> date | None:
    """Return the date that payment terms give a document; that the API applies them is assumed (open question 6)."""
    if terms is None:
        return None
    match terms.type:
        case "DAYSAFTERBILLDATE":
            return dated + timedelta(days=terms.day)
        case "DAYSAFTERBILLMONTH":
            return _in_month(dated, 0, 31) + timedelta(days=terms.day)
        case "OFCURRENTMONTH":
            return _in_month(dated, 0, terms.day)
        case _:
            return _in_month(dated, 1, terms.day)


def _in_month(dated: date, later: int, day: int) -> date:
    months = dated.year * MONTHS + dated.month - 1 + later
    year, month = months // MONTHS, months % MONTHS + 1
    return date(year, month, max(1, min(day, calendar.monthrange(year, month)[1])))
