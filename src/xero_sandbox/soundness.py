"""Find what in an imported state would break the sandbox later: names that lead nowhere, and values nobody can use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from xero_sandbox.clock import YEARS
from xero_sandbox.identity.signing import is_readable_key
from xero_sandbox.identity.state import IdentityState
from xero_sandbox.records.credit import Credit
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.roles import Role

if TYPE_CHECKING:
    from xero_sandbox.world import World

INVOICE_TYPES = ("ACCREC", "ACCPAY")


def first_flaw(world: World) -> str | None:
    """Return the first thing that is wrong, as a sentence without its stop; None when all is sound."""
    books = (_book_flaws(one) for one in world.organisations.values())
    return next(chain(_value_flaws(world), _identity_flaws(world), _key_flaws(world), *books), None)


def _value_flaws(value: Any) -> Iterator[str]:  # anything that a state holds
    """Look at every value: amounts must be numbers, and times must say their zone."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Decimal) and not one.is_finite():
            yield f"{one} is no amount"
        elif isinstance(one, datetime) and (one.tzinfo is None or not YEARS[0] <= one.year <= YEARS[1]):
            yield f"the time {one.isoformat()} has no zone, or lies beyond the years {YEARS[0]} to {YEARS[1]}"
        elif isinstance(one, Mapping):
            stack.extend(one.values())
        elif isinstance(one, list | tuple):
            stack.extend(one)
        elif is_dataclass(one):
            stack.extend(getattr(one, name) for name in _names(one.__class__))


@cache
def _names(kind: Any) -> tuple[str, ...]:  # a dataclass
    return tuple(one.name for one in fields(kind))


def _key_flaws(world: World) -> Iterator[str]:
    """Each table is by the id of its records."""
    identity = world.identity
    yield from _misplaced("organisation", world.organisations, lambda one: one.organisation_id)
    yield from _misplaced("app", identity.apps, lambda one: one.client_id)
    yield from _misplaced("person", identity.people, lambda one: one.user_id)
    yield from _misplaced("consent", identity.consents, lambda one: one.id)
    yield from _misplaced("connection", identity.connections, lambda one: one.key)
    for organisation in world.organisations.values():
        yield from _misplaced("account", organisation.accounts, lambda one: one.account_id)
        yield from _misplaced("tax rate", organisation.tax_rates, lambda one: one.tax_type)
        yield from _misplaced("currency", organisation.currencies, lambda one: one.code)
        yield from _misplaced("contact", organisation.contacts, lambda one: one.contact_id)
        yield from _misplaced("contact group", organisation.groups, lambda one: one.group_id)
        yield from _misplaced("item", organisation.items, lambda one: one.item_id)
        yield from _misplaced("invoice", organisation.invoices, lambda one: one.invoice_id)
        yield from _misplaced("payment", organisation.payments, lambda one: one.payment_id)
        yield from _misplaced("credit", organisation.credits, lambda one: one.credit_id)


def _misplaced(noun: str, table: Mapping[str, Any], key_of: Callable[[Any], str]) -> Iterator[str]:
    for key, one in table.items():
        if key_of(one) != key:
            yield f'the {noun} "{key_of(one)}" is kept under "{key}"'


def _identity_flaws(world: World) -> Iterator[str]:
    identity = world.identity
    for person in identity.people.values():
        for role in person.roles.values():
            if role not in set(Role):
                yield f'{person.name} has the role "{role}"; there are: {", ".join(Role)}'
    yield from _grant_flaws(identity)
    for connection in identity.connections.values():
        holder = f'the connection "{connection.id}"'
        yield from _missing(holder, "app", connection.client_id, identity.apps)
        yield from _missing(holder, "organisation", connection.tenant_id, world.organisations)
        yield from _missing(holder, "person", connection.user_id, identity.people, may_lack=True)
    for app in identity.apps.values():
        yield from _missing(app.name, "organisation", app.custom_tenant_id, world.organisations, may_lack=True)
    for client_id in world.webhooks.subscriptions:
        yield from _missing("a webhook subscription", "app", client_id, identity.apps)
    if identity.signing_key_pem and not is_readable_key(identity.signing_key_pem):
        yield "signing_key_pem is no private RSA key"


