"""Put together what the integrations add to the page of an invoice: its status, its payments', and what to do next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from keito_books.accounting.documents import Kind, RemoteContact
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.mapping.books import books_of
from keito_books.mapping.queries import choices_of
from keito_books.mapping.resolve import label
from keito_books.syncing.actions import why_not_copy
from keito_books.syncing.collisions import Collision, collision_of, proposed_number
from keito_books.syncing.contacts import linked_contact
from keito_books.syncing.lock_answers import answer_to, first_open_day, version_of
from keito_books.syncing.models import Job, Link, LockAnswer
from keito_books.syncing.preflight import report
from keito_books.syncing.queue import find_link
from keito_books.syncing.status import (
    NOT_SYNCED,
    Standing,
    Status,
    client_standing,
    connection_to_show,
    invoice_standing,
    payment_standings,
)
from keito_books.web.integrations.places import address_of
from keito_books.web.integrations.preflight_card import PreflightCard
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, may

# How often a page asks while something is pending: (up to this age in seconds, every so many seconds).
_PACE = ((15, 1), (60, 2), (300, 5))
_SLOWEST = 15


@dataclass(frozen=True, slots=True)
class LockQuestion:
    """What may be decided for a document whose date is locked; `decided` tells two open pages apart."""

    answer: LockAnswer | None
    first_open_day: date | None
    takes_draft: bool

    @property
    def decided(self) -> str:
        return version_of(self.answer)

    @property
    def choice(self) -> str:
        return self.answer.choice if self.answer else LockAnswer.Choice.WAIT.value

    @property
    def dated(self) -> str:
        day = self.answer.dated if self.answer and self.answer.dated else self.first_open_day
        return day.isoformat() if day else ""


def _lock_question(document: Invoice | Payment, standing: Standing, connection: Connection) -> LockQuestion | None:
    if standing.code not in ("period_locked", "lock") or (standing.remote_id and standing.status is Status.FAILED):
        return None
    return _question_about(document, connection)


def _question_about(document: Invoice | Payment, connection: Connection) -> LockQuestion:
    answer = answer_to(document, connection)
    return LockQuestion(answer, first_open_day(connection, document), isinstance(document, Invoice))


@dataclass
class Panel:
    """How an invoice and its payments stand, read once per request."""

    invoice: Invoice
    member: Membership
    now: datetime
    problem: str = ""

    @cached_property
    def connection(self) -> Connection | None:
        return connection_to_show(self.invoice.workspace)

    @cached_property
    def standing(self) -> Standing:
        return invoice_standing(self.invoice)

    @cached_property
    def collision(self) -> Collision | None:
        """Return what holds this invoice's number over there, where that is why it failed."""
        if self.standing.status is not Status.FAILED or self.connection is None or not self.connection.is_live:
            return None
        return collision_of(self.invoice, self.connection)

    @property
    def proposed_number(self) -> str:
        return proposed_number(self.invoice)

    @cached_property
    def payments(self) -> dict[UUID, Standing]:
        return payment_standings(self.invoice)

    @cached_property
    def why_not(self) -> str:
        """Return why Copy to Xero or Retry can't be pressed; empty when it can."""
        return why_not_copy(self.invoice, by=self.member)

    @property
    def may_copy(self) -> bool:
        return self.standing.status is Status.NOT_SYNCED and not self.why_not

    @property
    def leads_to_connection(self) -> bool:
        """Say whether the way out of `why_not` is on the page of the connection."""
        is_usable = self.connection is not None and self.connection.is_active
        return bool(self.why_not) and not is_usable and may(self.member, Ability.MANAGE_INTEGRATIONS)

    @property
    def may_reconnect(self) -> bool:
        """Say whether what waits here goes on as soon as this person reconnects."""
        is_expired = self.connection is not None and self.connection.is_live and not self.connection.is_active
        return is_expired and may(self.member, Ability.MANAGE_INTEGRATIONS)

    @property
    def fix_address(self) -> str:
        return self._address(self.standing)

    @cached_property
    def lock(self) -> LockQuestion | None:
        """Return what this person may decide about a locked period; None where nothing is asked."""
        if self.connection is None or self.why_not:
            return None
        if self.standing.status is Status.NOT_SYNCED:
            is_known = self.preflight is not None and self.preflight.asks_about_lock
            return _question_about(self.invoice, self.connection) if is_known else None
        return _lock_question(self.invoice, self.standing, self.connection)

    @cached_property
    def preflight(self) -> PreflightCard | None:
        """Return what is known before sending; None where nothing can be sent now."""
        is_before = self.standing.status in (Status.NOT_SYNCED, Status.FAILED) and not self.standing.remote_id
        if not is_before or self.why_not or self.connection is None:
            return None
        found = report([self.invoice], self.connection, now=self.now)
        told = self.standing.code if self.standing.status is Status.FAILED else ""
        return PreflightCard(self.invoice, found, self.member.workspace.slug, told)

    @property
    def may_refresh(self) -> bool:
        return may(self.member, Ability.MANAGE_INTEGRATIONS)

    @property
    def is_moving(self) -> bool:
        """Say whether something may change by itself, so that the page goes on asking."""
        return self.standing.is_pending or any(each.is_pending for each in self.payments.values())

    @property
    def seconds(self) -> int:
        """Return how often to ask: every second at first, then ever more calmly."""
        age = (self.now - self._pending_since).total_seconds()
        return next((every for limit, every in _PACE if age <= limit), _SLOWEST)

    @property
    def seen(self) -> str:
        """Return a short word for what is shown, so that an unchanged page need not be sent again."""
        shown = (self.standing, sorted(self.payments.items()), self.why_not, self.seconds)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

    @cached_property
    def payment_account(self) -> str:
        """Return the account to which payments go, as people know it; empty when none is chosen."""
        if self.connection is None:
            return ""
        choices = choices_of(self.connection)
        own = choices.currencies.get(self.invoice.currency)
        chosen = (own.payment_account_id if own else "") or choices.payment_account_id
        chosen = chosen if choices.payment_account_id else ""
        books = books_of(self.connection) if chosen else None
        account = books.account(chosen) if books else None
        return label(account) if account else ("the chosen account" if chosen else "")

    def of_payment(self, payment: Payment) -> PaymentPanel:
        return PaymentPanel(self, payment, self.payments.get(payment.pk, NOT_SYNCED))

    def _address(self, standing: Standing) -> str:
        if standing.explanation is None:
            return ""
        return address_of(
            standing.explanation.place,
            slug=self.member.workspace.slug,
            invoice_id=self.invoice.pk,
            client_id=self.invoice.client_id,
            comes_back=True,
        )

    @cached_property
    def _pending_since(self) -> datetime:
        moving = [each.job_id for each in (self.standing, *self.payments.values()) if each.is_pending and each.job_id]
        asked = Job.objects.filter(pk__in=moving).order_by("-requested_at").values_list("requested_at", flat=True)
        return asked.first() or self.now


