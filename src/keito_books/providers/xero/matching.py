"""Find the contacts of many clients in one list of Xero's contacts, by the rules of a single look-up. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from keito_books.accounting.documents import ContactDocument, RemoteContact
from keito_books.providers.xero.text import contact_name, one_line

Index = Mapping[Hashable, Sequence[RemoteContact]]
_MERGES_MAX = 5


def match(
    contacts: Sequence[ContactDocument], *, among: Sequence[RemoteContact]
) -> dict[str, tuple[RemoteContact, ...]]:
    """Return, by marker, the candidates of the first rule that finds any: marker, tax number, e-mail and name, name."""
    by_id = {each.id: each for each in among}
    by_marker = _index(among, lambda each: each.marker)
    by_tax = _index(among, lambda each: one_line(each.tax_number).casefold())
    by_email = _index(among, lambda each: (each.email.casefold(), each.name.casefold()) if each.email else None)
    by_name = _index(among, lambda each: each.name.casefold())

    def candidates(contact: ContactDocument) -> tuple[RemoteContact, ...]:
        name = contact_name(contact.name).casefold()
        email = one_line(contact.email).casefold()
        rules = (
            by_marker.get(contact.marker),
            by_tax.get(one_line(contact.tax_number).casefold()),
            by_email.get((email, name)) if email else None,
            by_name.get(name),
        )
        found: Iterable[RemoteContact] = next((each for each in rules if each), ())
        survivors = [_survivor(each, by_id) for each in found]
        return tuple({each.id: each for each in survivors if each is not None}.values())

    return {contact.marker: candidates(contact) for contact in contacts}


def _index(among: Sequence[RemoteContact], key: Callable[[RemoteContact], Hashable]) -> Index:
    """Group contacts by a key; those without one are left out."""
    grouped: dict[Hashable, list[RemoteContact]] = defaultdict(list)
    for each in among:
        found = key(each)
        if found is not None and found != "":
            grouped[found].append(each)
    return grouped


def _survivor(contact: RemoteContact, by_id: Mapping[str, RemoteContact]) -> RemoteContact | None:
    """Return what a contact was merged into, and into what that was; None when the trace is lost."""
    found: RemoteContact | None = contact
    for _ in range(_MERGES_MAX):
        if found is None or not found.merged_into_id:
            return found
        found = by_id.get(found.merged_into_id)
    return found
