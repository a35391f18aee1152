"""What the headers of a tus request say; whatever cannot be read is `malformed`."""

import base64
import binascii
import hashlib
import re
from io import BytesIO
from typing import BinaryIO, cast

from flask import request

from sync.problems import Problem

ALGORITHMS = ("sha1", "sha256", "md5")
MOST_METADATA = 1000
PAIR = re.compile(r"(?P<key>[!-+\--~]+)(?: (?P<value>[A-Za-z0-9+/]*={0,2}))?")  # a key is ASCII without space and comma
OTHER_EXTENSIONS = ("Upload-Concat", "Upload-Defer-Length")


def whole_number(header: str) -> int:
    """Any number of bytes that a header can hold, also one that is far too large."""
    text = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,300}", text):
        raise Problem("malformed", header)
    return int(text)


def refuse_other_extensions() -> None:
    """A part of a file, or a file of unknown length, must not be taken for a whole file."""
    for header in OTHER_EXTENSIONS:
        if header in request.headers:
            raise Problem("malformed", f"{header} is not offered")


def upload_metadata() -> str:
    """The Upload-Metadata header, which HEAD gives back as it came: at most `MOST_METADATA` characters."""
    text = request.headers.get("Upload-Metadata", "")
    if len(text) > MOST_METADATA:
        raise Problem("malformed", f"Upload-Metadata is longer than {MOST_METADATA}")
    return text


def promised_sha256(metadata: str) -> str:
    """The hash that the metadata promises."""
    text = _values(metadata).get("sha256", b"").decode("ascii", "replace")
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise Problem("malformed", "Upload-Metadata needs sha256")
    return text


def _values(metadata: str) -> dict[str, bytes]:
    """Values by key. Keys are unique, and values are Base64 or missing."""
    values: dict[str, bytes] = {}
    for text in metadata.split(","):
        pair = PAIR.fullmatch(text)
        if pair is None or pair["key"] in values:
            raise Problem("malformed", "Upload-Metadata")
        try:
            values[pair["key"]] = base64.b64decode(pair["value"] or "", validate=True)
        except binascii.Error as fault:
            raise Problem("malformed", "Upload-Metadata") from fault
    return values


def checked_source() -> BinaryIO:
    """The request's bytes; with an Upload-Checksum they must match it before any is kept."""
    wanted = request.headers.get("Upload-Checksum")
    if wanted is None:
        return cast(BinaryIO, request.stream)
    algorithm, _, digest = wanted.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Problem("malformed", "Upload-Checksum")
    content = request.get_data(cache=False)
    if base64.b64encode(hashlib.new(algorithm, content, usedforsecurity=False).digest()).decode() != digest.strip():
        raise Problem("checksum_mismatch")
    return BytesIO(content)
