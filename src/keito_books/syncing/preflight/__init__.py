"""Say what Xero would refuse, what needs an answer and what is good to know, before anything is sent and at no call."""

from __future__ import annotations

from keito_books.syncing.preflight.checking import Report, check, report
from keito_books.syncing.preflight.findings import Finding, Severity

__all__ = ["Finding", "Report", "Severity", "check", "report"]
