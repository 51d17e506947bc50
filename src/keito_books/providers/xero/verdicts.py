"""Decide what became of each document of a write, by its marker and never by its position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from keito_books.accounting.documents import Kind, RemoteContact, RemoteInvoice, RemotePayment
from keito_books.accounting.errors import OutcomeUnknown
from keito_books.accounting.port import Declined, Done, PreparedWrite, Verdict
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.providers.http import Reply
from keito_books.providers.xero.errors import messages_of, refusal_of, write_failure
from keito_books.providers.xero.replies import (
    NO_ID,
    Element,
    Unreadable,
    elements,
    read_contact,
    read_invoice,
    read_payment,
)

Remote = RemoteContact | RemoteInvoice | RemotePayment


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one kind of document stands in a reply."""

    envelope: str
    id_field: str
    marker_field: str
    read: Callable[[bytes], Remote]


_SHAPES: Mapping[Kind, _Shape] = {
    Kind.CONTACT: _Shape("Contacts", "ContactID", "ContactNumber", read_contact),
    Kind.INVOICE: _Shape("Invoices", "InvoiceID", "InvoiceNumber", read_invoice),
    Kind.PAYMENT: _Shape("Payments", "PaymentID", "Reference", read_payment),
    Kind.PAYMENT_DELETION: _Shape("Payments", "PaymentID", "PaymentID", read_payment),
}


def verdicts(write: PreparedWrite, reply: Reply) -> tuple[Verdict, ...]:
    """Return a verdict for each document that the reply speaks of clearly; the others are unknown.

    Raises what a write may raise when the reply is no list of results.
    """
    if reply.status == HTTPStatus.NOT_FOUND and write.kind is Kind.PAYMENT_DELETION:
        return (Declined(write.markers[0], Refusal(RefusalCode.DELETED_REMOTELY, messages_of(reply.body))),)
    shape = _SHAPES[write.kind]
    try:
        if reply.status == HTTPStatus.OK:
            found = elements(reply.body, shape.envelope)
        elif reply.status == HTTPStatus.BAD_REQUEST:
            found = elements(reply.body, "Elements")
        else:
            raise write_failure(reply)
    except Unreadable as error:
        if reply.status == HTTPStatus.BAD_REQUEST:
            raise write_failure(reply) from error
        raise OutcomeUnknown("Xero's reply to a write can't be read") from error
    if reply.status == HTTPStatus.BAD_REQUEST and (not found or _is_key_clash(reply)):
        raise write_failure(reply)
    matched = _matched(write, shape, found)
    return tuple(
        verdict
        for marker in write.markers
        if (element := matched.get(marker)) is not None and (verdict := _verdict(marker, element, shape, reply))
    )


def _is_key_clash(reply: Reply) -> bool:
    return isinstance(write_failure(reply), OutcomeUnknown)


def _matched(write: PreparedWrite, shape: _Shape, found: Sequence[Element]) -> dict[str, Element]:
    """Return elements by marker: by the marker itself, else by our own address, else the only one left over.

    An element that Xero declines may lack its number, so the address is the second sign, and a document that stands
    alone beside an element that stands alone is the third.
    """
    by_sign: dict[str, list[Element]] = defaultdict(list)
    for each in found:
        for sign in _signs(each, shape):
            by_sign[sign].append(each)
    by_marker = {marker: by_sign.get(_sign(marker, shape), []) for marker in write.markers}
    matched = {marker: every[0] for marker, every in by_marker.items() if len(every) == 1}
    for marker, url in _urls(write).items():
        same = [each for each in found if url and each.text("Url") == url and not each.text(shape.marker_field)]
        if marker not in matched and not by_marker[marker] and len(same) == 1:
            matched[marker] = same[0]
    taken = {id(each) for each in matched.values()}
    left = [each for each in found if id(each) not in taken]
    missing = [marker for marker in write.markers if marker not in matched]
    if len(left) == len(missing) == 1 and (left[0].is_declined or left[0].messages):
        matched[missing[0]] = left[0]
    return matched


def _carries(element: Element, shape: _Shape, marker: str) -> bool:
    return _sign(marker, shape) in _signs(element, shape)


def _sign(marker: str, shape: _Shape) -> str:
    return marker.lower() if shape.marker_field == shape.id_field else marker


def _signs(element: Element, shape: _Shape) -> set[str]:
    """Return the markers that an element may answer: an id in any letters, a reference also by its last word."""
    value = element.text(shape.marker_field)
    if shape.marker_field == "Reference":
        return {value, value.rpartition(" ")[2]}
    return {_sign(value, shape)}


def ends_with_marker(reference: str, marker: str) -> bool:
    return reference == marker or reference.endswith(f" {marker}")


def _urls(write: PreparedWrite) -> dict[str, str]:
    """Return the address that each invoice of the write carries."""
    if write.kind is not Kind.INVOICE:
        return {}
    sent = msgspec.json.decode(write.body, type=dict[str, list[dict[str, object]]])["Invoices"]
    return {str(each["InvoiceNumber"]): str(each.get("Url", "")) for each in sent}


def _verdict(marker: str, element: Element, shape: _Shape, reply: Reply) -> Verdict | None:
    if element.is_declined or (reply.status == HTTPStatus.BAD_REQUEST and element.messages):
        return Declined(marker, refusal_of(element.messages, {"marker": marker}))
    remote_id = element.text(shape.id_field)
    is_clear = reply.status == HTTPStatus.OK and element.is_sure and remote_id not in {"", NO_ID}
    if not is_clear or not _carries(element, shape, marker):
        return None
    try:
        return Done(marker, shape.read(element.raw), element.warnings)
    except Unreadable:
        return None
