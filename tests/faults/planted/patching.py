"""How a bug is put in place."""

from collections.abc import Callable
from typing import Any

from sync.client import SyncClient
from sync.phone_store import CaptureStore

Patch = Callable[[Any, str, Any], None]
Bug = Callable[[Patch], None]


def without_second_look(patch: Patch) -> None:
    """Phones also compare what a pull says of their numbers, and show witnesses, which heals several of these bugs; here they do not."""
    patch(CaptureStore, "acked_n", 0)
    patch(SyncClient, "_witnesses", lambda _self: {})
