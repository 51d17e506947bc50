"""Switches where sources disagree or are silent; each default is the reading that bites careless clients."""

from dataclasses import dataclass


@dataclass(slots=True)
class Readings:
    """What each means stands below, and the open question behind it on the docs page."""

    post_contact_by_name_updates: bool = True
    older_duplicate_words: bool = False
    archived_contacts_can_be_restored: bool = False
    mixed_batch_saves_good: bool = False
    key_clash_on_top: bool = False
    tax_amount_over_price_is_refused: bool = False
    negative_halves_round_up: bool = False
    terms_fill_due_date: bool = True
    deleted_numbers_are_free: bool = False
    voided_number_is_not_modifiable: bool = False
    drafts_pass_locks: bool = False
    payments_touch_their_document: bool = True
    deleted_payments_are_listed: bool = True
    modified_since_is_inclusive: bool = True
    nothing_modified_is_304: bool = False
    items_need_settings_scope: bool = True
    missing_scope_is_403: bool = False
    writes_count_as_egress: bool = True
    limits_roll: bool = False
    calls_over_a_limit_count: bool = False
    app_minute_has_a_hyphen: bool = False
    concurrent_says_how_long: bool = False
    offline_is_json: bool = False
    bodies_up_to_10_mb: bool = False
    files_up_to_25_mb: bool = False
    grace_repeats_the_answer: bool = False
    webhooks_retry_every_15_minutes: bool = False


READINGS = {
    "post_contact_by_name_updates": "POST of a contact whose name is in use changes that contact; off: it is refused",
    "older_duplicate_words": "A contact name in use is told in Xero's older words",
    "archived_contacts_can_be_restored": "POST ContactStatus ACTIVE restores an archived contact; off: it is refused",
    "mixed_batch_saves_good": "A 400 for a batch saves its valid elements all the same; off: nothing of it",
    "key_clash_on_top": "A key used differently is told by Message alone; off: within Elements",
    "tax_amount_over_price_is_refused": "TaxAmount above UnitAmount is refused; off: any amount is taken",
    "negative_halves_round_up": "Half a negative cent rounds towards zero; off: away from it",
    "terms_fill_due_date": "Payment terms fill a missing due date on approval; off: it must be sent",
    "deleted_numbers_are_free": "The number of a deleted draft can be used again; off: it stays taken",
    "voided_number_is_not_modifiable": "PUT with a voided invoice's number names its status; off: must be unique",
    "drafts_pass_locks": "A draft may be dated in a locked period; off: it is refused like any other document",
    "payments_touch_their_document": "A payment makes its document newer, and a webhook tells of it",
    "deleted_payments_are_listed": "GET Payments lists deleted ones, as DELETED",
    "modified_since_is_inclusive": "If-Modified-Since includes the very second it names",
    "nothing_modified_is_304": "If-Modified-Since with nothing newer answers 304; off: an empty list",
    "items_need_settings_scope": "Items need accounting.settings; off: accounting.invoices opens them too",
    "missing_scope_is_403": "A missing scope answers 403; off: 401",
    "writes_count_as_egress": "Replies to writes count as bytes pulled from Xero",
    "limits_roll": "Limits look back over the last minute and day; off: windows begin with the first call in them",
    "calls_over_a_limit_count": "Calls refused with 429 count too",
    "app_minute_has_a_hyphen": "The app-wide limit is spelt app-minute; off: appminute",
    "concurrent_says_how_long": "The 429 for too many calls at once has Retry-After",
    "offline_is_json": "One organisation's 503 is JSON; off: plain text",
    "bodies_up_to_10_mb": "Bodies may have 10 MB; off: 3.5 MB",
    "files_up_to_25_mb": "Attachments may have 25 MB; off: 10 MB",
    "grace_repeats_the_answer": "A retired refresh token in its grace answers the same pair again; off: another",
    "webhooks_retry_every_15_minutes": "Refused webhooks come again every 15 minutes; off: ever more seldom",
}
