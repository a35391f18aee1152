"""A time for a whole exchange over the network: a peer that drips byte by byte never lets a single read time out."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def ended_after(connected: socket.socket, seconds: float) -> Iterator[None]:
    """Ends the connection after so many seconds, and then raises TimeoutError, whatever the cut exchange came to; other faults pass."""
    is_over: list[bool] = []

    def end() -> None:
        is_over.append(True)
        with suppress(OSError):  # it ended by itself at the same moment
            connected.shutdown(socket.SHUT_RDWR)

    watch = Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as fault:
        if is_over:
            raise TimeoutError("took too long") from fault
        raise
    finally:
        watch.cancel()
    if is_over:  # what was read is only a part
        raise TimeoutError("took too long")
