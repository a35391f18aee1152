"""Settings, read once from the environment."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


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

    @property
    def blob_folder(self) -> Path:
        return self.data / "blobs"

    @property
    def upload_folder(self) -> Path:
        return self.data / "uploads"


def settings_from_environment(data: Path | None = None) -> Settings:
    """The settings of this process; `data` (a folder) wins over XUNDIAN_DATA."""
    folder = (data or Path(os.environ.get("XUNDIAN_DATA", "data"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(
        data=folder,
        database_url=_database_url(folder),
        secret_key=os.environ.get("XUNDIAN_SECRET_KEY") or _kept_secret(folder),
        base_url=os.environ.get("XUNDIAN_BASE_URL", ""),
        trusted_proxies=int(os.environ.get("XUNDIAN_TRUSTED_PROXIES", "0")),
        nightly_at=os.environ.get("XUNDIAN_NIGHTLY_AT", "02:10"),
    )


def _database_url(folder: Path) -> str:
    url = os.environ.get("DATABASE_URL", "")
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url or f"sqlite:///{folder / 'xundian.db'}"


def _kept_secret(folder: Path) -> str:
    """A secret made on the first start and kept beside the data, readable by the owner only."""
    path = folder / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_hex(32)
        file.write(secret)
    return secret
