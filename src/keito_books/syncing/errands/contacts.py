"""Find or make the contact of a client (decision 9): link one match, ask when several, never guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from keito_books.accounting.documents import ContactDocument, Kind, RemoteContact
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.connections.models import Connection
from keito_books.invoicing.models import Client
from keito_books.syncing.errands.base import Errand, Found, Prepared, Remote
from keito_books.syncing.models import Job, Link, Ride
from keito_books.syncing.translate import contact_document, contact_marker
from keito_books.syncing.verification import Expected

# How a candidate's name ends in a refusal when only a person over there can make it usable.
ARCHIVED = " (archived)"


class ContactErrand(Errand):
    kind = Kind.CONTACT
    # What was found for several clients at once; None while nobody looked.
    matches: tuple[RemoteContact, ...] | None = None

    @cached_property
    def document(self) -> ContactDocument:
        return contact_document(self.client)

    @property
    def client(self) -> Client:
        assert self.job.client is not None  # noqa: S101  the database holds this: job_is_about_one_document
        return self.job.client

    def before_sending(self) -> Found | None:
        link = self.known.link(Kind.CONTACT, self.client.pk)
        if link is not None:
            return Found(RemoteContact(id=link.remote_id, name=link.remote_label), link.origin)
        matches = self.matches if self.matches is not None else self._look()
        contact = the_one(matches, self.document, answer=self.job.answer)
        if contact is None:
            return None
        is_ours = contact.marker == contact_marker(self.client.pk)
        return Found(contact, "adopted" if is_ours else "matched")

    def prepare(self) -> Prepared:
        return Prepared(self.documents.prepare_contacts([self.document]))

    def look_up(self, ride: Ride) -> Found | None:  # noqa: ARG002  the marker is the client's, whatever was sent
        ours = [contact for contact in self._look() if contact.marker == self.document.marker]
        return Found(ours[0], "adopted") if ours else None

    def recover(self, refusal: Refusal) -> bool:
        """Look again, alone, when the name is taken there: somebody added it after the list of contacts was read."""
        return refusal.code is RefusalCode.CONTACT_NAME_TAKEN and not self.job.goes_alone

    def differences(self, remote: Remote, expected: Expected) -> list[str]:  # noqa: ARG002  accountants may edit contacts
        return []

    def link(self, found: Found, *, repairs: list[str], warnings: list[str], now: datetime) -> Link | None:
        if self.known.link(Kind.CONTACT, self.client.pk) is not None:
            return None
        assert isinstance(found.remote, RemoteContact)  # noqa: S101  find_contacts and PUT Contacts give contacts
        if found.origin == "matched":
            self._refuse_another_clients(found.remote)
        label = found.remote.name
        return self._new_link(found, label=label, repairs=repairs, warnings=warnings, now=now, client=self.client)

    @classmethod
    def after_success(cls, errands: Sequence[ContactErrand], *, now: datetime) -> None:
        _wake_invoices_of(errands, now=now)

    def after_failure(self, *, now: datetime) -> None:
        _wake_invoices_of([self], now=now)

    def _refuse_another_clients(self, contact: RemoteContact) -> None:
        """Refuse a contact that another client is joined to: two share one only when a person says so."""
        # Two threads may have found it for two clients at once; the second one waits here and then sees the first's.
        Connection.objects.select_for_update(no_key=True).get(pk=self.connection.pk)
        held = Link.objects.filter(connection=self.connection, kind=Kind.CONTACT, remote_id=contact.id)
        other = held.exclude(client=self.client).select_related("client").order_by("made_at", "pk").first()
        if other is not None and other.client is not None:
            raise Refused(another_clients(contact, other.client.name))

    def _look(self) -> tuple[RemoteContact, ...]:
        return self.call(lambda access: self.documents.find_contacts(access, self.document))


def _wake_invoices_of(errands: Sequence[ContactErrand], *, now: datetime) -> None:
    """Let the invoices of these clients look again: they go on, or fail for the reason of their contact."""
    Job.objects.filter(
        connection=errands[0].connection,
        kind=Kind.INVOICE,
        invoice__client__in=[errand.client for errand in errands],
        state=Job.State.WAITING,
        waiting_because="contact",
    ).update(next_at=now, waiting_because="")


def the_one(matches: Sequence[RemoteContact], document: ContactDocument, *, answer: str = "") -> RemoteContact | None:
    """Return the contact that is this client, None where there is none. Raises Refused where a person must decide.

    `answer` is what a person has said about it already, a Job.Answer.
    """
    if answer == Job.Answer.ASK:
        raise Refused(Refusal(RefusalCode.CONTACT_SEPARATED, details=_candidates(matches)))
    if answer == Job.Answer.CREATE:  # a person saw what is like it, and said that it is none of those
        matches = [each for each in matches if each.marker == document.marker]
    if not matches:
        return None
    if len(matches) > 1 or _is_another_company(matches[0], document.tax_number):
        raise Refused(Refusal(RefusalCode.CONTACT_AMBIGUOUS, details=_candidates(matches)))
    if matches[0].is_archived:
        raise Refused(Refusal(RefusalCode.CONTACT_ARCHIVED, details={"contact": matches[0].name}))
    return matches[0]


def another_clients(contact: RemoteContact, name: str) -> Refusal:
    """Return the refusal of a contact that is the one of another client."""
    return Refusal(RefusalCode.CONTACT_AMBIGUOUS, details={"shared_with": name, **_candidates((contact,))})


def _is_another_company(contact: RemoteContact, tax_number: str) -> bool:
    """Say whether a single match has an equal name but a tax number of its own: then a person must decide."""
    return bool(contact.tax_number and tax_number and _plain(contact.tax_number) != _plain(tax_number))


def _plain(number: str) -> str:
    return "".join(each for each in number.casefold() if each.isalnum())


def _candidates(contacts: Sequence[RemoteContact]) -> dict[str, str]:
    """Return id -> name of each candidate, as details of a refusal."""
    return {f"candidate:{contact.id}": contact.name + (ARCHIVED if contact.is_archived else "") for contact in contacts}
