"""Material requests as phones receive them (RULEBOOK §6)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, literal, select

from server.clock import today
from server.db import db
from server.materials.models import MaterialRequest

HISTORY_DAYS = 90


def material_request_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id, of those that are not void; `delivered_on` is null and `signer_name` empty until it was delivered."""
    return {
        request.id: {
            "id": request.id,
            "outlet_id": request.outlet_id,
            "contents": request.contents,
            "requested_on": request.requested_on.isoformat(),
            "due_on": request.due_on.isoformat(),
            "delivered_on": request.delivered_on.isoformat() if request.delivered_on else None,
            "signer_name": request.signer_name,
            "is_unsigned": request.signature_refusal is not None,
        }
        for request in db.session.scalars(select(MaterialRequest).where(MaterialRequest.id.in_(ids), MaterialRequest.voided_at.is_(None)))
    }


def live_material_requests() -> Select[str, str]:
    """What phones hold: what is to be delivered, and what was delivered in the last 90 days."""
    recent = MaterialRequest.delivered_on.is_(None) | (MaterialRequest.delivered_on >= today() - timedelta(days=HISTORY_DAYS))
    return select(MaterialRequest.id, literal("outlet:") + MaterialRequest.outlet_id).where(recent, MaterialRequest.voided_at.is_(None))
