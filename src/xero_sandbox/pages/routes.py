"""The addresses of the pages for people."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xero_sandbox.pages import (
    bank_transaction_page,
    contact_page,
    controls,
    credit_page,
    deliveries,
    invoice_page,
    limits,
    organisations,
    requests,
)

_STYLE = files("xero_sandbox.pages").joinpath("style.css").read_bytes()


async def show_style(_request: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


routes = [
    Route("/", organisations.show_organisations),
    Route("/style.css", show_style),
    Route("/organisations/{id}", organisations.show_organisation, methods=["GET"]),
    Route("/organisations/{id}", organisations.change_organisation, methods=["POST"]),
    Route("/invoices/{id}", invoice_page.show_invoice, methods=["GET"]),
    Route("/invoices/{id}", invoice_page.change_invoice, methods=["POST"]),
    Route("/contacts/{id}", contact_page.show_contact, methods=["GET"]),
    Route("/contacts/{id}", contact_page.change_contact, methods=["POST"]),
    Route("/credits/{id}", credit_page.show_credit),
    Route("/bank-transactions/{id}", bank_transaction_page.show_bank_transaction),
    Route("/deliveries", deliveries.show_deliveries, methods=["GET"]),
    Route("/deliveries", deliveries.subscribe, methods=["POST"]),
    Route("/deliveries/press", deliveries.press, methods=["POST"]),
    Route("/log", requests.show_log),
    Route("/log/{number:int}", requests.show_exchange),
    Route("/usage", limits.show_usage),
    Route("/controls", controls.show_controls, methods=["GET"]),
    Route("/controls/clock", controls.move_clock, methods=["POST"]),
    Route("/controls/faults", controls.add_fault, methods=["POST"]),
    Route("/controls/clear", controls.clear_faults, methods=["POST"]),
    Route("/controls/reading", controls.turn_reading, methods=["POST"]),
    Route("/controls/reset", controls.start_again, methods=["POST"]),
]
