"""A group that contacts are sorted into."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ContactGroup:
    group_id: str
    name: str
    status: str = "ACTIVE"
    contact_ids: list[str] = field(default_factory=list)
