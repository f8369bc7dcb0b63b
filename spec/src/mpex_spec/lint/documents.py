"""The prose and the list of requirements say the same, and links between documents lead somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mpex_spec.files import Requirement, Spec
from mpex_spec.lint.finding import Finding

KEYWORD = re.compile(r"\b(?:MUST NOT|SHOULD NOT|MUST|SHOULD|MAY|SHALL|REQUIRED|RECOMMENDED|OPTIONAL)\b")
IN_PROSE = re.compile(r'(?m)^<a id="([A-Z]+-[0-9]{3})"></a>\*\*([A-Z]+-[0-9]{3})\*\* \((\w+)\) (.+)$')
SECTION = re.compile(r'(?m)^<a id="([a-z-]+)"></a>$')
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def check_requirements(spec: Spec) -> Iterator[Finding]:
    """Compare `spec.md` with `requirements.yaml` and judge each requirement by itself."""
    matches = list(IN_PROSE.finditer(spec.prose))
    prose = {match[2]: match for match in matches}
    yield from _twice("requirements.yaml", [requirement.id for requirement in spec.listed_requirements])
    yield from _twice("spec.md", [match[2] for match in matches])
    for name in sorted(set(prose) ^ set(spec.requirements)):
        where = "requirements.yaml" if name in prose else "spec.md"
        yield Finding(where, f"/{name}", "the requirement is missing here")
    sections = [(match.start(), match[1]) for match in SECTION.finditer(spec.prose)]
    for requirement in spec.requirements.values():
        for message in _own_faults(spec, requirement):
            yield Finding("requirements.yaml", f"/{requirement.id}", message)
        if match := prose.get(requirement.id):
            section = next((name for at, name in reversed(sections) if at < match.start()), "")
            said = (match[1], match[3], match[4], section)
            if said != (requirement.id, requirement.conformance_class, requirement.said, requirement.section):
                yield Finding("spec.md", f"/{requirement.id}", "differs from requirements.yaml")


def check_links(spec: Spec) -> Iterator[Finding]:
    """Follow each relative link of a Markdown file of the standard, and its anchor."""
    for path in sorted(spec.folder.glob("**/*.md")):
        if ".venv" in path.parts:
            continue
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if "://" not in target and not _leads_somewhere(path, target):
                yield Finding(
                    path.relative_to(spec.folder).as_posix(), "", f"the link {target} leads nowhere"
                )


def _twice(file: str, ids: list[str]) -> Iterator[Finding]:
    for name, times in Counter(ids).items():
        if times > 1:
            yield Finding(file, f"/{name}", "the number is used twice")


def _own_faults(spec: Spec, requirement: Requirement) -> Iterator[str]:
    if [found.split()[0] for found in KEYWORD.findall(requirement.text)] != [requirement.level]:
        yield f"needs exactly one keyword, {requirement.level}, with or without NOT"
    if not requirement.text.endswith(".") or re.search(r"[.!?] +[A-Z]", requirement.text):
        yield "needs to be one sentence"
    if requirement.conformance_class not in spec.codelists["conformanceClasses"]:
        yield f"{requirement.conformance_class} is not in the codelist conformanceClasses"
    if requirement.level.startswith("MUST") and bool(requirement.checks) == bool(requirement.excluded):
        yield "needs checks, or an exclusion with its reason"


def _leads_somewhere(path: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    file = path.parent / name if name else path
    if not file.exists():
        return False
    return not anchor or anchor in ANCHOR.findall(file.read_text(encoding="utf-8"))
