"""Every refusal in a bookkeeper's words: what happened, why, what to do. The only place with such sentences."""

from __future__ import annotations

from collections.abc import Mapping

from keito_books.accounting.refusals import RefusalCode
from keito_books.syncing.explanations.entries import Explanation, Place

_ACCOUNTS = (Place.ACCOUNTS, "Choose accounts")
_TAXES = (Place.TAXES, "Map tax rates")
_TRACKING = (Place.TRACKING, "Map tracking categories")
_CONNECTION = (Place.CONNECTION, "Open the Xero connection")
_CLIENT = (Place.CLIENT, "Open the client")
_CONTACT = (Place.CONTACT, "Choose the contact")

REFUSALS: Mapping[RefusalCode, Explanation] = {
    RefusalCode.NO_REVENUE_ACCOUNT: Explanation(
        "No revenue account is chosen, so Xero would not know where to book this. Nothing was sent.",
        "Choose the account that takes your invoice revenue, then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.ACCOUNT_ARCHIVED: Explanation(
        "The account {account|that was chosen} is archived in Xero, so nothing can be booked to it. "
        "The invoice is not in Xero.",
        "Choose another account, or restore this one in Xero and refresh the lists. Then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.ACCOUNT_NOT_VALID: Explanation(
        "The account {account|that was chosen} can't take invoice revenue in Xero. The invoice is not in Xero.",
        "Choose a revenue account, then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.TAX_MAPPING_MISSING: Explanation(
        "No Xero tax rate is chosen for lines taxed at {rate|this rate of} %. Nothing was sent.",
        "Map this tax to one of Xero's rates, then retry.",
        *_TAXES,
    ),
    RefusalCode.TAX_RATE_MISMATCH: Explanation(
        "The tax rates don't match: Keito charges {rate|another} %, and {their_name|the rate} in Xero is "
        "{their_rate|no longer in use}. Nothing was sent.",
        "Verify the tax rate mappings, then retry.",
        *_TAXES,
    ),
    RefusalCode.TAX_TYPE_NOT_ALLOWED: Explanation(
        "Xero does not allow this tax rate together with this account. The invoice is not in Xero.",
        "Verify the tax rate mappings and the revenue account, then retry.",
        *_TAXES,
    ),
    RefusalCode.TOTALS_DIFFER: Explanation(
        "Xero would calculate {theirs|another total} where this invoice says {ours|its own}, and no rounding can "
        "close the gap. Nothing was sent.",
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
        "Xero already has an invoice {number|with this number}, and it did not come from Keito. "
        "Nothing was changed in Xero.",
        "Compare both. Then link the one in Xero, renumber this one here, or skip it.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.NUMBER_VOIDED: Explanation(
        "Xero has a voided or deleted invoice {number|with this number}, and keeps its number. "
        "Nothing was changed in Xero.",
        "Renumber this invoice here, or skip it.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.CONTACT_ARCHIVED: Explanation(
        "The contact {contact|for this client} is archived in Xero, so it can't get invoices. Nothing was sent.",
        "Restore it in Xero (Contacts, Archived), then retry; or choose another contact for this client.",
        *_CLIENT,
    ),
    RefusalCode.CONTACT_AMBIGUOUS: Explanation(
        "{shared_with|Several contacts in Xero could be this client, or one has the name but other details}. "
        "Nothing was sent.",
        "Choose which contact it is, then the invoice goes on.",
        *_CONTACT,
    ),
    RefusalCode.CONTACT_NAME_TAKEN: Explanation(
        "Xero already has another contact with this name. Nothing was changed in Xero.",
        "Choose that contact if it is the same company, or change the client's name here. Then retry.",
        *_CONTACT,
    ),
    RefusalCode.CONTACT_SEPARATED: Explanation(
        "This client was separated from its contact in Xero, and nobody has said which contact it is now. "
        "Nothing was sent.",
        "Choose which contact it is, then the invoice goes on.",
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
        "The payment account {account|that was chosen} is kept in {their_currency|another currency}, "
        "and this payment is in {currency|a different one}. "
        "Nothing was sent.",
        "Record this payment in Xero by hand, or choose an account in {currency|its currency}. Then retry.",
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
    RefusalCode.TAX_TYPE_UNKNOWN: Explanation(
        "The tax rate {tax_type|that was chosen} is no longer in use in Xero. The invoice is not in Xero.",
        "Refresh the lists, map this tax to a rate that is in use, then retry.",
        *_TAXES,
    ),
    RefusalCode.TAX_TYPE_MISSING: Explanation(
        "Xero wants a tax rate on a line that carries none. The invoice is not in Xero.",
        "Map the lines without tax to one of Xero's rates, then retry.",
        *_TAXES,
    ),
    RefusalCode.LINE_TOTAL_DIFFERS: Explanation(
        "Xero multiplies a line's quantity and price to another amount. The invoice is not in Xero.",
        "Revert the invoice to draft and simplify that line, then retry.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.NO_LINES: Explanation(
        "Xero takes no invoice without lines. The invoice is not in Xero.",
        "Revert the invoice to draft and add a line, then retry.",
        Place.INVOICE,
        "Open the invoice",
    ),
    RefusalCode.CONTACT_MISSING: Explanation(
        "Xero could not tell which contact the invoice is for. The invoice is not in Xero.",
        "Look at the client's contact in Xero, then retry.",
        *_CLIENT,
    ),
    RefusalCode.STATUS_NOT_VALID: Explanation(
        "Xero does not take a new invoice in this state. The invoice is not in Xero.",
        "Choose in the settings how invoices are created in Xero, then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.HAS_PAYMENTS: Explanation(
        "Xero does not change this document, since a payment or a credit is booked against it. "
        "Nothing was changed in Xero.",
        "Remove the payment or the credit in Xero first, or make the change there by hand.",
    ),
    RefusalCode.LINK_NOT_VALID: Explanation(
        "Xero does not accept the address that leads back from it to Keito Books. The invoice is not in Xero.",
        "Whoever operates this installation sets its public address to a full one (https://…). Then retry.",
    ),
    RefusalCode.NAME_IN_USE: Explanation(
        "Xero already has an account or an item with this name or code. Nothing was changed in Xero.",
        "Use the one that is there, or choose another name.",
    ),
    RefusalCode.ID_NOT_VALID: Explanation(
        "Xero could not read the id of something that this refers to. Nothing was changed in Xero.",
        "Refresh the lists and choose the accounts again, then retry.",
        *_ACCOUNTS,
    ),
    RefusalCode.KEY_IN_USE: Explanation(
        "Xero has already had another request under the same sign. Nothing is sent again before we have looked.",
        "There is nothing to do: we look in Xero whether it arrived.",
    ),
    RefusalCode.UNKNOWN: Explanation(
        "Xero declined this with a message that we don't know. Nothing of it is in Xero.",
        "Read Xero's own words below, mend the cause, then retry.",
    ),
}
