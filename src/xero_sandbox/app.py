"""The sandbox as one ASGI application."""

from html import escape

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from xero_sandbox.control.doors import doors
from xero_sandbox.front import Front
from xero_sandbox.identity.routes import routes as identity_routes
from xero_sandbox.pages.routes import routes as page_routes
from xero_sandbox.problems import NOT_FOUND_TEXT, Problem, not_found
from xero_sandbox.sandbox import Sandbox
from xero_sandbox.world import World


def create_app(world: World) -> Starlette:
    """Return the application. Handlers find the sandbox at `request.app.state.sandbox`.

    The Accounting API is answered by the front, before any route.
    """
    routes: list[BaseRoute] = [
        Mount("/_sandbox", routes=[*page_routes, *doors]),
        *identity_routes,
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={Problem: _answer_problem, 404: _answer_unknown_route, 405: _answer_unknown_route},
        middleware=[Middleware(Front)],
    )
    app.state.sandbox = Sandbox(world)
    return app


async def _answer_problem(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101  # Starlette hands over only what is registered above
    return problem.response()


async def _answer_unknown_route(request: Request, _problem: Exception) -> Response:
    return not_imitated(request.method, request.url.path)


def not_imitated(method: str, path: str) -> Response:
    return not_found(
        f"{NOT_FOUND_TEXT}. The sandbox does not imitate {escape(method)} {escape(path)}: "
        "its README lists what it imitates."
    ).response()
