"""Settings as tests have them."""

from pathlib import Path

from server.config import Settings


def settings_for(data: Path, url: str) -> Settings:
    return Settings(data=data, database_url=url, secret_key="test", base_url="", trusted_proxies=0, nightly_at="02:10", is_testing=True)
