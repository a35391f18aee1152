"""A console in a test client, and how to find words that nobody translated."""

import re
from html.parser import HTMLParser

from tests.sync.conftest import PASSWORD

CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
VOID = {"meta", "link", "input", "img", "br", "hr", "path", "circle", "rect"}
SPOKEN = ("aria-label", "title", "alt", "placeholder", "value", "content")


class _Reader(HTMLParser):
    """Collects Chinese in texts and spoken attributes outside translate="no"."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        is_data = given.get("translate") == "no" or any(is_data for _, is_data in self.open)
        if not is_data:
            self.found += [given[name] for name in SPOKEN if CJK.search(given.get(name) or "")]
        if tag not in VOID:
            self.open.append((tag, is_data))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if CJK.search(text) and not any(is_data for _, is_data in self.open):
            self.found.append(text.strip())


def untranslated(page):
    """Chinese words of a page in English that are not marked as data."""
    reader = _Reader()
    reader.feed(page)
    return reader.found


def console(app, login, language="zh"):
    """A signed-in browser without CSRF tokens."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.set_cookie("language", language)
    assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 302
    return client


def links(page, prefix):
    """Addresses on a page that begin so."""
    return [part.partition('"')[0] for part in page.split('href="')[1:] if part.startswith(prefix)]
