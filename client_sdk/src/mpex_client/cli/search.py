"""`mpex search`, `mpex partner-search` and `mpex surge`."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from mpex_spec import codelist

from mpex_client.cli._failures import failures_explained
from mpex_client.cli._files import DocumentFile, read_document
from mpex_client.cli._state import Purpose, State, current

__all__ = ["partner_search", "search", "surge"]


def search(context: typer.Context, source: DocumentFile) -> None:
    """Search this node's own records; a hit names the record, its band and the evidence."""
    state, query = _opened(context, source)
    with state.client("caseWorker", default=_purpose_of(query)) as client:
        result = client.searches.create(query)
        state.show(result, "\n".join(_hits(result)))


def partner_search(
    context: typer.Context,
    source: DocumentFile,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only show what each partner would be sent, and why it fits.")
    ] = False,
) -> None:
    """Ask named partners, through this node, whether they know anything."""
    state, query = _opened(context, source)
    with state.client("caseWorker", default=_purpose_of(query)) as client:
        if plan:
            planned = client.partner_searches.plan(query)
            state.show(planned, "\n".join(line for item in planned["items"] for line in _planned(item)))
            return
        result = client.partner_searches.create(query)
        lines = [f"Partner search {result['partnerSearchId']}"]
        for answer in result["results"]:
            lines.append(f"{answer['partner']}: {answer['state']}")
            lines += [f"  sent: {', '.join(answer['sentCategories'])}"] if "sentCategories" in answer else []
            lines += [f"  withheld: {reason}" for reason in answer.get("withheldReasons", ())]
            lines += [f"  {line}" for line in _hits(answer["result"])] if "result" in answer else []
        state.show(result, "\n".join(lines))


def _planned(item: dict[str, Any]) -> Iterator[str]:
    sent, withheld = (", ".join(item.get(name, ())) for name in ("sentCategories", "withheldReasons"))
    yield f"{item['partner']}: " + (f"would be sent {sent}" if sent else f"nothing ({withheld})")
    for code in item["proposalReasons"]:
        reason = codelist("proposalReasons").get(code)
        yield f"  {reason['title']}: {reason['description']}" if reason else f"  {code}"


def surge(
    context: typer.Context,
    incident: Annotated[str, typer.Option(help="incident:… that makes it necessary")],
    per_day: Annotated[int, typer.Option(help="Searches that a partner may send in a day meanwhile.")],
    until: Annotated[str, typer.Option(help="When it ends, as 2026-11-28T10:00:00Z; 30 days at the latest.")],
    reason: Annotated[str, typer.Option(help="Reason for the file; it is not published.")],
    partner: Annotated[str | None, typer.Option(help="node:… it is for; every partner when absent.")] = None,
) -> None:
    """Grant partners a larger search budget for a time; it is logged and published."""
    body = {"incident": incident, "searchesPerDay": per_day, "until": until, "reason": reason}
    state = current(context)
    with state.client("administrator") as client:
        granted = client.search_surges.create(body | ({"partner": partner} if partner else {}))
        state.show(granted, f"{granted['surgeId']}: {per_day} searches a day until {until}.")


def _opened(context: typer.Context, source: str) -> tuple[State, dict[str, Any]]:
    state = current(context)
    with failures_explained(state.err, as_json=state.as_json):
        return state, read_document(source)


def _purpose_of(query: dict[str, Any]) -> Purpose:
    usual = Purpose()
    return Purpose(str(query.get("purpose", usual.purpose)), str(query.get("legalBasis", usual.legal_basis)))


def _hits(result: dict[str, Any]) -> list[str]:
    if result["outcome"] == "noHit":
        return ["No hit. It means that nothing may be told, not that nothing is there."]
    lines = [f"Possible hits: {len(result['hits'])}"]
    for hit in result["hits"]:
        evidence = ", ".join(f"{each['category']} {each['agreement']}" for each in hit.get("evidence", ()))
        band = hit.get("band", "no band")
        lines += [f"- {band}; set {hit['returnedSet']}" + (f"; {evidence}" if evidence else "")]
        lines += [f"  record {hit['record']}"] if "record" in hit else []
        lines += [f"  reference {hit['reference']}"]
    return lines
