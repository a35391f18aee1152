"""Ids made on the phone and on the server alike."""

import os
import threading
import time

_lock = threading.Lock()
_last_ms = 0
_last_tail = 0


def uuid7() -> str:
    """A UUIDv7 as 36 lower-case characters; ids made by one process sort in the order they were made."""
    global _last_ms, _last_tail
    with _lock:
        ms = time.time_ns() // 1_000_000
        if ms > _last_ms:
            _last_ms, _last_tail = ms, int.from_bytes(os.urandom(10), "big") & ((1 << 73) - 1)
        else:
            _last_tail += 1 + int.from_bytes(os.urandom(4), "big")
        tail = _last_tail & ((1 << 74) - 1)
        stamp = _last_ms
    return format_uuid7(stamp, tail)


def format_uuid7(ms: int, tail: int) -> str:
    """The UUIDv7 of a Unix time in milliseconds and 74 further bits."""
    number = (ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
