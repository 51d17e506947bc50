"""What a document waits for, in words."""

from __future__ import annotations

from collections.abc import Mapping

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
