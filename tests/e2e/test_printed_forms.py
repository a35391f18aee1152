"""The paper forms 附表二 to 附表五, the wage slip and the monthly report as a browser prints them, in both languages.

They are held against descriptions kept under golden/. A run writes what it found under build/forms/, from where a
changed description is taken once the sheet was looked at.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import console
from tests.e2e.page_checks import ROOT, ScreenWalk
from tests.e2e.pdf import A4_POINTS, Paper, is_drawn_on, plain
from tests.e2e.printed_company import (
    AGENT,
    COMPLAINT,
    CONDITION,
    DEMAND,
    DONE,
    FOUND,
    HANDLING,
    IDENTITY,
    LESSON,
    MANY,
    PLACE,
    PLAN,
    REVIEW,
    THANKS,
    Printed,
    found_printed_company,
)
from tests.e2e.server_process import ServerProcess

GOLDEN, FOUND_FORMS = Path(__file__).parent / "golden", ROOT / "build" / "forms"
INK = [320, 133]  # a signature's pixels, as the pages show it
SIGNED = {"training": 1, "visit": 1, "complaint": 1}
GIVEN = {AGENT, COMPLAINT, CONDITION, DEMAND, DONE, FOUND, HANDLING, LESSON, PLACE, PLAN, REVIEW, THANKS}
GIVEN |= {f"起{number:02d}，{CONDITION * 3}，止{number:02d}" for number in range(MANY)}
GIVEN |= {
    "王秀兰、李敏",
    "李敏",
    "何芳",
    "解放路菜市场东门旁",
    "刘女士",
    "掉在地上",
    "公示牌没有备件，要公司寄一块新的来",
    "XJ",
    "PX",
    "TS",
    "PX-",
    "TS-",
    "XJ-",
}
FORMS = {"zhoumin": ("outlet", "training", "visit", "complaint", "month"), "manager": ("wages",)}

# Texts of the sheet that are smaller than 10.5 pt (14 px), or anything but black on white.
HARD_TO_READ = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const { data, parentElement } = walk.currentNode;
        if (!data.trim() || parentElement.closest(".vh")) continue;
        const { color, fontSize } = getComputedStyle(parentElement);
        if (parseFloat(fontSize) < 13.9 || color !== "rgb(0, 0, 0)") found.push(`${data.trim()}: ${fontSize} ${color}`);
    }
    for (const element of [document.documentElement, document.body, document.querySelector("article")]) {
        const ground = getComputedStyle(element).backgroundColor;
        if (ground !== "rgb(255, 255, 255)") found.push(`${element.tagName}: ${ground}`);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, Printed]]:
    folder: Path = tmp_path_factory.mktemp("printed")
    records = found_printed_company(folder)
    with ServerProcess(folder) as server:
        yield server, records


def printed_paper(page: Page, address: str, name: str) -> Paper:
    """Print the sheet as somebody who changes nothing in the browser's window would, and keep it to be looked at."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    content = page.pdf(prefer_css_page_size=True)
    FOUND_FORMS.mkdir(parents=True, exist_ok=True)
    (FOUND_FORMS / f"{name}.pdf").write_bytes(content)
    return Paper(content)


@pytest.mark.parametrize("login", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_prints_as_it_is_described(printed: tuple[ServerProcess, Printed], desk: Browser, language: str, login: str) -> None:
    server, records = printed
    with console.signed_in(desk, server.url, login, language) as page:
        for form in FORMS[login]:
            name = f"{form}-{language}"
            paper = printed_paper(page, f"{server.url}{records.pages[form]}/print", name)
            assert paper.sizes == {A4_POINTS}, name
            found = paper.description()
            (FOUND_FORMS / f"{name}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
            golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
            assert (found["pages"], found["pictures"]) == (golden["pages"], golden["pictures"]), name
            assert ["".join(lines) for lines in found["texts"]] == ["".join(lines) for lines in golden["texts"]], name
            inks = [picture for number in range(found["pages"]) for picture in paper.pictures(number) if list(picture.size) == INK]
            assert len(inks) == SIGNED.get(form, 0) and all(is_drawn_on(ink) for ink in inks), name
            assert IDENTITY not in "".join(line for lines in found["texts"] for line in lines), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_form_is_never_cut_within_a_row(printed: tuple[ServerProcess, Printed], desk: Browser, language: str) -> None:
    server, records = printed
    with console.signed_in(desk, server.url, "zhoumin", language) as page:
        paper = printed_paper(page, f"{server.url}{records.long_page}/print", f"long-{language}")
    texts = ["".join(paper.texts(number)) for number in range(len(paper.pages))]
    assert len(texts) >= 2 and paper.sizes == {A4_POINTS}
    for number in range(MANY):
        on_pages = [(f"起{number:02d}" in text, f"止{number:02d}" in text) for text in texts]
        assert sorted(on_pages)[-1] == (True, True) and on_pages.count((False, False)) == len(texts) - 1, (number, on_pages)
    labels = ("网点签字", "签字的人") if language == "zh" else ("Outlet signature", "Signed by")
    [signed] = [number for number, text in enumerate(texts) if plain(labels[0]) in text]
    assert plain(labels[1]) in texts[signed]
    assert [is_drawn_on(picture) for picture in paper.pictures(signed) if list(picture.size) == INK] == [True]
    for number, text in enumerate(texts, 1):
        where = f"第{number}页,共{len(texts)}页" if language == "zh" else f"Page{number}of{len(texts)}"
        assert where in text, text


@pytest.mark.parametrize("login", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_forms_are_whole_on_the_screen_and_black_on_white_on_paper(
    printed: tuple[ServerProcess, Printed], desk: Browser, language: str, login: str
) -> None:
    server, records = printed
    walk = ScreenWalk("forms", language, given_words=records.company.given_words() | GIVEN)
    with console.signed_in(desk, server.url, login, language) as page:
        walk.listen(page)
        for form in FORMS[login]:
            page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
            page.goto(f"{server.url}{records.pages[form]}")
            page.locator(f"main a[href$='{records.pages[form]}/print']").click()
            page.wait_for_url("**/print")
            console.look_twice(walk, page, form)
            page.emulate_media(media="print", color_scheme="dark")
            assert page.evaluate(HARD_TO_READ) == [], form
            assert not page.locator(".bar-top").is_visible()
    assert not walk.findings, "\n".join(walk.findings)


def test_the_print_button_opens_the_browsers_window(printed: tuple[ServerProcess, Printed], desk: Browser) -> None:
    server, records = printed
    with console.signed_in(desk, server.url, "zhoumin") as page:
        page.add_init_script("window.print = () => { window.printed = true; };")
        page.goto(f"{server.url}{records.pages['visit']}/print")
        page.get_by_role("button", name="打印").click()
        assert page.evaluate("window.printed") is True
