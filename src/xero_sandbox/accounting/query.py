"""The query parameters of a call: names and booleans in any letter case [DOCKET]."""

from __future__ import annotations

from urllib.parse import parse_qsl

from xero_sandbox.wire.errors import BadQuery


class Query:
    def __init__(self, encoded: str) -> None:
        if not encoded:
            self._values: dict[str, str] = {}
            return
        try:
            pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=100, errors="strict")
        except ValueError as problem:
            raise BadQuery("The query string could not be read") from problem
        self._values = {name.lower(): value for name, value in pairs}

    def text(self, name: str) -> str | None:
        """Return the value; an empty one counts as absent."""
        return self._values.get(name.lower()) or None

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = (self.text(name) or "").lower()
        if value in ("", "true", "false"):
            return value == "true" if value else default
        raise BadQuery(f"{name} must be true or false")

    def whole(self, name: str, least: int, most: int) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):  # noqa: PLR2004  # digits enough
            raise BadQuery(f"{name} must be a whole number from {least} to {most}")
        return int(value)

    def listed(self, name: str) -> list[str] | None:
        """Return a comma-separated list."""
        value = self.text(name)
        return None if value is None else [one.strip() for one in value.split(",") if one.strip()]
