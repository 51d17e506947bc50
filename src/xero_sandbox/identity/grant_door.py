"""POST /_sandbox/grants: a consent without a browser, for tools and tests."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xero_sandbox.identity.connections import NotConnectable
from xero_sandbox.identity.grants import CannotGrant, grant_without_browser
from xero_sandbox.identity.issuer import issuer_of
from xero_sandbox.world import World


class GrantWanted(msgspec.Struct, forbid_unknown_fields=True):
    organisations: list[str] | None = None  # names or ids; without it all of the person's
    scopes: str | None = None
    client_id: str | None = None  # without it the first app
    email: str | None = None  # without it the first person who belongs to all the organisations


async def make_grant(request: Request) -> Response:
    world: World = request.app.state.sandbox.world
    try:
        wanted = msgspec.json.decode(await request.body() or b"{}", type=GrantWanted)
        granted = grant_without_browser(
            world,
            wanted.organisations,
            wanted.scopes,
            client_id=wanted.client_id,
            email=wanted.email,
            issuer=issuer_of(request),
        )
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        return JSONResponse({"error": f"A grant takes organisations, scopes, client_id, email: {problem}."}, 400)
    except (CannotGrant, NotConnectable) as problem:
        return JSONResponse({"error": str(problem)}, 400)
    return JSONResponse(granted)
