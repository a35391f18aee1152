"""A digest or a test as each kind of channel wants it: address, headers and body, signed."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import quote_plus

from server.console.counting import waiting_count
from server.notices.kinds import Kind

MARKDOWN = re.compile(r"[\[\]<>*`#]")
SHORT_ID = 8


@dataclass(frozen=True)
class Line:
    """What waits, how much of it, and where it is listed (empty without XUNDIAN_BASE_URL). `count` stops at one more than `MOST_WAITING`."""

    label: str
    count: int
    href: str

    @property
    def said(self) -> str:
        """The count as the start page says it: 27, or 500+."""
        return waiting_count(self.count)


@dataclass(frozen=True)
class Message:
    """What one delivery says. `id` is the event's, the same at every attempt; `day` is empty for a test."""

    id: str
    title: str
    about: str
    lines: tuple[Line, ...]
    note: str
    day: str
    language: str

    def content(self) -> dict[str, object]:
        """As it is kept beside its id."""
        kept = asdict(self)
        del kept["id"]
        return kept

    @classmethod
    def kept(cls, message_id: str, content: dict[str, object]) -> "Message":
        lines = tuple(Line(**line) for line in content["lines"])  # type: ignore[attr-defined]
        return cls(id=message_id, **(content | {"lines": lines}))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Request:
    """A POST of JSON."""

    url: str
    body: bytes
    headers: dict[str, str]


def request_of(kind: Kind, address: str, secret: str, message: Message, at: datetime) -> Request:
    """The request of one attempt: robots and programs take a signature for about an hour only, so each attempt signs anew."""
    url, headers = address, {"Content-Type": "application/json; charset=utf-8"}
    if kind == Kind.WECOM:
        document: dict[str, object] = {"msgtype": "markdown", "markdown": {"content": _markdown(message)}}
    elif kind == Kind.DINGTALK:
        url += ("&" if "?" in address else "?") + _dingtalk_signature(secret, at)
        document = {"msgtype": "markdown", "markdown": {"title": message.title, "text": _markdown(message)}}
    elif kind == Kind.FEISHU:
        document = {**_feishu_signature(secret, at), "msg_type": "post", "content": {"post": _feishu_post(message)}}
    else:
        document = {"id": message.id, "type": "digest" if message.day else "test", "made_at": at.isoformat(), **message.content()}
        document["lines"] = [asdict(line) | {"said": line.said} for line in message.lines]
    body = json.dumps(document, ensure_ascii=False).encode()
    if kind == Kind.WEBHOOK:
        headers |= _webhook_headers(secret, body, message.id, at)
    return Request(url, body, headers)


def plain_text(message: Message) -> str:
    """For mail: a line each, with its address."""
    lines = [f"{line.label}  {line.said}\n  {line.href}".rstrip() for line in message.lines]
    return "\n\n".join(part for part in (message.about, *lines, message.note) if part) + "\n"


def _markdown(message: Message) -> str:
    lines = [f"> {_linked(line)} **{line.said}**" for line in message.lines]
    parts = (f"### {_plain(message.title)}", _plain(message.about), *lines, _plain(message.note), _tail(message))
    return "\n\n".join(part for part in parts if part)


def _linked(line: Line) -> str:
    return f"[{_plain(line.label)}]({line.href})" if line.href else _plain(line.label)


def _plain(text: str) -> str:
    """Names without what a robot would read as markdown."""
    return MARKDOWN.sub("", text)


def _tail(message: Message) -> str:
    """Enough of the event's id to tell a message that came twice."""
    return f"№ {message.id[-SHORT_ID:]}"


def _feishu_post(message: Message) -> dict[str, object]:
    rows: list[list[dict[str, str]]] = [[_text(message.about)]] if message.about else []
    for line in message.lines:
        label = {"tag": "a", "text": line.label, "href": line.href} if line.href else _text(line.label)
        rows.append([label, _text(f"  {line.said}")])
    rows += [[_text(part)] for part in (message.note, _tail(message)) if part]
    return {"en_us" if message.language == "en" else "zh_cn": {"title": message.title, "content": rows}}


def _text(words: str) -> dict[str, str]:
    return {"tag": "text", "text": words}


def _dingtalk_signature(secret: str, at: datetime) -> str:
    """Milliseconds; HMAC-SHA256 of "timestamp\\nsecret" under the secret."""
    timestamp = str(int(at.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={timestamp}&sign={quote_plus(base64.b64encode(digest))}"


def _feishu_signature(secret: str, at: datetime) -> dict[str, str]:
    """Seconds; HMAC-SHA256 of nothing under "timestamp\\nsecret"."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


def _webhook_headers(secret: str, body: bytes, event_id: str, at: datetime) -> dict[str, str]:
    """Seconds; HMAC-SHA256 of "timestamp.body" under the secret, in hexadecimal."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Xundian-Event": event_id, "X-Xundian-Timestamp": timestamp, "X-Xundian-Signature": f"sha256={digest}"}
