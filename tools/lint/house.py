"""House rules that a reviewer would otherwise repeat.

- ``wall-clock``: a rule that reads the machine's clock cannot be tested at an instant; clocks are injected.
- ``log-event``: an event's text is a constant, and no whole document goes into a log: a value in a log line
  is personal data that nobody erases.
- ``silenced``: a checker is silenced for one code and with the reason beside its first use in a file.
- ``skipped``: a test that is expected to fail, or skipped for no reason given, proves nothing.
- ``long-module``: what does not fit in 400 lines is more than one thing (a table of tests may be long).
- ``module-docstring``: a file says what it is for.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.lint.findings import SOURCES, Finding, Module, modules

_LONGEST = 400
_SHORTEST_REASON = 8
_CLOCK = re.compile(r"(datetime|dt)\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime)")
_LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
_LOGGER = re.compile(r"\b_?(log|logger)$")
_WHOLE = {"body", "document", "name", "names", "payload", "person", "query", "record", "token", "url"}
_SILENCED = re.compile(
    r"#\s*(type:\s*ignore|noqa)(?P<code>(\[[\w-]+(,\s*[\w-]+)*\])|(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*))?"
)

Rule = Callable[[Module], Iterator[tuple[int, str, str]]]


def check(root: Path) -> Iterator[Finding]:
    """Yield each broken house rule in all Python files; some rules hold for the four packages only."""
    for module in modules(root):
        ours = module.path.startswith(SOURCES)
        for rule in _EVERYWHERE + (_IN_PACKAGES if ours else ()):
            yield from (Finding(module.path, line, code, why) for line, code, why in rule(module))


def _wall_clock(module: Module) -> Iterator[tuple[int, str, str]]:
    if module.path.rsplit("/", 1)[-1] in {"clock.py", "_clock.py"}:
        return
    for call in _calls(module):
        name = ast.unparse(call.func)
        if _CLOCK.fullmatch(name) or _CLOCK.fullmatch(name.partition(".")[2]):
            yield (
                call.lineno,
                "wall-clock",
                f"{name}() belongs in a module named clock.py; take a Clock instead",
            )


def _log_event(module: Module) -> Iterator[tuple[int, str, str]]:
    for call in _calls(module):
        method = call.func
        if not (isinstance(method, ast.Attribute) and method.attr in _LEVELS):
            continue
        if not _LOGGER.search(ast.unparse(method.value)):
            continue
        if not (len(call.args) == 1 and isinstance(call.args[0], ast.Constant)):
            yield call.lineno, "log-event", "an event is one constant text; give codes and ids as keywords"
        for keyword in call.keywords:
            if keyword.arg is None or keyword.arg in _WHOLE:
                named = keyword.arg or "**"
                yield call.lineno, "log-event", f"{named}= may carry personal data; log its id or a code"


def _silenced(module: Module) -> Iterator[tuple[int, str, str]]:
    # Few modules hold such words at all; to look for them costs a hundredth of taking a module apart.
    if not _SILENCED.search(module.text):
        return
    explained: set[str] = set()
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT and (found := _SILENCED.search(token.string)):
            reason = token.string[found.end() :].strip(" #-:")
            if found["code"] and len(reason) >= _SHORTEST_REASON:
                explained.add(found["code"])
            elif found["code"] not in explained:
                yield token.start[0], "silenced", "name the code and, beside its first use, the reason"


def _skipped(module: Module) -> Iterator[tuple[int, str, str]]:
    if not ("xfail" in module.text or "skip" in module.text):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.xfail":
            yield node.lineno, "skipped", "mend it or delete it; an expected failure hides the next one"
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).startswith("pytest.mark.skip")
            and not any(keyword.arg == "reason" for keyword in node.keywords)
        ):
            yield node.lineno, "skipped", "say reason=, and what the reader should provide"


def _long_module(module: Module) -> Iterator[tuple[int, str, str]]:
    exempt = module.path.startswith("tests/") or "/migrations/" in module.path
    if not exempt and (lines := module.text.count("\n")) > _LONGEST:
        yield _LONGEST, "long-module", f"{lines} lines; split it where it says two things"


def _module_docstring(module: Module) -> Iterator[tuple[int, str, str]]:
    if module.tree.body and ast.get_docstring(module.tree) is None:
        yield 1, "module-docstring", "begin with what this file is for"


def _calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


_EVERYWHERE: tuple[Rule, ...] = (_silenced, _skipped, _long_module, _module_docstring)
_IN_PACKAGES: tuple[Rule, ...] = (_wall_clock, _log_event)
