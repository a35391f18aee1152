"""Whether visits are still what was sealed: each seal computed anew from row, photos, signature and record, and the chains of phones."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.db import db
from server.media.store import blob_path, file_sha256
from server.outlets.duplicates import kept_outlet_id
from server.visits.models import SealChain, Visit
from server.visits.readers import record_readers
from server.visits.sealing import seal_of

CHUNK = 500


def seal_faults(visit_ids: Iterable[str], with_files: bool = False) -> Iterator[str]:
    """One sentence for each thing that is not as it was sealed, naming the visit; unsealed visits are left out.

    `with_files` reads every photo and signature, which takes a while.
    """
    ids = sorted(set(visit_ids))
    for start in range(0, len(ids), CHUNK):
        query = select(Visit).where(Visit.id.in_(ids[start : start + CHUNK]), Visit.seal.is_not(None)).order_by(Visit.id)
        visits = list(db.session.scalars(query.options(selectinload(Visit.photos))))
        bodies = _bodies([visit.op_id for visit in visits])
        for visit in visits:
            faults = [*_record_faults(visit, bodies.get(visit.op_id)), *(_file_faults(visit) if with_files else ())]
            if visit.seal != seal_of(visit, visit.photos):
                faults.append("its seal differs from what its row, photos and signature say")
            yield from (f"visit {visit.id}: {fault}" for fault in faults)
        db.session.expunge_all()


def _bodies(op_ids: list[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for read in record_readers:
        found |= read(op_ids)
    return found


def _record_faults(visit: Visit, body: bytes | None) -> Iterator[str]:
    if body is None:
        yield "the record that its phone sent is gone"
    elif hashlib.sha256(body).hexdigest() != visit.record_sha256:
        yield "the record that its phone sent is another"
    elif kept_outlet_id(json.loads(body)["outlet_id"]) != visit.outlet_id:
        yield "it stands at another outlet than its record"


def _file_faults(visit: Visit) -> Iterator[str]:
    for sha256 in [*(photo.sha256 for photo in visit.photos), *([visit.signature_sha256] if visit.signature_sha256 else [])]:
        path = blob_path(sha256)
        if not path.exists():
            yield f"the file {sha256} is gone"
        elif file_sha256(path) != sha256:
            yield f"the file {sha256} holds something else"


def chain_faults(visit_ids: Iterable[str]) -> Iterator[str]:
    """One sentence for each broken link in the chains of the phones that these visits came from."""
    ids = sorted(set(visit_ids))
    devices: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        query = select(Visit.device_id).where(Visit.id.in_(ids[start : start + CHUNK]), Visit.seal_n.is_not(None))
        devices.update(device_id or "" for device_id in db.session.scalars(query))
    for device_id in sorted(devices):
        yield from _faults_of_chain(device_id)


def _faults_of_chain(device_id: str) -> Iterator[str]:
    of_device = Visit.device_id == device_id if device_id else Visit.device_id.is_(None)
    query = select(Visit.id, Visit.seal_n, Visit.previous_seal, Visit.seal).where(of_device, Visit.seal_n.is_not(None))
    last_n, last_seal, last_id = 0, "", "none"
    for visit_id, seal_n, previous_seal, seal in db.session.execute(query.order_by(Visit.seal_n, Visit.id)):
        if seal_n != last_n + 1:
            yield f"visit {visit_id}: it is link {seal_n} of its phone's chain, the one before it here is {last_n} (visit {last_id})"
        elif previous_seal != last_seal:
            yield f"visit {visit_id}: it does not follow the seal of visit {last_id} before it"
        last_n, last_seal, last_id = seal_n or 0, seal or "", visit_id
    end = db.session.get(SealChain, device_id, populate_existing=True)
    if end is None:
        yield f"visit {last_id}: nothing says where the chain of its phone ends"
    elif (end.last_n, end.last_seal) != (last_n, last_seal):
        yield f"visit {last_id}: the chain of its phone ends here with link {last_n}, but link {end.last_n} was sealed last"
