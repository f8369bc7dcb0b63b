"""Render the standard, the guides and the decisions into ``site/`` as plain HTML that needs no network."""

import html
import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt

from tools.lint.findings import files

ROOT = Path(__file__).resolve().parents[1]
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }}
pre, code {{ background: #f2f2f2 }} pre {{ padding: .7rem; overflow-x: auto }}
table {{ border-collapse: collapse }}
td, th {{ border: 1px solid #bbb; padding: .3rem .6rem; vertical-align: top }}
</style></head><body>
{body}
</body></html>
"""


def render(text: str) -> str:
    """Return the page for ``text`` in Markdown; links to Markdown files lead to their rendered pages."""
    body = MarkdownIt("commonmark").enable("table").render(text)
    body = re.sub(r'(href="(?!\w+:)[^"#]*)\.md(?=["#])', r"\1.html", body)
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return _PAGE.format(title=html.escape(title[1] if title else "MPEX"), body=body)


def main(target: Path) -> int:
    """Write one page for each Markdown file of the repository and return the exit code."""
    pages = list(files(ROOT, ".md"))
    for page in pages:
        path = target / page.relative_to(ROOT).with_suffix(".html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(page.read_text(encoding="utf-8")), encoding="utf-8")
    for drawing in files(ROOT, ".svg"):
        shutil.copy(drawing, target / drawing.relative_to(ROOT))
    print(f"{len(pages)} pages in {target.name}/, begin with {target.name}/README.html")
    return 0


if __name__ == "__main__":
    sys.exit(main(ROOT / "site"))
