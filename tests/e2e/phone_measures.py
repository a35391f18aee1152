"""What a phone's screen must measure up to: letters that stand out, targets for a thumb, and room for letters of twice the size.

The numbers are those of the design: 7:1 for every text (it makes no exception for large ones) in every theme, targets of
48 × 48 CSS px, and nothing pushed off the screen or cut off when the reader wants letters of 200 %.
"""

from playwright.sync_api import Page

THEMES = ("light", "dark", "sunlight")
LEAST_CONTRAST = 7.0
LEAST_TARGET_PX = 48
MOST_BARS = 0.6  # of the screen's height, with letters of 200 %
LEAST_TEXTS = 3  # a screen with fewer was measured before it was there

# Letters against what they stand on, by theme. Over pictures, of which nobody knows the colours, both black and white are tried.
FAINT = """(themes, least) => {
    const parsed = new Map();
    const rgba = (text) => {
        if (!parsed.has(text)) parsed.set(text, (text.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number));
        const [r, g, b, a = 1] = parsed.get(text);
        return [r, g, b, a];
    };
    const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
    const light = (colour) => {
        const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (one, other) => {
        const [dim, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dim + 0.05);
    };
    const painted = (layers, ground) => layers.reduce((below, layer) => over(layer, below), ground);
    const behind = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) {
            const { backgroundColor, backgroundImage } = getComputedStyle(at);
            const last = backgroundImage.startsWith("linear-gradient") ? backgroundImage.match(/rgba?\\([^)]*\\)/g)?.at(-1) : undefined;
            const colour = rgba(last ?? backgroundColor);
            if (colour[3] > 0) layers.unshift(colour);
            if (colour[3] === 1) break;
            if (at.matches(".view:has(video, img), .frame:has(img)")) return [painted(layers, [0, 0, 0]), painted(layers, [255, 255, 255])];
        }
        return [painted(layers, [255, 255, 255])];
    };
    const solid = (element) => {
        let part = 1;
        for (let at = element; at; at = at.parentElement) part *= Number(getComputedStyle(at).opacity);
        return part;
    };
    const root = document.documentElement;
    const own = root.dataset.theme;
    const found = [];
    let seen = 0;
    const elements = new Set(written().map(({ element }) => element));
    for (const theme of themes) {
        root.dataset.theme = theme;
        for (const element of elements) {
            const isEmptied = element.matches("input, textarea") && !element.value;
            const style = getComputedStyle(element, isEmptied ? "::placeholder" : undefined);
            const [r, g, b, a] = rgba(style.color);
            const share = a * solid(element);
            const worst = Math.min(...behind(element).map((ground) => ratio(over([r, g, b, share], ground), ground)));
            seen += 1;
            if (worst < least - 0.005) found.push(`${theme}: ${worst.toFixed(2)}:1 ${called(element)} ${style.color}`);
        }
    }
    root.dataset.theme = own;
    return { seen, found };
}"""

# Whatever one can tap. A link inside a sentence is as high as its line, which WCAG 2.2 (2.5.8 target size, "inline") allows.
SMALL = """(least) => {
    const found = [];
    const targets = "a[href], button, input, select, textarea, summary, [role=button], [role=radio], [role=switch], [tabindex='0']";
    for (const element of document.body.querySelectorAll(targets)) {
        const label = [...(element.labels ?? [])].find((one) => one.contains(element));
        if (!isShown(label ?? element) || element.type === "hidden") continue;
        const box = (label ?? element.closest(".input") ?? element).getBoundingClientRect();
        const inner = element.matches(".input button") ? element.getBoundingClientRect() : box;
        const isInSentence = element.matches("p a, li > span a, dd a") && getComputedStyle(element).display === "inline";
        if (isInSentence || (inner.width >= least - 0.5 && inner.height >= least - 0.5)) continue;
        found.push(`${Math.round(inner.width)} × ${Math.round(inner.height)} px to tap: ${called(element)}`);
    }
    return found;
}"""

