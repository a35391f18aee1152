"""What the other end answered: taken, or why not and when to come again."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flask_babel import lazy_gettext

from server.notices.kinds import Kind

TAKEN = "taken"
MOST_TEXT = 300
SHORT = 7  # words of an address, such as `send`, are no secret
A_DAY_S = 86400

# Robots say in a 200 that they were called too often; how long they then want to be left alone.
TOO_OFTEN: dict[Kind, tuple[set[int], int]] = {
    Kind.WECOM: ({45009}, 60),
    Kind.DINGTALK: ({130101}, 600),
    Kind.FEISHU: ({11232, 9499}, 60),
}
ANSWER_WORDS = {
    "": lazy_gettext("还没有发过"),
    TAKEN: lazy_gettext("对方收下了"),
    "refused": lazy_gettext("对方不收"),
    "too_often": lazy_gettext("对方说太频繁了"),
    "failing": lazy_gettext("对方出错了"),
    "redirected": lazy_gettext("对方让去别的地址，没有跟去"),
    "unread": lazy_gettext("对方的回答读不懂，地址可能不对"),
    "no_host": lazy_gettext("找不到这个主机"),
    "private": lazy_gettext("地址指向内部网络，没有发"),
    "unreachable": lazy_gettext("连不上对方"),
    "timeout": lazy_gettext("对方没有及时回答"),
    "tls": lazy_gettext("对方的证书不可信"),
    "mail_refused": lazy_gettext("邮件服务器不收"),
    "no_smtp": lazy_gettext("没有设置邮件服务器"),
    "other_key": lazy_gettext("地址是用另一把密钥加密的，要重新填"),
    "limited": lazy_gettext("这个机器人一分钟内发得太多，等一分钟再试"),
    "stopped": lazy_gettext("通知停用了"),
}


@dataclass(frozen=True)
class Answer:
    """`code` is of `ANSWER_WORDS`; `text` what the other end said; `retry_after_s` how long it wants to be left alone."""

    code: str
    status: int | None = None
    text: str = ""
    retry_after_s: int = 0

    @property
    def is_taken(self) -> bool:
        return self.code == TAKEN

    def without(self, secrets: tuple[str, ...]) -> "Answer":
        """The same without any of these words, should the other end repeat them."""
        text = self.text
        for secret in sorted((secret for secret in secrets if len(secret) > SHORT), key=len, reverse=True):
            text = text.replace(secret, "…")
        return Answer(self.code, self.status, text[:MOST_TEXT], self.retry_after_s)


def read_answer(kind: Kind, status: int, retry_after: str, body: bytes, now: datetime) -> Answer:
    """What a reply means; `retry_after` is the header, seconds or a date."""
    text, wait_s = body.decode("utf-8", "replace").replace("\0", "").strip(), _seconds(retry_after, now)
    if 300 <= status < 400:
        return Answer("redirected", status)
    if status == 429:
        return Answer("too_often", status, text, wait_s)
    if not 200 <= status < 300:
        return Answer("failing" if status >= 500 else "refused", status, text, wait_s)
    return Answer(TAKEN, status) if kind == Kind.WEBHOOK else _read_robot(kind, status, body, wait_s)


def _read_robot(kind: Kind, status: int, body: bytes, wait_s: int) -> Answer:
    try:
        document = json.loads(body)
    except ValueError:
        return Answer("unread", status)
    if not isinstance(document, dict):
        return Answer("unread", status)
    names = ("code", "StatusCode") if kind == Kind.FEISHU else ("errcode",)
    code = next((document[name] for name in names if name in document), None)
    if not isinstance(code, int):
        return Answer("unread", status)
    if code == 0:
        return Answer(TAKEN, status)
    said = f"{code} {document.get('errmsg') or document.get('msg') or document.get('StatusMessage') or ''}".strip()
    codes, pause_s = TOO_OFTEN[kind]
    return Answer("too_often", status, said, max(wait_s, pause_s)) if code in codes else Answer("refused", status, said, wait_s)


def _seconds(header: str, now: datetime) -> int:
    """0 for none or for what nobody can read; never more than a day."""
    if header.isascii() and header.isdigit():
        return min(int(header[:9]), A_DAY_S)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, min(int((at - now).total_seconds()) + 1, A_DAY_S))
