"""What every page must be: translated whole, no wider than the screen, without findings of axe, without complaints."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.phone_measures import unfit, unmeasured

ROOT = Path(__file__).parent.parent.parent
SCREENS = ROOT / "build" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},
}  # only an experimental rule, which has none of the tags, reads stylesheets
SCROLLED_UNDER = "partially obscured"  # by the bar at the bottom: one scrolls
CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3001\u3002]")
CATALOGUE_KEY = re.compile(r"\b[a-z]+(_[a-z]+)*(\.[a-z_]+)+\b")
HASH = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{8}|[0-9a-f]{4}…[0-9a-f]{4})\b")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
LATIN_IN_CHINESE = {"GPS", "km", "JavaScript", "PIN", "GB", "MB", "KB", "POS", "CSV", "WGS", "EXIF", "IP", "XLSX", "GeoJSON", "Excel", "OpenAPI"}

# Every text that somebody can read or have read to them, but not what says that it is of another language.
READ_WORDS = """() => {
    const own = document.documentElement.lang;
    const isOurs = (element) => {
        if (element.closest("script, style, noscript, template, symbol, datalist")) return false;
        const other = element.closest("[lang]");
        return !other || other.lang === own;
    };
    const words = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (isOurs(walk.currentNode.parentElement)) words.push(walk.currentNode.data);
    for (const element of document.body.querySelectorAll("*")) {
        if (!isOurs(element)) continue;
        for (const name of ["aria-label", "aria-description", "placeholder", "title", "alt", "data-l", "content"]) {
            const text = element.getAttribute(name);
            if (text && !(name === "content" && element.tagName === "META")) words.push(text);
        }
        if (element.matches("input[type=submit], input[type=button]")) words.push(element.value);
    }
    return words.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""

WIDER_THAN_SCREEN = """() => {
    const cut = [...document.querySelectorAll("nav.tabs")].filter((nav) => nav.scrollWidth > nav.clientWidth);
    const hidden = cut.map((nav) => `tabs out of sight at ${innerWidth} px: ${nav.ariaLabel}`);
    for (const table of document.querySelectorAll("table.t")) {
        const over = table.getBoundingClientRect().right - table.parentElement.getBoundingClientRect().right;
        const isSeen = table.checkVisibility() && getComputedStyle(table.parentElement).overflowX === "visible";
        if (isSeen && over > 1) hidden.push(`table ${over} px out of its card at ${innerWidth} px: ${table.caption?.textContent}`);
    }
    if (document.scrollingElement.scrollWidth <= innerWidth) return hidden;
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5);
    const names = wide.slice(-3).map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""}`);
    return [...hidden, `${document.scrollingElement.scrollWidth} px wide at ${innerWidth} px: ${names.join(", ")}`];
}"""

# Words of letters only that are broken over two lines without a hyphen.
BROKEN_WORDS = """() => {
    const broken = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const { data, parentElement } = walk.currentNode;
        if (!parentElement.checkVisibility() || parentElement.closest("script, style, noscript, template, pre, code, textarea")) continue;
        for (const found of data.matchAll(/(?<![\\w/.-])[A-Za-z]{3,}(?![\\w/.-])/g)) {
            const range = document.createRange();
            range.setStart(walk.currentNode, found.index);
            range.setEnd(walk.currentNode, found.index + found[0].length);
            if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(`broken word: ${found[0]}`);
        }
    }
    return broken;
}"""


@cache
def _axe_source() -> str:
    assert AXE.exists(), "axe-core is needed for the browser tests: npm ci (make test does it)"
    return AXE.read_text("utf-8")


@dataclass
class ScreenWalk:
    """Looks at one page after another and keeps what is wrong, so that a run tells everything.

    `given_words` are those that people gave, in whatever language; a page must fit the screen at `other_widths` (px) too;
    a phone's is measured besides: letters, targets and room for letters of 200 %, in all themes.
    """

    name: str
    language: str
    given_words: frozenset[str]
    other_widths: tuple[int, ...] = ()
    is_phone: bool = False
    findings: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.emulate_media(reduced_motion="reduce")  # axe would judge half-faded colours
        page.on("console", self._hear)
        page.on("pageerror", lambda fault: self.findings.append(f"page error: {fault}"))

    def look(self, page: Page, screen: str) -> None:
        """Check the page as it is now, and keep a picture of it under build/screens/."""
        wrong = [*untranslated(page, self.language, self.given_words), *self._axe_findings(page), *self._misfits(page)]
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=SCREENS / f"{self.name}-{screen}-{self.language}.png", full_page=True)
        self.findings += [f"{screen} ({self.language}): {text}" for text in wrong]

    def _misfits(self, page: Page) -> list[str]:
        size = page.viewport_size
        assert size is not None
        found: list[str] = page.evaluate(BROKEN_WORDS) + page.evaluate(WIDER_THAN_SCREEN)
        found += unmeasured(page) if self.is_phone else []
        for width in self.other_widths:
            page.set_viewport_size({"width": width, "height": size["height"]})
            found += unfit(page) if self.is_phone else page.evaluate(WIDER_THAN_SCREEN)
        if self.other_widths:
            page.set_viewport_size(size)
        return found

    def _axe_findings(self, page: Page) -> list[str]:
        if not page.evaluate("() => Boolean(window.axe)"):
            page.evaluate(_axe_source())
        result: dict[str, Any] = page.evaluate("([tags, options]) => axe.run(document, { runOnly: tags, ...options })", [AXE_TAGS, AXE_OPTIONS])
        found = []
        for violation in result["violations"]:
            nodes = [f"{node['target'][0]} {node['any'][0]['message'] if node['any'] else ''}".strip() for node in violation["nodes"]]
            nodes = [words for words in nodes if SCROLLED_UNDER not in words]
            if nodes:
                found.append(f"axe {violation['id']}: {violation['help']}: {'; '.join(nodes[:3])}")
        return found

    def _hear(self, message: ConsoleMessage) -> None:
        is_cut = "net::ERR_INTERNET_DISCONNECTED" in message.text  # Chromium's own word on requests without a network
        is_told = "status of 422" in message.text  # a form that came back with its faults, which the page says
        if message.type in ("error", "warning") and not is_cut and not is_told:
            self.findings.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")


def untranslated(page: Page, language: str, given_words: frozenset[str]) -> list[str]:
    """Texts with a word of the other language, or the key of a text that no catalogue has; names and notes that people gave aside."""
    texts: list[str] = page.evaluate(READ_WORDS)
    given = sorted(given_words, key=len, reverse=True)
    return [f"untranslated: {text}" for text in dict.fromkeys(texts) if _is_foreign(_without(text, given), language)]


def _without(text: str, words: list[str]) -> str:
    """The text without the words and without hashes; a single letter counts as a word only where it stands alone."""
    for word in words:
        if len(word) > 1 or word == text:
            text = text.replace(word, " ")
    return HASH.sub(" ", text)


def _is_foreign(text: str, language: str) -> bool:
    if CATALOGUE_KEY.search(text):
        return True
    if language == "en":
        return bool(CHINESE.search(text))
    return any(word not in LATIN_IN_CHINESE for word in LATIN_WORD.findall(text))
