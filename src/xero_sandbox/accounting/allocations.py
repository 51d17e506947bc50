"""Allocate credits to invoices, and take allocations back (xero-api reference 9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from xero_sandbox.accounting.batches import write_batch
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.credit_lists import found_credit, found_credit_note
from xero_sandbox.accounting.payments import find_invoice
from xero_sandbox.accounting.recording import is_adviser, posting_of
from xero_sandbox.accounting.replies import Json, Outcome, validation_refusal
from xero_sandbox.problems import not_found
from xero_sandbox.records.credit import Allocation, Credit, CreditNoun
from xero_sandbox.rules.amounts import ZERO, round_to
from xero_sandbox.rules.credits import allocation_problems
from xero_sandbox.rules.dates import lock_problems
from xero_sandbox.shapes.credits import allocated_json, allocation_json
from xero_sandbox.wire.codec import encode
from xero_sandbox.wire.fields import NO_GUID, Fields, read_guid

FLAG = None  # allocations carry no such member [OAS]
Finder = Callable[[Call], Credit]


def put_allocations(call: Call, find: Finder) -> Reply:
    return write_batch(call, "Allocations", FLAG, partial(_allocate, credit_id=find(call).credit_id))


def delete_allocation(call: Call, find: Finder) -> Reply:
    credit = find(call)
    allocation = _found(credit, read_guid(call.parts["allocation_id"]))
    problems = lock_problems(call.organisation, allocation.dated, adviser=is_adviser(call))
    if problems:
        element = allocation_json(allocation, call.books)
        return validation_refusal([{**element, "ValidationErrors": [{"Message": one} for one in problems]}])
    shown: Json = {**allocation_json(allocation, call.books), "IsDeleted": True}
    with call.books.change():
        posting_of(call).take_back(credit, allocation)
    return Reply(200, encode(shown))  # bare, without an envelope [OAS]


CREDIT_NOTES: Finder = found_credit_note
OVERPAYMENTS: Finder = partial(found_credit, noun=CreditNoun.OVERPAYMENT)
PREPAYMENTS: Finder = partial(found_credit, noun=CreditNoun.PREPAYMENT)


def _allocate(call: Call, asked: Fields, *, credit_id: str) -> Outcome:
    credit = call.organisation.credits[credit_id]  # as the allocations before this one left it
    named = asked.child("Invoice")
    invoice = find_invoice(call.books, named) if named else None
    amount = round_to(asked.decimal("Amount") or asked.decimal("AppliedAmount") or ZERO)
    dated = asked.day("Date") or call.today
    problems = allocation_problems(call.books, credit, invoice, amount, dated, adviser=is_adviser(call))
    if problems or invoice is None:
        return Outcome({**dict(asked.values), "AllocationID": NO_GUID}, problems)
    allocation = posting_of(call).allocate(credit, invoice, amount, dated)
    return Outcome(allocated_json(allocation, credit, call.books))


def _found(credit: Credit, allocation_id: str) -> Allocation:
    for one in credit.allocations:
        if one.allocation_id == allocation_id:
            return one
    raise not_found()
