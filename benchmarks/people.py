"""A register of invented people, from a fixed seed: full records, queries for them, and incidents.

Names are drawn from two small pools, so that a query meets other people with a part of the name, as it would.
"""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mpex_conformance import samples

Json = dict[str, Any]
_EXAMPLES = Path(__file__).resolve().parents[1] / "spec" / "examples"
# These sections name an incident and a sample, which the node would have to hold.
_LEFT_OUT = frozenset({"incident", "dna"})


class People:
    """Makes documents, each different, all with the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._given = [self._word("bdfgklmnprstvz", "aeiou", 3).capitalize() for _ in range(100)]
        self._family = [self._word("bdfgklmnprstvz", "aeiou", 4).capitalize() for _ in range(400)]
        self._arabic = [self._word("بتجدرزسكلمن", "اوي", 2) for _ in range(400)]
        example = json.loads((_EXAMPLES / "person-record.max.json").read_text("utf-8"))
        full = example["contributions"][0]["sections"]
        self._sections = {name: section for name, section in full.items() if name not in _LEFT_OUT}

    def person(self, directive: str) -> Json:
        """Return a full record whose one contribution is under ``directive``."""
        text = f"{self._pick(self._given)} {self._pick(self._family)} {self._pick(self._family)}"
        arabic = f"{self._pick(self._arabic)} {self._pick(self._arabic)}"
        names = [
            {"text": text, "script": "Latn", "type": "legal"},
            {"text": arabic, "script": "Arab", "type": "alias"},
        ]
        year = self._random.randint(1950, 2015)
        age = {"min": 2025 - year, "max": 2026 - year, "asOf": "2026-01-01"}
        birth = {"date": f"{year}-{self._random.randint(1, 12):02d}-{self._random.randint(1, 28):02d}"}
        sections = self._sections | {
            "names": {"names": names},
            "birth": birth,
            "summary": {"sex": self._pick(["female", "male"]), "age": age},
        }
        return samples.person(
            [samples.contribution(sections, directive)], recordId=samples.identifier("person")
        )

    def item(self, directive: str) -> Json:
        """Return such a record as an item of an import."""
        record = self.person(directive)
        del record["recordId"]
        for contribution in record["contributions"]:
            contribution.pop("contributionId", None)
        return {"source": {"system": "inventedFile", "id": samples.identifier("row")}, "record": record}

    def query(self, person: Json) -> Json:
        """Return a query for a record from hearsay: one letter is wrong and the day of birth unknown."""
        known = person["contributions"][0]["sections"]
        text = known["names"]["names"][0]["text"]
        place = self._random.randrange(1, len(text))
        wrong = text[:place] + self._pick("aeiou") + text[place + 1 :]
        return {
            "names": {"names": [{"text": wrong, "script": "Latn"}]},
            "birth": {"date": known["birth"]["date"][:7]},
            "summary": known["summary"],
        }

    def some(self, people: Sequence[Json], number: int) -> list[Json]:
        """Return ``number`` of the people, some perhaps more than once."""
        return self._random.choices(people, k=number)

    def incident(self) -> Json:
        """Return an incident with the members of a row of the Missing Migrants Project's files."""
        dead, missing = self._random.randint(0, 20), self._random.randint(0, 60)
        return samples.incident(
            samples.identifier("row"),
            date=f"2026-{self._random.randint(1, 12):02d}-15",
            region="Mediterranean",
            unsdRegion="Uncategorized",
            route="centralMediterranean",
            place={
                "name": f"Waters off {self._pick(self._family)}",
                "coordinates": {"latitude": "37.2832", "longitude": "27.0000"},
            },
            causes=["drowning"],
            counts={"dead": dead, "missingMinimum": missing, "deadAndMissing": dead + missing},
            originCountries=["Examplia"],
            informationSources=["Example Coast Service"],
            links=["https://news.example/1"],
            sourceQuality=[4],
        )

    def _pick(self, among: Sequence[str]) -> str:
        return self._random.choice(among)

    def _word(self, consonants: str, vowels: str, syllables: int) -> str:
        return "".join(self._pick(consonants) + self._pick(vowels) for _ in range(syllables))
