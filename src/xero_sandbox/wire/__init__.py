"""The forms of the wire: JSON with exact decimals, Xero's dates, typed reading of what a client sent."""
