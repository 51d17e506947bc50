"""The addresses of the pages for people."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xero_sandbox.pages import controls, documents, limits, organisations, requests

_STYLE = files("xero_sandbox.pages").joinpath("style.css").read_bytes()


async def show_style(_request: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


routes = [
    Route("/", organisations.show_organisations),
    Route("/style.css", show_style),
    Route("/organisations/{id}", organisations.show_organisation),
    Route("/invoices/{id}", documents.show_invoice),
    Route("/contacts/{id}", documents.show_contact),
    Route("/log", requests.show_log),
    Route("/log/{number:int}", requests.show_exchange),
    Route("/usage", limits.show_usage),
    Route("/controls", controls.show_controls, methods=["GET"]),
    Route("/controls/clock", controls.move_clock, methods=["POST"]),
    Route("/controls/faults", controls.add_fault, methods=["POST"]),
    Route("/controls/clear", controls.clear_faults, methods=["POST"]),
    Route("/controls/reset", controls.start_again, methods=["POST"]),
]
