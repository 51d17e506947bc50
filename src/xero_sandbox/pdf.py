"""A small PDF of plain lines: enough to look at, and valid."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LINES_A_PAGE = 56
COLUMNS = 86
TOP, LEFT, STEP, SIZE = 800, 40, 13, 10  # points on A4


def pdf_of(lines: Sequence[str]) -> bytes:
    """Return a PDF with these lines in a typewriter's letters, as many pages as they need."""
    pages = [lines[start : start + LINES_A_PAGE] for start in range(0, len(lines), LINES_A_PAGE)] or [[]]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = _content(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _assembled(objects)


def _content(lines: Sequence[str]) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % _text(line) for line in lines)
    return b"BT /F1 %d Tf %d TL %d %d Td\n%sET" % (SIZE, STEP, LEFT, TOP, shown)


def _text(line: str) -> bytes:
    """Return a line in the font's alphabet, with what a PDF string must escape escaped."""
    shown = bytearray()
    for one in line[:COLUMNS]:
        shown += _letter(one)
    return bytes(shown).replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _letter(one: str) -> bytes:
    """Return the letter, else the same without its accent, else a question mark."""
    if unicodedata.category(one).startswith("C"):
        return b" "
    for attempt in (one, unicodedata.normalize("NFKD", one)[:1]):
        try:
            return attempt.encode("cp1252")
        except UnicodeEncodeError:
            continue
    return b"?"


def _assembled(objects: Sequence[bytes]) -> bytes:
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)
