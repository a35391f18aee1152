"""Deeds on material requests (RULEBOOK §6): asked for, delivered with photo and signature; late ones cost the outlet.

What was typed wrong is voided.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.audit.actions import record_audit
from server.db import db, held
from server.domain.deadlines import delivery_due_on
from server.domain.months import Month, business_date
from server.findings.models import Finding, FindingState
from server.materials.models import MaterialRequest
from server.materials.proposals import LATE, withdraw_settled
from server.media.pictures import name_pictures
from server.outlets.actions import end_ownership
from server.outlets.office_records import kept_once
from server.policy.queries import policy_of, working_years
from sync.problems import Problem


@dataclass(frozen=True)
class Wanted:
    """What an outlet asks for. `id` is made with the form, so that sending it twice makes one request."""

    id: str
    outlet_id: str
    contents: str
    requested_on: date


@dataclass(frozen=True)
class Delivery:
    """Photos and signature by their hashes; the first photo stands where only one is shown. No `op_id` from a form.

    `signature_refusal` says why nobody signed, None where somebody did.
    """

    delivered_on: date
    photo_sha256: str
    signature_sha256: str | None
    signer_name: str
    note: str
    more_photos: tuple[str, ...] = ()
    op_id: str | None = None
    signature_refusal: str | None = None


class DeliveryFault(StrEnum):
    """Why a delivery cannot be taken."""

    DELIVERED = "delivered"
    TOO_EARLY = "too_early"


def request_materials(wanted: Wanted, by_id: str, now: datetime) -> MaterialRequest:
    """Note what an outlet asks for; the day of the request is day 0. Commits; the same request again changes nothing."""
    return kept_once(MaterialRequest, wanted, ("outlet_id", "contents"), lambda: keep_request(wanted, by_id, now))


def keep_request(wanted: Wanted, by_id: str, now: datetime) -> MaterialRequest:
    """Keep a request whose id is not in use. The caller commits."""
    due_on = delivery_due_on(wanted.requested_on, working_years(), policy_of(Month.of_date(wanted.requested_on)))
    request = MaterialRequest(**vars(wanted), requested_by_id=by_id, due_on=due_on, made_at=now)
    db.session.add(request)
    record_audit(now, by_id, "materials.requested", ("material_request", request.id))
    return request


def deliver_materials(request_id: str, delivery: Delivery, by_id: str, now: datetime) -> None:
    """Record a delivery. Commits; `stale` when it was delivered or voided already, `invalid` for a day before the request."""
    request = _held(request_id)
    fault = delivery_fault(request, delivery.delivered_on)
    if fault == DeliveryFault.DELIVERED:
        raise Problem("stale")
    if fault == DeliveryFault.TOO_EARLY:
        raise Problem("invalid", fields={"delivered_on": "too_early_a_day"})
    note_delivery(request, delivery, by_id, now)
    db.session.commit()


def void_request(request_id: str, reason: str, by_id: str, now: datetime) -> None:
    """Let one that was typed wrong count for nothing, nor what waits because of it. Commits; `stale` when it is void."""
    request = _held(request_id)
    if not reason:
        raise Problem("invalid", fields={"void_reason": "required"})
    request.void(reason, by_id, now)
    withdraw_settled(request.outlet_id, now)
    record_audit(now, by_id, "materials.voided", ("material_request", request.id), reason=reason)
    db.session.commit()


def _held(request_id: str) -> MaterialRequest:
    """The request, if it is not void, kept from others until the commit."""
    request = held(MaterialRequest, request_id)
    if request is None:
        raise Problem("not_found", f"material request {request_id}")
    if request.voided_at is not None:
        raise Problem("stale")
    return request


def delivery_fault(request: MaterialRequest, delivered_on: date) -> DeliveryFault | None:
    """It is delivered once, and not before it was asked for.

    DECISION (RULEBOOK §6, "Delivery is recorded with date, photo and signature"): the first delivery closes its request, also one that nobody
    signed. Where policy `material.unsigned_counts` says no it cannot be signed later, unlike a training, of which another one may be held:
    a second record would overwrite day, photo and reason of what was brought. The manager who judges the finding dismisses it where the
    outlet has signed since.
    """
    if request.delivered_on is not None:
        return DeliveryFault.DELIVERED
    return DeliveryFault.TOO_EARLY if delivered_on < request.requested_on else None


def note_delivery(request: MaterialRequest, delivery: Delivery, by_id: str, now: datetime) -> None:
    """Keep a delivery without a fault of a request that is held. The caller commits."""
    request.delivered_on, request.delivered_by_id, request.delivery_op_id = delivery.delivered_on, by_id, delivery.op_id
    request.photo_sha256, request.signature_sha256 = delivery.photo_sha256, delivery.signature_sha256
    request.signer_name, request.note, request.signature_refusal = delivery.signer_name, delivery.note, delivery.signature_refusal
    pictures = [delivery.photo_sha256, *delivery.more_photos, delivery.signature_sha256]
    name_pictures(pictures, ("material_request", request.id), by_id)
    record_audit(now, by_id, "materials.delivered", ("material_request", request.id), delivered_on=delivery.delivered_on.isoformat())


def end_late_ownership(finding: Finding, by_id: str, now: datetime) -> None:
    """Whoever delivered late loses the outlet on the day the manager upholds it, if it is theirs still. The caller commits."""
    if finding.kind == LATE and finding.state == FindingState.UPHELD and finding.outlet_id is not None:
        end_ownership(finding.outlet_id, business_date(now), finding.person_id, by_id, now)