@dataclass(frozen=True, slots=True)
class PaymentPanel:
    """How one payment of the invoice stands."""

    panel: Panel
    payment: Payment
    standing: Standing

    @property
    def is_deletion(self) -> bool:
        return self.standing.kind == Kind.PAYMENT_DELETION

    @property
    def is_left_over(self) -> bool:
        """Say whether it was deleted here and is still over there, since nothing could be sent at the time."""
        return self.payment.is_deleted and not self.is_deletion and self.standing.status is Status.SUCCESS

    @property
    def why_not(self) -> str:
        """Return why a payment that stays here was not sent; empty for others."""
        if self.standing.status is not Status.NOT_SYNCED or self.payment.is_deleted or self.panel.connection is None:
            return ""
        if self.panel.standing.status is Status.NOT_SYNCED:
            return "Not in Xero, since its invoice is not."
        if not self.panel.payment_account:
            return "Not sent, since no Payment Account is chosen."
        return "Not sent to Xero yet."

    @property
    def may_copy(self) -> bool:
        is_waiting = bool(self.why_not) and self.panel.standing.status is not Status.NOT_SYNCED
        is_possible = is_waiting and bool(self.panel.payment_account)
        return (is_possible or self.is_left_over) and self.may_retry

    @property
    def may_retry(self) -> bool:
        connection = self.panel.connection
        is_active = connection is not None and connection.is_active
        return is_active and may(self.panel.member, Ability.COPY_INVOICES)

    @property
    def lock(self) -> LockQuestion | None:
        connection = self.panel.connection
        if connection is None or not self.may_retry or self.is_deletion:
            return None
        return _lock_question(self.payment, self.standing, connection)

    @property
    def fix_address(self) -> str:
        return self.panel._address(self.standing)  # noqa: SLF001  the two are one thing, in one file

    @property
    def shows(self) -> bool:
        """Say whether there is anything to tell: a payment that was deleted before it left has nothing."""
        is_nothing = self.standing.status is Status.NOT_SYNCED
        return self.panel.connection is not None and not (is_nothing and self.payment.is_deleted)


@dataclass
class ClientPanel:
    """How a client stands with the contacts over there."""

    client: Client
    member: Membership

    @cached_property
    def connection(self) -> Connection | None:
        return connection_to_show(self.client.workspace)

    @cached_property
    def standing(self) -> Standing:
        return client_standing(self.client)

    @cached_property
    def contact(self) -> RemoteContact | None:
        """Return what was last read of the contact that it is joined to."""
        link = self._link
        return linked_contact(self.connection, link) if link is not None and self.connection is not None else None

    @property
    def was_merged(self) -> bool:
        return self._link is not None and self._link.origin == "merged"

    @property
    def may_link(self) -> bool:
        is_active = self.connection is not None and self.connection.is_active
        return is_active and may(self.member, Ability.COPY_INVOICES) and not self.client.is_archived

    @cached_property
    def _link(self) -> Link | None:
        return find_link(self.connection, Kind.CONTACT, self.client) if self.connection is not None else None

    @property
    def may_choose(self) -> bool:
        is_active = self.connection is not None and self.connection.is_active
        return bool(self.standing.candidates) and is_active and may(self.member, Ability.COPY_INVOICES)
