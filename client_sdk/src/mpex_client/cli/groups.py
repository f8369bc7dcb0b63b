"""`mpex groups`: boats and other groups, their member lists, and who of them is known."""

from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any

import typer

from mpex_client._sync.client import Client
from mpex_client.cli._failures import PARTIAL
from mpex_client.cli._state import current
from mpex_client.cli.register import OF_GROUPS
from mpex_client.importers.members import import_members

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Groups: households, travel parties, boats.")
_AT_ONCE = 50
Group = Annotated[str, typer.Argument(metavar="GROUP", help="group:…")]


@app.command("import")
def import_list(
    context: typer.Context,
    group: Group,
    file: Annotated[Path, typer.Argument(help="Member list (CSV) with a column `row`.")],
    directive: Annotated[str | None, typer.Option(help="directive:… under which the list was told.")] = None,
) -> None:
    """Register a list of members; the same list again changes nothing."""
    state = current(context)
    with state.client("registrar", default=OF_GROUPS) as client:
        outcomes = import_members(client, group, file, directive=directive)
    kinds = [outcome["outcome"] for outcome in outcomes]
    counts = {kind: kinds.count(kind) for kind in ("created", "updated", "unchanged", "rejected")}
    lines = [f"{len(kinds)} rows: " + ", ".join(f"{number} {kind}" for kind, number in counts.items())]
    lines += [f"  row {outcome['row']}: {_why(outcome)}" for outcome in outcomes if "errors" in outcome]
    state.show(outcomes, "\n".join(lines))
    if counts["rejected"]:
        raise typer.Exit(PARTIAL)


@app.command()
def members(context: typer.Context, group: Group) -> None:
    """List the members of a group."""
    state = current(context)
    with state.client("registrar", default=OF_GROUPS) as client:
        found = list(client.groups.members(group))
        state.show(found, "\n".join(_line(member) for member in found) or "No members.")


@app.command()
def erase(
    context: typer.Context,
    group: Group,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="member:…")],
) -> None:
    """Erase what is known of one member; the row is not taken again."""
    state = current(context)
    with state.client("registrar", default=OF_GROUPS) as client:
        client.groups.erase_member(group, member)
        state.show({"memberId": member}, f"Erased {member}.")


@app.command()
def search(
    context: typer.Context,
    group: Group,
    partner: Annotated[
        list[str] | None, typer.Option(help="node:… to ask for members with a record; up to five.")
    ] = None,
    case: Annotated[str, typer.Option(help="Opaque case reference of the searches here.")] = "group-search",
) -> None:
    """Show who of a group is known, here and at partners: one search for each member, under its consent.

    A partner is asked only for members who have a record, for each under a reference of its own, so that
    it is not told who belongs together. No hit never means that somebody is not there.
    """
    state = current(context)
    with state.client("caseWorker", default=OF_GROUPS) as client:
        terms = {
            "purpose": state.purpose or OF_GROUPS.purpose,
            "legalBasis": state.legal_basis or OF_GROUPS.legal_basis,
            "releaseSet": "existence",
        }
        here = terms | {"caseReference": case}
        found = [_known(client, member, here) for member in client.groups.members(group)]
        if partner:
            _ask(
                client, group, [entry for entry in found if "record" in entry], terms | {"partners": partner}
            )
        state.show(found, "\n".join(_result(entry) for entry in found) or "No members.")


def _known(client: Client, member: Any, terms: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"memberId": member["memberId"], "row": member["row"], "here": 0, "partners": {}}
    if "record" in member:
        return entry | {"record": member["record"], "here": 1}
    mention = member["mention"]
    query: dict[str, Any] = {"names": {"names": [mention["name"]]}} if "name" in mention else {}
    summary = {part: mention[part] for part in ("sex", "age") if part in mention}
    query |= {"summary": summary} if summary else {}
    if "names" in query:
        hits = client.searches.create(terms | {"query": query})
        entry["here"] = len(hits.get("hits", ()))
    return entry


def _ask(client: Client, group: str, entries: list[dict[str, Any]], terms: dict[str, Any]) -> None:
    """Ask partners for members with a record and note what they answer."""
    for first in range(0, len(entries), _AT_ONCE):
        batch = entries[first : first + _AT_ONCE]
        members = [{"member": entry["memberId"], "caseReference": token_hex(8)} for entry in batch]
        asked = client.groups.search(group, terms | {"members": members})
        for entry, result in zip(batch, asked["results"], strict=True):
            if "search" in result:
                answers = result["search"]["results"]
                entry["partnerSearch"] = result["search"]["partnerSearchId"]
                entry["partners"] = {each["partner"]: _answer(each) for each in answers}
            else:
                entry["notSearched"] = result["reason"]


def _answer(result: dict[str, Any]) -> str:
    return str(result["result"]["outcome"]) if "result" in result else str(result["state"])


def _result(entry: dict[str, Any]) -> str:
    partners = "".join(f"; {node}: {answer}" for node, answer in entry["partners"].items())
    partners += f"; not searched: {entry['notSearched']}" if "notSearched" in entry else ""
    here = "has a record" if "record" in entry else f"{entry['here']} possible here"
    return f"row {entry['row']}: {here}{partners}"


def _line(member: Any) -> str:
    return (
        f"{member['memberId']}  row {member['row']}  {member['state']}  {member.get('record', '')}".rstrip()
    )


def _why(outcome: dict[str, Any]) -> str:
    return "; ".join(f"{error['pointer'] or '/'} {error['detail']}" for error in outcome["errors"])
