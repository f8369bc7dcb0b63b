"""Explains a requirement: its sentence, who it binds, and the checks that bear it."""

from mpex_spec import requirements

from mpex_conformance.registry import all_checks


def explain(requirement_id: str) -> list[str] | None:
    """Return the lines that explain a requirement, or None when there is none of that id."""
    item = requirements().get(requirement_id.upper())
    if item is None:
        return None
    lines = [f"{item.id} ({item.level}, class {item.conformance_class}, section {item.section})", item.said]
    if item.excluded:
        lines.append(f"Not checked: {item.excluded}")
    for check in all_checks():
        if item.id in check.requirements:
            lines += ["", f"Check {check.id}: {check.title}"]
            lines += [line.strip() for line in (check.run.__doc__ or "").splitlines()[1:] if line.strip()]
            if check.needs:
                lines.append(f"Needs: {', '.join(check.needs)}")
    return lines
