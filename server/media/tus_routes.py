"""Photo upload by tus 1.0: core, creation, creation-with-upload, checksum, expiration, termination (SYNC §1)."""

from email.utils import format_datetime
from typing import BinaryIO, cast

from flask import Blueprint, Flask, Response, request, url_for
from flask.blueprints import BlueprintSetupState

from server.clock import now
from server.db import db, expect_reads
from server.devices.tokens import device_of_request
from server.media import uploads
from server.media.models import Upload
from server.media.tus_headers import ALGORITHMS, checked_source, promised_sha256, refuse_other_extensions, upload_metadata, whole_number
from server.media.tus_method import with_named_method
from sync.problems import Problem

PLACE = "/sync/v1/uploads"
blueprint = Blueprint("tus", __name__, url_prefix=PLACE)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
BYTES = "application/offset+octet-stream"


@blueprint.record_once
def _let_posts_name_a_method(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    app.wsgi_app = with_named_method(app.wsgi_app, PLACE)  # type: ignore[assignment,method-assign]


@blueprint.before_request
def _check_version() -> Response | None:
    expect_reads(True)
    if request.method == "OPTIONS":
        return None
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    return None


@blueprint.after_app_request  # also when no route took the method
def _name_version(response: Response) -> Response:
    if request.path.startswith(PLACE):
        response.headers["Tus-Resumable"] = VERSION
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/<upload_id>", methods=["OPTIONS"], provide_automatic_options=False)
def abilities(upload_id: str = "") -> Response:  # noqa: ARG001 (the same for every upload)
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
    refuse_other_extensions()
    length = whole_number("Upload-Length")
    metadata = upload_metadata()
    sha256 = promised_sha256(metadata)
    if length > uploads.MOST_BYTES:
        raise Problem("too_large")
    person_id = device.person_id
    db.session.rollback()
    expect_reads(False)
    first_bytes = checked_source() if request.content_type == BYTES else None
    upload = uploads.begin_upload(person_id, sha256, length, metadata, now())
    location = {"Location": url_for("tus.status", upload_id=upload.id), "Upload-Expires": _http_date(upload)}
    here = uploads.offset_of(upload)
    if first_bytes is not None and not here:  # they begin at 0: a known upload keeps what it has
        here = _take_bytes(upload, 0, first_bytes)
    elif here == length and upload.finished_at is None:  # nothing to send, or all of it came before the server died
        _finish(upload)
    if first_bytes is not None:
        location["Upload-Offset"] = str(here)
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
    offset = whole_number("Upload-Offset")
    expires = _http_date(upload)
    return _answer(204, {"Upload-Offset": str(_take_bytes(upload, offset, checked_source())), "Upload-Expires": expires})


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


def _take_bytes(upload: Upload, offset: int, source: BinaryIO) -> int:
    reached = uploads.append_bytes(upload, offset, source, request.content_length or 0)
    if reached == upload.length:
        _finish(upload)
    return reached


def _finish(upload: Upload) -> None:
    uploads.finish(upload.id, upload.person_id, upload.sha256, now())


def _http_date(upload: Upload) -> str:
    return format_datetime(upload.expires_at, usegmt=True)


def _answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status=status, headers=headers)
