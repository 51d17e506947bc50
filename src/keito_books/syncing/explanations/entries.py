"""What an entry of the catalogue is, and where a cause is mended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Place(StrEnum):
    """Where a cause is mended; the pages turn it into an address."""

    ACCOUNTS = "accounts"
    TAXES = "taxes"
    TRACKING = "tracking"
    CONNECTION = "connection"
    CLIENT = "client"
    CONTACT = "contact"
    INVOICE = "invoice"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`sentence` says what happened, `fix` what to do, `button` names the way to `place`."""

    sentence: str
    fix: str
    place: Place = Place.NONE
    button: str = ""


# How an entry ends after the event; known before it, nothing has happened yet and there is nothing to retry.
_AFTERWARDS = (
    " Nothing was sent.",
    " Nothing more was sent.",
    " Nothing was changed in Xero.",
    " The invoice is not in Xero.",
    " The payment is not in Xero.",
    " The contact was not created.",
    " Then retry.",
)


_GAP = re.compile(r"\{([^{}]*)\}")


def filled(entry: Explanation, details: Mapping[str, str]) -> Explanation:
    """Return the entry with its details filled in."""
    return replace(entry, sentence=_fill(entry.sentence, details), fix=_fill(entry.fix, details))


def before_sending(explanation: Explanation) -> Explanation:
    """Return the same cause in the words of one who looks ahead."""
    sentence, fix = explanation.sentence, explanation.fix.replace(", then retry.", ".")
    for words in _AFTERWARDS:
        sentence, fix = sentence.replace(words, ""), fix.replace(words, "")
    return replace(explanation, sentence=sentence, fix=fix)


def _fill(text: str, details: Mapping[str, str]) -> str:
    """Fill {name} from the details; {name|words} uses the words where the detail is missing or empty."""

    def word(slot: re.Match[str]) -> str:
        name, _, otherwise = slot[1].partition("|")
        return _shown(name, details.get(name, "")) or otherwise

    # In one pass, so that braces in a client's name are not taken for a gap.
    return _GAP.sub(word, text)


def _shown(name: str, value: str) -> str:
    """Return a detail as it stands in a sentence."""
    if not value:
        return ""
    shown = {
        "their_rate": f"{value} %",
        "locked_until": f" up to {value}",
        "shared_with": f"The contact that was found is the one of {value}, another client here",
    }
    return shown.get(name, value)
