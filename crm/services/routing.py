"""Giving an inquiry to somebody who can answer it, and remembering why.

In this order: the customer's own salesperson, the administrators' rules one after the other, then whoever of the role sales
speaks the language. Among several, the one with the fewest inquiries waiting, weighed by their shares. Who is away gets
nothing; their deputy stands in where a rule names them. Every step leaves a verdict: plain facts without names, which
`crm.routing_words` puts into words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.models import Inquiry, RoutingRule, RoutingShare
from crm.selectors import answerers, open_inquiries
from foundation.accounts.leaves import away_today, leave_today
from foundation.accounts.models import User, UserLanguage
from foundation.accounts.routing import level_in, owned, same_language
from foundation.ui.regions import region_key
from foundation.ui.shelf import Shelf, follow

ROLE = "sales"
FULL_SHARE = 100


@dataclass(frozen=True)
class Rule:
    """A rule as it is asked: what must fit, and who gets it."""

    pk: int
    name: str
    countries: frozenset[str]
    regions: frozenset[tuple[str, str]]
    languages: frozenset[str]
    channels: frozenset[str]
    words: tuple[str, ...]
    person_id: int | None
    team_id: int | None
    must_speak: bool
    least_level: int

    def misfit(self, inquiry: Inquiry) -> str:
        """What does not fit: country, region, language, channel, words; empty when all does."""
        if self.countries and inquiry.country not in self.countries:
            return "country"
        if self.regions:
            if not inquiry.region:
                return "no_region"
            if (inquiry.country, region_key(inquiry.country, inquiry.region)) not in self.regions:
                return "region"
        if self.languages and not any(same_language(one, inquiry.language) for one in self.languages):
            return "language"
        if self.channels and inquiry.channel not in self.channels:
            return "channel"
        said = f"{inquiry.subject}\n{inquiry.product_interest}\n{inquiry.text}".casefold()
        return "words" if self.words and not any(word in said for word in self.words) else ""


def _read_rules() -> list[Rule]:
    found = []
    for row in RoutingRule.objects.filter(is_active=True).prefetch_related("families"):
        names = [name for family in row.families.all() for name in family.all_names()]
        words = [" ".join(line.split()).casefold() for line in [*row.words.splitlines(), *names]]
        found.append(
            Rule(
                pk=row.pk,
                name=row.name,
                countries=frozenset(row.countries),
                regions=frozenset(
                    (land, region_key(land, line)) for land in row.countries for line in row.region_lines
                ),
                languages=frozenset(row.languages),
                channels=frozenset(row.channels),
                words=tuple(word for word in words if word),
                person_id=row.person_id,
                team_id=row.team_id,
                must_speak=row.must_speak,
                least_level=row.least_level,
            )
        )
    return found


_rules: Shelf[list[Rule]] = Shelf(_read_rules)
_shares: Shelf[dict[int, int]] = Shelf(lambda: dict(RoutingShare.objects.values_list("person", "percent")))
follow(RoutingRule, RoutingShare)


@dataclass
class Choice:
    """Who gets it (None: nobody is there), whether they speak the sender's language, and each step's verdict."""

    owner: Any = None
    fits: bool = False
    verdicts: list[dict[str, Any]] = field(default_factory=list)

    def note(self, by: str, said: str, **facts: Any) -> None:
        """Remember what a step came to."""
        self.verdicts.append({"by": by, "said": said, **facts})

    def take(self, person: Any, language: str, by: str, **facts: Any) -> Choice:
        """This one it is."""
        self.owner, self.fits = person, speaks(person, language)
        waiting = getattr(person, "busy", None)
        more = {} if waiting is None else {"waiting": waiting, "share": _shares.get().get(person.pk, FULL_SHARE)}
        self.note(by, "takes", person_id=person.pk, level=level_in(person.pk, language), **more, **facts)
        return self


def speaks(user: Any, language: str) -> bool:
    """Whether this colleague works in the language well enough to write to a customer."""
    return level_in(user.pk, language) >= UserLanguage.Level.WORKING


def choose_owner(inquiry: Inquiry, *, without: Iterable[int] = ()) -> Choice:
    """Who should answer, and why. `without` are people who must not get it. At most two queries, once the rules are known."""
    from crm.models import InquiryPolicy

    choice, absent = Choice(), away_today() | set(without)
    owner = inquiry.customer.owner if inquiry.customer else None
    if owner is not None and InquiryPolicy.current().owner_first:
        if not owner.is_active or owner.pk in absent:
            choice.note("owner", "away", person_id=owner.pk)
        elif not speaks(owner, inquiry.language):
            choice.note("owner", "language", person_id=owner.pk)
        else:
            return choice.take(owner, inquiry.language, "owner")
    people = [person for person in _people() if _shares.get().get(person.pk, FULL_SHARE) > 0]
    for rule in _rules.get():
        if _by_rule(rule, inquiry, people, absent, choice):
            return choice
    return _by_language(inquiry, [one for one in people if one.sells and one.pk not in absent], choice)


def _by_rule(rule: Rule, inquiry: Inquiry, people: list[Any], absent: set[int], choice: Choice) -> bool:
    named: dict[str, Any] = {"rule_id": rule.pk, "rule": rule.name}
    if misfit := rule.misfit(inquiry):
        choice.note("rule", misfit, **named)
        return False
    meant = [one for one in people if one.pk == rule.person_id or (rule.team_id and one.team_id == rule.team_id)]
    away = [one for one in meant if one.pk in absent]
    there = [one for one in meant if one.pk not in absent] or _deputies(away, people, absent)
    able = [one for one in there if level_in(one.pk, inquiry.language) >= rule.least_level]
    found = able or ([] if rule.must_speak else there)
    if not found:
        choice.note("rule", "silent" if there else "nobody", away=[one.pk for one in away], **named)
        return False
    stands_in = found[0] not in meant
    chosen = min(found, key=_least_busy)
    choice.take(chosen, inquiry.language, "rule", away=[one.pk for one in away], stands_in=stands_in, **named)
    return True


def _deputies(away: list[Any], people: list[Any], absent: set[int]) -> list[Any]:
    """Who stands in for those who are away today, as far as they are there and may answer."""
    by_pk = {one.pk: one for one in people}
    leaves = [leave_today(one.pk) for one in away]
    keys = dict.fromkeys(leave.deputy_id for leave in leaves if leave is not None and leave.deputy_id)
    return [by_pk[key] for key in keys if key in by_pk and key not in absent]


def _by_language(inquiry: Inquiry, people: list[Any], choice: Choice) -> Choice:
    """Whoever of sales speaks it; else the best English speaker, else anybody."""
    if not people:
        choice.note("language", "nobody")
        return choice
    working = UserLanguage.Level.WORKING

    def rank(person: Any) -> tuple[int, float, int, int]:
        level = level_in(person.pk, inquiry.language)
        tongue = 0 if level >= working else 1 if level_in(person.pk, "en") >= working else 2
        return (tongue, _weighed(person), -level, person.pk)

    return choice.take(min(people, key=rank), inquiry.language, "language")


def _weighed(person: Any) -> float:
    """How much somebody has to do, by their share."""
    return person.busy * FULL_SHARE / _shares.get().get(person.pk, FULL_SHARE)  # type: ignore[no-any-return]


def _least_busy(person: Any) -> tuple[float, int]:
    return (_weighed(person), person.pk)


def _people() -> list[Any]:
    """Everybody who sells or may answer inquiries, with what waits with them. One query."""
    groups = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=ROLE)
    rows: QuerySet[User] = User.objects.filter(is_active=True).annotate(sells=Exists(groups))
    rows = rows.filter(Q(sells=True) | Q(pk__in=answerers().values("pk")))
    return list(rows.order_by("pk").annotate(busy=owned(open_inquiries())))