# Letters that lie outside the screen, outside a box that clips them, or over the edge of the button, chip or field that they stand in.
CUT_OFF = """(most) => {
    const found = [];
    if (document.scrollingElement.scrollWidth > innerWidth) found.push(`${document.scrollingElement.scrollWidth} px wide`);
    const stays = ({ position, top, bottom }) => position === "sticky" && [top, bottom].some((inset) => Math.abs(parseFloat(inset)) < 100);
    const bars = [...document.body.querySelectorAll(".topbar, .bottom")].filter((bar) => isShown(bar) && stays(getComputedStyle(bar)));
    const barred = bars.reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0);
    if (barred > innerHeight * most) found.push(`bars of ${Math.round(barred)} px on a screen of ${innerHeight} px`);
    for (const { element, boxes } of written()) {
        for (const box of boxes) {
            if (box.left < -1 || box.right > innerWidth + 1) found.push(`off the screen: ${called(element)}`);
            else if (clips(element, box)) found.push(`cut off: ${called(element)}`);
            else continue;
            break;
        }
    }
    return found;
    function clips(element, box) {
        for (let at = element; at !== document.body; at = at.parentElement) {
            const style = getComputedStyle(at);
            const edge = at.getBoundingClientRect();
            const isEdged = style.overflowX !== "visible" || at.matches("button, .button, .chip, .input, .tab, .toast, .class");
            if (isEdged && (box.left < edge.left - 1 || box.right > edge.right + 1)) return true;
            const isFlat = ["hidden", "clip"].includes(style.overflowY) || at.matches("button, .button, .chip, .tab, .toast, .class");
            if (isFlat && (box.top < edge.top - 3 || box.bottom > edge.bottom + 3)) return true;
            if (["auto", "scroll"].includes(style.overflowY) || style.position === "fixed") return false;
        }
        return false;
    }
}"""

# What the three share: which texts are there to be read, and what to call an element.
SHARED = """
    const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .skip, [hidden]");
    const called = (element) => {
        const words = element.value || element.textContent || element.getAttribute("aria-label") || element.placeholder || "";
        return `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} “${words.trim().slice(0, 24)}”`;
    };
    const written = () => {
        const texts = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const range = document.createRange();
        while (walk.nextNode()) {
            const element = walk.currentNode.parentElement;
            const isText = walk.currentNode.data.trim() && !element.closest("script, style, template, symbol, option, textarea, noscript");
            if (!isText || !isShown(element)) continue;
            range.selectNodeContents(walk.currentNode);
            const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
            if (boxes.length) texts.push({ element, boxes });
        }
        const fields = "input:not([type=file], [type=hidden], [type=radio], [type=checkbox]), textarea, select";
        for (const element of document.body.querySelectorAll(fields))
            if (isShown(element) && (element.value || element.placeholder)) texts.push({ element, boxes: [element.getBoundingClientRect()] });
        return texts;
    };
"""

MEASURE_ALL = f"""([themes, contrast, target]) => {{{SHARED}
    const {{ seen, found }} = ({FAINT})(themes, contrast);
    return {{ seen, found: [...found, ...({SMALL})(target), ...enlarged({CUT_OFF})] }};
    function enlarged(measure) {{
        document.documentElement.style.fontSize = "200%";
        const wrong = measure({MOST_BARS}).map((words) => `at 200 %: ${{words}}`);
        document.documentElement.style.fontSize = "";
        return wrong;
    }}
}}"""

MEASURE_NARROW = f"""() => {{{SHARED}
    const wrong = ({CUT_OFF})({MOST_BARS});
    document.documentElement.style.fontSize = "200%";
    wrong.push(...({CUT_OFF})({MOST_BARS}).map((words) => `at 200 %: ${{words}}`));
    document.documentElement.style.fontSize = "";
    return wrong.map((words) => `${{innerWidth}} px: ${{words}}`);
}}"""


def unmeasured(page: Page) -> list[str]:
    """What is too faint, too small to tap, or does not fit with letters of 200 %, at the width that the screen has."""
    measured = page.evaluate(MEASURE_ALL, [list(THEMES), LEAST_CONTRAST, LEAST_TARGET_PX])
    assert measured["seen"] >= LEAST_TEXTS * len(THEMES), f"the screen has only {measured['seen']} texts to measure"
    return list(measured["found"])


def unfit(page: Page) -> list[str]:
    """What does not fit, with letters as they are and of 200 %, at a width that was set just now."""
    return list(page.evaluate(MEASURE_NARROW))
