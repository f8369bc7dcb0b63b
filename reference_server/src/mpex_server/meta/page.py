"""A page of the interface: plain HTML with its style inside, no script and no other host."""

import base64
import hashlib
from functools import lru_cache
from html import escape

import mpex_spec

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1a1a1a}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%}
td{padding:.35rem .6rem;vertical-align:top;border-bottom:1px solid #eee}
code{font:14px/1.4 ui-monospace,monospace}td:first-child{width:4rem;font-weight:600}
""".strip()
POLICY = (
    "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    + "'"
)


@lru_cache(maxsize=2)
def rendered(role: str) -> str:
    """Return the HTML of the page of a node or an anchor (META-004)."""
    document = mpex_spec.openapi(role)
    info = document["info"]
    used = {
        tag for methods in document["paths"].values() for item in methods.values() for tag in item["tags"]
    }
    sections = "".join(
        _section(tag["name"], document["paths"]) for tag in document["tags"] if tag["name"] in used
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(info['title'])} {escape(info['version'])}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['summary'])}</p>"
        "<p>Every operation below /v1 needs a DPoP-bound token whose <code>actions</code> name the action. "
        'The machine-readable document is at <a href="/docs/openapi.json">/docs/openapi.json</a>.</p>'
        f"{sections}</body></html>"
    )


def _section(tag: str, paths: dict[str, dict[str, dict[str, object]]]) -> str:
    rows = "".join(
        _row(method, path, item)
        for path, methods in paths.items()
        for method, item in methods.items()
        if item["tags"] == [tag]
    )
    return f"<h2>{escape(tag)}</h2><table>{rows}</table>"


def _row(method: str, path: str, item: dict[str, object]) -> str:
    return (
        f"<tr><td>{escape(method.upper())}</td><td><code>{escape(path)}</code></td>"
        f"<td>{escape(str(item['summary']))}</td></tr>"
    )
