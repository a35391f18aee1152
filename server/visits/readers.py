"""What visits ask of features above them, which register themselves: how phones' clocks stood, and what phones sent."""

from collections.abc import Callable

ClockReader = Callable[[str], int]
RecordReader = Callable[[list[str]], dict[str, bytes]]

clock_readers: list[ClockReader] = []  # by operation: for how long its phone's clock had been set back just before, in ms
record_readers: list[RecordReader] = []  # by operations: the bytes of their records; those that are not there are absent


def clock_set_back_ms(op_id: str) -> int:
    """The most that any reader says; 0 when none knows."""
    return max((read(op_id) for read in clock_readers), default=0)
