"""Rows that every installation starts with."""

from __future__ import annotations

from typing import Any

from aftersales.models import AfterSalesPolicy, SurveyQuestion

QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "overall", "is_overall": True,
        "text_en": "How satisfied are you with us altogether?",
        "text_zh_hans": "总体而言，您对我们的满意程度如何？",
        "text_zh_hant": "整體而言，您對我們的滿意程度如何？",
        "text_de": "Wie zufrieden sind Sie insgesamt mit uns?",
    },
    {
        "code": "speed",
        "text_en": "How satisfied are you with the speed of the solution?",
        "text_zh_hans": "您对解决问题的速度满意吗？",
        "text_zh_hant": "您對解決問題的速度滿意嗎？",
        "text_de": "Wie zufrieden sind Sie mit der Geschwindigkeit der Lösung?",
    },
    {
        "code": "product",
        "text_en": "How satisfied are you with the product?",
        "text_zh_hans": "您对产品满意吗？",
        "text_zh_hant": "您對產品滿意嗎？",
        "text_de": "Wie zufrieden sind Sie mit dem Produkt?",
    },
    {
        "code": "suggestions", "kind": "text", "is_required": False,
        "text_en": "What should we do better?",
        "text_zh_hans": "您希望我们在哪些方面改进？",
        "text_zh_hant": "您希望我們在哪些方面改進？",
        "text_de": "Was sollten wir besser machen?",
    },
]  # fmt: skip


def load() -> int:
    """The policy and the questions; what exists stays as it is."""
    AfterSalesPolicy.current()
    added = 0
    for position, question in enumerate(QUESTIONS, 1):
        values = {key: value for key, value in question.items() if key != "code"}
        _row, is_new = SurveyQuestion.objects.get_or_create(
            code=question["code"], defaults={**values, "position": position}
        )
        added += is_new
    return added
