"""Name members as Xero does, and keep decimals exact on the wire."""

from __future__ import annotations

from decimal import Decimal

import msgspec


def wire_name(field: str) -> str:
    """Return Xero's spelling: contact_id -> ContactID, unit_amount -> UnitAmount."""
    return "".join("ID" if part == "id" else part.capitalize() for part in field.split("_"))


def wire_number(value: Decimal) -> Decimal:
    """Return the value written plainly: 100 rather than 1E+2, and no minus before nothing."""
    return Decimal(f"{value.normalize():f}") if value else Decimal(0)


encode = msgspec.json.Encoder(decimal_format="number").encode
