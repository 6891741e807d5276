"""In which of the house's languages a letter is written, as far as its letters and small words tell."""

from __future__ import annotations

import re

# Characters that only one of the two ways of writing Chinese uses.
_SIMPLIFIED = set("们这个来时说国为对发会过还没样关报价询请问订货单总务产应当东车门马飞个两现电话见贵")
_TRADITIONAL = set("們這個來時說國為對發會過還沒樣關報價詢請問訂貨單總務產應當東車門馬飛兩現電話見貴")
_GERMAN = re.compile(
    r"\b(und|der|die|das|ist|nicht|bitte|wir|sie|ich|mit|für|fuer|guten|danke|vielen|grüßen|haben|eine|einen|auf|ihre|uns)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(and|the|is|not|please|we|you|with|for|thank|thanks|regards|have|our|your|dear|are|can)\b", re.IGNORECASE
)


def language_of(text: str) -> str:
    """`en`, `de`, `zh-hans` or `zh-hant`; English where nothing tells."""
    text = text[:5000]
    han = sum(1 for one in text if "\u4e00" <= one <= "\u9fff")
    if han >= 2 and han * 4 >= sum(1 for one in text if one.isalpha() and one.isascii()) / 4:
        traditional = sum(1 for one in text if one in _TRADITIONAL - _SIMPLIFIED)
        simplified = sum(1 for one in text if one in _SIMPLIFIED - _TRADITIONAL)
        return "zh-hant" if traditional > simplified else "zh-hans"
    german = len(_GERMAN.findall(text))
    return "de" if german > len(_ENGLISH.findall(text)) else "en"
