"""Make texts acceptable to Xero, visibly and never by cutting."""

from __future__ import annotations

import re
import unicodedata

from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_SHOWN_INSTEAD = "\ufffd"


def paragraphs(text: str) -> str:
    """Return a text of several lines; control characters become a visible sign."""
    return _CONTROL.sub(_SHOWN_INSTEAD, text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return _SPACES.sub(" ", _CONTROL.sub(_SHOWN_INSTEAD, text)).strip()


def contact_name(text: str) -> str:
    """Return a name in Xero's form: no angle brackets, no doubled or outer spaces."""
    return one_line(text.replace("<", "‹").replace(">", "›"))


def country_letters(text: str) -> str:
    """Return a country in plain letters and spaces, which is all that Xero takes: Cote dIvoire."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return one_line("".join(each for each in plain if each.isalpha() or each.isspace()))


def fitting(text: str, limit: int, *, field: str, marker: str) -> str:
    """Return the text. Raises Refused (TEXT_TOO_LONG) beyond the limit, since a cut would lose something unseen."""
    if len(text) > limit:
        details = {"field": field, "limit": str(limit), "length": str(len(text)), "marker": marker}
        raise Refused(Refusal(RefusalCode.TEXT_TOO_LONG, details=details))
    return text
