"""Read what people typed; whether it may be kept is decided by the actions."""
