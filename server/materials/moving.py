"""What happens to material requests when two outlet files become one."""

from datetime import datetime

from server.materials.models import MaterialRequest
from server.outlets.office_records import take_along


def move_requests(gone_id: str, kept_id: str, _now: datetime) -> None:
    """Give an outlet's requests to the one that is kept; the nightly check charges late ones there. The caller commits."""
    take_along(MaterialRequest, gone_id, kept_id)
