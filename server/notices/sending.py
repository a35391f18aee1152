"""One attempt: opens the secrets, sends, and reads the answer."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from server.config import Settings
from server.notices.addresses import Unreached, mailboxes
from server.notices.answers import Answer, read_answer
from server.notices.kinds import Kind
from server.notices.mailing import mail
from server.notices.messages import Message, request_of
from server.notices.posting import post
from server.sealing import OtherKey, opened


@dataclass(frozen=True)
class Destination:
    """A channel as it was when the attempt began; address and secret are sealed for the channel."""

    channel_id: str
    kind: Kind
    address_sealed: str
    secret_sealed: str


def send(message: Message, destination: Destination, settings: Settings, now: datetime) -> Answer:
    """What came of it; nothing of address or secret is in the answer, whatever the other end repeats."""
    try:
        address = opened(destination.address_sealed, destination.channel_id)
        secret = opened(destination.secret_sealed, secret_about(destination.channel_id)) if destination.secret_sealed else ""
    except OtherKey:
        return Answer("other_key")
    if destination.kind == Kind.MAIL:
        return mail(message, mailboxes(address), settings.mail_from, settings.smtp_url).without(_smtp_secrets(settings))
    try:
        reply = post(request_of(destination.kind, address, secret, message, now), settings.notices_to_private)
    except Unreached as fault:
        return Answer(fault.code)
    return read_answer(destination.kind, reply.status, reply.retry_after, reply.body, now).without((address, secret, *_keys_of(address)))


def secret_about(channel_id: str) -> str:
    """What a secret is sealed for: never readable in place of the address."""
    return f"{channel_id}.secret"


def _keys_of(address: str) -> tuple[str, ...]:
    """What in an address opens the group: the values behind the question mark, and the last part of the path."""
    parts = urlsplit(address)
    return (*(value for _, value in parse_qsl(parts.query)), parts.path.rpartition("/")[2])


def _smtp_secrets(settings: Settings) -> tuple[str, ...]:
    password = urlsplit(settings.smtp_url).password or ""
    return password, unquote(password)
