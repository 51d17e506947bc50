"""What can be wrong with a request before any rule looks at its content."""


class BadPost(Exception):
    """The body cannot be read: not JSON, or a member of the wrong type."""


class BadQuery(Exception):
    """A `where`, `order` or list parameter cannot be read."""


class BadGuid(Exception):
    """An identifier is not a GUID."""
