"""Reads YAML from strangers: libyaml's parser with limits, and without guessing of types except for null.

Every plain value stays a text, except null, and the fields' converters give it its type. So a title "1984" or a version
"1.10" stays as it is, and an impossible date can't make the whole file fail. Tags that build objects, deep nesting,
aliases that multiply, and keys used twice are errors that name the line.
"""

from __future__ import annotations

from typing import Any, ClassVar

import yaml

#: Real files are about five levels deep. libyaml's binding recurses in C and crashes at about ten thousand levels.
MAXIMUM_DEPTH = 64
#: The number of nodes that aliases may expand to.
MAXIMUM_EXPANSION = 10_000

try:
    _Base: type[yaml.SafeLoader] = yaml.CSafeLoader  # type: ignore[assignment]  # the same interface, in C
except AttributeError:
    _Base = yaml.SafeLoader


_TOO_DEEP = f"nested more than {MAXIMUM_DEPTH} deep"


class UnsafeYAMLError(yaml.MarkedYAMLError):
    """The text is YAML, but of a kind that article files don't have."""


class _Loader(_Base):  # type: ignore[valid-type,misc]  # a base chosen at run time
    yaml_implicit_resolvers: ClassVar[dict[Any, Any]] = {
        first: [
            (tag, pattern) for tag, pattern in resolvers if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            mark = current_node.start_mark if current_node is not None else None
            raise UnsafeYAMLError(problem=_TOO_DEEP, problem_mark=mark)

    def ascend_resolver(self) -> None:
        self._depth -= 1

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in getattr(node, "value", ()):
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise UnsafeYAMLError(
                        problem=f"the key {key.value[:80]!r} is given twice", problem_mark=key.start_mark
                    )
                seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=True)
        return mapping


def _as_written(loader: Any, node: Any) -> str:
    return str(loader.construct_scalar(node))


for _tag in ("bool", "int", "float", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _as_written)


def load(text: str) -> Any:
    """Returns the only document in ``text``: dicts, lists, texts and None. Raises yaml.YAMLError, with a position if
    there is one."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check_aliases(node)
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        # libyaml 0.2.6 and later has a limit of its own, which it meets while it reads ahead.
        if "nesting depth" in (error.problem or ""):
            raise UnsafeYAMLError(problem=_TOO_DEEP, problem_mark=error.problem_mark) from error
        raise
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise UnsafeYAMLError(problem=f"a value that can't be read ({str(error)[:100]})") from error
    finally:
        loader.dispose()


def _check_aliases(root: yaml.Node) -> None:
    """Counts the nodes that the document expands to, without expanding it. Each shared part counts for each
    reference."""
    sizes: dict[int, int] = {}
    shared = False

    def size(node: yaml.Node) -> int:
        nonlocal shared
        known = sizes.get(id(node))
        if known is not None:
            shared = True
            if known < 0:
                raise UnsafeYAMLError(problem="an alias that contains itself", problem_mark=node.start_mark)
            return known
        if isinstance(node, yaml.ScalarNode):
            sizes[id(node)] = 1
            return 1
        sizes[id(node)] = -1
        if isinstance(node, yaml.MappingNode):
            total = 1 + sum(size(key) + size(value) for key, value in node.value)
        else:
            total = 1 + sum(size(item) for item in node.value)
        sizes[id(node)] = total
        return total

    total = size(root)
    if shared and total > MAXIMUM_EXPANSION:
        raise UnsafeYAMLError(
            problem=f"aliases that expand to {total:,} nodes, more than {MAXIMUM_EXPANSION:,}",
            problem_mark=root.start_mark,
        )
