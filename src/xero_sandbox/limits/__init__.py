"""Rate limits and idempotency keys: what Xero refuses before it looks at the content."""
