"""The identity side's addresses; one root stands for login.xero.com, identity.xero.com and api.xero.com."""

from starlette.routing import Route

from xero_sandbox.identity import authorize
from xero_sandbox.identity.connection_endpoint import delete_connection, list_connections
from xero_sandbox.identity.issuer import show_discovery, show_keys
from xero_sandbox.identity.token_endpoint import answer_revocation, answer_token

routes: list[Route] = [
    Route(authorize.AUTHORIZE, authorize.show_sign_in, methods=["GET"]),
    Route(authorize.AUTHORIZE, authorize.answer, methods=["POST"]),
    Route(authorize.SIGN_IN, authorize.show_sign_in_again, methods=["GET"]),
    Route(authorize.CONSENT, authorize.show_consent, methods=["GET"]),
    Route("/connect/token", answer_token, methods=["POST"]),
    Route("/connect/revocation", answer_revocation, methods=["POST"]),
    Route("/connections", list_connections, methods=["GET"]),
    Route("/Connections", list_connections, methods=["GET"]),
    Route("/connections/{id}", delete_connection, methods=["DELETE"]),
    Route("/Connections/{id}", delete_connection, methods=["DELETE"]),
    Route("/.well-known/openid-configuration", show_discovery, methods=["GET"]),
    Route("/.well-known/openid-configuration/jwks", show_keys, methods=["GET"]),
]
