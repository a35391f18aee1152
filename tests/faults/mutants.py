"""Small wrong changes of the rules, one at a time: an operator, a number, a flag. Each must be noticed by the tests of the rules.

A mutant is known by its module and place; its source is made from the module's syntax tree. It runs in a forked process that imports
the changed module in place of the real one and runs the module's own tests first, then all others.
"""

import ast
import importlib.abc
import importlib.util
import os
import re
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOMAIN = ROOT / "server" / "domain"
TESTS = ROOT / "tests" / "domain"
MOST_SECONDS = 20
NUMBER = re.compile(r"\d+(\.\d+)?")

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Not: ast.UAdd,
    ast.USub: ast.UAdd,
}
WORDS = {"min": "max", "max": "min", "all": "any", "any": "all", "true": "false", "false": "true"}


@dataclass(frozen=True)
class Mutant:
    """`place` counts the changes possible in the module; `line` and `change` are for people."""

    module: str
    place: int
    line: int
    text: str
    change: str

    def __str__(self) -> str:
        return f"{self.module}.py:{self.line}: {self.change:<12} {self.text}"


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its source."""
    source = _source(module)
    lines = source.splitlines()
    found = []
    for place, (node, change) in enumerate(_changes(ast.parse(source))):
        found.append(Mutant(module, place, node.lineno, lines[node.lineno - 1].strip(), change.words))
    return found


def mutated_source(mutant: Mutant) -> str:
    tree = ast.parse(_source(mutant.module))
    list(_changes(tree))[mutant.place][1].apply()
    return ast.unparse(tree)


@cache
def _source(module: str) -> str:
    return (DOMAIN / f"{module}.py").read_text("utf-8")


@dataclass(frozen=True)
class Change:
    """Sets a field of a node; `at` is the place in it where the field is a list."""

    owner: ast.AST
    field: str
    new: object
    words: str
    at: int | None = None

    def apply(self) -> None:
        if self.at is None:
            setattr(self.owner, self.field, self.new)
        else:
            getattr(self.owner, self.field)[self.at] = self.new


def _changes(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, Change]]:
    for node in _rules(tree):
        if isinstance(node, ast.Compare):
            for at, operator in enumerate(node.ops):
                yield node, Change(node, "ops", SWAPS[type(operator)](), _swap_words(operator), at)
        elif isinstance(node, (ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.AugAssign)) and type(node.op) in SWAPS:
            yield node, _operator_change(node)
        elif isinstance(node, ast.Constant) and (new := _other_value(node.value)) is not None:
            yield node, Change(node, "value", new, f"{node.value} → {new}")
        elif isinstance(node, ast.Name) and node.id in WORDS:
            yield node, Change(node, "id", WORDS[node.id], f"{node.id} → {WORDS[node.id]}")


def _operator_change(node: ast.BoolOp | ast.BinOp | ast.UnaryOp | ast.AugAssign) -> Change:
    if isinstance(node.op, ast.Not):  # `not x` becomes the truth of x
        return Change(node, "operand", ast.UnaryOp(ast.Not(), node.operand), "not dropped")
    return Change(node, "op", SWAPS[type(node.op)](), _swap_words(node.op))


def _swap_words(operator: ast.AST) -> str:
    return f"{type(operator).__name__} → {SWAPS[type(operator)].__name__}"


def _other_value(value: object) -> object:
    """A neighbouring value of a number, a flag, or a text that holds one; None for what is no number."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str) and NUMBER.fullmatch(value):
        whole, *fen = value.split(".")
        return ".".join([str(int(whole) + 1), *fen])
    return WORDS.get(value) if isinstance(value, str) and value in ("true", "false") else None


def _rules(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that decide something: no annotations, decorators, docstrings or formats."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _rules(child)


class MutantLoader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one changed module in place of the real one."""

    def __init__(self, mutant: Mutant) -> None:
        self.name, self.source = f"server.domain.{mutant.module}", mutated_source(mutant)

    def find_spec(self, fullname, path=None, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module) -> None:
        exec(compile(self.source, f"<mutant of {self.name}>", "exec"), module.__dict__)


def own_tests(module: str) -> list[str]:
    """The module's own file of tests, and the vectors where it has some."""
    own = TESTS / f"test_{module}.py"
    with_vectors = f"server.domain.{module} " in (TESTS / "test_vectors.py").read_text("utf-8")
    return ([str(own)] if own.exists() else []) + ([str(TESTS / "test_vectors.py")] if with_vectors else [])


def other_tests(module: str) -> list[str]:
    """All other tests of rules; of scenarios the runs alone, as the reader and the command are no rules."""
    known = {*own_tests(module), *(str(TESTS / f"test_{name}.py") for name in ("scenarios", "scenario_reading"))}
    others = sorted(str(path) for path in TESTS.glob("test_*.py") if str(path) not in known)
    return [f"{TESTS / 'test_scenarios.py'}::test_scenario", *others]


def preload() -> None:
    """Import what the tests need but no rule, and read the scenarios once: a forked process inherits it all."""
    import hypothesis
    import hypothesis.strategies
    import pytest  # noqa: F401
    import yaml  # noqa: F401

    import sync.phone_store  # noqa: F401
    from server.scenarios import strict_yaml

    sys.dont_write_bytecode = False  # or every process would compile every test anew
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")
    strict_yaml.document_of = cache(strict_yaml.document_of)
    for path in (ROOT / "tests" / "scenarios").glob("*.yaml"):
        strict_yaml.document_of(path.read_text("utf-8"))
    assert not any(name.startswith("server.domain.") for name in sys.modules), "the rules must be imported by the forked process alone"


def survives(mutant: Mutant | None, module: str) -> tuple[bool, float]:
    """Whether all tests pass with the mutant (None: with the rules as they are), and the seconds of processor it took.

    A test that hangs is a test that fails.
    """
    child = os.fork()
    if child == 0:
        _run_tests(mutant, module)
    _, status, usage = os.wait4(child, 0)
    return status == 0, usage.ru_utime + usage.ru_stime


def _run_tests(mutant: Mutant | None, module: str) -> None:
    """In the forked process: exit 0 when all pass."""
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))  # of processor, so that a busy machine stops nobody
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    code = 1
    try:
        if mutant is not None:
            sys.meta_path.insert(0, MutantLoader(mutant))
        plain = ["-x", "-q", "--noconftest", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:timeout", f"--rootdir={ROOT}"]
        plain += [
            "-o",
            "addopts=",
            "-o",
            "filterwarnings=",
            "-W",
            "ignore",
            "--deselect",
            f"{TESTS}/test_policy.py::test_the_phone_has_the_same_defaults",
        ]
        parts = [part for part in (own_tests(module), other_tests(module)) if part]
        code = int(any(pytest.main([*plain, *part]) != 0 for part in parts))
    finally:
        os._exit(code)
