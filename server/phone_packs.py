"""The phone's modules joined into a few files, because asking for two hundred costs a slow phone more than all that is in them (ADR 20)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

LOADER = "packs.js"
ALONE = {"start.js", LOADER, "sw.js"}
# The modules that a pack begins with; it holds what they import as far as no pack before it does. The last holds all others.
BEGIN_WITH = {
    "app": ("app.js", "screens/sign_in.js", "db/spare_session.js"),
    "zh": ("i18n/zh.js",),
    "en": ("i18n/en.js",),
    "signed_in": ("company.js", "screens/today.js"),
}
REST = "rest"
AFTER: dict[str, tuple[str, ...]] = {"signed_in": ("app",), REST: ("app", "signed_in"), "app": (), "zh": (), "en": ()}

COMMENTS = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r'^import (\{[^}]*\}|\w+) from "([^"]+)";\n', re.MULTILINE)
PASSED_ON = re.compile(r'^export (\{[^}]*\}) from "([^"]+)";\n', re.MULTILINE)
EXPORTED = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
IMPORTED_LATER = re.compile(r'\bimport\("([^"]+)"\)')
WORD = re.compile(r"\w+")
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class NotPackable(ValueError):
    """A module says something that packs do not know; the message names it."""


@dataclass(frozen=True)
class Packs:
    """`texts` by the pack's name, JavaScript; `vendor` the files of others' libraries that each asks for, named from the app's folder."""

    texts: dict[str, str]
    vendor: dict[str, list[str]]


def is_packed(name: str) -> bool:
    """Whether a file of the app, named from its folder, is a module that comes in a pack."""
    return name.endswith(".js") and not name.startswith("vendor/") and name not in ALONE


def packs_of(folder: Path) -> Packs:
    """Every module under `folder` in its pack. Raises NotPackable."""
    sources = {path.relative_to(folder).as_posix(): COMMENTS.sub("", path.read_text("utf-8")) for path in folder.rglob("*.js")}
    own = {name: text for name, text in sources.items() if is_packed(name)}
    homes = dict(_homes(own))
    for name, pack in homes.items():
        for asked in _imported(name, own[name]):
            if homes.get(asked, pack) not in (pack, *AFTER[pack]):
                raise NotPackable(f"{name}: {asked} comes in {homes[asked]}, which {pack} does without")
    names = {pack: sorted(name for name, home in homes.items() if home == pack) for pack in [*BEGIN_WITH, REST]}
    vendor = {pack: sorted({asked for name in found for asked in _imported(name, own[name]) if asked not in own}) for pack, found in names.items()}
    return Packs({pack: _pack_text(pack, {name: own[name] for name in found}, homes, vendor[pack]) for pack, found in names.items()}, vendor)


def _homes(own: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each module with its pack."""
    placed: set[str] = set()
    for pack, begun in [*BEGIN_WITH.items(), (REST, tuple(own))]:
        open_ends = list(begun)
        while open_ends:
            name = open_ends.pop()
            if name in own and name not in placed:
                placed.add(name)
                yield name, pack
                open_ends += _imported(name, own[name])


def _imported(name: str, text: str) -> list[str]:
    """What a module imports before it runs, as names under the folder."""
    return [_name_of(name, address) for pattern in (IMPORT, PASSED_ON) for _, address in pattern.findall(text)]


def _name_of(importer: str, address: str) -> str:
    return normpath(join(dirname(importer), address))


def _pack_text(pack: str, modules: dict[str, str], homes: dict[str, str], vendor: list[str]) -> str:
    libraries = {name: f"vendor{number}" for number, name in enumerate(vendor)}
    head = [f'import {{ load, make, use }} from "../{LOADER}";']
    head += [f'import "./{before}.js";' for before in AFTER[pack]]
    head += [f'import * as {library} from "../{name}";' for name, library in libraries.items()]
    return "\n".join([*head, *(_module_text(name, text, homes, libraries) for name, text in modules.items())]) + "\n"


def _module_text(name: str, text: str, homes: dict[str, str], libraries: dict[str, str]) -> str:
    """A module as a function that gives its exports when it is first used. They never change afterwards, so a copy of each name will do."""

    def taken(names: str, address: str) -> str:
        asked = _name_of(name, address)
        if asked in libraries:
            return f"const {_unpacked(names)} = {libraries[asked]};\n"
        return f'const {_unpacked(names)} = use("{asked}");\n'

    def later(found: re.Match[str]) -> str:
        asked = _name_of(name, found[1])
        return f'load("{asked}", "{homes[asked]}")' if asked in homes else f'import("../{asked}")'

    given = EXPORTED.findall(text)
    given += [f'{word}: use("{_name_of(name, address)}").{word}' for words, address in PASSED_ON.findall(text) for word in WORD.findall(words)]
    text = IMPORT.sub(lambda found: taken(found[1], found[2]), text)
    text = IMPORTED_LATER.sub(later, PASSED_ON.sub("", EXPORTED.sub("", text)))
    if unknown := LEFT_OVER.search(text):
        raise NotPackable(f"{name}: {unknown[0]}")
    return f'make["{name}"] = () => {{\n{text}return {{ {", ".join(given)} }};\n}};'


def _unpacked(names: str) -> str:
    """`{ a, b as c }` as it is taken out of an object, a default by its name."""
    return names.replace(" as ", ": ") if names.startswith("{") else f"{{ default: {names} }}"
