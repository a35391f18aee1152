"""Settings from the environment: what is left empty, and what is refused with the name of the setting."""

import pytest

from server.config import settings_from_environment


@pytest.mark.parametrize(("text", "trusted"), [("", 0), ("0", 0), ("2", 2)])
def test_proxies_left_empty_are_none(monkeypatch, tmp_path, text, trusted):
    monkeypatch.setenv("XUNDIAN_TRUSTED_PROXIES", text)
    assert settings_from_environment(tmp_path).trusted_proxies == trusted


@pytest.mark.parametrize("text", ["nginx", "-1", "1.5"])
def test_proxies_that_are_no_count_are_refused_by_name(monkeypatch, tmp_path, text):
    monkeypatch.setenv("XUNDIAN_TRUSTED_PROXIES", text)
    with pytest.raises(ValueError, match="XUNDIAN_TRUSTED_PROXIES must be the number of proxies in front"):
        settings_from_environment(tmp_path)
