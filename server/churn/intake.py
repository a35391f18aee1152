"""Taking in marketing's word on churn cases from phones (`churn_word.v1`)."""

from dataclasses import replace

from server.churn.actions import Said, held_case, is_late_word, keep_word
from server.churn.deciding import finding_key
from server.churn.models import ChurnWord
from server.db import db
from server.domain.churn import Source
from server.domain.months import business_date
from server.findings.queries import is_decided
from server.outlets.duplicates import kept_outlet_id
from server.outlets.phone_records import Refused, accepted_at, no_earlier, opened, refusable
from sync.churn_form import churn_word_record
from sync.receive import Outcome, Sent


@refusable
def apply_churn_word(sent: Sent) -> Outcome:
    """Keep what the rep says of a customer. In time is what was said in time, by the estimated time, however late it came."""
    record, outlet = opened(sent, "churn_word", churn_word_record, _is_known)
    case = held_case(record.case_id)
    if case is None or kept_outlet_id(case.outlet_id) != outlet.id:
        raise Refused("unknown_case", record.case_id)
    if is_decided(finding_key(case.id)):
        raise Refused("case_decided", case.id)
    said = Said(Source.MARKETING, record.is_gone, record.note.strip(), business_date(sent.happened_at(record.said_at)))
    if is_late_word(case, said):
        raise Refused("word_late", case.due_on.isoformat())
    said = replace(said, on=no_earlier(case.listed_on, said.on, sent))
    keep_word(case, record.word_id, said, sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)


def _is_known(word_id: str) -> bool:
    return db.session.get(ChurnWord, word_id) is not None
