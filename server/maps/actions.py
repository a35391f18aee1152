"""Setting the company's own map tiles, and going back to plain ground. Every change is an audit row."""

from datetime import datetime
from typing import Any

from server.audit.actions import record_audit
from server.db import db, held, take_turn
from server.maps.forms import Tiles
from server.maps.models import THE_ONE, TileSource

TURN = "tiles"
SUBJECT = ("tile_source", THE_ONE)


def set_tiles(wanted: Tiles, by_id: str, now: datetime) -> None:
    """Draw maps on these tiles from now on; the same again changes nothing. Commits."""
    take_turn(TURN)
    source = held(TileSource, THE_ONE)
    before = _facts(source)
    if source is None:
        source = TileSource(id=THE_ONE)
        db.session.add(source)
    source.url, source.frame, source.attribution, source.highest_zoom = wanted.url, wanted.frame.value, wanted.attribution, wanted.highest_zoom
    after = _facts(source)
    if after != before:
        source.changed_at = now
        record_audit(now, by_id, "tile_source.set", SUBJECT, before=before, after=after)
    db.session.commit()


def remove_tiles(by_id: str, now: datetime) -> None:
    """Draw maps on plain ground again; without tiles nothing changes. Commits."""
    take_turn(TURN)
    source = held(TileSource, THE_ONE)
    if source is not None:
        record_audit(now, by_id, "tile_source.removed", SUBJECT, **_facts(source))
        db.session.delete(source)
    db.session.commit()


def _facts(source: TileSource | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {"url": source.url, "frame": source.frame, "attribution": source.attribution, "highest_zoom": source.highest_zoom}
