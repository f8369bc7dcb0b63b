"""Answers of the fake node: JSON, and problem documents of the codelist."""

import json
from typing import Any

import httpx2
import mpex_spec

__all__ = ["RefusalError", "json_reply"]


class RefusalError(Exception):
    """Stops the handling of a request with a problem of the codelist `problemTypes`."""

    def __init__(self, code: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors

    def reply(self) -> httpx2.Response:
        """Return the problem document (RFC 9457)."""
        row = mpex_spec.codelist("problemTypes")[self.code]
        status = int(row["httpStatus"])
        body: dict[str, Any] = {
            "type": f"urn:mpex:problem:{self.code}",
            "title": row["title"],
            "status": status,
            "remedy": row["remedy"],
        }
        if self.errors:
            body["errors"] = self.errors
        return json_reply(status, body, media_type="application/problem+json")


def json_reply(
    status: int, body: Any, *, media_type: str = "application/json", **headers: str
) -> httpx2.Response:
    """Return a JSON answer; keyword arguments are further headers."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return httpx2.Response(status, content=content, headers={"Content-Type": media_type, **headers})
