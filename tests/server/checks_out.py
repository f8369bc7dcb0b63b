"""A module of the server without one of its checks, or with another bound, to be judged by vectors."""

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from itertools import chain
from types import CodeType, ModuleType
from typing import Any

from mpex_server.errors import Problem
from mpex_server.federation.faults import TrustError

BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NameError,
    TypeError,
    ValueError,
    Warning,
    Problem,
    TrustError,
)
"""What comes of data that a missing check has let through."""


Tree = Callable[[], ast.Module]
"""Makes a changed module: most of those that are collected are not run by this process."""


def mutants(module: ModuleType, *functions: str) -> Iterator[tuple[str, Tree]]:
    """Yield the module without one refusal, or without one of the reasons for one, each with its place."""
    tree = ast.parse(inspect.getsource(module))
    within = [part for part in tree.body if not functions or getattr(part, "name", "") in functions]
    for node in chain.from_iterable(map(ast.walk, within)):
        if isinstance(node, ast.Raise):
            yield _place(module, node), partial(_changed, tree, node, ast.Pass())
        elif isinstance(node, ast.BoolOp):
            neutral = isinstance(node.op, ast.And)
            for operand in node.values:
                yield _place(module, operand), partial(_changed, tree, operand, ast.Constant(value=neutral))


def moved_bounds(module: ModuleType) -> Iterator[tuple[str, Tree]]:
    """Yield the module with each bound a step away, with half of a double one, and with each end in or out.

    A bound is an integer of a comparison, or one to which the module gives a name.
    """
    tree = ast.parse(inspect.getsource(module))
    for place, old, new in chain(_named_bounds(tree), _compared_bounds(tree)):
        yield f"{module.__name__.rpartition('.')[2]}: {place}", partial(_changed, tree, old, new)


_OTHER_END: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


def _named_bounds(tree: ast.Module) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from _steps(node.value, ast.unparse(node.targets[0]))


def _compared_bounds(tree: ast.Module) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        for constant in ast.walk(node):
            yield from _steps(constant, ast.unparse(node))
        for number, end in enumerate(node.ops):
            if type(end) in _OTHER_END:
                ends = [*node.ops[:number], _OTHER_END[type(end)](), *node.ops[number + 1 :]]
                other = ast.Compare(node.left, ends, node.comparators)
                yield f"{ast.unparse(node)} as {ast.unparse(other)}", node, other
        sides = [node.left, *node.comparators]
        for number, end in enumerate(node.ops if len(node.ops) > 1 else ()):
            half = ast.Compare(sides[number], [end], [sides[number + 1]])
            yield f"{ast.unparse(node)} as {ast.unparse(half)}", node, half


def _steps(node: ast.AST, where: str) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (-1, 1):
            yield f"{where} by {step:+}", node, ast.Constant(node.value + step)


def _place(module: ModuleType, node: ast.expr | ast.stmt) -> str:
    return f"{module.__name__.rpartition('.')[2]}: {ast.unparse(node)}"


def _changed(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    class Change(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else self.generic_visit(node)

    changed: ast.Module = Change().visit(copy.deepcopy(tree, {id(old): old}))
    return ast.fix_missing_locations(changed)


def loaded(module: ModuleType, tree: Tree) -> ModuleType:
    """Return the module made of a tree, beside the one that is imported."""
    loader = _Loader(module, tree())
    changed = module_from_spec(ModuleSpec(module.__name__, loader, origin=module.__file__))
    loader.exec_module(changed)
    return changed


class _Loader(SourceFileLoader):
    """Loads a module of a tree in place of its file."""

    def __init__(self, module: ModuleType, tree: ast.Module) -> None:
        super().__init__(module.__name__, str(module.__file__))
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the tree."""
        return compile(self._tree, self.get_filename(fullname), "exec")


def unchanged(module: ModuleType) -> ModuleType:
    """Return the module made anew with all its checks: that others are copies is not what is seen of them."""
    return loaded(module, partial(ast.parse, inspect.getsource(module)))


def decides(right: Callable[[dict[str, Any]], bool], cases: list[dict[str, Any]]) -> bool:
    """Tell whether the vectors are decided as published, without a failure that nobody expects."""
    try:
        return all(right(case) for case in cases)
    except BROKEN:
        return False
