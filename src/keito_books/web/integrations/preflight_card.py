"""What the page of an invoice says before Copy to Xero: findings with the way to mend each, and how old they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keito_books.invoicing.models import Invoice
from keito_books.syncing.preflight import Finding, Report, Severity
from keito_books.web.integrations.places import address_of


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding, and where it is mended; `address` is empty where nothing of ours mends it."""

    finding: Finding
    address: str

    @property
    def is_grave(self) -> bool:
        return self.finding.severity is not Severity.INFORMATION


@dataclass(frozen=True, slots=True)
class PreflightCard:
    """Findings in words; `told` is the code that the card tells anyway, since the invoice failed with it."""

    invoice: Invoice
    report: Report
    slug: str
    told: str = ""

    @property
    def grave(self) -> Sequence[FindingShown]:
        return [each for each in self._shown if each.is_grave and each.finding.code != self.told]

    @property
    def remarks(self) -> Sequence[FindingShown]:
        return [each for each in self._shown if not each.is_grave]

    @property
    def is_ready(self) -> bool:
        return not any(each.finding.holds_back for each in self._shown)

    @property
    def asks_about_lock(self) -> bool:
        return any(each.finding.code == "period_locked" and each.finding.holds_back for each in self._shown)

    @property
    def read_at(self) -> datetime | None:
        return self.report.lists_read_at

    @property
    def _shown(self) -> list[FindingShown]:
        found = self.report.findings.get(self.invoice.pk, ())
        return [FindingShown(finding, self._address(finding)) for finding in found]

    def _address(self, finding: Finding) -> str:
        place = finding.explanation.place
        if place == "invoice":  # we are there
            return ""
        ids = {"invoice_id": self.invoice.pk, "client_id": self.invoice.client_id}
        return address_of(place, slug=self.slug, **ids, comes_back=True)
