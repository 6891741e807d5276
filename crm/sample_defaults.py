"""Rows that every installation starts with: the rules for samples and drawings, and what a technical request may be about."""

from __future__ import annotations

from crm.models import SamplePolicy, TechnicalKind

# code, English, Simplified Chinese, Traditional Chinese, German
KINDS: list[tuple[str, str, str, str, str]] = [
    ("size", "Special size", "特殊尺寸", "特殊尺寸", "Sondermaß"),
    ("design", "Design or surface", "花色或表面", "花色或表面", "Dekor oder Oberfläche"),
    ("click", "Click system", "锁扣系统", "鎖扣系統", "Klicksystem"),
    ("layout", "Layout or installation drawing", "排版或安装图", "排版或安裝圖", "Verlege- oder Montageplan"),
    ("other", "Something else", "其他", "其他", "Etwas anderes"),
]


def load() -> int:
    """The rules and the kinds; what exists stays as it is. Returns how many rows were added."""
    added = 0 if SamplePolicy.objects.exists() else 1
    SamplePolicy.current()
    known = set(TechnicalKind.objects.values_list("code", flat=True))
    for place, (code, english, simplified, traditional, german) in enumerate(KINDS, start=1):
        if code not in known:
            added += 1
            TechnicalKind.objects.create(
                code=code,
                position=10 * place,
                text_en=english,
                text_zh_hans=simplified,
                text_zh_hant=traditional,
                text_de=german,
            )
    return added
