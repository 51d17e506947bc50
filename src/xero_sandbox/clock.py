"""The control clock: everything timed in the sandbox follows it, so 61 days pass without waiting."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

YEARS = (2000, 2900)
RATE_MAX = 10_000


@dataclass(slots=True)
class Clock:
    """Real time plus an offset; `frozen_at` makes it stand still until it is moved or released.

    With another `rate` than 1 it runs so many times faster, since the real time `paced_since`.
    """

    offset_seconds: float = 0.0
    frozen_at: datetime | None = None
    rate: float = 1.0
    paced_since: datetime | None = None

    def now(self) -> datetime:
        """Return the sandbox's time, in UTC."""
        if self.frozen_at is not None:
            return self.frozen_at
        now = datetime.now(UTC)
        gained = self.offset_seconds
        if self.paced_since is not None:
            gained += (now - self.paced_since).total_seconds() * (self.rate - 1)
        return now + timedelta(seconds=gained) if gained else now

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
            return
        now = datetime.now(UTC)
        self.offset_seconds = (moment - now).total_seconds()
        self.paced_since = now if self.rate != 1 else None

    def run(self, rate: float) -> None:
        """Run so many times faster than real time from now on; raises ValueError for a rate that is not sensible."""
        if not 0 < rate <= RATE_MAX:
            raise ValueError(f"the rate must be above 0 and at most {RATE_MAX}")
        moment = self.now()
        self.rate = rate
        self.set(moment)

    def freeze(self) -> None:
        self.frozen_at = self.now()

    def release(self) -> None:
        """Let time flow again, from the moment where it stood."""
        if self.frozen_at is None:
            return
        moment, self.frozen_at = self.frozen_at, None
        self.set(moment)
