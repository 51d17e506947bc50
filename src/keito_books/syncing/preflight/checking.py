"""Run every rule over every invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice
from keito_books.syncing.preflight.facts import Facts
from keito_books.syncing.preflight.findings import Finding, Severity
from keito_books.syncing.preflight.reading import read_facts, read_shared
from keito_books.syncing.preflight.rules import RULES, Rule
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, refusal

_ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of each invoice, and how old the copies are on which they rest; None where one was never read."""

    findings: dict[UUID, tuple[Finding, ...]]
    lists_read_at: datetime | None
    contacts_read_at: datetime | None


def check(
    invoices: Sequence[Invoice],
    connection: Connection,
    *,
    now: datetime,
    by: Membership | None = None,
    rules: Sequence[Rule] = RULES,
) -> dict[UUID, tuple[Finding, ...]]:
    """Return the findings of each invoice, the gravest first; an empty tuple where there is nothing to say.

    Xero is not asked, and the number of queries does not depend on the number of invoices. `by` adds whether that
    person may copy at all.
    """
    return report(invoices, connection, now=now, by=by, rules=rules).findings


def report(
    invoices: Sequence[Invoice],
    connection: Connection,
    *,
    now: datetime,
    by: Membership | None = None,
    rules: Sequence[Rule] = RULES,
) -> Report:
    """Return what `check` does, with the age of what it rests on."""
    problem = refusal(by, Ability.COPY_INVOICES) if by else None
    shared = read_shared(connection, not_allowed=str(problem or ""), now=now)
    findings = {facts.invoice.pk: _findings(facts, rules) for facts in read_facts(invoices, shared)}
    read_at = shared.books.content.read_at if shared.has_books else None
    return Report(findings, read_at, shared.contacts_read_at)


def _findings(facts: Facts, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    if facts.link is not None:  # it is there, though not as it was sent; trying again only looks
        return ()
    found = [finding for rule in rules for finding in rule(facts)]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))
