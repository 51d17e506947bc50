"""Whether the client's contact is linked, will be made, is unclear or archived, by the copy of the contacts."""

from __future__ import annotations

from collections.abc import Iterator

from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.errands.contacts import another_clients, the_one
from keito_books.syncing.explanations import NoticeCode
from keito_books.syncing.preflight.facts import ClientFacts, Facts, Shared
from keito_books.syncing.preflight.findings import Finding


def contact_is_settled(facts: Facts) -> Iterator[Finding]:
    told, client = facts.shared.of_clients, facts.invoice.client_id
    if client not in told:
        told[client] = tuple(_findings(facts.client, facts.shared))
    return iter(told[client])


def _findings(client: ClientFacts, shared: Shared) -> Iterator[Finding]:
    if client.link is not None:
        # One that was merged reads as archived too, and is followed when the invoice is sent.
        if client.linked is not None and client.linked.is_archived and not client.linked.merged_into_id:
            details = {"contact": client.linked.name}
            yield Finding.of_refusal(Refusal(RefusalCode.CONTACT_ARCHIVED, details=details))
        return
    if client.refusal is not None:
        yield Finding.of_refusal(client.refusal)
        return
    try:
        shared.documents.prepare_contacts([client.document])
        yield _by_the_copy(client)
    except Refused as refused:
        yield Finding.of_refusal(refused.refusal)


def _by_the_copy(client: ClientFacts) -> Finding:
    """Return what will become of an unlinked client. Raises Refused as the sending would."""
    name = {"client": client.document.name}
    if client.matches is None:
        return Finding.of_notice(NoticeCode.CONTACT_LOOKED_UP, details=name)
    contact = the_one(client.matches, client.document, answer=client.answer)
    if contact is None:
        return Finding.of_notice(NoticeCode.CONTACT_NEW, details=name)
    if contact.id in client.held and contact.marker != client.document.marker:
        raise Refused(another_clients(contact, client.held[contact.id]))
    return Finding.of_notice(NoticeCode.CONTACT_MATCHED, details={**name, "contact": contact.name})
