"""Taking in follow-ups (`follow_up.v1`) and what is seen of them later (`follow_up_look.v1`) from phones."""

from server.db import db, held
from server.followups.actions import Look, Registered, keep_follow_up, note_look
from server.followups.models import FollowUp, FollowUpStep
from server.media.pictures import note_photos
from server.outlets.duplicates import kept_outlet_id
from server.outlets.phone_records import Refused, accepted_at, opened, refusable
from sync.follow_up_form import follow_up_look, follow_up_record
from sync.receive import Outcome, Sent


@refusable
def apply_follow_up(sent: Sent) -> Outcome:
    """Keep what could not be solved on site, with who sees to it and by when, counted from the estimated time."""
    record, outlet = opened(sent, "follow_up", follow_up_record, _is_follow_up)
    note_photos(sent.op.op_id, record.photo_facts)
    noticed_at = sent.happened_at(record.noticed_at)
    facts = (outlet.id, record.problem.strip(), record.owner, record.working_days, noticed_at, tuple(record.photos), sent.op.op_id)
    keep_follow_up(Registered(record.follow_up_id, *facts), sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_follow_up(follow_up_id: str) -> bool:
    return db.session.get(FollowUp, follow_up_id) is not None


@refusable
def apply_follow_up_look(sent: Sent) -> Outcome:
    """Keep whether it is solved; an older word than the newest one changes nothing but the history."""
    record, outlet = opened(sent, "follow_up_look", follow_up_look, _is_look)
    follow_up = held(FollowUp, record.follow_up_id)
    if follow_up is None or kept_outlet_id(follow_up.outlet_id) != outlet.id:
        raise Refused("unknown_follow_up", record.follow_up_id)
    look = Look(record.look_id, record.is_solved, record.note.strip(), sent.happened_at(record.looked_at), tuple(record.photos))
    note_photos(sent.op.op_id, record.photo_facts)
    note_look(follow_up, look, sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_look(look_id: str) -> bool:
    return db.session.get(FollowUpStep, look_id) is not None
