"""A module of the server without one of its checks, to be judged by the published vectors."""

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from itertools import chain
from types import ModuleType
from typing import Any


def mutants(module: ModuleType, *functions: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield the module without one refusal, or without one of the reasons for one, each with its place."""
    tree = ast.parse(inspect.getsource(module))
    within = [part for part in tree.body if not functions or getattr(part, "name", "") in functions]
    for node in chain.from_iterable(map(ast.walk, within)):
        if isinstance(node, ast.Raise):
            yield _place(module, node), _changed(tree, node, ast.Pass())
        elif isinstance(node, ast.BoolOp):
            neutral = isinstance(node.op, ast.And)
            for operand in node.values:
                yield _place(module, operand), _changed(tree, operand, ast.Constant(value=neutral))


def _place(module: ModuleType, node: ast.expr | ast.stmt) -> str:
    return f"{module.__name__.rpartition('.')[2]}: {ast.unparse(node)}"


def _changed(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    class Change(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else self.generic_visit(node)

    changed: ast.Module = Change().visit(copy.deepcopy(tree, {id(old): old}))
    return ast.fix_missing_locations(changed)


def loaded(module: ModuleType, tree: ast.Module) -> ModuleType:
    """Return the module made of a tree, beside the one that is imported."""
    changed = ModuleType(module.__name__)
    exec(compile(tree, str(module.__file__), "exec"), changed.__dict__)  # noqa: S102 - our own source
    return changed


def unchanged(module: ModuleType) -> ModuleType:
    """Return the module made anew with all its checks: that others are copies is not what is seen of them."""
    return loaded(module, ast.parse(inspect.getsource(module)))


def decides(right: Callable[[dict[str, Any]], bool], cases: list[dict[str, Any]]) -> bool:
    """Tell whether the vectors are decided as published, without a failure that nobody expects."""
    try:
        return all(right(case) for case in cases)
    except Exception:  # noqa: BLE001 - a check that is missing may break whatever comes after it
        return False
