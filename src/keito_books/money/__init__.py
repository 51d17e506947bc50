"""Money, rounding and tax arithmetic."""
