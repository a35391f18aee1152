"""Our server and the reference server of tus, which get the same requests and must give the same answers."""

import hashlib
import http.client
import random
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from tests.sync.tus_requests import GONE, NOT_ASKED, PLACE, SUCCESS, Act, Flaw, Known, Request, overridden, request_of

FRESH = count(1)


@dataclass(frozen=True)
class Answer:
    """What tus says of an answer. Header names are in small letters."""

    status: int
    headers: dict[str, str]

    def __getitem__(self, header: str) -> str | None:
        return self.headers.get(header.lower())


def answer_of(status: int, headers: Iterable[tuple[str, str]]) -> Answer:
    small = {name.lower(): value for name, value in headers}
    return Answer(status, {name: value for name, value in small.items() if name.startswith(("tus-", "upload-", "location", "cache-"))})


Ask = Callable[[Request], Answer]


def asking(port: int) -> Ask:
    """Requests with nothing in them that they do not say, one connection each: a refusal may come before the bytes are read."""

    def ask(request: Request) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.putrequest(request.method, request.path, skip_accept_encoding=True)
            for name, value in request.headers.items():
                connection.putheader(name, value)
            if request.is_chunked:
                connection.putheader("Transfer-Encoding", "chunked")
            elif request.body or request.method in ("POST", "PATCH"):
                connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders([request.body] if request.is_chunked else request.body or None, encode_chunked=request.is_chunked)
            answer = connection.getresponse()
            return answer_of(answer.status, answer.headers.items())

    return ask


