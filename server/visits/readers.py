"""What visits ask of features above them, which register themselves: how phones' clocks stood, and what phones sent."""

from collections.abc import Callable
from datetime import datetime

ClockReader = Callable[[str, datetime], int]
RecordReader = Callable[[list[str]], dict[str, bytes]]

clock_readers: list[ClockReader] = []  # by operation and when its record began: how far its phone's clock was set back before, in ms
record_readers: list[RecordReader] = []  # by operations: the bytes of their records; those that are not there are absent


def clock_set_back_ms(op_id: str, began_at: datetime) -> int:
    """The most that any reader says; 0 when none knows."""
    return max((read(op_id, began_at) for read in clock_readers), default=0)
