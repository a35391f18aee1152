"""The phone's modules in packs: all of them, once each, exporting what the source exports."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.phone_packs import REST, NotPackable, is_packed, packs_of
from server.phone_shell import PWA

PROBE = """
const [source, packed] = process.argv.slice(2);
const answer = { get: (_, key) => (key === Symbol.toPrimitive ? () => "" : anything), apply: () => anything, construct: () => anything };
const anything = new Proxy(function () {}, answer); // whatever a browser has
for (const name of ["document", "window", "localStorage", "location", "matchMedia"]) globalThis[name] ??= anything;
const { make, use } = await import(`${packed}/packs.js`);
for (const pack of ["rest", "zh", "en"]) await import(`${packed}/packs/${pack}.js`);
const exportsOf = (module) => Object.keys(module).sort();
const differing = [];
for (const name of Object.keys(make)) {
  const plain = exportsOf(await import(`${source}/${name}`));
  if (plain.join() !== exportsOf(use(name)).join()) differing.push([name, plain, exportsOf(use(name))]);
}
console.log(JSON.stringify({ names: Object.keys(make).sort(), differing }));
process.exit(0);
"""


def write_packs(folder: Path) -> None:
    """As the phone gets them, to be imported from a disk."""
    (folder / "packs").mkdir(parents=True)
    (folder / "package.json").write_text('{"type": "module"}')
    shutil.copytree(PWA / "vendor", folder / "vendor")
    (folder / "packs.js").write_text((PWA / "packs.js").read_text("utf-8"))
    for name, text in packs_of(PWA).texts.items():
        (folder / "packs" / f"{name}.js").write_text(text)


def test_every_module_exports_from_its_pack_what_it_exports_from_the_source(tmp_path):
    write_packs(tmp_path)
    (tmp_path / "probe.mjs").write_text(PROBE)
    command = [sys.executable, "deploy/node.py", str(tmp_path / "probe.mjs"), str(PWA), str(tmp_path)]
    said = subprocess.run(command, cwd=PWA.parent, capture_output=True, text=True, timeout=60)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    modules = sorted(name for path in PWA.rglob("*.js") if is_packed(name := path.relative_to(PWA).as_posix()))
    assert (found["names"], found["differing"]) == (modules, [])
    assert len(modules) > 200


def source(folder: Path, **texts: str) -> Path:
    for name in ("app", "company", "screens/sign_in", "screens/today", "i18n/zh", "i18n/en"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.js").write_text("export const nothing = 0;\n")
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_a_module_goes_where_it_is_needed_first(tmp_path):
    folder = source(
        tmp_path,
        app='import { shared } from "./shared.js";\nexport const a = shared;\n',
        company='import { shared } from "./shared.js";\nexport const c = shared;\n',
        shared="export const shared = 1;\n",
        seldom='import { shared } from "./shared.js";\nexport const s = shared;\n',
    )
    texts = packs_of(folder).texts
    homes = {name: {pack for pack, text in texts.items() if f'make["{name}"]' in text} for name in ("shared.js", "company.js", "seldom.js")}
    assert homes == {"shared.js": {"app"}, "company.js": {"signed_in"}, "seldom.js": {REST}}


@pytest.mark.parametrize(
    ("line", "packed"),
    [
        ('import { shared, b as c } from "./shared.js";', 'const { shared, b: c } = use("shared.js");'),
        ('import {\n  shared,\n} from "./shared.js";', 'const {\n  shared,\n} = use("shared.js");'),
        ('import Pad from "./vendor/pad.js";', "const { default: Pad } = vendor0;"),
        ('const f = () => import("./seldom.js");', 'const f = () => load("seldom.js", "rest");'),
        ('const f = () => import("./vendor/tus.js");', 'const f = () => import("../vendor/tus.js");'),
        ('export { shared } from "./shared.js";', 'return { shared: use("shared.js").shared };'),
        ("export async function f() {}", "async function f() {}\nreturn { f };"),
        ("/** Words. @param {x} y */\n// more\nexport class K {}", "class K {}\nreturn { K };"),
    ],
)
def test_what_a_module_says_is_said_to_its_pack(tmp_path, line, packed):
    folder = source(tmp_path, app=f"{line}\n", shared="export const shared = 1;\nexport const b = 2;\n", seldom="export const s = 1;\n")
    assert packed in packs_of(folder).texts["app"]


@pytest.mark.parametrize("line", ["export let changing = 1;", "export default 1;", 'import "./shared.js";', "export const { a, b } = {};"])
def test_what_packs_do_not_know_is_refused_by_name(tmp_path, line):
    with pytest.raises(NotPackable, match="^seldom.js: " + re.escape(line)):
        packs_of(source(tmp_path, seldom=f"{line}\n"))


def test_a_pack_that_another_does_without_holds_nothing_of_it(tmp_path):
    words = 'import { shared } from "./shared.js";\nexport const w = shared;\n'
    shared = source(tmp_path, **{"i18n/zh": words.replace("./", "../"), "company": words, "shared": "export const shared = 1;\n"})
    with pytest.raises(NotPackable, match=r"^company\.js: shared\.js comes in zh"):
        packs_of(shared)


def test_modules_come_in_packs_only(app):
    client = app.test_client()
    assert client.get("/m/packs/rest.js").mimetype == "text/javascript"
    for address in ("/m/app.js", "/m/screens/today.js", "/m/packs/none.js", "/m/phone_packs.py"):
        assert client.get(address).status_code == 404


def test_the_worker_keeps_every_pack_and_no_module(app):
    worker = app.test_client().get("/m/sw.js").get_data(as_text=True)
    kept = json.loads(re.search(r"SHELL = (\[.*?\]);", worker)[1])
    packs = {f"/m/packs/{name}.js" for name in packs_of(PWA).texts}
    scripts = {address for address in kept if address.endswith(".js") and "/vendor/" not in address}
    assert scripts == packs | {"/m/start.js", "/m/packs.js"}
