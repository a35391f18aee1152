"""Writes the policy defaults for the phone: `python -m server.policy_export` after a change of the catalogue."""

import json
from pathlib import Path

from server.domain.policy_keys import POLICY_KEYS

TARGET = Path(__file__).parent.parent / "pwa" / "rules" / "policy_defaults.js"


def policy_defaults_js() -> str:
    """The module's text: every key with its default as text."""
    defaults = json.dumps({key.key: key.default for key in POLICY_KEYS.values()}, indent=2, ensure_ascii=False)
    return (
        "// @ts-check\n// Made from server/domain/policy_keys.py by `python -m server.policy_export`.\n\n"
        f"/** @type {{Record<string, string>}} */\nexport const POLICY_DEFAULTS = {_as_js(defaults)};\n"
    )


def _as_js(text: str) -> str:
    """JSON with the trailing comma that the formatter wants."""
    return text.replace('"\n}', '",\n}')


if __name__ == "__main__":
    TARGET.write_text(policy_defaults_js(), "utf-8")
