"""What can go wrong between our books and Xero, and what must be true all the same; one row each, F01 to F135."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    wrong: str
    true: str


# Of these groups each row has a test, or a reason below why it has none yet.
GROUPS_TO_COVER = "ABCDEFG"

GROUPS: dict[str, tuple[str, dict[str, Fault]]] = {
    "A": (
        "A crash",
        {
            "F01": Fault("after the click, before it is saved", "Nothing is half saved, and another click works"),
            "F02": Fault("after it is saved, before it is sent", "It leaves once the dead worker's lease has run out"),
            "F03": Fault("after sending, before the answer", "Pending meanwhile; one document in the end"),
            "F04": Fault("after the answer, before it is stored", "What is there is adopted, not made again"),
            "F05": Fault("after it is stored, before anybody hears of it", "Success shows, and nothing leaves again"),
            "F06": Fault("in a batch that is carried out in part", "The done ones are adopted, the others made once"),
            "F07": Fault("between an invoice and its payment", "The payment still goes, once"),
            "F08": Fault("of a worker by kill -9, at any instant", "Nothing is lost and nothing doubled"),
            "F09": Fault("while a token is refreshed", "The connection lives on"),
            "F10": Fault(
                "as a deploy: the worker is told to stop", "The call at hand ends, and the lane is handed back"
            ),
            "F11": Fault("while recovering from a crash", "The end is the same as with one crash"),
            "F12": Fault("of our own code, for one document each time", "It fails in the end; the others go on"),
        },
    ),
    "B": (
        "Network and HTTP",
        {
            "F13": Fault(
                "Nobody answers at the address, or it has no name", "Pending, said to be unreachable, retried"
            ),
            "F14": Fault("The connecting itself hangs", "As if nobody answered: nothing has left"),
            "F15": Fault("The reply is lost, the request was carried out", "One document, found or asked for again"),
            "F16": Fault("The request is lost", "Made once, after a look that finds nothing"),
            "F17": Fault("The request is carried out long after we gave up", "One document"),
            "F18": Fault("The connection is reset in the middle of the reply", "Outcome unknown; one document"),
            "F19": Fault("The reply trickles", "The deadline of the whole call ends it; outcome unknown"),
            "F20": Fault("The reply breaks off", "Never read as a success"),
            "F21": Fault("A 200 whose JSON is broken", "Outcome unknown; a look decides"),
            "F22": Fault(
                "A page of HTML instead of an answer", "Plain words to people, none of the page; one document"
            ),
            "F23": Fault("A success without elements, ids or our number", "Never a success; a look decides"),
            "F24": Fault("A 500, before or after the effect", "Never a failure and never a proof of absence"),
            "F25": Fault("Xero, or the organisation, is down", "Pending, said so, and it goes on by itself"),
            "F26": Fault("A limit with a wait in any form, or nonsense", "Waited for in bounds; no call before"),
            "F27": Fault("A limit that names no wait", "A growing wait of our own, spread by chance"),
            "F28": Fault("The day's calls are used up", "People read when it goes on; some calls are kept for clicks"),
            "F29": Fault("The app's minute over all organisations is used up", "All of them slow down, bulk first"),
            "F30": Fault("A redirect", "Not followed; the token goes to nobody else"),
            "F31": Fault("A certificate that does not prove the host", "Refused; nothing is sent"),
            "F32": Fault("A reply of a gigabyte, packed or plain", "Given up at a cap; memory stays flat"),
            "F33": Fault(
                "Our key is known there for another request", "Outcome unknown; nothing is sent before a look"
            ),
            "F34": Fault("A kept connection is closed as we send", "Outcome unknown; not sent again unseen"),
            "F35": Fault("A proxy repeats our request", "One document"),
        },
    ),
    "C": (
        "Odd answers of Xero",
        {
            "F36": Fault("Some of a batch are declined", "Those fail, each with its own reason; the others succeed"),
            "F37": Fault("Elements in another order, or missing", "Matched by number; a missing one is unknown"),
            "F38": Fault("Warnings with a success", "Success, and people can read them"),
            "F39": Fault("Members, statuses, types that nobody knows", "Ignored or looked at again; never a crash"),
            "F40": Fault("Dates in every form", "The same calendar day"),
            "F41": Fault("Amounts as numbers, texts, with exponents", "Equal as decimals; no binary fraction"),
            "F42": Fault("A look does not yet show what was written", "The wait before the look is longer than that"),
            "F43": Fault("A look finds two that could be ours", "Nothing more is sent; people are told to look"),
            "F44": Fault("A token that should be good is rejected", "One refresh, one more try, no loop"),
            "F45": Fault("The Xero user or the consent may not do it", "Said, with whom to ask; no loop of retries"),
            "F46": Fault("What we had made is not there any more", "Said; never made again by itself"),
            "F47": Fault(
                "A status that we have never seen", "Unknown or declined in their words, with their reference"
            ),
        },
    ),
    "D": (
        "Changed in Xero",
        {
            "F48": Fault("Somebody else's invoice has our number", "Failed with the way out; theirs is not touched"),
            "F49": Fault("Our own lost attempt has our number", "Adopted"),
            "F50": Fault("A voided or deleted invoice has our number", "Failed with advice"),
            "F51": Fault("A contact is renamed", "It is used on by its id, and keeps its new name"),
            "F52": Fault("A contact is merged into another", "The other is used from then on"),
            "F53": Fault("A contact is archived", "Failed with the way out; no twin is made"),
            "F54": Fault("Two clients here have one name", "Kept apart, or a person is asked"),
            "F55": Fault("The answer to a new contact is lost", "One contact"),
            "F56": Fault("An invoice's amount is changed", "People see it; we never overwrite"),
            "F57": Fault("An invoice is voided", "People see it; payments are refused with the reason"),
            "F58": Fault("An invoice is paid there by hand", "Our payment is refused cleanly"),
            "F59": Fault("A payment is deleted there", "People see it; only they send it again"),
            "F60": Fault("More is paid than is outstanding", "Refused, with what is outstanding"),
            "F61": Fault("A payment of an invoice that is not approved", "It waits, and people read for what"),
            "F62": Fault("An account is archived or of another type", "Failed, with its name and the way to choose"),
            "F63": Fault("The bank account is kept in another currency", "Refused before anything is sent"),
            "F64": Fault("A tax rate is changed or deleted", "Never a wrong tax; people read which rate"),
            "F65": Fault("A tracking category or option is gone", "Failed, with its name"),
            "F66": Fault("The books are locked up to a day", "Failed, with that day; no date is changed"),
            "F67": Fault("The currency is not enabled", "Failed before anything is sent"),
            "F68": Fault("An organisation of another country or currency", "Said when it is connected"),
            "F69": Fault("The organisation lapses or is deleted", "Jobs wait; none fails"),
        },
    ),
    "E": (
        "Tokens and connection",
        {
            "F70": Fault("The token runs out between two sendings", "One refresh; the same key and bytes go on"),
            "F71": Fault("Two workers refresh at once", "One call, whose token both use"),
            "F72": Fault("The answer to a refresh is lost", "Asked for again in time; people notice nothing"),
            "F73": Fault("A worker dies with the new token unstored", "The same"),
            "F74": Fault("A slow refresh ends after the next one", "The newer token stays"),
            "F75": Fault("The token server is away for a while", "No reconnect is asked for unless it must be"),
            "F76": Fault("Nobody uses a consent for 60 days", "Kept alive each week; else said to have expired"),
            "F77": Fault("A refusal, since another process was quicker", "Its token is used; nobody must reconnect"),
            "F78": Fault("Somebody disconnects us inside Xero", "Found out and shown; jobs pause"),
            "F79": Fault("The consent is withdrawn on our way back", "Said so; the connection before it is untouched"),
            "F80": Fault("A way back used twice, foreign, old, or forged", "Nothing is stored; start again"),
            "F81": Fault("A crash between code and stored token", "Connect works again"),
            "F82": Fault(
                "Disconnect while jobs wait or are on their way", "No new call; what is on its way is recorded"
            ),
            "F83": Fault("Revoking fails at a disconnect", "Tokens are wiped here; revoked later, or people are told"),
            "F84": Fault("Reconnect to the same organisation", "Links go on; nothing is doubled"),
            "F85": Fault("Connect to another organisation", "Asked with both names; nothing goes there by itself"),
            "F86": Fault("From Xero to QuickBooks", "Disconnect first; links apart; the history stays"),
            "F87": Fault("Two workspaces join one organisation", "Never mixed"),
            "F88": Fault("One consent for several organisations", "One is chosen; the others are not used"),
            "F89": Fault("Who connected leaves the company", "The connection stays; people are told"),
            "F90": Fault("The key for tokens is changed while all runs", "Old and new open; moving can be repeated"),
            "F91": Fault("The key for tokens is lost or wrong", "Reconnect, said so; the rest works"),
            "F92": Fault("Sealed tokens are swapped between rows", "They open for nobody"),
        },
    ),
    "F": (
        "Several at once",
        {
            "F93": Fault("Any number of clicks, or a form sent again", "One job"),
            "F94": Fault("Two people copy one invoice", "One job, which both see"),
            "F95": Fault("Two workers for one organisation", "One works; never more than five calls at once"),
            "F96": Fault("An invoice is changed while it is Pending", "Refused: what was asked for is what arrives"),
            "F97": Fault("An invoice is closed while it is on its way", "People see what is there and decide"),
            "F98": Fault("A payment is deleted before it arrives", "Not sent, or taken back"),
            "F99": Fault("Settings change while jobs wait", "New ones until the first sending, then frozen"),
            "F100": Fault("Retry while it is being looked for", "No new sending"),
            "F101": Fault("A worker freezes beyond its lease", "It sends nothing when it wakes"),
            "F102": Fault("A right is taken away during a request", "The right counts at the moment of writing"),
            "F103": Fault("Hundreds at once", "Paced, with progress, restartable, and clicks go first"),
        },
    ),
    "G": (
        "Database, clock, host",
        {
            "F104": Fault("The database goes away in the middle", "A request fails whole; jobs go on after"),
            "F105": Fault("Nobody knows whether a commit took place", "Doing it again has no second effect"),
            "F106": Fault("A deadlock", "The step is repeated; no call runs inside a transaction"),
            "F107": Fault("The disk is full, or nothing can be written", "Nothing is sent that was not stored first"),
            "F108": Fault("Clocks jump or differ", "Nothing is sent twice"),
            "F109": Fault("Leap days, year's ends, far time zones", "The date in Xero is the one on the paper"),
            "F110": Fault("Yesterday's backup is put back", "Looked up first, sent after"),
            "F111": Fault("A copy of production is started elsewhere", "It sends nothing"),
            "F112": Fault("Old workers run beside new ones", "What they can't read waits for a newer one"),
            "F113": Fault("A hundred thousand jobs wait", "The next is found as quickly as ever"),
        },
    ),
    "H": (
        "Webhooks that come in",
        {
            "F114": Fault("A signature is forged, missing or cut", "401 and nothing else"),
            "F115": Fault("A good body, written anew", "401"),
            "F116": Fault("An old delivery comes again", "200, no effect"),
            "F117": Fault("Twice, in another order, with a gap", "The same state in the end"),
            "F118": Fault("A day of them is missed", "A daily look finds what changed"),
            "F119": Fault("One for an organisation that is not ours", "200, ignored"),
            "F120": Fault("We are slow, or can't store it", "An answer within five seconds; 503 to have it again"),
            "F121": Fault("Xero tests us with good and bad ones", "200 and 401 exactly"),
            "F122": Fault("Our own change comes back", "Known as ours; no loop"),
            "F123": Fault("Ten thousand at once", "One look for each document, inside the limits"),
        },
    ),
    "I": (
        "Content and money",
        {
            "F124": Fault("A thousand lines, or beyond 3.5 MB", "Sent, or refused before sending"),
            "F125": Fault("Any script, emoji, control characters", "Equal there, or replaced where people see it"),
            "F126": Fault("A text beyond what Xero takes", "Refused with its limit; never cut"),
            "F127": Fault("No lines, nothing to pay, negative lines or totals", "Sent where Xero has it, else refused"),
            "F128": Fault("Tax by line and by total differ", "Equal to the cent, or refused; never silent"),
            "F129": Fault("More decimals than Xero keeps", "The amount is equal; folded where it must be"),
            "F130": Fault("Discounts", "Totals are equal, or it is refused"),
            "F131": Fault("A currency whose rate is missing", "Sent, or shown as Xero's"),
            "F132": Fault("Currencies of no or three decimals", "Their own precision, or refused"),
            "F133": Fault("Names that look like formulas, markup or filters", "Text everywhere"),
            "F134": Fault("Dates that make no sense", "Refused when they are typed"),
            "F135": Fault("Parts that add up to the total", "The last one clears it to the cent"),
        },
    ),
}

ROWS: dict[str, Fault] = {key: fault for _, faults in GROUPS.values() for key, fault in faults.items()}
