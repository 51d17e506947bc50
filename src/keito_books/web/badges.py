"""Say each state in one word, with its icon and its tone; colour comes third."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """An icon's name, a word, and a tone: empty for neutral, else accent, good, warn or bad."""

    icon: str
    word: str
    tone: str = ""


BADGES = {
    "draft": Badge("file-pen", "Draft"),
    "open": Badge("circle-dot", "Open", "accent"),
    "paid": Badge("circle-check", "Paid", "good"),
    "closed": Badge("circle-slash", "Closed"),
    "overdue": Badge("clock-alert", "Overdue", "warn"),
    "not_synced": Badge("circle-dashed", "Not synced"),
    "pending": Badge("hourglass", "Pending", "accent"),
    "success": Badge("circle-check", "Success", "good"),
    "failed": Badge("triangle-alert", "Failed", "bad"),
    "archived": Badge("archive", "Archived"),
    "active": Badge("circle-check", "Active", "good"),
    "expired": Badge("triangle-alert", "Expired", "warn"),
    "disconnected": Badge("unplug", "Disconnected"),
    "waiting": Badge("hourglass", "Waiting", "accent"),
    "handed_over": Badge("circle-check", "Sent", "good"),
}
