"""What a complete outlet file needs (RULEBOOK §10): wages and the manager's review ask here, so that both say the same."""

from collections.abc import Callable
from typing import Any

from server.outlets.models import Outlet

PHOTO_SLOTS = ("storefront", "counter")  # of visits: either will do (RULEBOOK §11)
TEXTS = {"name": "name", "person_in_charge": "person_in_charge", "address": "address", "phone": "phone", "id_number": "id_sealed"}

# of features above: whether they have a photo of one of `PHOTO_SLOTS` from an outlet
photo_finders: list[Callable[[str], bool]] = []


def missing_of(outlet: Outlet) -> tuple[str, ...]:
    """As `missing_fields`, of one file, with the visits that there are."""
    return missing_fields(outlet, any(found(outlet.id) for found in photo_finders))


def missing_to_submit(outlet: Outlet) -> tuple[str, ...]:
    """What the manager cannot judge without; an ID number may follow, as on phones."""
    return tuple(field for field in missing_of(outlet) if field != "id_number")


def missing_fields(row: Any, has_visit_photo: bool) -> tuple[str, ...]:
    """The fields that a file still lacks; 门头 or 柜台 photo, of the file or of a visit, will do."""
    missing = [field for field, column in TEXTS.items() if not getattr(row, column)]
    has_photo = row.storefront_photo or row.counter_photo or has_visit_photo
    return tuple(missing if has_photo else [*missing, "photo"])
