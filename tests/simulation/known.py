"""What production does against an invariant and is not mended yet, as docs/simulation.md tells. None is the goal."""

# A refresh that is applied after its own retry was answered retires the token that we hold.
LATE_REFRESHES_RETIRE_TOKENS = True