def _grant_flaws(identity: IdentityState) -> Iterator[str]:
    for flow in identity.flows.values():
        yield from _missing("a sign-in in progress", "app", flow.client_id, identity.apps)
        yield from _missing("a sign-in in progress", "person", flow.user_id, identity.people, may_lack=True)
    for consent in identity.consents.values():
        yield from _missing(f'the consent "{consent.id}"', "app", consent.client_id, identity.apps)
        yield from _missing(f'the consent "{consent.id}"', "person", consent.user_id, identity.people, may_lack=True)
    for token in identity.access_tokens.values():
        yield from _missing("an access token", "app", token.client_id, identity.apps)
        yield from _missing("an access token", "person", token.user_id, identity.people, may_lack=True)
    for code in identity.codes.values():
        yield from _missing("a code", "consent", code.consent_id, identity.consents)
    for refresh in identity.refresh_tokens.values():
        yield from _missing("a refresh token", "consent", refresh.consent_id, identity.consents)


def _book_flaws(books: Organisation) -> Iterator[str]:
    if not _is_zone(books.zone):
        yield f'{books.name} has the time zone "{books.zone}", which nobody knows'
    yield from _missing(books.name, "currency", books.base_currency, books.currencies)
    for contact in books.contacts.values():
        yield from _missing(
            f'the contact "{contact.name}"', "contact", contact.merged_to, books.contacts, may_lack=True
        )
    for group in books.groups.values():
        yield from _all_missing(f'the contact group "{group.name}"', "contact", group.contact_ids, books.contacts)
    for invoice in books.invoices.values():
        yield from _invoice_flaws(invoice, books)
    for credit in books.credits.values():
        yield from _credit_flaws(credit, books)
    for payment in books.payments.values():
        holder = f'the payment "{payment.payment_id}"'
        yield from _missing(holder, "account", payment.account_id, books.accounts)
        if payment.credit_id:
            yield from _missing(holder, "credit", payment.credit_id, books.credits)
        else:
            yield from _missing(holder, "invoice", payment.invoice_id, books.invoices)


def _invoice_flaws(invoice: Invoice, books: Organisation) -> Iterator[str]:
    holder = f'the invoice "{invoice.number or invoice.invoice_id}"'
    if invoice.type not in INVOICE_TYPES:
        yield f'{holder} has the type "{invoice.type}"; there are: {", ".join(INVOICE_TYPES)}'
    yield from _document_flaws(holder, invoice, books)
    yield from _all_missing(holder, "credit", invoice.credit_ids, books.credits)


def _credit_flaws(credit: Credit, books: Organisation) -> Iterator[str]:
    holder = f'the credit "{credit.number or credit.credit_id}"'
    yield from _document_flaws(holder, credit, books)
    yield from _all_missing(holder, "invoice", [one.invoice_id for one in credit.allocations], books.invoices)


def _document_flaws(holder: str, one: Invoice | Credit, books: Organisation) -> Iterator[str]:
    yield from _missing(holder, "contact", one.contact_id, books.contacts)
    yield from _all_missing(holder, "payment", one.payment_ids, books.payments)
    for line in one.lines:
        yield from _missing(holder, "account", line.account_id, books.accounts, may_lack=True)


def _all_missing(holder: str, noun: str, keys: Collection[str], table: Collection[str]) -> Iterator[str]:
    return chain.from_iterable(_missing(holder, noun, key, table) for key in keys)


def _missing(holder: str, noun: str, key: str, table: Collection[str], *, may_lack: bool = False) -> Iterator[str]:
    if key not in table and not (may_lack and not key):
        yield f'{holder} names the {noun} "{key}", which is not there'


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # no such zone; or a path that leads elsewhere
        return False
    return True
