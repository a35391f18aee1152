"""Where the company's map tiles come from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import UtcInstant, db

THE_ONE = "tiles"


class Frame(StrEnum):
    """In which frame the tiles are drawn; positions are kept in WGS-84."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"


class TileSource(db.Model):
    """The one source of tiles (its id is always `THE_ONE`); no row means plain ground. `url` holds {z}, {x} and {y}."""

    __tablename__ = "tile_source"
    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    frame: Mapped[str] = mapped_column(String(8))
    attribution: Mapped[str] = mapped_column(String(200))
    highest_zoom: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)
