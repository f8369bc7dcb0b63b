"""Resources of those who identify the dead: remains units and reference samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpex_client._async.verbs import Body, Creatable, Historied, Listable, Readable, Replaceable
from mpex_client.document import Document

if TYPE_CHECKING:
    from mpex_client import types as t


class RemainsUnits(
    Readable["t.RemainsUnit"],
    Listable["t.RemainsUnit"],
    Creatable["t.RemainsUnit"],
    Replaceable["t.RemainsUnit"],
    Historied["t.RemainsUnit"],
):
    """Bodies and body parts."""

    schema, name, names, identifier = "remains-unit", "RemainsUnit", "RemainsUnits", "recordId"

    async def split(
        self, record_id: str, split: Body, *, idempotency_key: str | None = None
    ) -> Document[t.RemainsUnit]:
        """Make units of parts of a unit, and return what stays of it; `splitInto` names the new ones."""
        return await self._reorganise("splitRemainsUnit", record_id, split, idempotency_key)

    async def merge(
        self, record_id: str, merger: Body, *, idempotency_key: str | None = None
    ) -> Document[t.RemainsUnit]:
        """Put the remains of other units together with those of this one, and return the result."""
        return await self._reorganise("mergeRemainsUnits", record_id, merger, idempotency_key)

    async def find(self, lookup: Body) -> Document[t.RemainsLookupResult]:
        """Return the units that lie where the lookup says, or went through the hands that it names."""
        return await self._send("findRemainsUnits", "remains-lookup-result", body=lookup, repeatable=True)

    async def dental_comparison(self, record_id: str, person: str) -> Document[t.DentalComparison]:
        """Return how dental findings of a person and of a unit go together, tooth by tooth."""
        path = {"recordId": record_id, "personId": person}
        return await self._send("getDentalComparison", "dental-comparison", path=path)

    async def _reorganise(
        self, operation_id: str, record_id: str, body: Body, idempotency_key: str | None
    ) -> Document[t.RemainsUnit]:
        path = {"recordId": record_id}
        return await self._send(
            operation_id, self.schema, path=path, body=body, idempotency_key=idempotency_key
        )


class ReferenceSamples(
    Readable["t.ReferenceSample"],
    Listable["t.ReferenceSample"],
    Creatable["t.ReferenceSample"],
    Replaceable["t.ReferenceSample"],
):
    """Samples that relatives gave, by reference; profiles stay at laboratories."""

    schema, name, names = "reference-sample", "ReferenceSample", "ReferenceSamples"
    identifier = "sampleId"

    async def comparability(self, sample_id: str, remains: str) -> Document[t.SampleComparability]:
        """Return which references of a remains unit a laboratory can compare with the sample."""
        return await self._send(
            "getComparability",
            "sample-comparability",
            path={"recordId": remains, "sampleId": sample_id},
        )
