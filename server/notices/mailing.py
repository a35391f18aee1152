"""One message by mail, through the server of XUNDIAN_SMTP_URL."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from server.clock import now
from server.domain.months import SHANGHAI
from server.notices.answers import TAKEN, Answer
from server.notices.messages import Message, plain_text

TIMEOUT_S = 10.0
PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}


def mail(message: Message, to: list[str], sender: str, smtp_url: str) -> Answer:
    """What the mail server said; some of several mailboxes refused still counts as taken, and the answer names how many."""
    if not smtp_url or not sender:
        return Answer("no_smtp")
    letter = _letter(message, to, sender)
    try:
        with _server(smtp_url) as server:
            refused = server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as fault:
        status, said = next(iter(fault.recipients.values()))
        return Answer("mail_refused", status, said.decode("utf-8", "replace"))
    except smtplib.SMTPResponseException as fault:
        words: bytes | str = fault.smtp_error
        return Answer("mail_refused", fault.smtp_code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words)
    except ssl.SSLError:
        return Answer("tls")
    except TimeoutError:
        return Answer("timeout")
    except (OSError, smtplib.SMTPException):
        return Answer("unreachable")
    return Answer(TAKEN, 250, f"- {len(refused)}/{len(to)}" if refused else "")


def _letter(message: Message, to: list[str], sender: str) -> EmailMessage:
    """The id of the letter is that of the event, so that mail programs show one that comes twice once."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = message.title, sender, ", ".join(to)
    letter["Date"] = format_datetime(now().astimezone(SHANGHAI))
    letter["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].strip('<> ')}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(plain_text(message))
    return letter


def _server(smtp_url: str) -> smtplib.SMTP:
    parts = urlsplit(smtp_url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    secure = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=secure)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
