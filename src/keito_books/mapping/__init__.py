"""Our accounts, taxes and tracking beside theirs."""
