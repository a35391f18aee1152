"""Settings, read once from the environment."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from server.oidc_settings import OidcSettings, oidc_from_environment

ID_KEY = re.compile(r"[0-9a-fA-F]{64}")
SMTP = re.compile(r"smtp(s|\+starttls)?://")


@dataclass(frozen=True)
class Settings:
    """What the deployment decides. Every name is an environment variable listed in deploy/runbook.md."""

    data: Path
    database_url: str
    secret_key: str
    base_url: str
    trusted_proxies: int
    nightly_at: str
    is_testing: bool = False
    id_key: str = ""
    notices_to_private: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    oidc: OidcSettings | None = None

    @property
    def blob_folder(self) -> Path:
        return self.data / "blobs"

    @property
    def upload_folder(self) -> Path:
        return self.data / "uploads"

    @property
    def sealing_key(self) -> str:
        """The key of ID numbers, 64 hexadecimal digits: the one that was set, or the one kept beside the data."""
        return self.id_key or _kept_secret(self.data, "ids.key")


def data_folder(data: Path | None = None) -> Path:
    """Where this process keeps its data; `data` wins over XUNDIAN_DATA."""
    return (data or Path(os.environ.get("XUNDIAN_DATA", "data"))).absolute()


def settings_from_environment(data: Path | None = None) -> Settings:
    """The settings of this process; `data` (a folder) wins over XUNDIAN_DATA."""
    folder = data_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        data=folder,
        database_url=_database_url(folder),
        secret_key=os.environ.get("XUNDIAN_SECRET_KEY") or _kept_secret(folder, "secret.key"),
        base_url=os.environ.get("XUNDIAN_BASE_URL", ""),
        trusted_proxies=_proxies(os.environ.get("XUNDIAN_TRUSTED_PROXIES", "")),
        nightly_at=os.environ.get("XUNDIAN_NIGHTLY_AT", "02:10"),
        id_key=_id_key(os.environ.get("XUNDIAN_ID_KEY", "")) or _kept_secret(folder, "ids.key"),
        notices_to_private=os.environ.get("XUNDIAN_NOTICES_TO_PRIVATE", "") == "1",
        smtp_url=_smtp_url(os.environ.get("XUNDIAN_SMTP_URL", "")),
        mail_from=os.environ.get("XUNDIAN_MAIL_FROM", ""),
        oidc=oidc_from_environment(os.environ.get("XUNDIAN_BASE_URL", "")),
    )


def _database_url(folder: Path) -> str:
    url = os.environ.get("DATABASE_URL", "")
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url or f"sqlite:///{folder / 'xundian.db'}"


def _proxies(text: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError("XUNDIAN_TRUSTED_PROXIES must be the number of proxies in front, such as 1")
    return int(text or "0")


def _id_key(text: str) -> str:
    if text and not ID_KEY.fullmatch(text):
        raise ValueError("XUNDIAN_ID_KEY must be 64 hexadecimal digits, such as `openssl rand -hex 32` gives")
    return text


def _smtp_url(text: str) -> str:
    """Where mail is handed over: `smtps://user:password@host:465`, `smtp+starttls://…:587`, or `smtp://host:25` without encryption."""
    if text and not (SMTP.match(text) and urlsplit(text).hostname):
        raise ValueError("XUNDIAN_SMTP_URL must begin with smtps://, smtp+starttls:// or smtp:// and name a host")
    return text


def _kept_secret(folder: Path, name: str) -> str:
    """A secret made on the first start and kept beside the data, readable by the owner only.

    It is written whole under another name first: of several processes that start together, all read the same one.
    """
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        _write_durably(draft, secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was faster
        finally:
            draft.unlink()
    return path.read_text().strip()


def _write_durably(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
