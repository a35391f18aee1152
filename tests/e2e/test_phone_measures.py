"""The measures of phone screens find what they look for: each planted fault is told, and a sound screen has none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.phone_measures import unfit, unmeasured

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
SOUND = """<h1>今天</h1><p>去 <a href="#all">全部网点</a> 看看，还差两家。</p>
    <button class="button">到店签到</button><label class="file">系统相机<input class="visually-hidden" type="file"></label>
    <div class="input"><input placeholder="店名"></div><div class="view"><img src="%s" alt=""><div class="hint">够亮</div></div>"""
SHEET = """* { margin: 0; box-sizing: border-box } html { background: #fff; color: #111; font: 1rem/1.5 sans-serif }
    [data-theme=dark] { background: #000; color: #fff } [data-theme=dark] .pale { color: #666 } a, button, input { color: inherit; font: inherit }
    .button, .input, .file { display: flex; width: 100%; min-height: 48px; background: none; border: 1px solid }
    ::placeholder { color: inherit; opacity: 1 }
    .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
    .input input { width: 100%; min-width: 0; border: 0; background: none }
    .view { position: relative; height: 4rem } .view .hint { background: rgb(0 0 0 / 80%); color: #fff }"""
FAULTS = {
    "faint": ('<p style="color: #6b6b6b">网点</p>', "light: 5.33:1 p. “网点”"),
    "faint in one theme": ('<p class="pale">网点</p>', "dark: 3.66:1 p.pale"),
    "half seen": ('<p style="opacity: 0.5">网点</p>', "light: 3.54:1 p."),
    "placeholder": (
        '<div class="input"><input placeholder="楼层" class="weak"></div><style>.weak::placeholder { color: #999 }</style>',
        "light: 2.85:1 input.weak “楼层”",
    ),
    "over a picture": (f'<div class="view"><img src="{PIXEL}" alt=""><div class="hint" style="background: none">暗</div></div>', "1.00:1 div.hint"),
    "small button": ('<button style="width: 40px; height: 40px; border: 0">走</button>', "40 × 40 px to tap: button. “走”"),
    "small link": ('<a href="#x">全部</a>', "px to tap: a. “全部”"),
    "low label": (
        '<label class="file" style="min-height: 30px; height: 30px">相机<input class="visually-hidden" type="file"></label>',
        "× 30 px to tap: input.",
    ),
    "clipped": ('<p style="width: 90px; white-space: nowrap; overflow: hidden">三个大字四</p>', "at 200 %: cut off: p."),
    "high": ('<button class="button" style="height: 48px; width: 300px">今天该去的网点还有很多家</button>', "at 200 %: cut off: button.button"),
    "wide": ('<p style="min-width: 20rem">网点</p>', "at 200 %: 640 px wide"),
    "off to the side": ('<p style="position: fixed; left: 340px; width: 80px">网点网点</p>', "at 200 %: off the screen: p."),
    "bars": ('<div class="topbar" style="position: sticky; top: 0; height: 15rem">今天</div>', "at 200 %: bars of 480 px on a screen of 740 px"),
}


@pytest.fixture(scope="module")
def blank(desk: Browser) -> Iterator[Page]:
    page = desk.new_page(viewport={"width": 360, "height": 740})
    yield page
    page.close()


def show(page: Page, content: str) -> None:
    page.set_content(f'<!doctype html><html data-theme="light"><style>{SHEET}</style><body>{SOUND % PIXEL}{content}</body></html>')


def test_measures_find_nothing_on_a_sound_screen(blank: Page) -> None:
    show(blank, "")
    assert unmeasured(blank) == []
    blank.set_viewport_size({"width": 320, "height": 740})
    assert unfit(blank) == []
    blank.set_viewport_size({"width": 360, "height": 740})
    assert blank.evaluate("() => [document.documentElement.dataset.theme, document.documentElement.style.fontSize]") == ["light", ""]


@pytest.mark.parametrize("fault", FAULTS)
def test_measures_tell_each_planted_fault(blank: Page, fault: str) -> None:
    content, words = FAULTS[fault]
    show(blank, content)
    found = unmeasured(blank)
    assert any(words in one for one in found), found


def test_measures_tell_what_fits_only_wider_screens(blank: Page) -> None:
    show(blank, '<p style="min-width: 340px">网点</p>')
    assert unmeasured(blank) == []
    blank.set_viewport_size({"width": 320, "height": 740})
    assert unfit(blank) == ["320 px: 340 px wide", "320 px: at 200 %: 340 px wide"]
    blank.set_viewport_size({"width": 360, "height": 740})


def test_measures_refuse_a_screen_that_is_not_there_yet(blank: Page) -> None:
    blank.set_content('<html data-theme="light"><p>…</p></html>')
    with pytest.raises(AssertionError, match="only 3 texts"):
        unmeasured(blank)
