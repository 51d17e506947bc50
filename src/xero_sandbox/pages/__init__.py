"""Pages for people: what is in the sandbox, what was asked of it, and its switches."""
