"""The port: what an accounting system must offer so that documents can be pushed to it.

Writes come in two steps, because the bytes must be stored before they leave: `prepare_*` turns documents into one
frozen request (pure, no socket), `send` sends exactly those bytes. The same frozen request may be sent again with the
same key; it is never built anew while its outcome is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from keito_books.accounting.documents import (
    ContactDocument,
    InvoiceDocument,
    InvoiceTotals,
    Kind,
    PaymentDocument,
    RemoteBooks,
    RemoteContact,
    RemoteInvoice,
    RemotePayment,
)
from keito_books.accounting.refusals import Refusal


@dataclass(frozen=True, slots=True)
class PreparedWrite:
    """One write, frozen. `markers` are those of its documents in order; `repairs` tells, per marker, in plain words,
    what was changed to make totals equal or a text acceptable (no entry when nothing was). `line_counts` tells, per
    invoice, how many lines it carries as sent, since a repair may add one."""

    kind: Kind
    method: str
    path: str
    body: bytes
    markers: tuple[str, ...]
    repairs: tuple[tuple[str, str], ...] = ()
    line_counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The document is there, as the reply shows it."""

    marker: str
    remote: RemoteContact | RemoteInvoice | RemotePayment
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """The document was understood and declined; nothing of it is there."""

    marker: str
    refusal: Refusal


Verdict = Done | Declined


@dataclass(frozen=True, slots=True)
class Receipt:
    """Evidence of one call, secrets removed; bodies are cut at 64 KiB. `status` 0 means that no reply came."""

    method: str
    path: str
    sent_at: datetime
    seconds: float
    status: int
    correlation_id: str
    request_body: str
    response_body: str
    minute_left: int | None = None
    day_left: int | None = None
    app_minute_left: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What a call needs: a live token, the organisation, and two doors.

    `permit` is called directly before each request leaves and raises TryAgainLater when it must not (limits, a lost
    lease, a connection that has ended): then nothing was sent. `record` takes the receipt of each request that was
    tried, also of those that failed.
    """

    access_token: str
    organisation_id: str
    record: Callable[[Receipt], None]
    permit: Callable[[], None] = lambda: None

    def __repr__(self) -> str:
        return f"Access(organisation_id={self.organisation_id!r}, access_token=<hidden>)"


class DocumentsOut(Protocol):
    """Push contacts, invoices and payments. All methods that take `access` call the network and raise only errors of
    `accounting.errors`."""

    # Documents a call, and what one organisation allows in a minute and at once.
    batch_size: int
    minute_limit: int
    at_once: int

    def prepare_contacts(self, contacts: Sequence[ContactDocument]) -> PreparedWrite: ...

    def prepare_invoices(self, invoices: Sequence[InvoiceDocument]) -> PreparedWrite:
        """Freeze invoices. Raises Refused when a document cannot be expressed with equal totals or is too long."""
        ...

    def predict_totals(self, invoice: InvoiceDocument) -> InvoiceTotals:
        """Return what the provider would make of the lines as they are, without anything done to make totals equal."""
        ...

    def prepare_payments(self, payments: Sequence[PaymentDocument]) -> PreparedWrite: ...

    def prepare_payment_deletion(self, payment_id: str) -> PreparedWrite: ...

    def join(self, writes: Sequence[PreparedWrite]) -> PreparedWrite:
        """Return one write with the documents of the first of these, as many as one call may carry; at least one.

        All are of one kind. The provider's advice on documents a call and its limit on bytes decide how many.
        """
        ...

    def send(self, access: Access, write: PreparedWrite, *, key: str) -> tuple[Verdict, ...]:
        """Send exactly these bytes under this key. A marker without a verdict is unknown.

        Raises TryAgainLater (nothing was done), OutcomeUnknown, Refused (the whole call was declined, such as a
        missing permission), TokenRejected (refresh, then send the same bytes once more) or MustReconnect.
        """
        ...

    def find_invoices(self, access: Access, number: str) -> tuple[RemoteInvoice, ...]:
        """Return every invoice that holds this number, voided ones included."""
        ...

    def find_many_invoices(self, access: Access, numbers: Sequence[str]) -> tuple[RemoteInvoice, ...]:
        """Return every invoice that holds one of these numbers, voided ones included, in as few calls as will do."""
        ...

    def get_invoice(self, access: Access, remote_id: str) -> RemoteInvoice | None: ...

    def find_contacts(self, access: Access, contact: ContactDocument) -> tuple[RemoteContact, ...]:
        """Return candidates by decision 9's first rule that finds any: marker, tax number, e-mail with equal name,
        name. Several mean that a person must choose; archived ones are included."""
        ...

    def list_contacts(self, access: Access) -> tuple[RemoteContact, ...]:
        """Return every contact, archived and merged ones included. One call for a thousand at Xero."""
        ...

    def match_contacts(
        self, contacts: Sequence[ContactDocument], *, among: Sequence[RemoteContact]
    ) -> dict[str, tuple[RemoteContact, ...]]:
        """Return, by marker, what `find_contacts` would find for each among these. Pure."""
        ...

    def get_contact(self, access: Access, remote_id: str) -> RemoteContact | None:
        """Return the contact, following merges; None when it is gone."""
        ...

    def find_payments(self, access: Access, *, invoice_id: str, marker: str) -> tuple[RemotePayment, ...]:
        """Return payments of the invoice that carry our marker, deleted ones included."""
        ...

    def get_payment(self, access: Access, remote_id: str) -> RemotePayment | None: ...

    def read_books(self, access: Access, *, now: datetime) -> RemoteBooks: ...

    def invoice_address(self, *, short_code: str, remote_id: str) -> str:
        """Return the address at which a person sees the invoice in the provider's own product."""
        ...

    def contact_address(self, *, short_code: str, remote_id: str) -> str: ...


