"""How long to wait before a message is tried again."""

from datetime import timedelta

FIRST_S = 60
LONGEST_S = 3600
GIVEN_UP_AFTER = timedelta(days=1)


def pause_after(attempts: int, share: float, asked_s: int = 0) -> timedelta:
    """A minute, two, four, up to an hour, half to one and a half of it by `share` (0 to 1), so that many do not come at once; never less
    than the other end asked for."""
    doubled: int = FIRST_S * 2 ** min(max(attempts, 1) - 1, 10)
    return timedelta(seconds=max(min(doubled, LONGEST_S) * (0.5 + share), float(asked_s)))
