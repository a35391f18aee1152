"""What a record keeps of the outlet's signature, or of the reason why nobody signed; and which pictures it names."""

from datetime import datetime

from sqlalchemy import select

from server.db import db
from server.media.models import BlobRef
from server.media.pictures import name_pictures
from sync.signed import kept_signed
from sync.visit_form import Signature

HASHES = ["a" * 64, "b" * 64]


def test_a_record_keeps_who_signed_or_why_nobody_did_without_blanks():
    signature = Signature(sha256=HASHES[0], signer_name=" 王秀兰 ", signed_at=datetime.fromisoformat("2026-11-24T09:00:00+08:00"))
    assert kept_signed(signature, None) == {"signature_sha256": HASHES[0], "signer_name": "王秀兰", "signature_refusal": None}
    assert kept_signed(None, " 店主不在 ") == {"signature_sha256": None, "signer_name": "", "signature_refusal": "店主不在"}


def test_a_record_names_the_pictures_that_it_has(app, company):
    with app.app_context():
        name_pictures([HASHES[1], HASHES[0], None, HASHES[0]], ("training", "t-1"), company.rep_id)
        name_pictures([None], ("training", "t-2"), company.rep_id)
        rows = db.session.execute(select(BlobRef.entity_id, BlobRef.sha256).order_by(BlobRef.sha256))
        assert [tuple(row) for row in rows] == [("t-1", HASHES[0]), ("t-1", HASHES[1])]
