"""YAML without its traps: `on` and `off` are words, dates are text, amounts are exact, and no key of a mapping stands twice."""

from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

BOOL, TIMESTAMP = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"


class StrictLoader(yaml.SafeLoader):
    """Only true and false are flags, so that a visit can have an `on`; numbers with a point are Decimal."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML reads it from the class)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP and (tag != BOOL or first in "tTfF")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _mapping(loader: StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    pairs = [(loader.construct_object(key, deep=True), loader.construct_object(value, deep=True)) for key, value in node.value]
    found: dict[Any, Any] = {}
    for (key_node, _), (key, value) in zip(node.value, pairs, strict=True):
        if isinstance(key, (dict, list)):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", key_node.start_mark)
        found[key] = value
    return found


def _amount(loader: StrictLoader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node))
    try:
        return Decimal(text)
    except InvalidOperation as fault:
        raise yaml.constructor.ConstructorError(None, None, f"{text} is no amount", node.start_mark) from fault


StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
StrictLoader.add_constructor("tag:yaml.org,2002:float", _amount)


def document_of(text: str) -> Any:
    """The one document of a text; raises yaml.YAMLError with the line for what cannot be read."""
    loader = StrictLoader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
