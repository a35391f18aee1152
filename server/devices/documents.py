"""On which phones somebody is signed in, as their own phones receive it with their file: whoever did not do it sees that it was done."""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, column, select, table

from server.db import db
from server.devices.models import Device, SignInCode
from sync.times import iso_instant

# Asked by every first pull, so built once. People live above devices, so their table is named here by what is needed of it.
_PERSON = table("person", column("id"), column("name"))
_PHONES = (
    select(Device.id, Device.person_id, Device.label, Device.created_at, _PERSON.c.id, _PERSON.c.name)
    .outerjoin(SignInCode, SignInCode.device_id == Device.id)
    .outerjoin(_PERSON, _PERSON.c.id == SignInCode.made_by_id)
    .where(Device.person_id.in_(bindparam("ids", expanding=True)), Device.revoked_at.is_(None))
    .order_by(Device.created_at.desc(), Device.id)
)


def phones_of(ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Person → the phones in use, the newest first; `code_by` names whoever made the code in the console.

    It is empty for the person's own password or code, and for a code of the command line, which is kept as made by the person.
    """
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for device_id, person_id, label, created_at, maker_id, maker in db.session.execute(_PHONES, {"ids": ids}):
        by = "" if maker_id in (None, person_id) else maker
        found[person_id].append({"id": device_id, "label": label, "since": iso_instant(created_at), "code_by": by})
    return found
