"""Requests of tus 1.0, right and wrong, and what is to be answered to the wrong ones."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from server.media.uploads import MOST_BYTES

PLACE = "/sync/v1/uploads"
BYTES = "application/offset+octet-stream"
SIZES = (100, 5_000, 70_000, 8, 0, 100, 5_000)
SHARES = ("some", "all", "nothing", "all", "no bytes", "some")
NOT_ASKED = 0


@dataclass
class Request:
    """What goes over the wire, but for what a server needs of its own."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    is_chunked: bool = False


@dataclass
class Known:
    """An upload that both servers know: its address at each, how far it is, and what the reference last said of it."""

    content: bytes
    paths: dict[str, str] = field(default_factory=dict)
    offset: int = 0
    standing: tuple[int, str | None, str | None, str | None] | None = None
    is_alive: bool = True
    is_corrupt: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def rest(self) -> bytes:
        return self.content[self.offset :]


Spoil = Callable[[Request, Known], None]


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong, the status that we give it, the reference's status, and why we differ where we do."""

    spoil: Spoil
    ours: int
    theirs: int
    why: str = ""


def _put(name: str, value: str) -> Spoil:
    return lambda request, _upload: request.headers.update({name: value})


def _drop(name: str) -> Spoil:
    def spoil(request: Request, _upload: Known) -> None:
        request.headers.pop(name, None)

    return spoil


def _more_metadata(text: str) -> Spoil:
    return lambda request, _upload: request.headers.update({"Upload-Metadata": f"{request.headers.get('Upload-Metadata', '')},{text}"})


def _offset(place: Callable[[Known], int]) -> Spoil:
    return lambda request, upload: request.headers.update({"Upload-Offset": str(place(upload))})


def _too_many_bytes(request: Request, upload: Known) -> None:
    request.body = upload.rest + b"more"
    request.headers["Content-Type"] = BYTES


def _path(path: str) -> Spoil:
    return lambda request, _upload: setattr(request, "path", path)


def _checksum(request: Request, algorithm: str, content: bytes) -> None:
    digest = hashlib.new(algorithm, content).digest()
    request.headers["Upload-Checksum"] = f"{algorithm} {base64.b64encode(digest).decode()}"


def _wrong_checksum(request: Request, _upload: Known) -> None:
    _checksum(request, "sha1", request.body + b"not this")
    request.headers["Content-Type"] = BYTES


def _unknown_checksum(request: Request, _upload: Known) -> None:
    request.headers |= {"Upload-Checksum": "crc32 AAAAAA==", "Content-Type": BYTES}


LOOSE = "the reference has only 400 and 403 for a header that is missing or wrong"
NO_CHECKSUM = "the reference does not have the checksum extension; nothing may be kept"
NO_SUCH_EXTENSION = "neither offers it: to us the header is wrong, to the reference it is not there yet"

ANYWHERE = {
    "no version": Flaw(_drop("Tus-Resumable"), 412, 412),
    "other version": Flaw(_put("Tus-Resumable", "0.2.2"), 412, 400, "tus wants 412 for any other version; " + LOOSE),
    "no token": Flaw(_put("Authorization", "Bearer nobody"), 401, NOT_ASKED, "the reference knows nobody"),
}
IN_CREATION = {
    "no length": Flaw(_drop("Upload-Length"), 400, 400),
    "length -1": Flaw(_put("Upload-Length", "-1"), 400, 400),
    "length 1.5": Flaw(_put("Upload-Length", "1.5"), 400, 400),
    "length ten": Flaw(_put("Upload-Length", "ten"), 400, 400),
    "length empty": Flaw(_put("Upload-Length", ""), 400, 400),
    "length too long": Flaw(_put("Upload-Length", str(MOST_BYTES + 1)), 413, 413),
    "length of a disk": Flaw(_put("Upload-Length", "9" * 15), 413, 413),
    "no metadata": Flaw(_drop("Upload-Metadata"), 400, NOT_ASKED, "we want the SHA-256 of the whole file"),
    "metadata of 2000": Flaw(_more_metadata("name " + "YWFh" * 500), 400, NOT_ASKED, "we keep 1000 characters, and give back all or refuse"),
    "metadata in clear": Flaw(_more_metadata("name !"), 400, 400),
    "metadata twice": Flaw(_more_metadata("filename YQ=="), 400, 400),
    "metadata missing": Flaw(_more_metadata(""), 400, 400),
    "concatenation": Flaw(_put("Upload-Concat", "partial"), 400, 501, NO_SUCH_EXTENSION),
    "deferred length": Flaw(_put("Upload-Defer-Length", "1"), 400, 501, NO_SUCH_EXTENSION),
    "to an upload": Flaw(_path(f"{PLACE}/unknown"), 405, NOT_ASKED, "the reference takes a POST to any address for a creation"),
    "too many bytes": Flaw(_too_many_bytes, 413, 413),
    "wrong checksum": Flaw(_wrong_checksum, 460, NOT_ASKED, NO_CHECKSUM),
    "unknown checksum": Flaw(_unknown_checksum, 400, NOT_ASKED, NO_CHECKSUM),
}
IN_APPENDING = {
    "unknown upload": Flaw(_path(f"{PLACE}/unknown"), 404, 404),
    "no upload": Flaw(_path(PLACE), 405, 404, "a PATCH of the collection is no method of ours; the reference looks for an upload"),
    "no offset": Flaw(_drop("Upload-Offset"), 400, 403, LOOSE),
    "offset -1": Flaw(_put("Upload-Offset", "-1"), 400, 400),
    "offset ten": Flaw(_put("Upload-Offset", "ten"), 400, 400),
    "offset before": Flaw(_offset(lambda upload: upload.offset - 1 if upload.offset else 1), 409, 409),
    "offset behind": Flaw(_offset(lambda upload: upload.offset + 1), 409, 409),
    "offset past the end": Flaw(_offset(lambda upload: len(upload.content) + 1), 409, 409),
    "no type": Flaw(_drop("Content-Type"), 415, 403, "tus wants 415 for any other type; " + LOOSE),
    "other type": Flaw(_put("Content-Type", "application/octet-stream"), 415, 400, "tus wants 415 for any other type; " + LOOSE),
    "too many bytes": Flaw(_too_many_bytes, 413, 413),
    "wrong checksum": Flaw(_wrong_checksum, 460, NOT_ASKED, NO_CHECKSUM),
    "unknown checksum": Flaw(_unknown_checksum, 400, NOT_ASKED, NO_CHECKSUM),
}
OF_AN_UPLOAD = {
    "unknown upload": Flaw(_path(f"{PLACE}/unknown"), 404, 404),
    "no upload": Flaw(_path(PLACE), 405, 404, "a HEAD or DELETE of the collection is no method of ours"),
}
GONE = Flaw(lambda _request, _upload: None, 404, 404)
FLAWS: Mapping[str, dict[str, Flaw]] = {
    "create": ANYWHERE | IN_CREATION,
    "append": ANYWHERE | IN_APPENDING,
    "look": ANYWHERE | OF_AN_UPLOAD,
    "end": ANYWHERE | OF_AN_UPLOAD,
    "ask": {},
}
METHODS = {"create": "POST", "append": "PATCH", "look": "HEAD", "end": "DELETE", "ask": "OPTIONS"}
SUCCESS = {"create": 201, "append": 204, "look": 200, "end": 204, "ask": 204}
DRESSES = {  # what may vary in a request that is right
    "create": ("", "again", "other type", "chunked", "corrupt", "sha1", "sha256", "md5"),
    "append": ("", "override", "chunked", "sha1", "sha256", "md5", "corrupt", "corrupt"),
    "look": ("",),
    "end": ("", "override"),
    "ask": ("", "of an upload"),
}
DEEDS = ("append", "append", "append", "append", "create", "create", "look", "end", "ask")


