"""Invented people as a growing register holds them: names as frequent as in life, gaps, two scripts.

`People` makes full records for what one request costs; these are as varied as what search has to tell apart.
"""

import itertools
import random
from collections.abc import Sequence
from typing import Any

from mpex_conformance import samples

Json = dict[str, Any]
_COUNTRIES = ("ER", "ET", "SD", "SO", "SY", "AF", "NG", "GM", "SN", "ML", "CI", "GN", "BD", "PK", "EG", "TN")
_ROUTES = ("centralMediterranean", "westernMediterranean", "easternMediterranean", "westAfricaAtlantic")
_ARABIC = dict(zip("bdfgklmnprstvzaeiou", "بدفجكلمنبرستفزااييو", strict=True))
_MARKS = ("scar", "tattoo", "birthmark")
_BODY = ("forearm", "chest", "back", "neck", "hand", "thigh", "face", "shoulder")
_COLOURS = ("red", "blue", "black", "white", "green", "grey", "brown")


class Register:
    """Makes people, each different, and queries that a relative might give for them."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._given = _Names(self._random, number=1_500, syllables=(2, 3))
        self._family = _Names(self._random, number=30_000, syllables=(2, 3, 4))
        self._places = [self._place(number) for number in range(400)]

    def person(self, directive: str | None = None) -> Json:
        """Return a record with one contribution; most things are known of some people only."""
        given, father, family = self._given.one(), self._given.one(), self._family.one()
        names: Json = {"names": [self._name(given, father, family)]}
        if self._now_and_then(0.6):
            names["fatherName"] = {"text": father.capitalize()}
        year = self._random.randint(1960, 2012)
        sections: Json = {
            "names": names,
            "summary": {
                "sex": self._pick(("male", "male", "male", "female")),
                "age": {"min": 2025 - year, "max": 2027 - year, "asOf": "2026-01-01"},
            },
            "identity": {"nationalities": [{"country": self._country(), "basis": "claimed"}]},
            "journey": self._journey(),
        }
        if self._now_and_then(0.7):
            day = f"-{self._random.randint(1, 12):02d}-{self._random.randint(1, 28):02d}"
            sections["birth"] = {"date": f"{year}{day if self._now_and_then(0.7) else ''}"}
        if self._now_and_then(0.4):
            sections["physical"] = self._physical()
        if self._now_and_then(0.3):
            worn = {
                "category": "clothing",
                "colours": [self._pick(_COLOURS)],
                "description": self._family.one(),
            }
            sections["clothingEffects"] = {"items": [worn]}
        return samples.person([samples.contribution(sections, directive)])

    def item(self, directive: str | None = None) -> Json:
        """Return such a record as an item of an import."""
        record = self.person(directive)
        record.pop("recordId", None)
        for contribution in record["contributions"]:
            contribution.pop("contributionId", None)
        return {"source": {"system": "inventedRegister", "id": samples.identifier("row")}, "record": record}

    def query(self, person: Json) -> Json:
        """Return what a relative says of a person: one letter is wrong, the day of birth and more unknown."""
        known = person["contributions"][0]["sections"]
        text = known["names"]["names"][0]["text"]
        place = self._random.randrange(1, len(text))
        wrong = text[:place] + self._pick("aeiou" if text.isascii() else "اويه") + text[place + 1 :]
        query: Json = {
            "names": {"names": [{"text": wrong}]},
            "summary": known["summary"],
            "identity": known["identity"],
        }
        if "birth" in known:
            query["birth"] = {"date": known["birth"]["date"][:4]}
        if self._now_and_then(0.5):
            query["journey"] = {"lastContact": {"date": known["journey"]["lastContact"]["date"][:7]}}
        return query

    def stranger(self) -> Json:
        """Return a query for somebody who is in no register."""
        return self.query(self.person())

    def _name(self, given: str, father: str, family: str) -> Json:
        words = [given, *([father] if self._now_and_then(0.5) else []), family]
        text = " ".join(word.capitalize() for word in words)
        if self._now_and_then(0.3):
            return {"text": "".join(_ARABIC.get(letter, letter) for letter in text.lower()), "script": "Arab"}
        return {"text": text, "script": "Latn"}

    def _journey(self) -> Json:
        month, day = self._random.randint(0, 35), self._random.randint(1, 28)
        date = f"{2023 + month // 12}-{month % 12 + 1:02d}-{day:02d}"
        contact = {"date": date if self._now_and_then(0.7) else date[:7], "place": self._pick(self._places)}
        return {"lastContact": contact} | ({"route": self._pick(_ROUTES)} if self._now_and_then(0.6) else {})

    def _physical(self) -> Json:
        height = self._random.randint(150, 195)
        known: Json = {"heightCm": {"min": height, "max": height + 5}}
        if self._now_and_then(0.6):
            place = {"bodyLocation": self._pick(_BODY), "side": self._pick(("left", "right"))}
            known["marks"] = [{"kind": self._pick(_MARKS), "observed": True} | place]
        return known

    def _place(self, number: int) -> Json:
        place: Json = {"name": f"Port {self._family.one().capitalize()}", "country": self._country()}
        if number % 2:
            north, east = self._random.uniform(10, 45), self._random.uniform(-15, 45)
            place["coordinates"] = {"latitude": f"{north:.4f}", "longitude": f"{east:.4f}"}
        return place

    def _country(self) -> str:
        return self._random.choices(_COUNTRIES, weights=range(len(_COUNTRIES), 0, -1))[0]

    def _now_and_then(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, among: Sequence[Any]) -> Any:
        return self._random.choice(among)


class _Names:
    """Invented names whose frequencies fall as those of real ones do: by their rank (Zipf)."""

    def __init__(self, source: random.Random, *, number: int, syllables: Sequence[int]) -> None:
        self._random = source
        self._names = [
            "".join(self._syllable() for _ in range(source.choice(syllables))) for _ in range(number)
        ]
        self._weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(number)))

    def one(self) -> str:
        """Return a name, the first ones most often."""
        return self._random.choices(self._names, cum_weights=self._weights)[0]

    def _syllable(self) -> str:
        return self._random.choice("bdfgklmnprstvz") + self._random.choice("aeiou")
