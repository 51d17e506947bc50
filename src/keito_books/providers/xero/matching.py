"""Find the contacts of many clients in one list of Xero's contacts, by the rules of a single look-up. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from keito_books.accounting.documents import ContactDocument, RemoteContact
from keito_books.providers.xero.text import contact_name, one_line

_MERGES_MAX = 5


def match(
    contacts: Sequence[ContactDocument], *, among: Sequence[RemoteContact]
) -> dict[str, tuple[RemoteContact, ...]]:
    """Return, by marker, the candidates of the first rule that finds any: marker, tax number, e-mail and name, name."""
    by_id = {each.id: each for each in among}
    asked = {contact.marker: _Keys.of(contact) for contact in contacts}
    # Only what is asked for is gathered, so that one client among ten thousand contacts costs little.
    by_marker = _index(among, lambda each: each.marker, wanted=set(asked))
    by_tax = _index(among, lambda each: _plain(each.tax_number), wanted={each.tax for each in asked.values()})
    by_name = _index(among, lambda each: each.name.casefold(), wanted={each.name for each in asked.values()})

    def candidates(marker: str, keys: _Keys) -> tuple[RemoteContact, ...]:
        named = by_name.get(keys.name, ())
        rules = (
            by_marker.get(marker),
            by_tax.get(keys.tax),
            [each for each in named if keys.email and each.email.casefold() == keys.email],
            named,
        )
        found: Iterable[RemoteContact] = next((each for each in rules if each), ())
        survivors = [_survivor(each, by_id) for each in found]
        return tuple({each.id: each for each in survivors if each is not None}.values())

    return {marker: candidates(marker, keys) for marker, keys in asked.items()}


@dataclass(frozen=True, slots=True)
class _Keys:
    """By what a client is looked for, beside its marker."""

    tax: str
    email: str
    name: str

    @classmethod
    def of(cls, contact: ContactDocument) -> _Keys:
        return cls(_plain(contact.tax_number), _plain(contact.email), contact_name(contact.name).casefold())


def _plain(text: str) -> str:
    return one_line(text).casefold() if text else ""


def _index(
    among: Sequence[RemoteContact], key: Callable[[RemoteContact], str], *, wanted: Set[str]
) -> Mapping[str, Sequence[RemoteContact]]:
    """Group the contacts with a wanted key by it; an empty key is nobody's."""
    grouped: dict[str, list[RemoteContact]] = defaultdict(list)
    wanted = wanted - {""}
    if not wanted:
        return grouped
    for each in among:
        found = key(each)
        if found in wanted:
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
