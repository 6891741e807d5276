"""Kinds of messages: stages say which there are and which events they belong to; the rows are an administrator's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foundation.notifications.models import MessageKind
from foundation.ui.shelf import Shelf, follow

SERVICE, MARKETING, STAFF = "service", "marketing", "staff"
# A colleague's own words: whoever writes them decides when they go.
LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind as the rules of manners see it."""

    code: str
    nature: str = SERVICE
    is_urgent: bool = False
    can_opt_out: bool = False


@dataclass(frozen=True)
class ShippedKind:
    """A kind that the house brings: its row until somebody changes it."""

    kind: Kind
    names: Mapping[str, str]
    nouns: tuple[str, ...]


_shipped: dict[str, ShippedKind] = {}


def register_kind(
    code: str,
    *,
    names: Mapping[str, str],
    nature: str = SERVICE,
    nouns: Sequence[str] = (),
    is_urgent: bool = False,
    can_opt_out: bool = False,
) -> None:
    """Ship a kind. `names` by language code; `nouns` are first parts of event codes whose messages are of this kind."""
    kind = Kind(code, nature, is_urgent, can_opt_out or nature == MARKETING)
    _shipped[code] = ShippedKind(kind, dict(names), tuple(nouns))


def kind_for_event(event_code: str, *, is_staff: bool) -> str:
    """The kind of a rule that names none: by whom it tells, then by the event's noun."""
    if is_staff:
        return STAFF
    noun = event_code.partition(".")[0]
    return next((one.kind.code for one in _shipped.values() if noun in one.nouns), SERVICE)


def _read() -> dict[str, MessageKind]:
    return {row.code: row for row in MessageKind.objects.all()}


_kinds: Shelf[dict[str, MessageKind]] = Shelf(_read, of=[MessageKind])
follow(MessageKind)


def kind_of(code: str) -> Kind:
    """The kind of this code, as its row says; as shipped where there is no row; a service where nobody knows it."""
    row = _kinds.get().get(code)
    if row is not None:
        return Kind(row.code, row.nature, row.is_urgent, row.can_opt_out)
    return _shipped[code].kind if code in _shipped else Kind(code)


NO_KIND = "none"  # in an address: messages without a kind


def kind_label(code: str) -> str:
    """The kind's name in the reader's language."""
    row = _kinds.get().get(code)
    return row.label if row is not None else code


def all_kinds() -> list[MessageKind]:
    """Every kind by nature; kept in the process: shared, not to be changed."""
    return list(_kinds.get().values())


def load_kinds() -> int:
    """Add the rows that are missing; answers how many."""
    there = set(MessageKind.objects.values_list("code", flat=True))
    missing = [one for code, one in _shipped.items() if code not in there]
    for one in missing:
        MessageKind.objects.create(
            code=one.kind.code,
            nature=one.kind.nature,
            is_urgent=one.kind.is_urgent,
            can_opt_out=one.kind.can_opt_out,
            name=one.names["en"],
            name_de=one.names.get("de", ""),
            name_zh_hans=one.names.get("zh-hans", ""),
            name_zh_hant=one.names.get("zh-hant", ""),
        )
    return len(missing)


def register() -> None:
    """The kinds that every house has."""
    register_kind(
        SERVICE,
        names={
            "en": "Orders and cases",
            "de": "Aufträge und Anliegen",
            "zh-hans": "订单与事项",
            "zh-hant": "訂單與事項",
        },
    )
    register_kind(
        LETTER,
        is_urgent=True,
        names={
            "en": "Letters of a colleague",
            "de": "Schreiben unserer Mitarbeiter",
            "zh-hans": "员工来信",
            "zh-hant": "同仁來信",
        },
    )
    register_kind(
        STAFF,
        nature=STAFF,
        is_urgent=True,
        names={"en": "For colleagues", "de": "Für Kollegen", "zh-hans": "内部通知", "zh-hant": "內部通知"},
    )
    register_kind(
        "news",
        nature=MARKETING,
        nouns=("campaign",),
        names={
            "en": "New products",
            "de": "Neue Produkte",
            "zh-hans": "新产品",
            "zh-hant": "新產品",
        },
    )
    register_kind(
        "greeting",
        nature=MARKETING,
        nouns=("greeting",),
        names={
            "en": "Greetings and recommendations",
            "de": "Grüße und Empfehlungen",
            "zh-hans": "问候与推荐",
            "zh-hant": "問候與推薦",
        },
    )
