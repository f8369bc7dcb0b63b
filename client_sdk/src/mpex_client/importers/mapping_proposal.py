"""A first mapping for a file, made of its column names and a sample of its rows, for a person to complete.

What the sample leaves open (whether 03/04 is in March or in April) is written as a question, never decided.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from mpex_client._errors import ConfigurationError
from mpex_client.importers._mapping_values import form_fits
from mpex_client.importers._tables import Line, columns_of, value_at

__all__ = ["propose"]

SAMPLE = 1000
_FEW = 30
_SCRIPTS = {
    "ARABIC": "Arab",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "ETHIOPIC": "Ethi",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "LATIN": "Latn",
}
_FORMS = [
    "yyyy-mm-dd",
    "dd/mm/yyyy",
    "mm/dd/yyyy",
    "dd.mm.yyyy",
    "dd-mm-yyyy",
    "yyyy/mm/dd",
    "mm/yyyy",
    "yyyy-mm",
    "yyyy",
]
_HEADERS = {
    "id": "id|case no|case number|case id|record id|reference|ref|numero|expediente|رقم",
    "asserted": "updated|last updated|updated at|date reported|report date|reported|fecha de reporte",
    "names": "name|full name|nom complet|nombre completo|nombre|nom|الاسم|الاسم الكامل",
    "given": "first name|given name|given names|prenom|nombres",
    "family": "last name|surname|family name|nom de famille|apellido|apellidos",
    "alias": "alias|nickname|other names|surnom|apodo|الكنية",
    "summary.sex": "sex|gender|sexe|genre|sexo|genero|الجنس",
    "summary.age": "age|edad|العمر",
    "birth.date": "date of birth|birth date|dob|date de naissance|fecha de nacimiento|تاريخ الميلاد",
    "birth.place.name": "place of birth|birthplace|lieu de naissance|lugar de nacimiento|مكان الميلاد",
    "identity.nationalities": "nationality|citizenship|nationalite|nacionalidad|الجنسية",
    "identity.occupation": "occupation|profession|ocupacion|المهنة",
    "journey.points[lastKnown].date": "last seen|date last seen|fecha de desaparicion|date de disparition",
    "journey.points[lastKnown].place.name": "last seen at|last known location|place last seen",
    "incident.circumstances": "circumstances|circonstances|circunstancias|الظروف",
}
_DATES = {"birth.date", "journey.points[lastKnown].date", "asserted"}
_CODED = {
    "summary.sex": "female, male, other, unknown",
    "identity.nationalities": "two capital letters",
}


def propose(lines: Iterator[Line], system: str) -> str:
    """Return the text of a mapping for rows like these; raises ConfigurationError when there are none."""
    sample = [line for line in islice(lines, SAMPLE) if not line.fault]
    columns = list(dict.fromkeys(name for line in sample for name in columns_of(line.values)))
    if not columns:
        raise ConfigurationError("the file has no row that can be read")
    values = {name: [text for line in sample if (text := value_at(line.values, name))] for name in columns}
    found: dict[str, str] = {}
    for name in columns:
        to = _KNOWN.get(_plain(name))
        if to and to not in found:
            found[to] = name
    if "names" in found and ("given" in found) != ("family" in found):
        # `Nom` beside `Prénom` is the family name, `Nombre` beside `Apellidos` the given one.
        found["family" if "given" in found else "given"] = found.pop("names")
    left = [name for name in columns if name not in found.values()]
    return "\n".join([*_head(found, values, system), "fields:", *_rules(found, values), *_rest(left)]) + "\n"


def _head(found: dict[str, str], values: dict[str, list[str]], system: str) -> Iterator[str]:
    yield "# Read every line: a proposal made of column names and a sample. Check it: mpex mapping check"
    yield f"system: {_quoted(system)}"
    yield (
        f"id: {_quoted(found['id'])}"
        if "id" in found
        else "id: # which column tells one row from all others?"
    )
    if "asserted" in found:
        yield "asserted:"
        yield f"  field: {_quoted(found['asserted'])}"
        yield from _forms(values[found["asserted"]], "  ")
    else:
        yield "asserted: # the day on which the file said this, for example 2026-11-21"


def _rules(found: dict[str, str], values: dict[str, list[str]]) -> Iterator[str]:
    names = [("field", found.get("names")), ("given", found.get("given")), ("family", found.get("family"))]
    if any(column for _, column in names):
        yield "- to: names"
        yield from (f"  {member}: {_quoted(column)}" for member, column in names if column)
        yield from _script([text for _, column in names if column for text in values[column]])
    if "alias" in found:
        yield from ("- to: names", f"  field: {_quoted(found['alias'])}", "  type: alias")
    for to, column in found.items():
        if "." in to:
            yield from (f"- to: {to}", f"  field: {_quoted(column)}")
            yield from _details(to, values[column])


def _details(to: str, values: list[str]) -> Iterator[str]:
    if to in _DATES:
        yield from _forms(values, "  ")
    elif to in _CODED:
        yield f"  codes: # each value of the file, and its code: {_CODED[to]}"
        yield from (f"    {_quoted(value)}: " for value, _ in Counter(values).most_common(_FEW))
    elif to == "summary.age":
        yield "  asOf: # the day as of which the age holds: a day, or a field with its forms"


def _forms(values: Sequence[str], indent: str) -> Iterator[str]:
    fitting = [form for form in _FORMS if any(form_fits(text, form) for text in values)]
    chosen = [form for form in fitting if all(form_fits(text, form) for text in values)] or fitting
    readings = [{form_fits(text, form) for form in chosen} - {None} for text in values]
    if chosen and all(len(found) == 1 for found in readings):
        yield f"{indent}forms: [{', '.join(map(_quoted, chosen))}]"
    else:
        yield f"{indent}forms: [] # which? in the sample fit: {', '.join(chosen) or 'none that is known'}"


def _script(values: Sequence[str]) -> Iterator[str]:
    letters = [letter for text in values for letter in text if letter.isalpha()]
    found = Counter(_SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0]) for letter in letters)
    for script, count in found.most_common(1):
        if script and count > 0.95 * len(letters):
            yield f"  script: {script}"


def _rest(left: list[str]) -> Iterator[str]:
    if left:
        yield "# Not mapped. `keep` keeps it as given, in the own node; drop what is not needed."
        yield "keep:"
        yield from (f"- {_quoted(name)}" for name in left)


def _plain(header: str) -> str:
    folded = unicodedata.normalize("NFKD", header.rpartition(".")[2].casefold())
    words = "".join(
        letter if letter.isalnum() else " " for letter in folded if not unicodedata.combining(letter)
    )
    return " ".join(words.split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_KNOWN = {_plain(header): to for to, headers in _HEADERS.items() for header in headers.split("|")}
