"""Docs stay true by test: whatever a user or operator can meet is written down."""

import re
from pathlib import Path

from server.cli import main
from server.domain.policy_keys import POLICY_KEYS
from sync.problems import REFUSALS

ROOT = Path(__file__).parent.parent.parent


def text_of(*names):
    return "\n".join((ROOT / name).read_text("utf-8") for name in names)


def test_every_problem_has_words_in_both_languages():
    for refusal in REFUSALS.values():
        assert re.search(r"[\u4e00-\u9fff]", refusal.zh), refusal.code
        assert refusal.en and not re.search(r"[\u4e00-\u9fff]", refusal.en), refusal.code


def test_every_problem_raised_in_the_code_is_in_the_catalogue():
    sources = [path.read_text("utf-8") for folder in ("server", "sync") for path in (ROOT / folder).rglob("*.py")]
    raised = {code for source in sources for code in re.findall(r'(?:Problem|quarantined)\(\s*"([a-z_]+)"', source)}
    assert raised <= set(REFUSALS)


def test_every_environment_variable_is_in_the_runbook():
    source = text_of("server/config.py", "server/oidc_settings.py")
    runbook = text_of("deploy/runbook.md")
    for name in set(re.findall(r'environ\.get\("([A-Z_]+)"', source)):
        assert name in runbook, name


def test_the_settings_of_the_runbook_are_one_table():
    table = text_of("deploy/runbook.md").partition("## Settings")[2].partition("\n\n|")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)`", text_of("deploy/runbook.md"), re.MULTILINE)) == set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))


def test_every_file_and_target_that_the_runbook_names_exists():
    runbook = text_of("deploy/runbook.md")
    for name in re.findall(r"\]\(([^#)]+)\)", runbook):
        assert (ROOT / "deploy" / name).exists(), name
    for name in re.findall(r"\bdeploy/[\w/-]+\.\w+", runbook):
        assert (ROOT / name).exists(), name
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert {"demo", "install"} <= set(re.findall(r"\bmake (?:-C \S+ )?([a-z]+)\b", runbook)) & targets


def test_every_command_is_in_the_runbook():
    runbook = text_of("deploy/runbook.md")
    for name, command in main.commands.items():
        nested = getattr(command, "commands", None)
        for words in [f"{name} {inner}" for inner in nested] if nested else [name]:
            assert f"xundian {words}" in runbook, words


def test_every_policy_key_names_its_source_in_both_languages():
    for key in POLICY_KEYS.values():
        assert key.source and key.zh and key.en, key.key


def test_every_form_is_in_the_protocol():
    protocol = text_of("sync/protocol.md")
    for path in (ROOT / "sync" / "forms").glob("*.json"):
        assert path.stem in protocol, path.name
