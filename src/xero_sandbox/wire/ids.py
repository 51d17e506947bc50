"""Make identifiers."""

from random import getrandbits

_VERSION_4 = ~(0xF << 76 | 0x3 << 62)


def new_id() -> str:
    """Return a random GUID of version 4, as `str(uuid4())` does and three times as fast; it is no secret."""
    text = f"{getrandbits(128) & _VERSION_4 | 4 << 76 | 2 << 62:032x}"  # the bits of RFC 9562
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
