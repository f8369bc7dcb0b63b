"""Rules of reference samples (chapter 7.2 of the standard)."""

from collections.abc import Iterator
from typing import Any

from mpex_server.domain.dna import shared_loci
from mpex_server.http.context import Context
from mpex_server.records import service as records
from mpex_server.records.resource import Body, Reference, Resource, broken_rule
from mpex_server.reference_samples import donors
from mpex_server.remains.service import REMAINS
from mpex_server.storage.documents import Document

_DONOR = "donor"


def comparability(ctx: Context, sample_id: str, unit_id: str) -> Body:
    """Return which references of a unit a laboratory can compare with the sample (SAMP-007); raises 404."""
    sample = records.find(ctx, SAMPLES, sample_id)
    unit = records.find(ctx, REMAINS, unit_id)
    ctx.audit("read", subject=sample, candidates=[unit_id])
    own = sample.body.get("locusSet", "")
    references = [_comparable(own, entry) for entry in _references_of(unit)]
    return {"sample": sample_id, "remains": unit_id, "references": references}


def _references_of(unit: Document) -> Iterator[Body]:
    for contribution in unit.body["contributions"]:
        yield from contribution["sections"].get("dna", {}).get("references", ())


def _comparable(own: str, reference: Body) -> dict[str, Any]:
    shown = ("laboratory", "laboratoryCode", "locusSet")
    count = shared_loci(own, reference.get("locusSet", ""))
    found = {name: reference[name] for name in shown if name in reference}
    return found if count is None else found | {"sharedLoci": count}


def _prepare(ctx: Context, body: Body, current: Document | None) -> Body:
    _check_donor(ctx, body)
    if current is not None:
        _check_unmoved(body, current.body)
    custodian = current.body["custodian"] if current else ctx.settings.node_id
    return body | {"custodian": custodian}


def _check_donor(ctx: Context, body: Body) -> None:
    """Refuse a directive that is not about a donor: nobody else's speaks for a sample."""
    if "donorDirective" not in body:
        return
    directive = ctx.documents.get(body["donorDirective"], "directive")
    if directive is not None and directive.type != _DONOR:
        raise broken_rule((("donorDirective",), "is not about a donor"))


def _check_unmoved(body: Body, before: Body) -> None:
    """Refuse what would evade the donor's directive, or change whom the donor helps to find (SAMP-003)."""
    moved = [
        ((name,), "may not change; record another sample")
        for name in ("person", "donorDirective")
        if name in before and body.get(name) != before[name]
    ]
    if moved:
        raise broken_rule(*moved)


def _references(body: Body) -> Iterator[Reference]:
    yield Reference(("person",), "person", body["person"])
    if "donorDirective" in body:
        yield Reference(("donorDirective",), donors.RELATION, body["donorDirective"])
    for number, comparison in enumerate(body.get("comparisons", ())):
        yield Reference(("comparisons", number, "remains"), "compared", comparison["remains"])


SAMPLES = Resource(
    kind=donors.KIND,
    id_member="sampleId",
    schema="reference-sample",
    type_of=lambda _body: "referenceSample",
    status_of=lambda _body: "kept",
    prepare=_prepare,
    references=_references,
)
