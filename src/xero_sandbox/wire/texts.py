"""Compare texts as Xero does."""

import unicodedata


def plain_text(text: str) -> str:
    """Return the text without case and accents, as Xero compares [DOCKET contacts_by_name_other_case]."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(one for one in decomposed if not unicodedata.combining(one)).casefold()