@dataclass
class Pair:
    """Both servers; `blob` is where ours keeps a whole file, `folder` where the reference keeps its uploads."""

    ours: Ask
    theirs: Ask
    token: str
    blob: Callable[[str], Path]
    folder: Path
    name: str = ""
    known: list[Known] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)

    def play(self, sequence: list[Act]) -> None:
        """A file and then the sequence; both servers are empty again behind it."""
        self.known = []
        self.tally["sequences"] += 1
        for act in [Act("create"), *sequence]:
            self.do(act)
        for upload in self.known:
            if upload.is_alive:
                self._compare_files(upload)
                self._ask(Act("end"), upload)

    def do(self, act: Act) -> None:
        if act.deed == "create":
            self._create(act)
        elif act.deed == "ask":
            self._compare_abilities(act)
        else:
            self._ask(act, self.known[act.upload % len(self.known)])

    def _create(self, act: Act) -> None:
        is_again = act.dress == "again"
        content = self.known[act.upload % len(self.known)].content if is_again else random.Random(next(FRESH)).randbytes(act.size)
        same = next((upload for upload in self.known if upload.is_alive and upload.content == content), None)
        new = Known(content)
        if same:
            self._create_again(act, same)
        elif self._ask(act, new):
            self.known.append(new)

    def _create_again(self, act: Act, upload: Known) -> None:
        """DECISION: "creation is idempotent by (user, sha256)" (SYNC §1); to the reference it would be another upload."""
        again = replace(act, share="nothing", dress="", flaws=tuple(name for name in act.flaws if name != "too many bytes"))
        ours = self.ours(self._own(request_of(again, upload, PLACE)))
        assert ours.status in ({wrong.ours for wrong in again.wrongs()} or {201}), (act, ours)
        if ours.status == 201:
            assert ours["Location"] == upload.paths["ours"], (act, ours)
        self._compare_standing(act, upload)

    def _ask(self, act: Act, upload: Known) -> bool:
        """Make the request of both and compare; returns whether it succeeded."""
        wrongs = act.wrongs() + ([] if upload.is_alive else [GONE])
        mine, peers = (request_of(act, upload, upload.paths.get(name, PLACE)) for name in ("ours", "theirs"))
        ours = self.ours(self._own(overridden(mine) if act.dress == "override" else mine))
        theirs = None if any(wrong.theirs == NOT_ASKED for wrong in wrongs) else self.theirs(peers)
        self.tally["requests"] += 1
        is_lost = not wrongs and self._is_found_corrupt(act, upload, mine)
        self._compare_statuses(act, wrongs, is_lost, ours, theirs)
        self._compare_headers(act, ours, theirs)
        if theirs and not wrongs:
            self._note(act, upload, ours, theirs)
        if is_lost:
            self._give_up(upload)
        if upload.paths and not wrongs and act.deed != "look":
            self._look_at(upload)
        if upload.paths.get("ours"):
            self._compare_standing(act, upload)
        return not wrongs and not is_lost

    def _own(self, request: Request) -> Request:
        return replace(request, headers={"Authorization": f"Bearer {self.token}"} | request.headers)

    @staticmethod
    def _is_found_corrupt(act: Act, upload: Known, request: Request) -> bool:
        """Whether these bytes end a file that is not the promised one: we hash it and refuse it, the reference takes any bytes."""
        if act.deed not in ("create", "append") or act.dress == "other type":
            return False
        if act.dress == "corrupt" and request.body:
            upload.is_corrupt = True
        return upload.is_corrupt and len(request.body) == len(upload.rest)

    @staticmethod
    def _compare_statuses(act: Act, wrongs: list[Flaw], is_lost: bool, ours: Answer, theirs: Answer | None) -> None:
        answers = (ours.status, theirs.status if theirs else NOT_ASKED)
        if is_lost:
            assert answers == (460, SUCCESS[act.deed]), (act, ours, theirs)
        elif not wrongs:
            assert answers == (SUCCESS[act.deed], SUCCESS[act.deed]), (act, ours, theirs)
        elif len(wrongs) == 1:
            assert answers == (wrongs[0].ours, wrongs[0].theirs), (act, ours, theirs)
        else:  # which of the faults is told is not ruled
            assert ours.status in {wrong.ours for wrong in wrongs}, (act, ours)
            assert theirs is None or theirs.status in {wrong.theirs for wrong in wrongs}, (act, theirs)

    @staticmethod
    def _compare_headers(act: Act, ours: Answer, theirs: Answer | None) -> None:
        assert ours["Tus-Resumable"] == "1.0.0", (act, ours)
        assert (ours["Tus-Version"] == "1.0.0") == (ours.status == 412), (act, ours)
        if theirs and ours.status == theirs.status:
            assert ours["Upload-Offset"] == theirs["Upload-Offset"], (act, ours, theirs)
            assert ours["Upload-Expires"] or not theirs["Upload-Expires"] or act.deed == "end", (act, ours, theirs)

    def _note(self, act: Act, upload: Known, ours: Answer, theirs: Answer) -> None:
        if act.deed == "create":
            upload.paths = {"ours": ours["Location"] or "", "theirs": theirs["Location"] or ""}
            assert theirs["Location"], (act, theirs)
            assert ours["Location"] or ours.status == 460, (act, ours)
        if act.deed in ("create", "append"):
            upload.offset = int(theirs["Upload-Offset"] or 0)
        if act.deed == "end":
            upload.is_alive = False

    def _give_up(self, upload: Known) -> None:
        """We have thrown the file away; the reference must be told to."""
        self.theirs(Request("DELETE", upload.paths["theirs"], {"Tus-Resumable": "1.0.0"}))
        upload.is_alive = False

    def _look_at(self, upload: Known) -> None:
        """Where the reference has the upload after a change."""
        head = request_of(Act("look"), upload, upload.paths["theirs"])
        upload.standing = _standing(self.theirs(head))
        assert upload.standing[0] == (200 if upload.is_alive else 404)

    def _compare_standing(self, act: Act, upload: Known) -> None:
        """We must have the upload where the reference had it after the last change."""
        ours = self.ours(self._own(request_of(Act("look"), upload, upload.paths["ours"])))
        assert _standing(ours) == upload.standing, (act, ours, upload.standing)
        assert not upload.is_alive or ours["Cache-Control"] == "no-store", (act, ours)

    def _compare_abilities(self, act: Act) -> None:
        upload = self.known[act.upload % len(self.known)]
        paths = upload.paths if act.dress == "of an upload" else {"ours": PLACE, "theirs": PLACE}
        ours, theirs = self.ours(request_of(act, upload, paths["ours"])), self.theirs(request_of(act, upload, paths["theirs"]))
        assert ours.status == theirs.status == 204, (act, ours, theirs)
        assert (ours["Tus-Version"], ours["Tus-Max-Size"]) == (theirs["Tus-Version"], theirs["Tus-Max-Size"]), (act, ours, theirs)
        assert _extensions(ours) == _extensions(theirs) | {"checksum"}, (act, ours, theirs)

    def _compare_files(self, upload: Known) -> None:
        """The bytes on both disks; a whole file of ours lies under its hash."""
        theirs = (self.folder / upload.paths["theirs"].rpartition("/")[2]).read_bytes()
        if not upload.is_corrupt:
            assert theirs == upload.content[: upload.offset]
        if upload.offset == len(upload.content):
            assert hashlib.sha256(self.blob(upload.sha256).read_bytes()).hexdigest() == upload.sha256


def _standing(answer: Answer) -> tuple[int, str | None, str | None, str | None]:
    """Status, offset, length and metadata."""
    return answer.status, answer["Upload-Offset"], answer["Upload-Length"], answer["Upload-Metadata"]


def _extensions(answer: Answer) -> set[str]:
    return set((answer["Tus-Extension"] or "").split(","))
