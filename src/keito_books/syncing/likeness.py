"""Say why one of their contacts may be one of our clients: reasons and a score, never a decision. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from keito_books.accounting.documents import ContactDocument, RemoteContact

# How companies are organised says little about which company it is, and people leave it out or write it differently.
_LEGAL_FORMS = frozenset(
    re.findall(
        r"\w+",
        "ltd limited plc llp llc inc incorporated corp corporation co company gmbh mbh ag kg ug ohg sa sas sarl srl "
        "spa bv nv pty pte ab as asa aps oy oyj kft sro doo",
    )
)
_WORDS = re.compile(r"\w+")
_JOINED = str.maketrans("", "", ".'’")
# Each sign is worth more than all weaker ones together, so that the order follows the strongest.
_MARKER, _TAX, _EMAIL, _NAME, _LIKE = 64, 32, 16, 8, 4
CANDIDATES_MAX = 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """One contact, how much speaks for it, and what, in words. `is_certain` says that one sign alone would do."""

    contact: RemoteContact
    score: int
    reasons: tuple[str, ...]
    is_certain: bool = False


def plain_name(name: str) -> str:
    """Return a name without letter case, accents, punctuation and legal forms: "Café Nord, Ltd." is "cafe nord"."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each for each in decomposed if not unicodedata.combining(each)).translate(_JOINED)
    words = _WORDS.findall(bare)
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def plain_number(number: str) -> str:
    """Return a tax number without the spaces and signs that people put into it."""
    return "".join(each for each in number.casefold() if each.isalnum())


def weigh(client: ContactDocument, contact: RemoteContact) -> Likeness:
    """Return what speaks for a contact; a score of 0 means nothing."""
    has_marker = contact.marker == client.marker
    has_tax = bool(plain_number(client.tax_number)) and plain_number(client.tax_number) == plain_number(
        contact.tax_number
    )
    has_email = bool(client.email.strip()) and client.email.strip().casefold() == contact.email.strip().casefold()
    has_name = client.name.strip().casefold() == contact.name.strip().casefold()
    is_like = not has_name and bool(plain_name(client.name)) and plain_name(client.name) == plain_name(contact.name)
    signs = (
        (has_marker, _MARKER, "it carries this client's code"),
        (has_tax, _TAX, "same tax number"),
        (has_email, _EMAIL, "same e-mail address"),
        (has_name, _NAME, "same name"),
        (is_like, _LIKE, "nearly the same name"),
    )
    found = [(worth, reason) for is_so, worth, reason in signs if is_so]
    is_certain = not contact.is_archived and not contact.merged_into_id and (has_tax or (has_email and has_name))
    return Likeness(contact, sum(worth for worth, _ in found), tuple(reason for _, reason in found), is_certain)


def likest(client: ContactDocument, among: Iterable[RemoteContact]) -> list[Likeness]:
    """Return the contacts for which anything speaks, the likest first."""
    weighed = [weigh(client, each) for each in among if not each.merged_into_id]
    found = [each for each in weighed if each.score]
    found.sort(key=lambda each: (each.contact.is_archived, -each.score, each.contact.name.casefold(), each.contact.id))
    return found[:CANDIDATES_MAX]


def certain_one(found: Iterable[Likeness]) -> Likeness | None:
    """Return the only contact that one sign alone points to; None when no or several contacts have such a sign."""
    certain = [each for each in found if each.is_certain]
    return certain[0] if len(certain) == 1 else None
