"""The kinds of trouble that can be scripted, in the words that the door takes."""

SAVE_AND_DROP = "save and drop the reply"
DROP_REQUEST = "drop the request"
RESET = "reset the connection"
SAVE_AND_RESET = "save and reset the connection"
RESET_MIDWAY = "save and reset in the middle of the reply"
TRUNCATE = "save and cut the reply short"
APPLY_LATE = "apply late and drop the reply"
CLOSE_AFTER_FIRST = "close after saving the first"  # followed by a number
RUN_TWICE = "carry out twice"
ANSWER_SLOWLY = "answer slowly"
DRIP = "drip the reply"
ANSWER_500 = "answer 500"
SAVE_AND_500 = "save and answer 500"
ANSWER_503 = "answer 503"
ANSWER_429 = "answer 429"
ANSWER_401 = "answer 401"
ANSWER_403 = "answer 403"
ANSWER_404 = "answer 404"
ANSWER_HTML = "answer an HTML page"
REDIRECT = "answer a redirect"
HUGE = "answer a huge body"
BOMB = "answer a huge body, compressed"
MALFORMED = "answer malformed JSON"
OTHER_ORDER = "answer in another order"
WITHOUT_LAST = "answer without the last element"
EMPTY_LIST = "answer an empty list"
WITHOUT_IDS = "answer without ids"
UNKNOWN_VALUES = "answer unknown values"
TWINS = "answer everything twice"
LAG = "answer as it was"

KINDS = {
    SAVE_AND_DROP: "The call is carried out; the connection is closed before a byte of the reply.",
    DROP_REQUEST: "The connection is closed; nothing is carried out.",
    RESET: "The connection is reset (TCP RST); nothing is carried out.",
    SAVE_AND_RESET: "The call is carried out; the connection is reset before a byte of the reply.",
    RESET_MIDWAY: "The call is carried out; the connection is reset after half of the reply.",
    TRUNCATE: "The call is carried out; the reply breaks off in its middle.",
    APPLY_LATE: "The connection is closed at once; the call is carried out later (`seconds`, default 5).",
    CLOSE_AFTER_FIRST: "Only the first m elements of a batch are saved, then the connection is closed.",
    RUN_TWICE: "The call is carried out twice, as when a proxy repeats it; the reply is the second one.",
    ANSWER_SLOWLY: "The call waits (`seconds`, default 5) and is then carried out.",
    DRIP: "The call is carried out; its reply comes drop by drop (`bytes_per_second`, default 1).",
    ANSWER_500: "Nothing is carried out; the reply is a 500.",
    SAVE_AND_500: "The call is carried out; the reply is a 500.",
    ANSWER_503: "Nothing is carried out; the reply is the 503 of maintenance, or of another `problem`.",
    ANSWER_429: "Nothing is carried out; the reply is an empty 429 for the limit in `problem`, with `retry_after`.",
    ANSWER_401: "Nothing is carried out; the reply is the 401 of an expired token, or of another `problem`.",
    ANSWER_403: "Nothing is carried out; the reply is the 403 of a lost organisation, or of another `problem`.",
    ANSWER_404: "Nothing is carried out; the reply is a 404 in HTML.",
    ANSWER_HTML: "Nothing is carried out; the reply is an HTML page, as some proxies give (`status`, default 200).",
    REDIRECT: "Nothing is carried out; the reply sends the client elsewhere (`status`, default 307; `location`).",
    HUGE: "Nothing is carried out; the reply is JSON of `size` bytes (default 100 million).",
    BOMB: "Nothing is carried out; the reply is gzip that unpacks to JSON of `size` bytes.",
    MALFORMED: "The call is carried out; the reply is whole, but its JSON is broken.",
    OTHER_ORDER: "The call is carried out; the elements of the reply are in the opposite order.",
    WITHOUT_LAST: "The call is carried out; the last element is missing from the reply.",
    EMPTY_LIST: "The call is carried out; the reply is a success with no elements.",
    WITHOUT_IDS: "The call is carried out; the elements of the reply have no identifiers.",
    UNKNOWN_VALUES: "The call is carried out; statuses and types are ones that nobody knows, and a member too.",
    TWINS: "The call is carried out; each element of the reply has a twin with another identifier.",
    LAG: "A read shows everything as it was `seconds` ago (default 5): changed things unchanged, new ones not at all.",
}

# Which `problem` each kind can name; the first is what it means without one.
PROBLEMS = {
    ANSWER_429: ("minute", "day", "concurrent", "appminute", "app-minute"),
    ANSWER_401: ("expired", "unknown token", "scope"),
    ANSWER_403: ("organisation", "permission"),
    ANSWER_503: ("maintenance", "organisation offline"),
}
