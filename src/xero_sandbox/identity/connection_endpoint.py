"""GET /connections and DELETE /connections/{id}: only the bearer token counts, no tenant."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xero_sandbox.identity.access import bearer_token
from xero_sandbox.identity.connections import as_json, disconnect, live_connections
from xero_sandbox.problems import not_found
from xero_sandbox.world import World


async def list_connections(request: Request) -> Response:
    world: World = request.app.state.sandbox.world
    token = bearer_token(world, request.headers.get("authorization"))
    event = _query(request, "authEventId")
    found = live_connections(world.identity, client_id=token.client_id, user_id=token.user_id)
    return JSONResponse(
        [
            as_json(one, world.organisations.get(one.tenant_id))
            for one in found
            if not event or one.auth_event_id == event.lower()
        ]
    )


async def delete_connection(request: Request) -> Response:
    world: World = request.app.state.sandbox.world
    token = bearer_token(world, request.headers.get("authorization"))
    ended = disconnect(
        world.identity,
        request.path_params["id"].lower(),
        client_id=token.client_id,
        user_id=token.user_id,
        now=world.clock.now(),
    )
    return Response(status_code=204) if ended else not_found().response()


def _query(request: Request, name: str) -> str:
    # Xero reads the names of query parameters whatever their case.
    return next((value for key, value in request.query_params.items() if key.lower() == name.lower()), "")
