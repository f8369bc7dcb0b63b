"""Pages render to HTML whose links stay inside the rendered site and whose text cannot become markup."""

from tools.pages import render


def test_a_link_to_a_page_leads_to_its_rendered_page() -> None:
    page = render("# T\n[a](b/c.md) [d](e.md#f) [g](https://example.org/h.md)")
    assert 'href="b/c.html"' in page
    assert 'href="e.html#f"' in page
    assert 'href="https://example.org/h.md"' in page


def test_a_title_is_text_and_a_table_is_a_table() -> None:
    page = render("# A & B\n\n| x |\n|---|\n| y |\n")
    assert "<title>A &amp; B</title>" in page
    assert "<td>y</td>" in page
