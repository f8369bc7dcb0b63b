"""What the pages show works: their code runs, and their links lead somewhere.

The blocks of a page run in order, as one shell script in an empty folder, so that a later block can use what
an earlier one made. ``sh`` is run as it stands, ``python`` as a script of its own; ``PORT`` is a free one.
The commands of MPEX are forked from a process that has imported them, since a page starts dozens.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import ports, preloaded
from tools.lint.findings import files

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in files(ROOT, ".md"))
BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
PREAMBLE = "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"


def _script(page: str) -> str:
    """Return the page's runnable blocks as one script, empty when it has none."""
    commands = []
    for block in BLOCK.finditer(page):
        language, _, rest = block["info"].strip().partition(" ")
        if rest.startswith("not-run:"):
            assert len(rest) > len("not-run: why"), "a block that is not run says why"
        elif language == "sh":
            commands.append(block["code"])
        elif language == "python":
            commands.append(f"{shlex.quote(sys.executable)} -W error -c {shlex.quote(block['code'])}\n")
    return PREAMBLE + "".join(commands) if commands else ""


@pytest.fixture(scope="module")
def commands() -> Iterator[Path]:
    """The folder in which a page finds the commands of MPEX."""
    with preloaded.commands() as folder:
        yield folder


def _run(script: str, folder: Path, commands: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(commands), str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["timeout", "300", "bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "PORT": str(ports.free())},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _script((ROOT / page).read_text(encoding="utf-8"))]
)
def test_the_code_of_a_page_runs(page: str, tmp_path: Path, commands: Path) -> None:
    done = _run(_script((ROOT / page).read_text(encoding="utf-8")), tmp_path, commands)
    assert done.returncode == 0, f"{page}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES)
def test_the_links_of_a_page_lead_to_files(page: str) -> None:
    text = BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8"))
    targets = {
        link["target"].partition("#")[0] for link in LINK.finditer(text) if "://" not in link["target"]
    }
    missing = [target for target in targets if target and not (ROOT / page).parent.joinpath(target).exists()]
    assert not missing


@pytest.mark.parametrize(
    "page",
    [
        "```sh\nfalse\n```",
        "```sh\nmpex-spec no-such-command\n```",
        "```python\nraise SystemExit(1)\n```",
        "```sh\ntrue\n```\ntext\n```sh\nexit 3\n```",
    ],
)
def test_a_page_whose_code_fails_is_caught(page: str, tmp_path: Path, commands: Path) -> None:
    assert _run(_script(page), tmp_path, commands).returncode != 0


def test_later_blocks_see_what_earlier_ones_made(tmp_path: Path, commands: Path) -> None:
    page = "```sh\nword=made\necho $word > file\n```\n```python\nassert open('file').read() == 'made\\n'\n```"
    done = _run(
        _script(page.replace("open('file').read()", "__import__('pathlib').Path('file').read_text()")),
        tmp_path,
        commands,
    )
    assert done.returncode == 0, done.stderr


def test_a_block_left_out_without_a_reason_is_caught() -> None:
    with pytest.raises(AssertionError, match="says why"):
        _script("```sh not-run:\nmake\n```")
