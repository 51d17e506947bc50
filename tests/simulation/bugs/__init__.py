"""Wrong variants of production code, switched on by tests only, to show what the simulation can find."""
