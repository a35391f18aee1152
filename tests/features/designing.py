"""The designer of checklists as somebody uses it in a browser without JavaScript."""

import re
from typing import Any

from sqlalchemy import select

from server.checklists.models import ChecklistVersion
from server.db import db
from tests.features.browsing import console


def fields(page: str) -> dict[str, Any]:
    """What a browser would post of the designer's page as it stands: hidden and text fields, texts, selects, ticks."""
    found: dict[str, Any] = {"key": re.findall(r'name="key" value="([^"]*)"', page), "revision": re.search(r'name="revision" value="(\d+)"', page)[1]}
    found |= dict(re.findall(r'<input type="text"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]+)" checked>', page):
        found.setdefault(name, [] if name in ("classes", "region_ids") else value)
        if isinstance(found[name], list):
            found[name].append(value)
    return found


class Designer:
    """The manager at a checklist's page: each step posts the whole page with what changed."""

    def __init__(self, app: Any, **use: Any) -> None:
        """A new list; `use` are further fields of the form it is made with, its file too."""
        self.browser = console(app, "chief")
        made = self.browser.post("/checklists", data={"zh": "夜巡", "en": "Night round"} | use)
        assert made.status_code == 302, made.text
        self.place = made.headers["Location"]
        self.id = self.place.rsplit("/", 1)[1]

    def page(self) -> str:
        return self.browser.get(self.place).text

    def post(self, do: str, **changes: Any) -> Any:
        return self.browser.post(self.place, data=fields(self.page()) | changes | {"do": do})

    def design(self) -> None:
        """A lamp; when it is dark a photo and why; how many wait; since when (optional)."""
        for kind in ("yes_no", "photo", "text", "number", "date"):
            assert self.post(f"add-{kind}").status_code == 302
        typed = {
            "q-0-zh": "灯箱亮不亮",
            "q-0-en": "Sign lit",
            "q-1-zh": "拍下不亮的灯箱",
            "q-1-show_if": "q1=no",
            "q-2-zh": "为什么不亮",
            "q-2-show_if": "q1=no",
            "q-3-zh": "排队人数",
            "q-3-lowest": "0",
            "q-3-highest": "50",
            "q-3-unit_zh": "人",
            "q-4-zh": "哪天起",
            "q-4-required": "",
        }
        assert self.post("save", **typed).status_code == 302

    def publish(self) -> str:
        """The id of the new version."""
        answer = self.post("publish")
        assert answer.status_code == 302, answer.text
        return newest(self.browser.application, self.id).id


def newest(app, checklist_id: str) -> ChecklistVersion:
    with app.app_context():
        query = select(ChecklistVersion).where(ChecklistVersion.checklist_id == checklist_id).order_by(ChecklistVersion.number.desc())
        return db.session.scalars(query).first()
