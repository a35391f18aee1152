"""What an outlet file held at a step of its way, and what has changed since (RULEBOOK §2)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server.db import db
from server.outlets.fields import FIELDS
from server.outlets.models import Outlet

# of the file's form 附表二, in its order; `identity` and the rest are changed elsewhere than by fields
ORDER = (
    *("name", "outlet_class", "agent_id", "person_in_charge", "identity", "phone", "contact"),
    *("address", "position_text", "position", "households_nearby"),
    *("floor_area_m2", "chain_outlets", "is_franchised_or_own_hall", "monthly_fee_yuan", "monthly_payments", "cashiers"),
    *("are_materials_complete", "are_materials_placed_right", "is_tidy", "storefront_photo", "counter_photo", "account_no", "account_made_on"),
)
ELSEWHERE = ("agent_name",)  # fields that stand in the form by another name: an agent by its id, whose name may be put right later
BLANK: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True)
class FieldChange:
    """A field of the file in JSON terms, then and now."""

    name: str
    before: Any
    now: Any
    is_changed: bool


def snapshot_of(outlet: Outlet) -> dict[str, Any]:
    """The file's fields in JSON terms, by name.

    Of the ID document only its kind and a fingerprint of the sealed text, which is never the same twice: it says whether
    the number was changed, and nothing about the number.
    """
    fields = {name: field.read(outlet) for name, field in FIELDS.items() if name not in ELSEWHERE}
    made_on = outlet.account_made_on and outlet.account_made_on.isoformat()
    return fields | {"outlet_class": outlet.outlet_class, "agent_id": outlet.agent_id, "account_made_on": made_on, "identity": _identity(outlet)}


def file_digest(outlet: Outlet) -> str:
    """The same for the same file: a form brings it along, so that nobody decides on what they have not seen."""
    return hashlib.sha256(json.dumps(snapshot_of(outlet), sort_keys=True).encode()).hexdigest()


def file_digests(outlet_ids: list[str]) -> dict[str, str]:
    return {outlet.id: file_digest(outlet) for outlet in db.session.scalars(select(Outlet).where(Outlet.id.in_(outlet_ids)))}


def _identity(outlet: Outlet) -> dict[str, str] | None:
    if not outlet.id_sealed:
        return None
    return {"kind": outlet.id_kind, "fingerprint": hashlib.sha256(outlet.id_sealed.encode()).hexdigest()[:16]}


def file_changes(before: dict[str, Any] | None, now: dict[str, Any]) -> list[FieldChange]:
    """Every field of the file, changed ones first; nothing is marked without a `before`, nor what it did not hold yet."""
    known = before or {}
    changes = [FieldChange(name, known.get(name), now[name], name in known and _differ(known[name], now[name])) for name in ORDER]
    return sorted(changes, key=lambda change: not change.is_changed)


def _differ(before: Any, now: Any) -> bool:
    """A text that was never typed and one that was emptied are the same."""
    return before != now and not (before in BLANK and now in BLANK)
