"""Switches for behaviour that two sources read differently; the default is the one that bites careless clients."""

from dataclasses import dataclass


@dataclass(slots=True)
class Readings:
    """See the docs page for the open question behind each."""

    post_contact_by_name_updates: bool = True  # False: the duplicate-name refusal instead
    older_duplicate_words: bool = False  # True: the older sentence for a contact name in use
    mixed_batch_saves_good: bool = False  # with summarizeErrors=true; True: only the bad elements are not saved
    grace_repeats_the_answer: bool = False  # a retired refresh token: the same new pair again, or another
    webhooks_retry_every_15_minutes: bool = False  # True: at once, then always so; False: ever more seldom
