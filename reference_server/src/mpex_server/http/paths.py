"""From the path of a request to its endpoint, by its segments: the time does not grow with their number."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Tree = dict[str | None, Any]
# No segment of a path is equal to these.
_ANY, _END = None, "/"


class Paths(Generic[T]):
    """What stands at templates such as `/v1/persons/{recordId}`; a fixed segment goes first."""

    def __init__(self, endpoints: Mapping[str, T]) -> None:
        self._tree: Tree = {}
        for template, endpoint in endpoints.items():
            node, names = self._tree, []
            for segment in template.split("/"):
                named = segment.startswith("{")
                names += [segment.strip("{}")] if named else []
                node = node.setdefault(_ANY if named else segment, {})
            node[_END] = (endpoint, names)

    def find(self, path: str) -> tuple[T, dict[str, str]] | None:
        """Return what stands at a path and the segments that stand for a name, or None."""
        segments = path.split("/")
        values: list[str] = []
        found = _find(self._tree, segments, 0, values)
        if found is None:
            return None
        endpoint, names = found
        return endpoint, dict(zip(names, values, strict=True))


def _find(node: Tree, segments: list[str], place: int, values: list[str]) -> Any:
    if place == len(segments):
        return node.get(_END)
    segment = segments[place]
    found = _find(node[segment], segments, place + 1, values) if segment in node else None
    if found is None and segment and _ANY in node:
        values.append(segment)
        found = _find(node[_ANY], segments, place + 1, values)
        if found is None:
            values.pop()
    return found
