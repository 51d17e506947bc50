"""Under which address this sandbox issues tokens, and what it publishes about itself."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from xero_sandbox.identity.scopes import PLAIN_WORDS
from xero_sandbox.identity.signing import public_keys
from xero_sandbox.world import World


def issuer_of(request: Request) -> str:
    """Return the root address by which the caller reached us: one root stands for Xero's three hosts."""
    # Not request.url: it raises on an odd Host header.
    return f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"


async def show_discovery(request: Request) -> Response:
    root = issuer_of(request)
    return JSONResponse(
        {
            "issuer": root,
            "jwks_uri": f"{root}/.well-known/openid-configuration/jwks",
            "authorization_endpoint": f"{root}/identity/connect/authorize",
            "token_endpoint": f"{root}/connect/token",
            "revocation_endpoint": f"{root}/connect/revocation",
            "scopes_supported": list(PLAIN_WORDS),
            "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


async def show_keys(request: Request) -> Response:
    world: World = request.app.state.sandbox.world
    return JSONResponse(public_keys(world.identity))
