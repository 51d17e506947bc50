"""Take a call to `/api.xro/2.0/`."""

from starlette.requests import Request
from starlette.responses import Response

from xero_sandbox.problems import not_found


async def answer_accounting(request: Request) -> Response:
    del request
    return not_found().response()
