"""What visits ask of features above them, which register themselves: how phones' clocks stood, and what phones sent."""

from collections.abc import Callable
from datetime import datetime

ClockReader = Callable[[str, datetime], int]
MoveReader = Callable[[str], int]
RecordReader = Callable[[list[str]], dict[str, bytes]]

clock_readers: list[ClockReader] = []  # by operation and when its record began: how far its phone's clock was set back before, in ms
move_readers: list[MoveReader] = []  # by operation: how far its phone's clock had moved until it was sent, in ms
record_readers: list[RecordReader] = []  # by operations: the bytes of their records; those that are not there are absent


def clock_set_back_ms(op_id: str, began_at: datetime) -> int:
    """The most that any reader says; 0 when none knows."""
    return max((read(op_id, began_at) for read in clock_readers), default=0)


def clock_moved_ms(op_id: str) -> int:
    """The most that any reader says; 0 when none knows."""
    return max((read(op_id) for read in move_readers), default=0)
