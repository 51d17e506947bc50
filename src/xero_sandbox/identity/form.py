"""Read a form body within limits; odd bytes become an empty or strange form, never a failure."""

from urllib.parse import parse_qsl

from starlette.requests import Request

BODY_MAX_BYTES = 64 * 1024
FIELDS_MAX = 200


class NotAForm(Exception):
    """The body is too large, has too many fields, or is no form."""


async def read_form(request: Request) -> list[tuple[str, str]]:
    """Return the fields in order, repetitions included; raises NotAForm."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise NotAForm
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            raise NotAForm
    return read_pairs(bytes(body))


def read_pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Return the pairs of a form body or of a query; raises NotAForm."""
    try:
        return parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=FIELDS_MAX)
    except ValueError as problem:
        raise NotAForm from problem


FORM_TYPE = "application/x-www-form-urlencoded"
