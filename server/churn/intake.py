"""Taking in marketing's word on churn cases from phones (`churn_word.v1`)."""

from server.churn.actions import Said, held_case, is_late_word, keep_word
from server.churn.deciding import finding_key
from server.churn.models import ChurnWord
from server.db import db
from server.domain.churn import Source
from server.domain.months import business_date
from server.findings.queries import is_decided
from server.outlets.duplicates import kept_outlet_id
from server.outlets.phone_records import accepted_at, own_outlet
from sync.churn_form import churn_word_record
from sync.receive import Outcome, Sent, outlet_record_refusal, quarantined


def apply_churn_word(sent: Sent) -> Outcome:
    """Keep what the rep says of a customer. In time is what was said in time, by the estimated time, however late it came."""
    try:
        record = churn_word_record(sent.record)
    except ValueError as fault:
        return quarantined("invalid_record", str(fault)[:300])
    refusal = outlet_record_refusal(sent, ("churn_word", record.word_id), record.outlet_id)
    if refusal is not None:
        return refusal
    if db.session.get(ChurnWord, record.word_id) is not None:
        return quarantined("id_taken", record.word_id)
    outlet = own_outlet(sent, record.outlet_id)
    if outlet is None:
        return quarantined("unknown_outlet", record.outlet_id)
    case = held_case(record.case_id)
    if case is None or kept_outlet_id(case.outlet_id) != outlet.id:
        return quarantined("unknown_case", record.case_id)
    if is_decided(finding_key(case.id)):
        return quarantined("case_decided", case.id)
    said = Said(Source.MARKETING, record.is_gone, record.note.strip(), business_date(sent.happened_at(record.said_at)))
    if is_late_word(case, said):
        return quarantined("word_late", case.due_on.isoformat())
    if said.on < case.listed_on:
        return quarantined("invalid_record", "said_at lies before the list")
    keep_word(case, record.word_id, said, sent.author.person_id, sent.received_at)
    return accepted_at(outlet, sent)
