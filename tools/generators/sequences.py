"""Sequence diagrams of the standard: SVG from `spec/diagrams/*.seq`, without a network or a browser.

title: …          what is shown
about: …          the same in a sentence, for whoever does not see it
name = Long name  a party; they stand from left to right as they are named
a -> b: text      a message; `-->` for an answer, and from a party to itself what it does
== text           what begins here

An operation (`POST /v1/searches`) must be one of the API document, and `SRCH-001` a requirement.
"""

import html
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import mpex_spec

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "spec/diagrams"
_MESSAGE = re.compile(r"(\w+) (-->|->) (\w+): (.+)")
_OPERATION = re.compile(r"\b(GET|POST|PUT|DELETE) (/[^\s,;():]*)")
_REQUIREMENT = re.compile(r"\b[A-Z]{3,5}-[0-9]{3}\b")
_COLUMN, _MARGIN, _LINE, _CHARACTER = 270, 150, 17, 6.9
_NAMESPACE = "http://www.w3.org/2000/svg"
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#111;paint-order:stroke;stroke:#fff;stroke-width:4px}"
    ".head{font-weight:600}.part{font-style:italic}"
    "line,path,rect{stroke:#333;fill:none}.life{stroke:#999;stroke-dasharray:2 4}"
    ".answer{stroke-dasharray:6 4}"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A message between two parties, or the heading of a part, which has no parties."""

    text: str
    source: str = ""
    target: str = ""
    is_answer: bool = False


@dataclass
class Diagram:
    """What a source says."""

    title: str = ""
    about: str = ""
    parties: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def generate() -> dict[str, str]:
    """Return each diagram by its path; ValueError for a source that says what is not there."""
    sources = sorted((ROOT / FOLDER).glob("*.seq"))
    return {f"{FOLDER}/{source.stem}.svg": drawn(read(source.read_text("utf-8"))) for source in sources}


def read(text: str) -> Diagram:
    """Return the diagram that a source describes; ValueError names the line that it cannot read."""
    found = Diagram()
    for line in filter(None, map(str.strip, text.splitlines())):
        message = _MESSAGE.fullmatch(line)
        name, _, value = line.partition(" = ")
        if message and {message[1], message[3]} <= found.parties.keys():
            found.steps.append(Step(message[4], message[1], message[3], message[2] == "-->"))
        elif line.startswith("== "):
            found.steps.append(Step(line[3:]))
        elif line.startswith("title: "):
            found.title = line[7:]
        elif line.startswith("about: "):
            found.about = line[7:]
        elif value and name.isidentifier():
            found.parties[name] = value
        else:
            raise ValueError(f"no line of a sequence: {line}")
    _check(text)
    return found


def drawn(diagram: Diagram) -> str:
    """Return the SVG of a diagram, with its content as text for whoever does not see it."""
    places = {name: _MARGIN + at * _COLUMN for at, name in enumerate(diagram.parties)}
    width, y, body = 2 * _MARGIN + _COLUMN * (len(places) - 1), 60, []
    for step in diagram.steps:
        drawing, height = _message(step, places, y) if step.source else _heading(step.text, width, y)
        body += drawing
        y += height
    for name, x in places.items():
        body.insert(0, f'<line class="life" x1="{x}" x2="{x}" y1="46" y2="{y}"/>')
        body.append(_text(x, 30, diagram.parties[name], "head"))
    box = f"0 0 {width} {y + 16}"
    return "\n".join(
        [
            f'<svg xmlns="{_NAMESPACE}" role="img" aria-labelledby="title about" viewBox="{box}">',
            f'<title id="title">{html.escape(diagram.title)}</title>',
            f'<desc id="about">{html.escape(_told(diagram))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect width="{width}" height="{y + 16}" style="fill:#fff;stroke:none"/>',
            *body,
            "</svg>\n",
        ]
    )


def _message(step: Step, places: dict[str, int], y: int) -> tuple[list[str], int]:
    start, end = places[step.source], places[step.target]
    room = abs(end - start) or _COLUMN
    lines = textwrap.wrap(step.text, int((room - 16) / _CHARACTER), break_on_hyphens=False)
    if start == end:
        high = len(lines) * _LINE + 8
        box = f'<rect x="{start - room // 2 + 8}" y="{y}" width="{room - 16}" height="{high}" rx="4"'
        texts = [_text(start, y + _LINE * (at + 1) - 1, line) for at, line in enumerate(lines)]
        return [f'{box} style="fill:#fff"/>', *texts], high + 12
    below = y + len(lines) * _LINE + 4
    texts = [_text((start + end) // 2, y + _LINE * (at + 1) - 4, line) for at, line in enumerate(lines)]
    tip = end - 9 if end > start else end + 9
    dashed = ' class="answer"' if step.is_answer else ""
    arrow = f'<path d="M{tip} {below - 4}L{end} {below}L{tip} {below + 4}"/>'
    shaft = f'<line{dashed} x1="{start}" x2="{end}" y1="{below}" y2="{below}"/>'
    return [*texts, shaft, arrow], len(lines) * _LINE + 20


def _heading(text: str, width: int, y: int) -> tuple[list[str], int]:
    rule = f'<line x1="8" x2="{width - 8}" y1="{y + 10}" y2="{y + 10}"/>'
    room = round(len(text) * _CHARACTER) + 16
    place = f'x="{(width - room) // 2}" y="{y}" width="{room}" height="20"'
    back = f'<rect {place} style="fill:#fff;stroke:none"/>'
    return [rule, back, _text(width // 2, y + 15, text, "part")], 36


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text{marked} x="{x}" y="{y}" text-anchor="middle">{html.escape(text)}</text>'


def _told(diagram: Diagram) -> str:
    names, lines = diagram.parties, [diagram.about]
    for step in diagram.steps:
        parties = dict.fromkeys(filter(None, (step.source, step.target)))
        who = " to ".join(names[party] for party in parties)
        lines.append(f"{who}: {step.text}." if who else f"{step.text}.")
    return " ".join(lines)


def _check(text: str) -> None:
    paths = mpex_spec.openapi()["paths"]
    for method, path in _OPERATION.findall(text):
        if method.lower() not in paths.get(path.partition("?")[0], {}):
            raise ValueError(f"the API document has no operation {method} {path}")
    if unknown := set(_REQUIREMENT.findall(text)) - mpex_spec.requirements().keys():
        raise ValueError(f"no requirement is {', '.join(sorted(unknown))}")
