"""The control doors: reset, clock, faults, request log, state, the bookkeeper."""
