"""The donor's say over a sample: in the records that name it, and towards the laboratory that holds it."""

from collections.abc import Iterator

from mpex_server.disclosures.work import Work
from mpex_server.records.resource import Body, Path, Relation
from mpex_server.storage import links
from mpex_server.storage.documents import Documents
from mpex_server.tasks import repository as tasks

KIND = "sample"
RELATION: Relation = "donorDirective"
_TASK = "laboratoryInstruction"


def strange_samples(documents: Documents, record: Body) -> Iterator[tuple[Path, str]]:
    """Yield each place of a record that names a sample which the contribution may not name (SAMP-002)."""
    for place, contribution, sample_id in _named(record):
        sample = documents.get(sample_id, KIND)
        if sample is None or sample.erased_at is not None:
            yield place, "names nothing that this node holds"
        elif sample.body["person"] != record.get("recordId"):
            yield place, "was given for another person"
        elif sample.body.get("donorDirective") != contribution.get("directive"):
            yield place, "is named under another directive than its donor's"


def instruct_laboratories(work: Work, directive_id: str) -> None:
    """Open a task for each sample whose donor has withdrawn, unless one waits already (SAMP-004)."""
    for sample in links.linked_to(work.conn, directive_id, RELATION):
        if not tasks.open_of(work.conn, work.keys, sample, _TASK):
            tasks.add(work, kind=_TASK, subject=sample)


def _named(record: Body) -> Iterator[tuple[Path, Body, str]]:
    for number, contribution in enumerate(record["contributions"]):
        references = contribution["sections"].get("dna", {}).get("references", ())
        for position, reference in enumerate(references):
            if "sample" in reference:
                place = ("contributions", number, "sections", "dna", "references", position, "sample")
                yield place, contribution, reference["sample"]