@dataclass(frozen=True, slots=True)
class TokenSet:
    """Tokens of one consent. Times are computed from the moment the request was sent.

    `account` is the provider's id of the person who consented, empty when it can't be told: ending one consent of an
    account may end its others too.
    """

    access_token: str
    refresh_token: str
    access_expires_at: datetime
    refresh_expires_at: datetime
    scope: str
    account: str = ""

    def __repr__(self) -> str:
        return f"TokenSet(<hidden>, access_expires_at={self.access_expires_at.isoformat()})"


@dataclass(frozen=True, slots=True)
class RemoteConnection:
    """One organisation that a consent reaches; `id` is the connection's, not the organisation's."""

    id: str
    organisation_id: str
    organisation_name: str


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Where to send the browser, and the secrets to keep until it comes back."""

    url: str
    state: str
    code_verifier: str

    def __repr__(self) -> str:
        return "Authorisation(<hidden>)"


class Identity(Protocol):
    """Join and leave: OAuth 2.0 with PKCE, and the organisations behind a consent."""

    def start(self, *, redirect_uri: str) -> Authorisation: ...

    def exchange(self, *, code: str, code_verifier: str, redirect_uri: str, now: datetime) -> TokenSet:
        """Trade a code for tokens. Raises MustReconnect (code refused), TryAgainLater or OutcomeUnknown."""
        ...

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        """Trade a refresh token for a new pair. Raises MustReconnect (refused), TryAgainLater (not sent) or
        OutcomeUnknown (the reply was lost; the old token works for the provider's grace period)."""
        ...

    def revoke(self, *, refresh_token: str) -> None: ...

    def connections(self, *, access_token: str, whole_account: bool = False) -> tuple[RemoteConnection, ...]:
        """Return the organisations authorised by this consent (newest consent first when it can be told), or by any
        consent of the same person. Raises TokenRejected or TryAgainLater."""
        ...

    def delete_connection(self, *, access_token: str, connection_id: str) -> None: ...


class Provider(Protocol):
    """One accounting system: its names and its two capabilities."""

    key: str
    name: str
    documents: DocumentsOut
    identity: Identity
