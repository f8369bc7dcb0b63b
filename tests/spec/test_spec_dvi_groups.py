"""Every data category stands in one group of the forms for the identification of disaster victims."""

from collections import Counter

import mpex_spec

OF_NO_FORM = {"vulnerability"}


def test_each_category_has_exactly_one_group() -> None:
    named = Counter(
        code for row in mpex_spec.codelist("dviGroups").values() for code in row["categories"].split()
    )
    assert named == Counter(mpex_spec.codelist("categories").keys() - OF_NO_FORM)
