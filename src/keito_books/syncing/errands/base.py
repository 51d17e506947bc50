"""What the four kinds of jobs have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from keito_books.accounting.documents import Kind, RemoteContact, RemoteInvoice, RemotePayment
from keito_books.accounting.errors import ProviderError
from keito_books.accounting.port import Access, DocumentsOut, PreparedWrite
from keito_books.accounting.refusals import Refusal
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client, Invoice, Payment
from keito_books.mapping.books import Books
from keito_books.mapping.resolve import Choices, label
from keito_books.syncing.known import Known
from keito_books.syncing.models import Job, Link, Ride
from keito_books.syncing.verification import Expected

T = TypeVar("T")
Remote = RemoteContact | RemoteInvoice | RemotePayment


class NotYet(ProviderError):
    """Something else must come first; `because` is a key of `explanations.WAITS`."""

    def __init__(self, because: str, *, for_: timedelta) -> None:
        super().__init__(because)
        self.because = because
        self.wait = for_


class NotWanted(ProviderError):
    """The document was taken back here, and nothing of it is there."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Bytes ready to be frozen, and what must be found there afterwards."""

    write: PreparedWrite
    expected: Expected = field(default_factory=dict)


def with_repairs(write: PreparedWrite, told: Sequence[str]) -> PreparedWrite:
    """Return the write of one document with more to tell about it."""
    marker = write.markers[0]
    return replace(write, repairs=(*write.repairs, *((marker, words) for words in told)))


@dataclass(frozen=True, slots=True)
class Found:
    """What is there already; `origin` is a Link origin."""

    remote: Remote
    origin: str


class Errand(ABC):
    """One job under way. `call` performs a read with a live token and a permit, and keeps its evidence."""

    kind: Kind

    def __init__(
        self,
        job: Job,
        connection: Connection,
        *,
        documents: DocumentsOut,
        choices: Choices,
        books: Books,
        known: Known,
        read: Callable[[Callable[[Access], Any]], Any],
        url: Callable[[Invoice], str],
    ) -> None:
        self.job = job
        self.connection = connection
        self.documents = documents
        self.choices = choices
        self.books = books
        self.known = known
        self._read = read
        self.url = url

    def call(self, reading: Callable[[Access], T]) -> T:
        result: T = self._read(reading)
        return result

    @abstractmethod
    def before_sending(self) -> Found | None:
        """Return what is there already, so that nothing need be sent. Raises NotYet or Refused."""

    def is_decided_meanwhile(self, because: str) -> bool:  # noqa: ARG002  most kinds wait for nothing of ours
        """Say whether what NotYet named has come, or can't come any more; asks the database anew."""
        return False

    @abstractmethod
    def prepare(self) -> Prepared:
        """Return the request to freeze. Raises Refused; nothing was sent then."""

    @abstractmethod
    def look_up(self, ride: Ride) -> Found | None:
        """Return ours if an earlier sending arrived; None shows that it did not. Raises Refused for a puzzle."""

    @abstractmethod
    def differences(self, remote: Remote, expected: Expected) -> list[str]:
        """Return in plain words how the document there differs from what was sent."""

    @abstractmethod
    def link(self, found: Found, *, repairs: list[str], warnings: list[str], now: datetime) -> Link | None:
        """Return the ids of both sides as a row to store; None where there is one already."""

    @classmethod  # noqa: B027  most kinds have nothing that waits for them
    def after_success(cls, errands: Sequence[Any], *, now: datetime) -> None:
        """Queue what had to wait for these, all of this kind and of one connection."""

    def after_failure(self, *, now: datetime) -> None:  # noqa: B027  most kinds have nothing that waits for them
        """Wake what waits for this one, since waiting longer helps nobody."""

    def _new_link(
        self,
        found: Found,
        *,
        label: str,
        repairs: list[str],
        warnings: list[str],
        now: datetime,
        **about: Client | Invoice | Payment,
    ) -> Link:
        return Link(
            connection=self.connection,
            kind=self.kind,
            remote_id=found.remote.id,
            remote_label=label[:255],
            origin=found.origin,
            repairs=repairs,
            warnings=warnings,
            made_at=now,
            **about,
        )

    def recover(self, refusal: Refusal) -> bool:  # noqa: ARG002  most refusals need a person
        """Mend by ourselves what was declined, if that is safe; True means that the job may be prepared anew."""
        return False

    def with_account_name(self, details: Mapping[str, str]) -> dict[str, str]:
        """Return the details with an account by its name: they answer with the id that we sent."""
        account = self.books.account(details.get("account", ""))
        return {**details, "account": label(account)} if account else dict(details)

    def decline(self, refusal: Refusal) -> Refusal:
        """Return a refusal with the details that only we know."""
        return refusal
