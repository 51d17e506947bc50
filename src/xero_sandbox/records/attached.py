"""What hangs on a document or contact: lines of its history, and files."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class HistoryEntry:
    at: datetime
    changes: str
    details: str
    user: str


@dataclass(slots=True)
class Attachment:
    attachment_id: str
    file_name: str
    mime_type: str
    content: bytes
    include_online: bool = False
