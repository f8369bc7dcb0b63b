"""One request with its answer, and the recorder that keeps the redacted form of all of them."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from mpex_conformance.outcomes import CheckFailedError
from mpex_conformance.wire import redaction

PROBLEM_PREFIX = "urn:mpex:problem:"


@dataclass(frozen=True, slots=True)
class Violation:
    """A departure from the contract and who made it."""

    by: Literal["target", "harness"]
    text: str


@dataclass(slots=True)
class Answer:
    """What the target answered; ``seconds`` from sending to the last byte."""

    number: int
    operation: str
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    proof: str | None = None
    violations: list[Violation] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        """Return the media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """Return the JSON body; CheckFailedError when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise CheckFailedError(f"{self.operation} did not answer with JSON") from None

    def at(self, *path: str | int) -> Any:
        """Return the value at ``path`` of the JSON body; CheckFailedError when it is not there."""
        value = self.json
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                place = "/".join(str(part) for part in path)
                raise CheckFailedError(f"the answer of {self.operation} has no /{place}") from None
        return value

    @property
    def problem(self) -> str | None:
        """Return the code of the problem type, or None when the body is not a problem document."""
        try:
            kind = json.loads(self.body)["type"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return kind.removeprefix(PROBLEM_PREFIX) if isinstance(kind, str) else None


@dataclass(slots=True)
class Recorder:
    """Keeps the redacted record of every exchange, in order, with the violations found in it."""

    exchanges: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def record(self, request: dict[str, Any], answer: Answer) -> None:
        """Add one exchange: redacted here, before anything is kept."""
        self.answers.append(answer)
        self.exchanges.append(
            {
                "number": answer.number,
                "operation": answer.operation,
                "method": request["method"],
                "path": redaction.address(request["path"]),
                "request": {
                    "headers": redaction.headers(request["headers"]),
                    "body": redaction.body(request["body"], request["headers"].get("Content-Type", "")),
                },
                "response": {
                    "status": answer.status,
                    "headers": redaction.headers(answer.headers),
                    "body": redaction.body(answer.body[:100_000], answer.media_type),
                },
                "milliseconds": round(answer.seconds * 1000),
                "violations": [{"by": item.by, "text": item.text} for item in answer.violations],
            }
        )

    def since(self, mark: int) -> list[Answer]:
        """Return the answers recorded after ``mark`` exchanges."""
        return self.answers[mark:]
