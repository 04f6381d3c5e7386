"""Two rows compared field by field, each by its own rule."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from anlan.ledger.linkage import kinds
from anlan.ledger.linkage.amounts import Amount
from anlan.ledger.linkage.divisions import shared_names
from anlan.ledger.linkage.facts import Facts
from anlan.ledger.linkage.model import Model
from anlan.ledger.linkage.names import Company
from anlan.ledger.linkage.places import Place


@dataclass(frozen=True, slots=True)
class Term:
    """What one field says: the level reached, how strong (1 unless the level is scaled), what was compared."""

    field: str
    level: str
    strength: float = 1.0
    left: str = ""
    right: str = ""


class Frequencies:
    """How often each value stands in a ledger: what is common proves little."""

    def __init__(self) -> None:
        self.rows = 0
        self._counts: dict[str, Counter[Hashable]] = {}

    def add(self, facts: Facts) -> None:
        """Counts a row."""
        self.rows += 1
        for field, values in _counted(facts):
            self._counts.setdefault(field, Counter()).update(values)

    def count(self, field: str, value: Hashable) -> int:
        """Rows with the value."""
        counter = self._counts.get(field)
        return counter[value] if counter else 0

    def rarity(self, field: str, values: Iterable[Hashable], model: Model) -> float:
        """ln of how unlikely two unlike rows share the rarest of the values, bounded.

        `model.chance` is what is expected before anything is counted: a short ledger proves no more than it can.
        """
        counter = self._counts.get(field) or Counter()
        weight = model.expected
        chance = model.chance.get(field, 0.05)
        # The two rows compared are themselves among those counted.
        rarest = min((max(counter[value] - 2, 0) for value in values), default=0)
        return min(model.rarest, -math.log((rarest + weight * chance) / (self.rows + weight)))


def _counted(facts: Facts) -> Iterable[tuple[str, Iterable[Hashable]]]:
    yield "place", [facts.place.tail] if facts.place.tail else []
    yield "kind", facts.kinds
    yield "amount", {(a.dimension, a.value) for a in facts.amounts}
    yield "figure", {(facts.place.tail, a.dimension, a.value) for a in facts.amounts}
    yield "company", {c.brand for c in facts.companies}
    yield "water", facts.waters
    yield "disclosed", [facts.disclosed.first] if facts.disclosed and facts.disclosed.exact else []
    yield "deadline", [facts.deadline.month] if facts.deadline else []


def compare(a: Facts, b: Facts, often: Frequencies, model: Model) -> list[Term]:
    """Terms of a pair, one a field; the same for (a, b) and (b, a) but for left and right."""
    terms = [_place(a.place, b.place)]
    if terms[0].level in ("same", "renamed", "open"):
        tails = [place.tail for place in (a.place, b.place) if place.tail]
        crowd = max(often.count("place", tail) for tail in tails)
        terms.append(Term("crowd", "rows", math.log(max(crowd - 1, 1))))
        terms.append(_spot(a.place, b.place))
    terms += (
        _kind(a, b, often, model),
        _amount(a, b, often, model),
        _company(a, b, often, model),
        _water(a, b, often, model),
        _disclosed(a, b, often, model),
        _deadline(a, b, often, model),
        _source(a, b),
        _office(a, b),
        _text(a, b, model),
    )
    return terms


def worthwhile(a: Facts, b: Facts) -> bool:
    """Whether a pair may come out as anything but different, told quickly: most pairs that blocking proposes may not.

    Rows that name two places are the same only where a place is wrong, which takes the same figure and the same
    company, day or words to believe.
    """
    left, right = a.place, b.place
    if left.tail == right.tail:
        return not left.county or not right.county or left.county == right.county
    level = _place(left, right).level
    if level == "elsewhere":
        return False
    if level not in ("other", "village"):
        return True
    if not any(x.value == y.value and x.dimension == y.dimension for x in a.amounts for y in b.amounts):
        return False
    return (
        any(x.brand == y.brand for x in a.companies for y in b.companies)
        or (a.disclosed is not None and a.disclosed == b.disclosed and a.disclosed.exact)
        or a.text == b.text
    )


def _place(a: Place, b: Place) -> Term:
    def term(level: str) -> Term:
        return Term("place", level, 1.0, a.written, b.written)

    if a.county and a.county == b.county and a.county not in shared_names():
        # Counties pass from one city to another (枞阳 in 2015); the name alone tells which it is.
        levels: tuple[tuple[str, str], ...] = ()
    else:
        levels = ((a.province, b.province), (a.city, b.city), (a.county, b.county))
    if any(mine and theirs and mine != theirs for mine, theirs in levels):
        return term("elsewhere")
    if not a.tail or not b.tail:
        return term("unknown")
    if a.tail == b.tail:
        if any(x and y and x != y for x, y in ((a.town_kind, b.town_kind), (a.village_kind, b.village_kind))):
            # A township became a town, a village a community; or two places of one name.
            return term("renamed")
        return term("same" if a.county and b.county else "open")
    short, long = sorted((a.tail, b.tail), key=len)
    if long.endswith(short) and (not a.town or not b.town):
        return term("open")
    if a.town and a.town == b.town:
        if not a.village or not b.village:
            return term("town")
        # 上坝 and 下坝 are two villages; a character left out or exchanged may be a slip.
        return term("near" if slipped(a.village, b.village, substitutes=False) else "village")
    if long.startswith(short) and (not a.village or not b.village):
        return term("town")
    if a.village and a.village == b.village and a.town and b.town and slipped(a.town, b.town, substitutes=False):
        return term("near")
    if len(short) > 3 and (not a.town or not b.town) and slipped(a.tail, b.tail, substitutes=False):
        return term("near")
    return term("other")


def _spot(a: Place, b: Place) -> Term:
    if not a.spot or not b.spot:
        return Term("spot", "unknown", 1.0, a.spot, b.spot)
    return Term("spot", "same" if a.spot == b.spot else "other", 1.0, a.spot, b.spot)


def _kind(a: Facts, b: Facts, often: Frequencies, model: Model) -> Term:
    left, right = _names(a.kinds), _names(b.kinds)
    if not a.kinds or not b.kinds:
        return Term("kind", "unknown", 1.0, left, right)
    if shared := a.kinds & b.kinds:
        return Term("kind", "same", often.rarity("kind", shared, model), left, right)
    table = kinds.kinds()
    if any(other in table[one].near or one in table[other].near for one in a.kinds for other in b.kinds):
        return Term("kind", "near", 1.0, left, right)
    return Term("kind", "other", 1.0, left, right)


def _names(codes: frozenset[str]) -> str:
    return "、".join(kinds.kinds()[code].name.zh for code in sorted(codes))


def _amount(one: Facts, other: Facts, often: Frequencies, model: Model) -> Term:
    """Unequal in one dimension outweighs equal in another: two ponds may lie 3 km from the river.

    Distances count only where nothing else can be compared. A slip is no slip if both figures stand in further rows
    of the place: nobody slips alike twice.
    """
    term = _figure(one.amounts, other.amounts, often, model)
    if term.level == "slip" and all(
        any(often.count("figure", (f.place.tail, x.dimension, x.value)) > 1 for x in f.amounts if x.written == written)
        for f, written in ((one, term.left), (other, term.right))
    ):
        return Term("amount", "other", 1.0, term.left, term.right)
    return term


def _figure(a: tuple[Amount, ...], b: tuple[Amount, ...], often: Frequencies, model: Model) -> Term:
    if not a or not b:
        return Term("amount", "unknown" if not a and not b else "one", 1.0, _written(a), _written(b))
    terms = [
        _one_dimension([x for x in a if x.dimension == one], [y for y in b if y.dimension == one], often, model)
        for one in sorted({x.dimension for x in a if x.dimension} & {y.dimension for y in b})
    ]
    proper = [term for term, aside in terms if not aside]
    if worst := next((term for term in proper if term.level == "other"), None):
        equal = [term for term in proper if term.level == "same" and term.strength > model.plain]
        return equal[0] if equal else worst
    if proper:
        return max(proper, key=lambda term: (_ORDER[term.level], term.strength))
    for x in a:
        for y in b:
            # A unit that was lost or cut: 2.25公 and 2250米 have the same digits.
            if not (x.dimension and y.dimension) and x.digits.rstrip("0") == y.digits.rstrip("0"):
                return Term("amount", "digits", 1.0, x.written, y.written)
    return Term("amount", "unknown", 1.0, _written(a), _written(b))


def _one_dimension(mine: list[Amount], theirs: list[Amount], often: Frequencies, model: Model) -> tuple[Term, bool]:
    """Term of the two amounts of a dimension that agree best, and whether they only tell distances."""
    level, x, y = max(
        ((_figures(x, y), x, y) for x in mine for y in theirs),
        key=lambda pair: (not (pair[1].aside or pair[2].aside), _ORDER[pair[0]], pair[1].digits, pair[2].digits),
    )
    strength = 1.0
    if level in ("same", "rounded"):
        strength = often.rarity("amount", {(x.dimension, x.value), (y.dimension, y.value)}, model)
    return Term("amount", level, strength, x.written, y.written), x.aside or y.aside


_ORDER = {"same": 4, "rounded": 3, "slip": 2, "other": 1}


def _figures(x: Amount, y: Amount) -> str:
    """Level of two amounts of one dimension."""
    if x.value == y.value:
        return "same"
    low, high = sorted((x, y), key=lambda amount: amount.value)
    for rough, fine in ((x, y), (y, x)):
        if (rough.about or rough.unit != fine.unit) and _rounds(fine.value, rough):
            return "rounded"
    if slipped(low.digits, high.digits, substitutes=False):
        return "slip"
    short, long = (one.digits.rstrip("0") for one in (low, high))
    if min(len(short), len(long)) > 1 and slipped(short, long, substitutes=False):
        return "slip"
    # 2,680 torn at its comma leaves 60 or 680.
    if len(low.digits) < len(high.digits) and high.digits.endswith(low.digits) and len(low.digits) > 1:
        return "slip"
    return "other"


def _rounds(value: Fraction, rough: Amount) -> bool:
    """Whether a value rounded to the digits of a rougher one gives it: 2276米 is 2.3公里, 约."""
    digits = rough.digits.rstrip("0")
    return len(digits) > 1 and abs(value - rough.value) * 2 * int(digits) <= rough.value


def _written(amounts: tuple[Amount, ...]) -> str:
    return "、".join(one.written for one in amounts)


def _company(a: Facts, b: Facts, often: Frequencies, model: Model) -> Term:
    left, right = ("、".join(c.written for c in f.companies) for f in (a, b))
    if a.companies and b.companies:
        levels = [(_firms(x, y), x, y) for x in a.companies for y in b.companies]
        level, x, y = max(levels, key=lambda one: (_FIRMS[one[0]], one[1].core, one[2].core))
        strength = often.rarity("company", {x.brand, y.brand}, model) if level in ("same", "brand") else 1.0
        return Term(
            "company",
            level,
            strength,
            x.written if level != "other" else left,
            y.written if level != "other" else right,
        )
    for one, other in ((a, b), (b, a)):
        for company in one.companies:
            if len(company.core) > 3 and company.core in other.whole:
                return Term("company", "same", often.rarity("company", {company.brand}, model), left, right)
    return Term("company", "one" if a.companies or b.companies else "unknown", 1.0, left, right)


_FIRMS = {"same": 4, "brand": 3, "slip": 2, "other": 1}


def _firms(x: Company, y: Company) -> str:
    if x.core == y.core:
        return "same"
    if x.brand == y.brand:
        # 昌盛水泥 and 昌盛矿业 are two companies, 昌盛公司 may be either.
        return "brand" if not x.trade or not y.trade else "slip"
    short, long = sorted((x, y), key=lambda company: len(company.core))
    if not short.trade and long.core.startswith(short.core):
        return "brand"
    # A word read with a name (原业主三友) is at its beginning.
    if long.core.endswith(short.core):
        return "same" if short.trade and len(short.core) > 3 else "brand"
    if (x.brand.endswith(y.brand) or y.brand.endswith(x.brand)) and not (x.trade and y.trade and x.trade != y.trade):
        return "brand"
    return "slip" if len(short.core) > 2 and slipped(x.core, y.core, substitutes=False) else "other"


def _water(a: Facts, b: Facts, often: Frequencies, model: Model) -> Term:
    left, right = "、".join(sorted(a.waters)), "、".join(sorted(b.waters))
    if not a.waters or not b.waters:
        return Term("water", "unknown", 1.0, left, right)
    shared = a.waters & b.waters or {w for w in a.waters if w in b.whole} | {w for w in b.waters if w in a.whole}
    if shared:
        return Term("water", "same", often.rarity("water", shared, model), left, right)
    if any(x.endswith(y) or y.endswith(x) or slipped(x, y, substitutes=False) for x in a.waters for y in b.waters):
        return Term("water", "unknown", 1.0, left, right)
    return Term("water", "other", 1.0, left, right)


def _disclosed(a: Facts, b: Facts, often: Frequencies, model: Model) -> Term:
    left, right = a.row.disclosed, b.row.disclosed
    if a.disclosed is None or b.disclosed is None:
        return Term("disclosed", "unknown", 1.0, left, right)
    gap = a.disclosed.gap(b.disclosed)
    if not gap:
        if a.disclosed.exact and b.disclosed.exact:
            return Term("disclosed", "day", often.rarity("disclosed", [a.disclosed.first], model), left, right)
        wide = max(a.disclosed.last - a.disclosed.first, b.disclosed.last - b.disclosed.first) > 31
        return Term("disclosed", "year" if wide else "overlap", 1.0, left, right)
    level = next((name for name, days in model.gaps if gap <= days), "far")
    return Term("disclosed", level, 1.0, left, right)


def _deadline(a: Facts, b: Facts, often: Frequencies, model: Model) -> Term:
    left, right = a.row.deadline, b.row.deadline
    if a.deadline is None or b.deadline is None:
        return Term("deadline", "unknown", 1.0, left, right)
    apart = abs(a.deadline.month - b.deadline.month)
    if apart == 0:
        return Term("deadline", "same", often.rarity("deadline", [a.deadline.month], model), left, right)
    return Term("deadline", "near" if apart <= model.near_months else "other", 1.0, left, right)


def _source(a: Facts, b: Facts) -> Term:
    left, right = a.row.source, b.row.source
    if a.source is None or b.source is None:
        same = bool(left) and left == right
        return Term("source", "same" if same else "unknown", 1.0, left, right)
    if a.source.code != b.source.code:
        return Term("source", "other", 1.0, left, right)
    other_year = a.source.year and b.source.year and a.source.year != b.source.year
    return Term("source", "year" if other_year else "same", 1.0, left, right)


def _office(a: Facts, b: Facts) -> Term:
    left, right = a.row.unit, b.row.unit
    if not a.offices or not b.offices:
        return Term("office", "unknown", 1.0, left, right)
    return Term("office", "same" if a.offices & b.offices else "other", 1.0, left, right)


def _text(a: Facts, b: Facts, model: Model) -> Term:
    similarity = likeness(a.text, b.text)
    return Term(
        "text", next(name for name, least in model.likeness if similarity >= least), 1.0, f"{similarity:.2f}", ""
    )


def likeness(a: str, b: str) -> float:
    """Share of two-character pieces that two texts have in common, by the shorter and the longer in equal parts.

    >>> likeness("管网破损", "管网破损"), likeness("管网破损", "粪污直排")
    (1.0, 0.0)
    """
    left, right = _grams(a), _grams(b)
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def _grams(text: str) -> frozenset[str]:
    return frozenset(map("".join, itertools.pairwise(text)))


def slipped(a: str, b: str, *, substitutes: bool = True) -> bool:
    """Whether one is the other with one character left out, doubled, changed or two neighbours exchanged.

    >>> slipped("1120", "120"), slipped("630", "360", substitutes=False), slipped("250", "260", substitutes=False)
    (True, True, False)
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start:][:2] == long[start:][:2][::-1] and short[start + 2 :] == long[start + 2 :]:
        return True
    return substitutes and short[start + 1 :] == long[start + 1 :]
