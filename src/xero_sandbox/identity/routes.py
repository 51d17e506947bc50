"""The identity side's addresses."""

from starlette.routing import Route

routes: list[Route] = []
