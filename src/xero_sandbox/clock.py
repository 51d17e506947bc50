"""The control clock: everything timed in the sandbox follows it, so 61 days pass without waiting."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

YEARS = (2000, 2900)


@dataclass(slots=True)
class Clock:
    """Real time plus an offset; `frozen_at` makes it stand still until it is moved or released."""

    offset_seconds: float = 0.0
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """Return the sandbox's time, in UTC."""
        if self.frozen_at is not None:
            return self.frozen_at
        now = datetime.now(UTC)
        return now + timedelta(seconds=self.offset_seconds) if self.offset_seconds else now

    def advance(self, seconds: float) -> None:
        """Move forward, or back; raises ValueError beyond the years that the sandbox can reckon with."""
        try:
            self.set(self.now() + timedelta(seconds=seconds))
        except OverflowError as problem:
            raise ValueError(f"{seconds} seconds lead out of the calendar") from problem

    def set(self, moment: datetime) -> None:
        """Go to a moment; raises ValueError as `advance` does."""
        if not YEARS[0] <= moment.year <= YEARS[1]:
            raise ValueError(f"the year must be from {YEARS[0]} to {YEARS[1]}")
        if self.frozen_at is not None:
            self.frozen_at = moment
        else:
            self.offset_seconds = (moment - datetime.now(UTC)).total_seconds()

    def freeze(self) -> None:
        self.frozen_at = self.now()

    def release(self) -> None:
        """Let time flow again, from the moment where it stood."""
        if self.frozen_at is None:
            return
        moment, self.frozen_at = self.frozen_at, None
        self.set(moment)
