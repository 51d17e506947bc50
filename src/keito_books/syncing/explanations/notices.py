"""What is known before anything is sent and is no refusal of Xero's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from keito_books.syncing.explanations.entries import Explanation, Place


class NoticeCode(StrEnum):
    """One code for each thing that a person may want to know or to decide before sending."""

    NOT_CONNECTED = "not_connected"
    CONNECTION_EXPIRED = "connection_expired"
    NOT_ALLOWED = "not_allowed"
    LISTS_NOT_READ = "lists_not_read"
    CONTACT_NEW = "contact_new"
    CONTACT_MATCHED = "contact_matched"
    CONTACT_LOOKED_UP = "contact_looked_up"
    PERIOD_MAY_BE_LOCKED = "period_may_be_locked"
    LOCK_ANSWERED = "lock_answered"
    RATE_FIXED = "rate_fixed"
    RATE_OF_THE_DAY = "rate_of_the_day"
    ADJUSTED = "adjusted"
    DATE_FAR_AWAY = "date_far_away"
    PLAN_CAP_MET = "plan_cap_met"
    NUMBER_IN_USE_HERE = "number_in_use_here"
    PAYMENTS_STAY = "payments_stay"
    PAYMENTS_WAIT = "payments_wait"


_CONNECTION = (Place.CONNECTION, "Open the Xero connection")

NOTICES: Mapping[NoticeCode, Explanation] = {
    NoticeCode.NOT_CONNECTED: Explanation(
        "Xero is not connected, so nothing can be copied.",
        "An Administrator connects it in Settings > Integrations > Xero.",
        *_CONNECTION,
    ),
    NoticeCode.CONNECTION_EXPIRED: Explanation(
        "The Xero connection has expired.",
        "An Administrator can press Reconnect in Settings > Integrations > Xero; everything then goes on.",
        *_CONNECTION,
    ),
    NoticeCode.NOT_ALLOWED: Explanation("{reason|You may not copy this invoice.}", ""),
    NoticeCode.LISTS_NOT_READ: Explanation(
        "Accounts and tax rates were not read from Xero yet, so nothing can be checked against them.",
        "Refresh the lists in Settings > Integrations > Xero.",
        *_CONNECTION,
    ),
    NoticeCode.CONTACT_NEW: Explanation(
        "Xero has no contact for {client|the client}. It is created with the invoice.", "There is nothing to do."
    ),
    NoticeCode.CONTACT_MATCHED: Explanation(
        "{client|The client} goes to the contact {contact|of the same name or number} in Xero, which fits it.",
        "If it is another company, change the client's tax number or name here first.",
        Place.CLIENT,
        "Open the client",
    ),
    NoticeCode.CONTACT_LOOKED_UP: Explanation(
        "{client|The client} is looked for among the contacts in Xero when the invoice is sent.",
        "If there is none, it is created; if several fit, you are asked.",
    ),
    NoticeCode.PERIOD_MAY_BE_LOCKED: Explanation(
        "Xero's books are locked{locked_until| for that time} for everybody but advisers, "
        "and this is dated {dated|in it}.",
        "If the person who connected Xero is no adviser there, Xero declines it, and you are asked how it shall go on.",
    ),
    NoticeCode.LOCK_ANSWERED: Explanation(
        "This is dated in a locked period of Xero. It was decided: {decision|see the invoice}.",
        "There is nothing to do.",
    ),
    NoticeCode.RATE_FIXED: Explanation(
        "It is in {currency|a foreign currency}, and Xero is given the rate {rate|that was} chosen for it.",
        "To use Xero's rate of the day, empty the rate in the settings.",
    ),
    NoticeCode.RATE_OF_THE_DAY: Explanation(
        "It is in {currency|a foreign currency}, and Xero takes its own exchange rate of the day.",
        "For a rate of your own, choose one in the settings.",
    ),
    NoticeCode.ADJUSTED: Explanation(
        "{told|Something is written otherwise in Xero so that the totals are equal; the invoice says what.}",
        "The customer's total stays as it is.",
    ),
    NoticeCode.DATE_FAR_AWAY: Explanation(
        "It is dated {dated|on a day}, which is many years from today.",
        "If that is a slip, revert the invoice to draft and correct the date.",
    ),
    NoticeCode.PLAN_CAP_MET: Explanation(
        "{met_on|This month}, Xero said that its plan has reached the number of invoices for the month.",
        "Upgrade the plan in Xero, or wait for the next month.",
    ),
    NoticeCode.NUMBER_IN_USE_HERE: Explanation(
        "Another workspace has copied an invoice of this number into the same organisation.",
        "Renumber this invoice: revert it to draft first.",
        Place.INVOICE,
        "Open the invoice",
    ),
    NoticeCode.PAYMENTS_STAY: Explanation(
        "Its payments stay in Keito Books, since no Payment Account is chosen.",
        "Choose one if they shall be recorded in Xero too.",
        Place.ACCOUNTS,
        "Choose accounts",
    ),
    NoticeCode.PAYMENTS_WAIT: Explanation(
        "Its payments wait until the invoice is approved in Xero, since it is created there as a draft.",
        "There is nothing to do now.",
    ),
}
