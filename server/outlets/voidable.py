"""Records that may be voided 作废: typed at the wrong outlet or twice, they stay to be read and count for nothing."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant


class Voidable:
    """The columns of a record that may be voided, all of them empty until it is. What counts records leaves out those with `voided_at`."""

    voided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    voided_by_id: Mapped[str | None] = mapped_column(String(36))
    void_reason: Mapped[str | None] = mapped_column(Text)

    def void(self, reason: str, by_id: str, now: datetime) -> None:
        self.void_reason, self.voided_by_id, self.voided_at = reason, by_id, now