@dataclass(frozen=True)
class Act:
    """A request to make: `upload` is which of those known, `share` how much of what it lacks."""

    deed: str
    upload: int = 0
    size: int = 100
    share: str = "nothing"
    dress: str = ""
    flaws: tuple[str, ...] = ()

    def wrongs(self) -> list[Flaw]:
        return [FLAWS[self.deed][name] for name in self.flaws]


def acts() -> st.SearchStrategy[Act]:
    return st.sampled_from(DEEDS).flatmap(
        lambda deed: st.builds(
            Act,
            deed=st.just(deed),
            upload=st.integers(0, 3),
            size=st.sampled_from(SIZES),
            share=st.sampled_from(SHARES),
            dress=st.sampled_from(DRESSES[deed]),
            flaws=_flaws(deed),
        )
    )


def _flaws(deed: str) -> st.SearchStrategy[tuple[str, ...]]:
    if not FLAWS[deed]:
        return st.just(())
    one = st.sampled_from(sorted(FLAWS[deed]))
    return st.one_of(st.just(()), st.just(()), st.just(()), st.tuples(one), st.tuples(one), st.tuples(one, one))


def request_of(act: Act, upload: Known, path: str) -> Request:
    """The request for this upload at this address."""
    request = Request(METHODS[act.deed], path, {"Tus-Resumable": "1.0.0"})
    if act.deed == "create":
        words = {"filename": "门头.jpg", "sha256": upload.sha256, "note": ""}
        pairs = [f"{key} {base64.b64encode(value.encode()).decode()}".strip() for key, value in words.items()]
        request.headers |= {"Upload-Length": str(len(upload.content)), "Upload-Metadata": ",".join(pairs)}
    if act.deed == "append":
        request.headers |= {"Upload-Offset": str(upload.offset)}
    if act.deed in ("create", "append"):
        _add_bytes(request, act, upload)
    for wrong in act.wrongs():
        wrong.spoil(request, upload)
    _dress(request, act, upload)
    return request


def _add_bytes(request: Request, act: Act, upload: Known) -> None:
    if act.deed == "append" or act.share != "nothing":
        request.headers["Content-Type"] = "application/octet-stream" if act.dress == "other type" else BYTES
    sent = {"all": len(upload.rest), "some": len(upload.rest) // 2}.get(act.share, 0)
    request.body = upload.rest[:sent]
    if act.dress == "corrupt":
        request.body = bytes(byte ^ 1 for byte in request.body)


def _dress(request: Request, act: Act, upload: Known) -> None:
    if act.dress in ("sha1", "sha256", "md5") and request.headers.get("Content-Type") == BYTES and "Upload-Checksum" not in request.headers:
        _checksum(request, act.dress, request.body)
    is_right = upload.is_alive and not act.flaws  # the reference may cut off what it refuses before the last chunk
    request.is_chunked = act.dress == "chunked" and bool(request.body) and is_right


def overridden(request: Request) -> Request:
    """The same as a POST that names the method."""
    return replace(request, method="POST", headers=request.headers | {"X-HTTP-Method-Override": request.method})
