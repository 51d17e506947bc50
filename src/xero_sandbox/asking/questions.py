"""The open questions that a token and a demo company can answer, each with what the sandbox assumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from xero_sandbox.asking.api import Answer
from xero_sandbox.asking.bench import Bench, Json

FUTURE = "2099-01-01T00:00:00"
SUCCESS = 200
REFERENCE_LENGTHS = (255, 256, 1_000)


@dataclass(frozen=True, slots=True)
class Question:
    number: str  # in docs/xero-sandbox/open-questions.md
    words: str
    ask: Callable[[Bench], str]
    assumed: str


def name_only(bench: Bench) -> str:
    made = bench.api.call("PUT", "/Contacts", {"Name": bench.mark()}).first("Contacts")
    again = bench.api.call("POST", "/Contacts", {"Name": made.get("Name"), "FirstName": "Again"})
    if again.status != SUCCESS:
        return again.told
    same = again.first("Contacts").get("ContactID") == made.get("ContactID")
    return "the same contact is changed" if same else "a second contact is made"


def mixed_batch(bench: Bench) -> str:
    good, bad = bench.invoice(), bench.invoice(LineItems=[bench.line(AccountCode="no such account")])
    answer = bench.api.call("PUT", "/Invoices", {"Invoices": [good, bad]})
    return f"{answer.status}, the valid one is {_found(bench, good)}"


def key_clash(bench: Bench) -> str:
    key = bench.mark()
    bench.api.call("PUT", "/Contacts", {"Name": bench.mark()}, Idempotency_Key=key)
    return _shape(bench.api.call("PUT", "/Contacts", {"Name": bench.mark()}, Idempotency_Key=key), key)


def broken_json(bench: Bench) -> str:
    return _shape(bench.api.call("PUT", "/Invoices", b'{"Invoices":['), "")


def broken_filter(bench: Bench) -> str:
    return _shape(bench.api.call("GET", "/Invoices?where=Total%3D%3D%3D1&page=1"), "")


def tax_override(bench: Bench) -> str:
    answer = bench.put_invoice(LineItems=[bench.line(TaxAmount=150)])
    return f"{answer.told}, tax {_number(answer.first('Invoices').get('TotalTax'))}"


def midpoints(bench: Bench) -> str:
    """Half a cent, up and down: 0.5 x 0.05 = 0.025."""
    halves = [bench.line(Quantity=sign * 0.5, UnitAmount=0.05) for sign in (1, -1)]
    answer = bench.put_invoice(Status="DRAFT", LineItems=[*halves, bench.line()])
    lines = answer.first("Invoices").get("LineItems", [])
    return " and ".join(_number(one.get("LineAmount")) for one in lines[:2]) or answer.told


def without_due_date(bench: Bench) -> str:
    answer = bench.put_invoice(DueDate=None)
    return answer.told if answer.status != SUCCESS else f"filled: {answer.first('Invoices').get('DueDateString')}"


def without_description(bench: Bench) -> str:
    return bench.put_invoice(LineItems=[bench.line(Description="")]).told


def number_of_deleted(bench: Bench) -> str:
    return _number_again(bench, "DRAFT", "DELETED")


def number_of_voided(bench: Bench) -> str:
    return _number_again(bench, "AUTHORISED", "VOIDED")


def payment_touches_invoice(bench: Bench) -> str:
    before, _ = _paid(bench)
    after = bench.api.call("GET", f"/Invoices/{before.get('InvoiceID')}").first("Invoices")
    return "newer" if after.get("UpdatedDateUTC") != before.get("UpdatedDateUTC") else "as before"


def deleted_payment_in_lists(bench: Bench) -> str:
    _, payment = _paid(bench)
    payment_id = payment.get("PaymentID")
    bench.api.call("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})
    listed = (bench.api.call("GET", f"/Payments?where=PaymentID%3D%3DGuid(%22{payment_id}%22)").json or {}).get(
        "Payments"
    )
    if not listed:
        return "not listed"
    newer = listed[0].get("UpdatedDateUTC") != payment.get("UpdatedDateUTC")
    return f"listed as {listed[0].get('Status')}, {'newer' if newer else 'as before'}"


def payment_of_nothing(bench: Bench) -> str:
    return _odd_payment(bench, Amount=0)


def negative_payment(bench: Bench) -> str:
    return _odd_payment(bench, Amount=-1)


def longest_reference(bench: Bench) -> str:
    invoice = bench.put_invoice().first("Invoices")
    taken = [
        length
        for length in REFERENCE_LENGTHS
        if bench.put_payment(invoice.get("InvoiceID", ""), Reference="r" * length, Amount=1).status == SUCCESS
    ]
    return f"{max(taken)} characters are taken" if taken else "none of the lengths is taken"


def restoring(bench: Bench) -> str:
    made = bench.api.call("PUT", "/Contacts", {"Name": bench.mark()}).first("Contacts")
    path = f"/Contacts/{made.get('ContactID')}"
    bench.api.call("POST", path, {"ContactStatus": "ARCHIVED"})
    answer = bench.api.call("POST", path, {"ContactStatus": "ACTIVE"})
    return f"{answer.told}: {bench.api.call('GET', path).first('Contacts').get('ContactStatus')}"


def since_the_same_second(bench: Bench) -> str:
    made = bench.put_invoice().first("Invoices")
    moment = str(made.get("UpdatedDateUTCString", "")).removesuffix("Z")
    path = f"/Invoices?InvoiceNumbers={made.get('InvoiceNumber')}&page=1"
    return "included" if bench.api.call("GET", path, If_Modified_Since=moment).first("Invoices") else "left out"


def nothing_changed(bench: Bench) -> str:
    answer = bench.api.call("GET", "/Invoices?page=1", If_Modified_Since=FUTURE)
    return f"{answer.status}, {'an empty list' if (answer.json or {}).get('Invoices') == [] else 'no list'}"


def what_counts(bench: Bench) -> str:
    """How many of the minute each costs; the window may begin anew in between, so a rise is asked again."""
    costs = {
        "404": lambda: bench.api.call("GET", "/Invoices/00000000-0000-0000-0000-00000000dead"),
        "400": lambda: bench.api.call("PUT", "/Invoices", b"{"),
    }
    return ", ".join(f"{name} {_cost(bench, call)}" for name, call in costs.items())


def _cost(bench: Bench, call: Callable[[], Answer]) -> str:
    for _ in range(2):
        before = _left(bench.api.call("GET", "/Organisation"))
        call()
        cost = before - _left(bench.api.call("GET", "/Organisation")) - 1
        if cost >= 0:
            return "counts" if cost else "does not count"
    return "cannot be told"


def _left(answer: Answer) -> int:
    return int(answer.headers.get("x-minlimit-remaining", "0"))


def _number_again(bench: Bench, first: str, then: str) -> str:
    made = bench.put_invoice(Status=first).first("Invoices")
    bench.api.call("POST", f"/Invoices/{made.get('InvoiceID')}", {"Status": then})
    return bench.put_invoice(InvoiceNumber=made.get("InvoiceNumber")).told


def _paid(bench: Bench) -> tuple[Json, Json]:
    invoice = bench.put_invoice().first("Invoices")
    return invoice, bench.put_payment(invoice.get("InvoiceID", "")).first("Payments")


def _odd_payment(bench: Bench, **changes: object) -> str:
    invoice = bench.put_invoice().first("Invoices")
    return bench.put_payment(invoice.get("InvoiceID", ""), **changes).told


def _found(bench: Bench, invoice: Json) -> str:
    answer = bench.api.call("GET", f"/Invoices/{invoice['InvoiceNumber']}")
    return "saved" if answer.status == SUCCESS else "not saved"


def _shape(answer: Answer, changing: str) -> str:
    """Return the form of a refusal, without the words that change from one to the next."""
    body = answer.json if isinstance(answer.json, dict) else {}
    place = "in Elements" if body.get("Elements") else "on top" if "Message" in body else "nowhere"
    said = " / ".join(answer.messages)
    words = said.replace(changing, "…") if changing else said
    return f"{answer.status}, number {body.get('ErrorNumber')}, {body.get('Type')}, {place}: {words}"


def _number(value: object) -> str:
    return f"{Decimal(str(value)):.2f}" if value is not None else "none"


NONE_SAVED, LONGEST = "400, the valid one is not saved", "255 characters are taken"
NOT_UNIQUE = "400 Invoice # must be unique."
NO_AMOUNT = "400 Payment amount must be more than 0"
CLASH = "400, number 10, ValidationException, in Elements: Idempotency Key: … is used with a different request."
BROKEN_JSON = "400, number 14, PostDataInvalidException, on top: The JSON in the request body could not be read"
BROKEN_FILTER = "400, number 16, QueryParseException, on top: The filter could not be read at character 8"
STAYS_ARCHIVED = (
    "400 The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API.: ARCHIVED"
)

QUESTIONS = (
    Question("1", "POST a contact with a name in use and no id", name_only, "the same contact is changed"),
    Question(
        "2", "one valid and one invalid invoice, errors summarised", mixed_batch, "400, the valid one is not saved"
    ),
    Question("3a", "another body under a used key", key_clash, CLASH),
    Question("3b", "a body that is no JSON", broken_json, BROKEN_JSON),
    Question("3c", "a filter that cannot be read", broken_filter, BROKEN_FILTER),
    Question("4", "TaxAmount 150 on a line of 100", tax_override, "200, tax 150.00"),
    Question("5", "0.5 x 0.05 and -0.5 x 0.05", midpoints, "0.03 and -0.03"),
    Question("6a", "approve without a due date", without_due_date, "400 DueDate must be specified"),
    Question("6b", "approve without a description", without_description, "400 Description must be specified"),
    Question("7a", "the number of a deleted draft again", number_of_deleted, NOT_UNIQUE),
    Question("7b", "the number of a voided invoice again", number_of_voided, NOT_UNIQUE),
    Question("8", "UpdatedDateUTC of an invoice after its payment", payment_touches_invoice, "newer"),
    Question("9a", "a deleted payment in GET Payments", deleted_payment_in_lists, "listed as DELETED, newer"),
    Question("9b", "a payment of 0", payment_of_nothing, NO_AMOUNT),
    Question("9c", "a payment of -1", negative_payment, NO_AMOUNT),
    Question("10", "POST ContactStatus ACTIVE to an archived contact", restoring, STAYS_ARCHIVED),
    Question("11a", "If-Modified-Since the very second of a change", since_the_same_second, "included"),
    Question("11b", "If-Modified-Since with nothing newer", nothing_changed, "200, an empty list"),
    Question(
        "13", f"Payment.Reference of {REFERENCE_LENGTHS} characters", longest_reference, "255 characters are taken"
    ),
    Question("14", "what counts against the minute", what_counts, "404 counts, 400 counts"),
)
