"""An accounting system that lives in memory: for tests, and as the smallest example of a provider."""
