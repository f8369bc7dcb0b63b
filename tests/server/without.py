"""Takes one check out of a function for the time of a test, by what stands there in its source."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any


class _Instead(ast.NodeTransformer):
    """Puts a constant where an expression stands; `times` counts where."""

    def __init__(self, expression: str, constant: bool) -> None:
        self._expression, self._constant = ast.unparse(ast.parse(expression, mode="eval")), constant
        self.times = 0

    def visit(self, node: ast.AST) -> Any:
        """Replace the expression, or look further inside."""
        if isinstance(node, ast.expr) and ast.unparse(node) == self._expression:
            self.times += 1
            return ast.Constant(self._constant)
        return super().visit(node)


@contextmanager
def without(place: str, expression: str, constant: bool) -> Iterator[None]:
    """Let `expression` be a constant in the function at `module:path`; LookupError when it is not there.

    The function stays the same object, so that it is changed for whoever imported it by name.
    """
    module, _, path = place.partition(":")
    home: Any = import_module(module)
    found = reduce(inspect.getattr_static, path.split("."), home)
    function: Any = found.fget if isinstance(found, property) else found
    changed, original = _changed(function, expression, constant), function.__code__
    function.__code__ = changed
    try:
        yield
    finally:
        function.__code__ = original


def _changed(function: FunctionType, expression: str, constant: bool) -> CodeType:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    instead = _Instead(expression, constant)
    changed: ast.Module = ast.fix_missing_locations(instead.visit(tree))
    if not instead.times:
        raise LookupError(f"{expression} does not stand in {function.__qualname__} any more")
    made = compile(changed, function.__code__.co_filename, "exec", dont_inherit=True)
    return next(
        const
        for const in made.co_consts
        if isinstance(const, CodeType) and const.co_name == function.__name__
    )
