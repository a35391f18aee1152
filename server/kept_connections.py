"""Waitress keeps a connection also after an answer without a body.

It takes every answer without a Content-Length for one that only the end of the connection ends, also 204 and 304, which have
no body by definition (RFC 9110 §6.4.1). Phones would open a new connection for each part of a photo.
"""

from waitress.channel import HTTPChannel
from waitress.task import WSGITask


class BodilessTask(WSGITask):  # type: ignore[misc]
    """Closes only where something else asks for it."""

    def set_close_on_finish(self) -> None:
        is_asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or is_asked or self.version != "1.1":
            super().set_close_on_finish()


def keep_connections() -> None:
    """For every waitress server of this process."""
    HTTPChannel.task_class = BodilessTask
