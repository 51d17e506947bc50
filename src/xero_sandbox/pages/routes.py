"""The addresses of the pages for people."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xero_sandbox.html import tag
from xero_sandbox.pages.layout import page

_STYLE = files("xero_sandbox.pages").joinpath("style.css").read_bytes()


async def show_style(_request: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


async def show_organisations(request: Request) -> Response:
    names = [one.name for one in request.app.state.sandbox.world.organisations.values()]
    return page("Organisations", tag("h1", "Organisations"), tag("ul", [tag("li", name) for name in names]))


routes = [
    Route("/", show_organisations),
    Route("/style.css", show_style),
]
