"""Writes that pass the session by stamp the feed themselves: a check on the source, and a check on the check (SYNC §2).

Rows that are added, changed or deleted as objects stamp themselves. A bulk statement does not: the function that runs
one on something phones receive must call `touch`, itself or by a function of its module, or be called by such ones only.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from server.db import db

ROOT = Path(__file__).parent.parent.parent
SERVER = ROOT / "server"
STATEMENTS = {"update", "delete", "insert", "upsert", "put_new", "put_over"}
BULK_METHODS = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
RAW = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)")
SELF = "the whole module"

# (file, function): why phones need not hear of it
TOUCHES = {"touch", "touch_months"}
EXPLAINED = {
    ("server/intake/push.py", "_numbering"): "notes the number of this very commit, which is no part of what phones get",
    ("server/privacy/outlets.py", "empty_bodies"): "bodies of records are no part of what phones get",
    ("server/jobs/retention.py", "_purge"): "codes, failure counts and night logs are no part of what phones get",
}


def fed_models() -> dict[str, str]:
    """Table by class name of everything that phones receive."""
    mappers = db.Model.registry.mappers
    return {mapper.class_.__name__: mapper.class_.__tablename__ for mapper in mappers if hasattr(mapper.class_, "feed_entries")}


def unstamped(source: str, fed: dict[str, str]) -> list[tuple[str, str]]:
    """(function, model or table) of the bulk writes that stamp nothing."""
    tree = ast.parse(source)
    owners = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    functions = {node.name: node for owner in owners for node in owner.body if isinstance(node, ast.FunctionDef)}
    stamped = _stamped(functions)
    constants = {name: table for name, text in _constants(tree) for table in RAW.findall(text) if table in fed.values()}
    found = [(SELF, what) for what in _writes(tree, fed, constants, set(functions.values()))]
    for name, function in functions.items():
        if name not in stamped:
            found += [(name, what) for what in _writes(function, fed, constants, set())]
    return found


def _stamped(functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Functions that call `touch` or one that does, and those that are called by such ones only."""
    calls = {name: {_called(call) for call in ast.walk(function) if isinstance(call, ast.Call)} for name, function in functions.items()}
    touching = {*TOUCHES, *(name for name, called in calls.items() if called & TOUCHES)}
    stamped = {name for name, called in calls.items() if name in touching or called & touching}
    while True:
        callers = {name: {other for other, called in calls.items() if name in called} for name in functions}
        more = {name for name, of in callers.items() if of and of <= stamped} - stamped
        if not more:
            return stamped
        stamped |= more


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def _writes(node: ast.AST, fed: dict[str, str], constants: dict[str, str], but: set[ast.FunctionDef]) -> Iterator[str]:
    """What of the fed models and tables bulk statements under the node write, functions in `but` left out."""
    for child in ast.iter_child_nodes(node):
        if child in but:
            continue
        if isinstance(child, ast.Call):
            yield from _written(child, fed)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load) and child.id in constants:
            yield constants[child.id]
        elif isinstance(child, ast.Constant) and isinstance(child.value, str) and not isinstance(node, ast.Assign | ast.Expr):
            yield from (table for table in RAW.findall(child.value) if table in fed.values())
        yield from _writes(child, fed, constants, but)


def _written(call: ast.Call, fed: dict[str, str]) -> Iterator[str]:
    name = _called(call)
    if name in BULK_METHODS:
        yield name
    if not isinstance(call.func, ast.Name) or name not in STATEMENTS or not call.args:
        return
    target = call.args[0]
    if isinstance(target, ast.Attribute) and target.attr == "__table__":
        target = target.value
    model = getattr(target, "id", "?")
    if model in fed or not model[:1].isupper():
        yield model  # a table in a variable may be anything


def test_every_bulk_write_of_what_phones_receive_stamps_the_feed():
    fed = fed_models()
    assert {"Outlet", "Visit", "Finding", "WageSheet", "SyncOp", "OutletMonth", "Person"} <= set(fed)
    found = {
        (str(path.relative_to(ROOT)), function)
        for path in sorted(SERVER.rglob("*.py"))
        if not path.is_relative_to(SERVER / "migrations") and not path.is_relative_to(SERVER / "feed")
        for function, _ in unstamped(path.read_text("utf-8"), fed)
    }
    assert found - set(EXPLAINED) == set(), "call touch() beside the statement, or explain why phones need not hear of it"
    assert set(EXPLAINED) - found == set(), "explained, but no longer there"


FED = {"Outlet": "outlet", "Visit": "visit"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    execute(update(Outlet).values(name='x'))", [("f", "Outlet")]),
        ("def f():\n    execute(update(Outlet).values(name='x'))\n    touch(session, entry)", []),
        ("def f():\n    execute(delete(Note))", []),
        ("def f():\n    execute(upsert(Visit.__table__))", [("f", "Visit")]),
        ("def f():\n    put_new(Visit, rows)", [("f", "Visit")]),
        ("def f():\n    table = Visit.__table__\n    execute(update(table))", [("f", "table")]),
        ("def f():\n    session.bulk_insert_mappings(Note, rows)", [("f", "bulk_insert_mappings")]),
        ("def f():\n    execute(text('UPDATE outlet SET name = 1'))", [("f", "outlet")]),
        ("SQL = 'INSERT INTO visit SELECT 1'\ndef f():\n    execute(text(SQL.format(x=1)))", [("f", "visit")]),
        ("SQL = 'INSERT INTO visit SELECT 1'\ndef f():\n    execute(SQL)\n    touch(session)", []),
        ("def f():\n    g()\n    touch(session)\ndef g():\n    execute(delete(Visit))", []),
        ("def f():\n    g()\n    touch(session)\ndef h():\n    g()\ndef g():\n    execute(delete(Visit))", [("g", "Visit")]),
        ("def f():\n    execute(delete(Visit))\n    g()\ndef g():\n    touch(session)", []),
        ("execute(delete(Visit))", [(SELF, "Visit")]),
        ("def f():\n    '''UPDATE outlet is what this does not do.'''", []),
    ],
)
def test_the_check_finds_what_passes_the_feed_by(source, expected):
    assert unstamped(dedent(source), FED) == expected
