"""Where the server asks whose a thing is: comparisons and conditions that name who calls or who owns."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import mpex_server

_ROOT: Final = Path(mpex_server.__file__).parent
_OF_CALLERS: Final = frozenset({"partner", "purpose", "person", "client_id"})
_CALLERS: Final = frozenset({"taken", "principal", "who", "terms"})


class Check(NamedTuple):
    """A check as it is written: module and function, and the expression."""

    place: str
    check: str


def checks() -> Iterator[Check]:
    """Yield every check of the server that compares with a caller or an owner, or asks something of them."""
    for file in sorted(_ROOT.rglob("*.py")):
        module = ".".join((_ROOT.name, *file.relative_to(_ROOT).with_suffix("").parts))
        for path, check in checks_in(file.read_text(encoding="utf-8")):
            yield Check(f"{module}:{path}", check)


def checks_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield function and expression of every such check in the text of a module."""
    lines = text.splitlines()
    for path, function in _functions(ast.parse(text)) if _may_name(text) else ():
        if _may_name("\n".join(lines[function.lineno : function.end_lineno])):
            for check in _checks_in(list(ast.walk(function))):
                yield path, ast.unparse(check)


def _may_name(text: str) -> bool:
    """Tell whether it is worth a closer look, which takes long for the whole server."""
    return any(word in text for word in ("owner", "partner", *(f"{caller}." for caller in _CALLERS)))


def _functions(node: ast.AST, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield ".".join((*path, child.name)), child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, (*path, child.name))


def _checks_in(nodes: list[ast.AST]) -> Iterator[ast.expr]:
    compared = [node for node in nodes if isinstance(node, ast.Compare) and _compares(node)]
    yield from compared
    for condition in _conditions(nodes):
        if _names(condition) and not any(node in compared for node in ast.walk(condition)):
            yield condition


def _compares(node: ast.Compare) -> bool:
    sides = (node.left, *node.comparators)
    return _names(node) or (
        any(isinstance(side, ast.Name) and side.id == "partner" for side in sides)
        and not any(isinstance(side, ast.Constant) for side in sides)
    )


def _names(node: ast.AST) -> bool:
    """Tell whether something names the owner of a document, or who calls, or sends an event."""
    return any(isinstance(part, ast.Attribute) and _is_of_caller(part) for part in ast.walk(node))


def _is_of_caller(part: ast.Attribute) -> bool:
    caller = ast.unparse(part.value).rpartition(".")[2] in _CALLERS
    return part.attr == "owner" or (part.attr in _OF_CALLERS and caller)


def _conditions(nodes: list[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            yield from _parts(node.test)
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield from _parts(test)


def _parts(condition: ast.expr) -> Iterator[ast.expr]:
    match condition:
        case ast.BoolOp():
            for value in condition.values:
                yield from _parts(value)
        case ast.UnaryOp(op=ast.Not()):
            yield from _parts(condition.operand)
        case _:
            yield condition
