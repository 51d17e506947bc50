"""Say what the audit trail holds of connecting, mapping and copying, to follow the name of whoever did it."""

from __future__ import annotations

from keito_books.workspaces.models import AuditEntry

_SENTENCES = {
    "connection.connected": "connected {organisation} in Xero",
    "connection.reconnected": "reconnected {organisation} in Xero",
    "connection.disconnected": "disconnected {organisation} in Xero",
    "connection.expired": "noticed that the connection to Xero has ended: {because}",
    "connection.revived": "could use the connection to Xero again",
    "connection.revocation_given_up": "could not end the permission in Xero: {because}",
    "mapping.accounts_saved": "chose the accounts: revenue to {revenue_account}, payments to {payment_account|none}",
    "mapping.currencies_saved": "chose payment accounts and exchange rates for other currencies",
    "mapping.taxes_saved": "mapped the tax rates",
    "mapping.tracking_saved": "mapped the tracking categories",
    "mapping.overrides_saved": "changed revenue accounts of projects or item categories",
    "mapping.behaviour_saved": "turned copying to Xero by itself, when an invoice is sent, {copies_when_sent}",
    "sync.requested_when_sent": "sent it, so that it goes to {organisation} in Xero by itself",
    "sync.requested": "asked to copy the invoice to {organisation} in Xero",
    "sync.retried": "asked to try again to copy the invoice to {organisation} in Xero",
    "sync.payment_requested": "asked to copy the payment {payment} to {organisation} in Xero",
    "sync.run_started": "started copying to {organisation} in Xero",
    "sync.run_paused": "paused copying to {organisation} in Xero",
    "sync.run_resumed": "resumed copying to {organisation} in Xero",
    "sync.run_cancelled": "cancelled the rest of copying to {organisation} in Xero; {stopped|0} had not been sent",
    "sync.run_retried": "asked to try again the {retried} that had failed in copying to {organisation} in Xero",
    "sync.search_started": "looked in {organisation} in Xero for the numbers of older invoices",
    "sync.lock_answered": "decided what happens in the locked period of {organisation}: {decision}",
    "sync.contact_chosen": "joined the client to the contact {contact} in Xero",
    "sync.contact_to_create": "asked for a new contact {contact} in Xero",
    "sync.contact_put_off": "left the question which contact the client is in Xero for later",
    "sync.contact_separated": "unlinked the client from the contact {contact} in Xero",
    "sync.invoice_linked": "linked the invoice to the one with its number in Xero",
    "sync.invoice_skipped": "left the invoice out of Xero, since its number is taken there",
}
_DONE = {
    "invoice": {
        "created": "created the invoice in {organisation}",
        "adopted": "found in {organisation} the invoice whose confirmation had been lost, and nothing was sent twice",
        "chosen": "compared the invoice that was linked in {organisation}: it is equal",
    },
    "contact": {
        "created": "created the contact in {organisation}",
        "adopted": "found in {organisation} the contact whose confirmation had been lost",
        "matched": "found the client among the contacts of {organisation}, and will use that one",
        "chosen": "will use the contact in {organisation} that was chosen",
    },
    "payment": {
        "created": "recorded the payment {payment} in {organisation}",
        "adopted": "found in {organisation} the payment {payment} whose confirmation had been lost",
    },
    "payment_deletion": {"": "made sure that the payment {payment} is no longer in {organisation}"},
}
_NOUNS = {
    "invoice": "invoice",
    "contact": "contact",
    "payment": "payment {payment}",
    "payment_deletion": "deletion of the payment {payment}",
}
_ICONS = {"sync.failed": "triangle-alert", "sync.succeeded": "circle-check", "connection.expired": "triangle-alert"}


def describe(entry: AuditEntry) -> str | None:
    """Return what was done, or None for actions of other rooms."""
    if entry.action == "sync.succeeded":
        return _fill(_done(entry), entry)
    if entry.action == "sync.failed":
        noun = _NOUNS.get(str(entry.details.get("kind", "")), "document")
        return _fill(f"could not copy the {noun}: {{reason}}", entry) + _answer(entry)
    sentence = _SENTENCES.get(entry.action)
    return _fill(sentence, entry) if sentence else None


def icon_of(entry: AuditEntry) -> str | None:
    """Return the icon of an entry of ours."""
    if entry.action in _ICONS:
        return _ICONS[entry.action]
    return {"sync": "refresh-cw", "connection": "plug", "mapping": "settings-2"}.get(entry.action.partition(".")[0])


def _done(entry: AuditEntry) -> str:
    ways = _DONE.get(str(entry.details.get("kind", "")), {})
    origin = str(entry.details.get("origin", ""))
    return ways.get(origin) or ways.get("") or ways.get("created") or "copied it to {organisation}"


def _answer(entry: AuditEntry) -> str:
    said = entry.details.get("said")
    words = " / ".join(str(each) for each in said) if isinstance(said, list) else ""
    return f" Xero answered: “{words}”" if words else ""


def _fill(sentence: str, entry: AuditEntry) -> str:
    """Fill {name} from the details, {name|words} with the words where the detail is missing or empty."""
    for slot in [part.split("}")[0] for part in sentence.split("{")[1:]]:
        name, _, otherwise = slot.partition("|")
        sentence = sentence.replace("{" + slot + "}", str(entry.details.get(name) or otherwise or "…"))
    return sentence
