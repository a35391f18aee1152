"""Every Chinese text of the console has its English one."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

SERVER = Path(__file__).parent.parent.parent / "server"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
HOLE = re.compile(r"%\(\w+\)s|%%")


def catalogue():
    with (SERVER / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


def used_messages():
    return {text for _, _, text, _, _ in extract_from_dir(SERVER, METHODS, OPTIONS, KEYWORDS) if isinstance(text, str)}


def test_every_message_has_an_english_text():
    texts = catalogue()
    used = used_messages()
    assert len(used) > 300
    assert [message for message in sorted(used) if message not in texts or not texts[message].string or texts[message].fuzzy] == []


def test_no_english_text_is_left_over():
    assert sorted(set(catalogue()) - used_messages()) == []


def test_the_holes_of_both_texts_are_the_same():
    for message in catalogue().values():
        assert set(HOLE.findall(message.id)) == set(HOLE.findall(message.string)), message.id
