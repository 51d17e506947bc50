"""Every validation message, in one place: its words, the rule behind it, and where we know it from.

The numbers are those of the xero-api reference 12. `ASSUMED` holds words that no source gives: Xero has
a rule there, and what it says is not known.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

NUMBER_NOT_UNIQUE = "Invoice # must be unique."  # 1 documented
NOT_MODIFIABLE = "Invoice not of valid status for modification"  # 2 recorded
NOT_CREATABLE = "Invoice not of valid status for creation"  # 3 reported
LINES_MISSING = "One or more line items must be specified"  # 4 reported
CONTACT_MISSING = "A Contact must be specified for this type of transaction"  # 5 reported
CONTACT_NOT_IDENTIFIED = (  # 6 documented
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
ACCOUNT_MISSING = "Account code must be specified"  # 7 reported
ACCOUNT_OR_ID_MISSING = "The account code or ID must be specified"  # 7, where a payment lacks its account
TAX_TYPE_MANDATORY = "The TaxType field is mandatory"  # 12 reported
PAID_NOT_EDITABLE = (  # 15 reported
    "This document cannot be edited as it has a payment or credit note allocated to it."
)
TAX_OVER_PRICE = "The TaxAmount must not be greater than the UnitAmount"  # assumed words, by a reading
EMAIL_INVALID = "Email address must be valid."  # 18 documented
URL_NOT_ABSOLUTE = "Url must be a valid absolute url"  # 19 reported
CONTACT_ARCHIVED_FOR_DOCUMENT = (  # 20 reported
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes."
)
CONTACT_NAME_EXISTS = "The Contact Name already exists. Please enter a different Contact Name."  # 23 reported
CONTACT_ARCHIVED = (  # 24 recorded
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
PAYMENT_EXCEEDS = "Payment amount exceeds the amount outstanding on this document"  # 25 documented
PAYMENT_NEEDS_AUTHORISED = "Payments can only be made against Authorised documents"  # 26 reported
PAYMENT_ACCOUNT_INVALID = "Account type is invalid for making a payment to/from"  # 27 reported
PAYMENT_NOT_MODIFIABLE = "Payment not of valid status for modification"  # 28 reported
BATCH_PAYMENT = "Payments within a batch cannot be deleted."  # 29 reported
ACCOUNT_NAME_TAKEN = "Please enter a unique Name."  # 32 documented
HISTORY_UNKNOWN = "The document with the supplied id was not found for this endpoint."  # 34 documented
APPROVAL_CAP = "You have reached the limit of invoices you can approve"  # 35 reported
GUID_MALFORMED = (  # 36 reported
    "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."
)
RECONCILED = (  # 37 reported
    "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
)


def account_invalid(code: str) -> str:
    return f"Account code '{code}' is not a valid code for this document."  # 8 reported


def account_archived(code: str) -> str:
    return (  # 9 reported
        f"Account code '{code}' has been archived, or has been deleted. Each line item must reference a valid account."
    )


def tax_type_not_for_account(tax_type: str, code: str) -> str:
    return f"The TaxType code '{tax_type}' cannot be used with account code '{code}'."  # 10 reported


def tax_type_unknown(tax_type: str) -> str:
    return (  # 11 reported
        f"The TaxType code {tax_type} does not exist or cannot be used for this type of transaction."
    )


def before_period_lock(lock: date) -> str:
    return f"The document date cannot be before the period lock date, currently set at {_long(lock)}"  # 13


def before_year_lock(lock: date) -> str:
    return f"The document date cannot be before the end of year lock date, currently set at {_long(lock)}"  # 14


def status_has_payments(status: str) -> str:
    return (  # 16 reported
        f"The status {status} cannot be applied to the invoice because it has payments or credit notes allocated to it."
    )


def not_modifiable(noun: str) -> str:
    return f"{noun} not of valid status for modification"  # 2, for other documents than invoices: assumed


def not_creatable(noun: str) -> str:
    return f"{noun} not of valid status for creation"  # 3, likewise


def status_has_allocations(status: str, noun: str) -> str:
    return (  # 16, likewise
        f"The status {status} cannot be applied to the {noun} because it has payments or allocations."
    )


def line_total_differs(given: Decimal, expected: Decimal) -> str:
    return f"The line total {given} does not match the expected line total {expected}"  # 17 reported


def currency_not_subscribed(code: str) -> str:
    return f"Organisation is not subscribed to currency {code}"  # 21 reported


def contact_name_taken(name: str) -> str:
    return (  # 22 recorded
        f"The contact name {name} is already assigned to another contact. "
        "The contact name must be unique across all active contacts."
    )


def key_used_differently(key: str) -> str:
    return f"Idempotency Key: {key} is used with a different request."  # 30 reported


def item_code_taken(code: str) -> str:
    return f"Price List Item with Code '{code}' already exists"  # 31 documented


def not_found_by_id(noun: str) -> str:
    return f"An existing {noun} with the specified {noun.replace(' ', '')}ID could not be found"  # 33 documented


def _long(day: date) -> str:
    return f"{day.day} {day.strftime('%B %Y')}"


# Assumed: the rule is documented or evident, the words are ours.

TYPE_MISSING = "Invoice Type must be ACCREC or ACCPAY"
TYPE_FIXED = "The Type of an invoice cannot be changed"
NUMBER_NOT_ASCII = "InvoiceNumber must be printable ASCII"
ID_ON_CREATE = "PUT creates: InvoiceID must not be given. Use POST to update"
DUE_DATE_MISSING = "DueDate must be specified"
DESCRIPTION_MISSING = "Description must be specified"
DISCOUNT_ON_BILL = "Discounts are available for sales invoices only"
DISCOUNT_RATE_RANGE = "DiscountRate must be from 0 to 100"
DISCOUNT_TWICE = "A line takes either DiscountRate or DiscountAmount"
LINE_INCOMPLETE = "A line with an amount needs a Quantity and a UnitAmount, or a LineAmount"
LINE_TOO_LARGE = "LineAmount must not be more than 9999999999.99"
LINE_ID_UNKNOWN = "The LineItemID does not belong to this invoice"
TRACKING_TWO = "A line takes at most 2 tracking categories"
TOTAL_NEGATIVE = "The total of an invoice must not be negative"
ROUNDING_RANGE = "RoundingAmount must be from -0.10 to 0.10"
ROUNDING_NEEDS_TOTALS = "RoundingAmount needs SubTotal, TotalTax and Total, and they must reconcile"
ROUNDING_NEEDS_APPROVAL = "RoundingAmount is for SUBMITTED and AUTHORISED invoices"
RATE_NOT_POSITIVE = "CurrencyRate must be more than 0"
RATE_ODD = "The CurrencyRate differs much from the day's rate"  # a warning only
SENT_TOO_EARLY = "SentToContact can be set once an invoice is approved"
URL_NAMES_XERO = "Url must not contain xero"
CONTACT_NAME_MISSING = "Contact Name must be specified"
CONTACT_NAME_FORM = "Contact Name must not hold < or >"
CONTACT_NUMBER_TAKEN = "The ContactNumber is already assigned to another contact"
CONTACT_ID_ON_CREATE = "PUT creates: ContactID must not be given. Use POST to update"
CONTACT_NOT_FOUND = "The contact with the specified ContactID could not be found"
PERSONS_FIVE = "A contact takes at most 5 contact persons"
COUNTRY_FORM = "Country must hold letters only"
TERM_DAYS = "PaymentTerms.Day must be from 0 to 365"
CREDIT_TYPE_MISSING = "Credit Note Type must be ACCRECCREDIT or ACCPAYCREDIT"
CREDIT_TYPE_FIXED = "The Type of a credit note cannot be changed"
CREDIT_NUMBER_NOT_ASCII = "CreditNoteNumber must be printable ASCII"
CREDIT_NUMBER_NOT_UNIQUE = "Credit Note # must be unique."
CREDIT_ID_ON_CREATE = "PUT creates: CreditNoteID must not be given. Use POST to update"
CREDIT_NOT_APPROVED = "Only AUTHORISED credits can be allocated"
ALLOCATION_NEEDS_AUTHORISED = "Credits can only be allocated to AUTHORISED invoices"
ALLOCATION_OTHER_CONTACT = "A credit can only be allocated to invoices of its own contact and kind"
ALLOCATION_OTHER_CURRENCY = "A credit can only be allocated to invoices in its own currency"
ALLOCATION_NOT_POSITIVE = "Allocation amount must be more than 0"
ALLOCATION_EXCEEDS_CREDIT = "Allocation amount exceeds the remaining credit"
ALLOCATION_EXCEEDS_INVOICE = "Allocation amount exceeds the amount outstanding on the invoice"
ACCOUNT_CODE_MISSING = "Account Code must be specified"
ACCOUNT_CODE_TAKEN = "Please enter a unique Code."
ACCOUNT_NAME_MISSING = "Account Name must be specified"
ACCOUNT_IN_USE = "The account is used on transactions: archive it instead"
BANK_NUMBER_MISSING = "BankAccountNumber must be specified"
SYSTEM_ACCOUNT = "System accounts cannot be changed, archived or deleted"
TAX_RATE_UNKNOWN = "The tax rate could not be found"
TAX_RATE_SYSTEM = "Xero's own tax rates cannot be changed"
TAX_RATE_NAME_MISSING = "Tax rate Name must be specified"
TAX_RATE_NAME_TAKEN = "Tax rate Name must be unique"
TAX_COMPONENTS_MISSING = "A tax rate needs at least one tax component"
TAX_COMPONENTS_FORM = (
    "Tax components need a Name and a Rate from 0 to 100, all together too; at most 10 of them, and one compound"
)
TRACKING_FULL = "An organisation has at most 2 active tracking categories, and 4 in all"
TRACKING_IN_USE = "The tracking is used on transactions: archive it instead"
TRACKING_NAME_MISSING = "Name must be specified"
TRACKING_NAME_TAKEN = "Name must be unique"
OPTIONS_FULL = "A tracking category has at most 100 options"
GROUP_NAME_MISSING = "Contact group Name must be specified"
GROUP_NAME_TAKEN = "Contact group Name must be unique"
NOTE_EMPTY = "Details must be specified"
NOTES_FIFTY = "At most 50 history records in one call"
FILE_NAME_FORM = 'A file name takes at most 255 characters, and none of < > : " / \\ | ? * +'
FILE_EMPTY = "The attachment holds nothing"
FILES_TEN = "At most 10 attachments for one object"
NOT_ONLINE = "Only sales invoices beyond draft can be seen online"
NOT_SENDABLE = "Only SUBMITTED, AUTHORISED and PAID sales invoices can be sent by e-mail"
NO_EMAIL = "The contact has no e-mail address"
EMAIL_LIMIT = "The limit of e-mails for today is reached"
TRANSACTION_TYPE = "The sandbox imitates bank transactions of these types"
TRANSACTION_NOT_POSITIVE = "The total of a bank transaction must be more than 0"
TRANSACTION_ID_ON_CREATE = "PUT creates: BankTransactionID must not be given. Use POST to update"
CREDIT_TRANSACTION_FIXED = "A bank transaction that made an overpayment or prepayment can only be deleted"
BANK_ACCOUNT_MISSING = "BankAccount must be specified"
BANK_ACCOUNT_INVALID = "BankAccount must be an active account of the type BANK"
BANK_CURRENCY = "CurrencyCode must be the currency of the BankAccount"
BATCH_EMPTY = "A batch payment needs at least one payment"
BATCH_TWICE = "A batch payment takes each invoice once"
BATCH_MIXED = "A batch payment takes either sales invoices or bills"
BATCH_STATUS = "Batch payments cannot be edited, only deleted"
BATCH_DELETED = "Batch payment not of valid status for modification"
BATCH_UNKNOWN = "The batch payment could not be found"
ITEM_CODE_MISSING = "Item Code must be specified"
ITEM_ID_ON_CREATE = "PUT creates: ItemID must not be given. Use POST to update"
ITEM_NOT_TRACKED = "The sandbox keeps no stock: IsTrackedAsInventory must be false"
PAYMENT_ONE_DOCUMENT = "A payment needs exactly one of Invoice, CreditNote, Prepayment and Overpayment"
PAYMENT_NOT_POSITIVE = "Payment amount must be more than 0"
PAYMENT_DATE_MISSING = "Payment Date must be specified"
PAYMENT_NOT_EDITABLE = "Payments cannot be edited, only deleted"
ACCOUNT_UNKNOWN = "The account could not be found"
RATE_FOR_BASE_CURRENCY = "CurrencyRate is for documents in a foreign currency"
CURRENCY_EXISTS = "Organisation is already subscribed to this currency"


def too_long(member: str, limit: int) -> str:
    return f"{member} must not be longer than {limit} characters"


def not_one_of(member: str, value: str, allowed: str) -> str:
    return f"'{value}' is not valid for {member}. It must be one of: {allowed}"


def item_unknown(code: str) -> str:
    return f"Item code '{code}' is not valid"


def tracking_unknown(category: str, option: str) -> str:
    return f"The tracking category '{category}' with the option '{option}' could not be found or is archived"
