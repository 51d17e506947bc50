"""Why each refusal comes about, for the page that tells more about it."""

from __future__ import annotations

from collections.abc import Mapping

from keito_books.accounting.refusals import RefusalCode

CAUSES: Mapping[RefusalCode, str] = {
    RefusalCode.NO_REVENUE_ACCOUNT: "Xero books every line to an account. The one for your revenue is chosen once, and "
    "a project or an item category may have one of its own.",
    RefusalCode.ACCOUNT_ARCHIVED: "Somebody archived the account in Xero's chart of accounts after it was chosen here.",
    RefusalCode.ACCOUNT_NOT_VALID: "Xero takes sales lines on revenue accounts only, not on bank accounts and not on "
    "those that it keeps for itself.",
    RefusalCode.TAX_MAPPING_MISSING: "Every combination of Tax 1 and Tax 2 on a line needs one tax rate in Xero. This "
    "combination is new, or its percentage was changed for a client or an invoice.",
    RefusalCode.TAX_RATE_MISMATCH: "Both sides must charge the same percentage, or the totals would differ. The rate "
    "was changed or archived in Xero, or the percentage was changed here.",
    RefusalCode.TAX_TYPE_NOT_ALLOWED: "In Xero some tax rates are for purchases only, and some accounts allow only "
    "some rates.",
    RefusalCode.TOTALS_DIFFER: "Xero rounds each line and the tax of each line to the cent. Nearly always a small "
    "adjustment makes both totals equal; here the gap is larger than five cents, which points to a wrong rate.",
    RefusalCode.TRACKING_NOT_VALID: "The option or its category was archived, renamed away or removed in Xero after it "
    "was mapped here.",
    RefusalCode.MISSING_SCOPE: "When Xero was connected, not every permission that Keito Books asks for was given, or "
    "a newer release asks for one more.",
    RefusalCode.MISSING_ROLE: "What we may do in Xero is what the person may do who connected it. That person's role "
    "there does not reach far enough, or was changed.",
    RefusalCode.NUMBER_TAKEN: "Xero keeps sales invoice numbers unique. Somebody entered an invoice under this number "
    "by hand, or another system did.",
    RefusalCode.NUMBER_VOIDED: "Xero never gives a number free again, not even that of a voided or deleted invoice.",
    RefusalCode.CONTACT_ARCHIVED: "Somebody archived the contact in Xero. Its old invoices stay, and new ones are not "
    "taken.",
    RefusalCode.CONTACT_AMBIGUOUS: "A contact is taken for a client only when it is certain: by its id, by a unique "
    "tax number, by e-mail and name, or by name. Everything less is asked.",
    RefusalCode.CONTACT_NAME_TAKEN: "In Xero no two active contacts may have the same name.",
    RefusalCode.CONTACT_SEPARATED: "Somebody here unlinked the client from its contact. Until it is said which contact "
    "it is, nothing is guessed.",
    RefusalCode.EMAIL_NOT_VALID: "Xero checks e-mail addresses more strictly than most: one address, no spaces, no "
    "brackets.",
    RefusalCode.PERIOD_LOCKED: "Accountants lock a period once it is reported. Nothing dated in it may be added or "
    "changed then.",
    RefusalCode.CURRENCY_NOT_ENABLED: "An organisation takes only currencies that were added to it, and some plans of "
    "Xero take only one.",
    RefusalCode.TEXT_TOO_LONG: "Xero's fields have limits of their own, such as 4,000 characters for the description "
    "of a line and 255 for names and references.",
    RefusalCode.NEGATIVE_TOTAL: "What is owed to a client is a credit note in Xero, never an invoice below zero.",
    RefusalCode.PLAN_CAP: "Small plans of Xero take a number of approved invoices a month.",
    RefusalCode.PAYMENT_ACCOUNT_NOT_VALID: "Payments may be booked to bank accounts, and to others only where “Enable "
    "payments to this account” is ticked in Xero.",
    RefusalCode.PAYMENT_CURRENCY: "Xero takes a payment only on an account in the invoice's currency or in the "
    "organisation's own.",
    RefusalCode.OVERPAYMENT: "Xero takes no payment beyond what is due. Often somebody recorded it there already, "
    "perhaps from the bank feed.",
    RefusalCode.INVOICE_NOT_PAYABLE: "Only approved invoices on which something is due take payments.",
    RefusalCode.PAYMENT_NOT_DELETABLE: "Xero keeps a payment on which the bank reconciliation or a batch rests.",
    RefusalCode.DELETED_REMOTELY: "Somebody removed it in Xero after it had arrived. That may be meant, so it is not "
    "made again.",
    RefusalCode.POSSIBLE_DUPLICATE: "Two documents in Xero carry our sign. Most often somebody copied one there.",
    RefusalCode.NOT_AS_SENT: "After every writing we compare number, currency, dates and figures with what was sent. "
    "Something in Xero changed the document, or somebody edited it at once.",
    RefusalCode.TOO_MANY_ATTEMPTS: "Every attempt met trouble of the network or of Xero, and each was looked up.",
    RefusalCode.TAX_TYPE_UNKNOWN: "The tax rate was archived or removed in Xero after it was mapped here.",
    RefusalCode.TAX_TYPE_MISSING: "The account has no tax rate of its own, so Xero can't fill one in.",
    RefusalCode.LINE_TOTAL_DIFFERS: "Xero works each line out again from quantity and price, to four decimals.",
    RefusalCode.NO_LINES: "An approved invoice in Xero has at least one line.",
    RefusalCode.CONTACT_MISSING: "The contact to which the client is linked is not readable in Xero any more.",
    RefusalCode.STATUS_NOT_VALID: "Xero takes new invoices as draft or as awaiting payment.",
    RefusalCode.HAS_PAYMENTS: "Once money is booked against a document, Xero keeps its figures.",
    RefusalCode.LINK_NOT_VALID: "Each invoice in Xero carries the address of the one here, which must be a full one.",
    RefusalCode.NAME_IN_USE: "Names of accounts and codes of items are unique in Xero.",
    RefusalCode.ID_NOT_VALID: "A choice made here refers to something by an id that Xero does not know as one.",
    RefusalCode.KEY_IN_USE: "Every request carries a sign of its own, by which Xero knows a repetition. It answered "
    "that this sign belongs to another request.",
    RefusalCode.UNKNOWN: "Xero has more messages than are written down anywhere. Its own words stand beside the "
    "refusal, and each kind is counted, so that it can be explained in a later release.",
}
