"""Who is joined to which organisation, and the tokens that prove it."""
