"""Settings as tests have them."""

from pathlib import Path

from server.config import Settings

SECRET_KEY = "test"
ID_KEY = "5e" * 32  # one for all databases that are copied from one another: phones hold its public half


def settings_for(data: Path, url: str) -> Settings:
    return Settings(data, url, secret_key=SECRET_KEY, base_url="", trusted_proxies=0, nightly_at="02:10", is_testing=True, id_key=ID_KEY)
