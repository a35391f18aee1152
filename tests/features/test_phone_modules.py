"""Every module of the phone app is type-checked and builds its pages without HTML from text (STYLE §17, §19)."""

from pathlib import Path

import pytest

PHONE = Path(__file__).resolve().parents[2] / "pwa"
MODULES = [path for path in PHONE.rglob("*.js") if "vendor" not in path.relative_to(PHONE).parts]
FORBIDDEN = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "unsafeHTML")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PHONE)))
def test_phone_module_is_type_checked_and_makes_no_html_from_text(module: Path) -> None:
    source = module.read_text("utf-8")

    assert source.startswith("// @ts-check\n")
    assert [word for word in FORBIDDEN if word in source] == []
