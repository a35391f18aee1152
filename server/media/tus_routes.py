"""Photo upload by tus 1.0: core, creation, creation-with-upload, checksum, expiration, termination (SYNC §1)."""

import base64
import binascii
import hashlib
import re
from email.utils import format_datetime
from io import BytesIO

from flask import Blueprint, Response, request, url_for

from server.clock import now
from server.db import db, expect_reads
from server.devices.tokens import device_of_request
from server.media import uploads
from server.media.models import Upload
from sync.problems import Problem

blueprint = Blueprint("tus", __name__, url_prefix="/sync/v1/uploads")

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
ALGORITHMS = ("sha1", "sha256", "md5")
BYTES = "application/offset+octet-stream"


@blueprint.before_request
def _check_version() -> Response | None:
    expect_reads(True)
    if request.method == "OPTIONS":
        return None
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    return None


@blueprint.after_request
def _name_version(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
def abilities() -> Response:
    return _answer(
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(uploads.MOST_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@blueprint.post("")
def create() -> Response:
    device = device_of_request()
    length = _whole_number("Upload-Length")
    if length > uploads.MOST_BYTES:
        raise Problem("too_large")
    metadata = request.headers.get("Upload-Metadata", "")
    sha256 = promised_sha256(metadata)
    person_id = device.person_id
    db.session.rollback()
    expect_reads(False)
    upload = uploads.begin_upload(person_id, sha256, length, metadata[:1000], now())
    location = {"Location": url_for("tus.status", upload_id=upload.id), "Upload-Expires": _http_date(upload)}
    here = uploads.offset_of(upload)
    if request.content_length and request.content_type == BYTES:
        location["Upload-Offset"] = str(here or _take_bytes(upload, 0))  # the body begins at 0: a known upload keeps what it has
    elif length == 0:
        uploads.finish(upload.id, person_id, sha256, now())
    return _answer(201, location)


@blueprint.route("/<upload_id>", methods=["HEAD"], provide_automatic_options=False)
def status(upload_id: str) -> Response:
    upload = _own_upload(upload_id)
    offset = uploads.offset_of(upload)
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(upload.length), "Upload-Expires": _http_date(upload)}
    if upload.upload_metadata:
        headers["Upload-Metadata"] = upload.upload_metadata
    if offset == upload.length and upload.finished_at is None:
        _finish(upload)
    return _answer(200, headers)


@blueprint.patch("/<upload_id>")
def append(upload_id: str) -> Response:
    upload = _own_upload(upload_id)
    if request.content_type != BYTES:
        raise Problem("unsupported_type")
    offset = _whole_number("Upload-Offset")
    expires = _http_date(upload)
    return _answer(204, {"Upload-Offset": str(_take_bytes(upload, offset)), "Upload-Expires": expires})


@blueprint.delete("/<upload_id>")
def terminate(upload_id: str) -> Response:
    uploads.discard_upload(_own_upload(upload_id))
    return _answer(204, {})


def _own_upload(upload_id: str) -> Upload:
    upload = uploads.find_upload(upload_id, device_of_request().person_id)
    db.session.expunge(upload)
    db.session.rollback()
    if upload.expires_at < now():
        raise Problem("upload_gone")
    return upload


def _take_bytes(upload: Upload, offset: int) -> int:
    if offset > upload.length:
        raise Problem("offset_conflict", offset=uploads.offset_of(upload))
    if (request.content_length or 0) > upload.length - offset:
        raise Problem("too_large")
    if offset == upload.length == uploads.offset_of(upload):
        _finish(upload)
        return offset
    reached = uploads.append_bytes(upload, offset, _checked_source(), upload.length - offset)
    if reached == upload.length:
        _finish(upload)
    return reached


def _checked_source() -> BytesIO:
    """The request's bytes; with an Upload-Checksum they must match it before any is kept."""
    wanted = request.headers.get("Upload-Checksum")
    if wanted is None:
        return request.stream  # type: ignore[return-value]
    algorithm, _, digest = wanted.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Problem("malformed", "Upload-Checksum")
    content = request.get_data(cache=False)
    if base64.b64encode(hashlib.new(algorithm, content, usedforsecurity=False).digest()).decode() != digest.strip():
        raise Problem("checksum_mismatch")
    return BytesIO(content)


def _finish(upload: Upload) -> None:
    uploads.finish(upload.id, upload.person_id, upload.sha256, now())


def _whole_number(header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise Problem("malformed", header)
    return int(text)


def promised_sha256(metadata: str) -> str:
    """The hash in the Upload-Metadata header, or `malformed`."""
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "sha256":
            try:
                text = base64.b64decode(value, validate=True).decode("ascii")
            except (binascii.Error, UnicodeDecodeError) as fault:
                raise Problem("malformed", "Upload-Metadata") from fault
            if re.fullmatch(r"[0-9a-f]{64}", text):
                return text
    raise Problem("malformed", "Upload-Metadata needs sha256")


def _http_date(upload: Upload) -> str:
    return format_datetime(upload.expires_at, usegmt=True)


def _answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status=status, headers=headers)
