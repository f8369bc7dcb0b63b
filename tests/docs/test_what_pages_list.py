"""What a page lists is what there is: commands, resources of the client, roles, modules."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from mpex_client import Client
from mpex_client.cli import app as client_app
from mpex_server.cli import app as server_app
from mpex_server.oauth.access import ROLE_ACTIONS
from typer.main import get_command

from tools.lint.findings import files

TOOLS = {"mpex": get_command(client_app), "mpex-server": get_command(server_app)}
SHELL = re.compile(r"^```sh.*?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EVERYWHERE = {"get", "list", "create", "replace"}
ROOT = Path(__file__).resolve().parents[2]


def _commands(app: typer.Typer) -> list[str]:
    groups = [(each.name, each.typer_instance) for each in app.registered_groups]
    own = [
        each.name or each.callback.__name__.replace("_", "-")
        for each in app.registered_commands
        if each.callback
    ]
    assert all(name and instance for name, instance in groups)
    return [*own, *(f"{name} {verb}" for name, instance in groups for verb in _verbs(instance))]


def _verbs(app: typer.Typer | None) -> list[str]:
    assert app is not None
    named = [(each.name, each.callback) for each in app.registered_commands]
    return [name or (callback.__name__ if callback else "") for name, callback in named]


def _listed(text: str) -> set[str]:
    """Return the commands of a page; `tasks list|show` are two, and a verb may stand for all before it."""
    listed = set[str]()
    for entry in re.findall(r"^\| (.+?) \| ", text, re.MULTILINE) + re.findall(
        r"^mpex-server (.+?)(?: {2,}|$)", text, re.MULTILINE
    ):
        for command in re.findall(r"`([^`]+)`", entry) or [entry]:
            words = command.replace("\\|", "|").split()
            verbs = words[1].split("|") if len(words) > 1 else []
            listed |= {words[0]} | {f"{words[0]} {verb}" for verb in verbs}
    return listed


@pytest.mark.parametrize(
    ("page", "app"), [("client_sdk/README.md", client_app), ("reference_server/README.md", server_app)]
)
def test_every_command_is_listed(page: str, app: typer.Typer) -> None:
    listed = _listed((ROOT / page).read_text(encoding="utf-8"))
    assert [command for command in _commands(app) if command not in listed] == []


def _unknown(line: str) -> Iterator[str]:
    """Yield what a line of a shell script says that no command knows: verbs and options."""
    for name, command in TOOLS.items():
        for said in re.findall(rf"(?:^\s*(?:! )?|bin/|[|;(&] *){name} ([^|>&;)]+)", line):
            yield from _unknown_to(command, iter(said.split()))


def _unknown_to(command: Any, words: Iterator[str]) -> Iterator[str]:
    options = {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)}
    for word in words:
        if word.startswith("--"):
            name, equals, _ = word.partition("=")
            if name not in {*options, "--help"}:
                yield word
            elif name in options and not equals and not getattr(options[name], "is_flag", False):
                next(words, None)
        elif hasattr(command, "commands"):
            if word not in command.commands:
                yield word
            else:
                yield from _unknown_to(command.commands[word], words)
            return


@pytest.mark.parametrize("page", [path.relative_to(ROOT).as_posix() for path in files(ROOT, ".md")])
def test_commands_that_a_page_shows_are_there_though_its_code_does_not_run(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for block in SHELL.findall(text) for line in block.splitlines()]
    assert [(line, word) for line in lines for word in _unknown(line)] == []


def test_a_command_that_is_not_there_is_found() -> None:
    assert [*_unknown("sudo bin/mpex-server clients drop --dir node")] == ["drop"]
    assert [*_unknown("mpex --as registrar register person --file x | tee y")] == ["--file"]


def test_every_resource_of_the_client_is_listed() -> None:
    text = (ROOT / "client_sdk/README.md").read_text(encoding="utf-8")
    table = text.partition("## Resources")[2].partition("## ")[0]
    named = re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in table.splitlines() if "|" in row))
    assert sorted(named) == sorted(
        name for name, value in vars(Client).items() if isinstance(value, property)
    )


def test_every_verb_of_the_client_is_listed() -> None:
    text = (ROOT / "client_sdk/README.md").read_text(encoding="utf-8")
    table = text.partition("## Resources")[2].partition("## ")[0]
    for row in [row.split("|") for row in table.splitlines()[4:] if row.startswith("|")]:
        kinds = [vars(Client)[name].fget.__annotations__["return"] for name in re.findall(r"`(\w+)`", row[1])]
        verbs = {verb for kind in kinds for verb in dir(kind) if inspect.isfunction(getattr(kind, verb))}
        named = set(re.findall(r"`(\w+)`", row[3])) - {"standingUntil"}
        assert named == {verb for verb in verbs if not verb.startswith("_")} - EVERYWHERE


def test_every_role_is_listed() -> None:
    text = (ROOT / "docs/guide/operate.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(ROLE_ACTIONS)


def test_modules_that_the_architecture_names_are_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    server = ROOT / "reference_server/src/mpex_server"
    named = re.findall(r"`([\w/]+\.py)`", text)
    assert named
    assert [name for name in named if not ((server / name).exists() or (ROOT / name).exists())] == []
