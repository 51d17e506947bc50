"""Every refusal and every wait in a bookkeeper's words: what happened, what it means, what to do. One catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from keito_books.accounting.refusals import Refusal, RefusalCode


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


_ACCOUNTS = (Place.ACCOUNTS, "Choose accounts")
_TAXES = (Place.TAXES, "Map tax rates")
_TRACKING = (Place.TRACKING, "Map tracking categories")
_CONNECTION = (Place.CONNECTION, "Open the Xero connection")
_CLIENT = (Place.CLIENT, "Open the client")
_CONTACT = (Place.CONTACT, "Choose the contact")

_REFUSALS: Mapping[RefusalCode, Explanation] = {
    RefusalCode.NO_REVENUE_ACCOUNT: Explanation(
        "No revenue account is chosen, so Xero would not know where to book this. Nothing was sent.",
        "Choose the account that takes your invoice revenue, then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.ACCOUNT_ARCHIVED: Explanation(
        "The account {account} is archived in Xero, so nothing can be booked to it. The invoice is not in Xero.",
        "Choose another account, or restore this one in Xero and refresh the lists. Then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.ACCOUNT_NOT_VALID: Explanation(
        "The account {account} can't take invoice revenue in Xero. The invoice is not in Xero.",
        "Choose a revenue account, then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.TAX_MAPPING_MISSING: Explanation(
        "No Xero tax rate is chosen for lines taxed at {rate} %. Nothing was sent.",
        "Map this tax to one of Xero's rates, then retry.",
        *_TAXES,
    ),
    RefusalCode.TAX_RATE_MISMATCH: Explanation(
        "The tax rates don't match: Keito charges {rate} %, and {their_name} in Xero is {their_rate|no longer in use}. "
        "Nothing was sent.",
        "Verify the tax rate mappings, then retry.",
        *_TAXES,
    ),
    RefusalCode.TAX_TYPE_NOT_ALLOWED: Explanation(
        "Xero does not allow this tax rate together with this account. The invoice is not in Xero.",
        "Verify the tax rate mappings and the revenue account, then retry.",
        *_TAXES,
    ),
    RefusalCode.TOTALS_DIFFER: Explanation(
        "Xero would calculate {theirs} where this invoice says {ours}, and no rounding can close the gap. "
        "Nothing was sent.",
        "Verify the tax rate mappings. If they are right, revert the invoice to draft and simplify its lines.",
        *_TAXES,
    ),
    RefusalCode.TRACKING_NOT_VALID: Explanation(
        "A tracking option that this invoice needs ({category|a category}: {option|an option}) is no longer in Xero. "
        "Nothing was sent.",
        "Refresh the lists and map tracking again, then retry.",
        *_TRACKING,
    ),
    RefusalCode.MISSING_SCOPE: Explanation(
        "Keito Books was not given the permission for this when Xero was connected. Nothing was changed in Xero.",
        "Reconnect to Xero and allow everything that is asked for, then retry.",
        *_CONNECTION,
    ),
    RefusalCode.MISSING_ROLE: Explanation(
        "The Xero user who made the connection may not create invoices or payments there. Nothing was changed in Xero.",
        "Give that user a role with invoice permission in Xero, or reconnect as another user. Then retry.",
        *_CONNECTION,
    ),
    RefusalCode.NUMBER_TAKEN: Explanation(
        "Xero already has an invoice {number}, and it did not come from Keito. Nothing was changed in Xero.",
        "Renumber this invoice here (revert it to draft first), or rename the one in Xero. Then retry.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.NUMBER_VOIDED: Explanation(
        "Xero has a voided or deleted invoice {number}, and keeps its number. Nothing was changed in Xero.",
        "Renumber this invoice here (revert it to draft first), then retry.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.CONTACT_ARCHIVED: Explanation(
        "The contact {contact|for this client} is archived in Xero, so it can't get invoices. Nothing was sent.",
        "Restore the contact in Xero (Contacts, Archived), then retry.",
        *_CLIENT,
    ),
    RefusalCode.CONTACT_AMBIGUOUS: Explanation(
        "Several contacts in Xero could be this client, or one has the name but other details. Nothing was sent.",
        "Choose which contact it is, then the invoice goes on.",
        *_CONTACT,
    ),
    RefusalCode.CONTACT_NAME_TAKEN: Explanation(
        "Xero already has another contact with this name. Nothing was changed in Xero.",
        "Choose that contact if it is the same company, or change the client's name here. Then retry.",
        *_CONTACT,
    ),
    RefusalCode.EMAIL_NOT_VALID: Explanation(
        "Xero does not accept the client's e-mail address. The contact was not created.",
        "Correct the e-mail address of the client, then retry.",
        *_CLIENT,
    ),
    RefusalCode.PERIOD_LOCKED: Explanation(
        "Xero's books are locked{locked_until| for this date}, and this falls into the locked time. "
        "Nothing was changed in Xero.",
        "Decide below how it shall go on. Or ask your accountant to move the lock date in Xero, then retry.",
        Place.NONE,
    ),
    RefusalCode.CURRENCY_NOT_ENABLED: Explanation(
        "The currency {currency|of this invoice} is not enabled in your Xero organisation. Nothing was sent.",
        "Add the currency in Xero (Settings, Currencies), then retry.",
    ),
    RefusalCode.TEXT_TOO_LONG: Explanation(
        "{field|A text} is longer than the {limit|number of} characters that Xero takes. Nothing was sent.",
        "Shorten it, then retry.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.NEGATIVE_TOTAL: Explanation(
        "The total of this invoice is negative, and Xero takes such a document only as a credit note. "
        "Nothing was sent.",
        "Enter it as a credit note in Xero.",
    ),
    RefusalCode.PLAN_CAP: Explanation(
        "Your Xero plan has reached the number of invoices that it may approve this month. The invoice is not in Xero.",
        "Upgrade the plan in Xero, or wait for the next month. Then retry.",
    ),
    RefusalCode.PAYMENT_ACCOUNT_NOT_VALID: Explanation(
        "The payment account {account|that was chosen} can't take payments in Xero. The payment is not in Xero.",
        "Choose a bank account, or enable payments for this account in Xero. Then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.PAYMENT_CURRENCY: Explanation(
        "The payment account {account} is kept in {their_currency}, and this payment is in {currency}. "
        "Nothing was sent.",
        "Record this payment in Xero by hand, or choose an account in {currency}. Then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.OVERPAYMENT: Explanation(
        "Less is outstanding in Xero than this payment. The invoice may have been paid or credited there already. "
        "The payment is not in Xero.",
        "Compare the invoice in Xero. Delete the payment there or here, then retry.",
    ),
    RefusalCode.INVOICE_NOT_PAYABLE: Explanation(
        "The invoice in Xero takes no payments: it was voided, deleted or paid there. The payment is not in Xero.",
        "Open the invoice in Xero and decide there.",
    ),
    RefusalCode.PAYMENT_NOT_DELETABLE: Explanation(
        "The payment was deleted here, but in Xero it is reconciled with the bank or part of a batch. It stays there.",
        "Remove it in Xero (unreconcile it first), or record it here again.",
    ),
    RefusalCode.DELETED_REMOTELY: Explanation(
        "What we had created was deleted or voided in Xero. Nothing is created again by itself.",
        "Decide in Xero whether it should be there.",
    ),
    RefusalCode.POSSIBLE_DUPLICATE: Explanation(
        "Xero holds more than one {what|document} that could be this one. Nothing more was sent.",
        "Look at them in Xero and remove the one that should not be there. Then retry.",
    ),
    RefusalCode.NOT_AS_SENT: Explanation(
        "Xero has the document, but not as it was sent: {difference|it differs}.",
        "Compare both. Correct it in Xero, then retry; nothing is created a second time.",
    ),
    RefusalCode.TOO_MANY_ATTEMPTS: Explanation(
        "We tried {attempts|many} times without success, and stopped. Nothing of it is in Xero.",
        "Retry when Xero works again. If it keeps failing, send us the reference below.",
    ),
    RefusalCode.UNKNOWN: Explanation(
        "Xero declined this with a message that we don't know. Nothing of it is in Xero.",
        "Read Xero's own words below, mend the cause, then retry.",
    ),
}

WAITS: Mapping[str, str] = {
    "": "Waiting to be sent.",
    "sending": "Being sent to Xero.",
    "resend": "Xero has not answered. We ask again with the same request, which can't create it twice.",
    "checking": "Checking with Xero whether it arrived. Nothing is sent again before that is known.",
    "limit": "Waiting for Xero's limit of calls a minute.",
    "day limit": "Xero's daily limit of calls is used up.",
    "unreachable": "We could not reach Xero. Nothing was sent.",
    "maintenance": "Xero is down for maintenance. Nothing was sent.",
    "contact": "Waiting until the client's contact is in Xero.",
    "invoice": "Waiting until the invoice is in Xero.",
    "draft": "Waiting until the invoice is approved in Xero. Payments can only follow then.",
    "lock": "Waiting until the lock date in Xero moves, as was decided. We look every hour.",
    "payment": "Waiting until it is known whether the payment arrived in Xero.",
    "deletion": "Waiting until an earlier payment of this invoice is taken back in Xero.",
    "expired": "The Xero connection has expired. Reconnect, and it goes on by itself.",
    "disconnected": "Xero was disconnected before this was certain. After a reconnect we look whether it arrived.",
    "plan": "Syncing pauses, since accounting integrations are part of the Business plan. Nothing is lost.",
    "token": "Renewing the permission at Xero. Nothing was sent yet.",
    "settings": "Xero does not accept this installation's client id or secret. Whoever operates it must correct them; "
    "nothing was sent, and it goes on by itself.",
    "lease": "Waiting for its turn.",
    "held": "Held back, since somebody paused the copying of many invoices. Nothing of it was sent.",
}

# The others go on as soon as something happens, so a time would promise too much.
WAITS_WITH_A_TIME = ("resend", "checking", "limit", "day limit", "unreachable", "maintenance", "token", "draft", "lock")

_CODES = {code.value: code for code in RefusalCode}


def explain(refusal: Refusal) -> Explanation:
    """Return the words for a refusal, with its details filled in."""
    entry = _REFUSALS[refusal.code]
    return replace(entry, sentence=_fill(entry.sentence, refusal.details), fix=_fill(entry.fix, refusal.details))


def refusal_to_json(refusal: Refusal) -> dict[str, object]:
    return {"code": refusal.code.value, "messages": list(refusal.messages), "details": dict(refusal.details)}


def refusal_from_json(kept: Mapping[str, object]) -> Refusal:
    """Read a kept refusal back; a code of a newer version reads as UNKNOWN."""
    known = _CODES.get(str(kept.get("code", "")), RefusalCode.UNKNOWN)
    messages, details = kept.get("messages"), kept.get("details")
    return Refusal(
        known,
        tuple(str(each) for each in messages) if isinstance(messages, list) else (),
        {str(name): str(value) for name, value in details.items()} if isinstance(details, dict) else {},
    )


def _fill(text: str, details: Mapping[str, str]) -> str:
    """Fill {name} from the details; {name|words} uses the words where the detail is missing or empty."""
    words: dict[str, str] = {}
    for opening in text.split("{")[1:]:
        slot = opening.split("}")[0]
        name, _, otherwise = slot.partition("|")
        words[slot] = _shown(name, details.get(name, "")) or otherwise
    for slot, word in words.items():
        text = text.replace("{" + slot + "}", word)
    return text


def _shown(name: str, value: str) -> str:
    """Return a detail as it stands in a sentence."""
    if not value:
        return ""
    return {"their_rate": f"{value} %", "locked_until": f" up to {value}"}.get(name, value)
