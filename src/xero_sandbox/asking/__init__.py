"""Ask a real demo company what nobody has written down, and compare its answers with what the sandbox assumes."""
