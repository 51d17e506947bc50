"""Money, rounding and tax arithmetic."""

from keito_books.money.amounts import Money, allocate, apportion, minor_unit, round_half_up

__all__ = ["Money", "allocate", "apportion", "minor_unit", "round_half_up"]
