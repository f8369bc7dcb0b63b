"""From the path of a request to its endpoint, by its segments: the time does not grow with their number."""

from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

Tree = dict[str | None, Any]
Found = tuple[tuple[ASGIApp, list[str]], list[str]]
# No segment of a path is equal to these.
_ANY, _END = None, "/"


class Paths:
    """An ASGI application over templates such as `/v1/persons/{recordId}`; a fixed segment goes first."""

    def __init__(self, endpoints: Mapping[str, ASGIApp], unknown: ASGIApp) -> None:
        self._unknown = unknown
        self._tree: Tree = {}
        for template, endpoint in endpoints.items():
            node, names = self._tree, []
            for segment in template.split("/"):
                named = segment.startswith("{")
                names += [segment.strip("{}")] if named else []
                node = node.setdefault(_ANY if named else segment, {})
            node[_END] = (endpoint, names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; `path_params` are the segments that stand for a name."""
        found = _find(self._tree, scope["path"].split("/"), [])
        if found is None:
            await self._unknown(scope, receive, send)
            return
        (endpoint, names), values = found
        scope["path_params"] = dict(zip(names, values, strict=True))
        await endpoint(scope, receive, send)


def _find(node: Tree, segments: list[str], values: list[str]) -> Found | None:
    if not segments:
        return (node[_END], values) if _END in node else None
    head, *rest = segments
    found = _find(node[head], rest, values) if head in node else None
    if found is None and head and _ANY in node:
        return _find(node[_ANY], rest, [*values, head])
    return found
