"""Rows that every installation starts with: the steps of a reception, what to have ready."""

from __future__ import annotations

from crm.models import PreparationRow, ReceptionStep

# code, planned minutes, English, Simplified Chinese, Traditional Chinese, German
STEPS = [
    ("road", 10, "Meet them at the road", "到路口迎接", "到路口迎接", "An der Straße abholen"),
    ("desk", 5, "Reception desk: greet and sign in", "前台：问候并登记", "櫃檯：問候並登記", "Empfang: begrüßen und eintragen"),
    ("film", 10, "Company film", "观看公司宣传片", "觀看公司影片", "Firmenfilm"),
    ("meeting", 15, "Meeting room: certificates, cards, who decides", "会议室：资质、名片、了解决策人", "會議室：資質、名片、了解決策人", "Besprechungsraum: Zertifikate, Visitenkarten, wer entscheidet"),
    ("wall", 10, "Wall of references", "工程案例墙", "實績案例牆", "Referenzwand"),
    ("samples", 30, "Samples and proposal", "看样品、谈方案", "看樣品、談方案", "Muster und Vorschlag"),
    ("farewell", 5, "Farewell: visitor form and signature", "送别：填写来访表并签名", "送別：填寫來訪表並簽名", "Verabschiedung: Besucherbogen und Unterschrift"),
]  # fmt: skip
# code, only when asked for, one for each visitor, and the words as above
READY = [
    ("reception-drinks", "", True, "Water and tea", "水和茶", "水和茶", "Wasser und Tee"),
    ("reception-bags", "", True, "Bag with brochures and card", "资料袋（宣传册和名片）", "資料袋（型錄與名片）", "Mappe mit Prospekten und Visitenkarte"),
    ("reception-lights", "", False, "Lights and screen in the showroom", "展厅灯光和屏幕", "展廳燈光與螢幕", "Licht und Bildschirm in der Ausstellung"),
    ("reception-slides", "", False, "Company film and slides", "公司宣传片和幻灯片", "公司影片與簡報", "Firmenfilm und Präsentation"),
    ("reception-room", "", False, "Meeting room", "会议室", "會議室", "Besprechungsraum"),
    ("reception-samples", "samples", False, "The samples that were asked for", "客户要的样品", "客戶要求的樣品", "Die gewünschten Muster"),
    ("reception-prices", "quote", False, "Price list and a prepared quote", "价目表和准备好的报价单", "價目表與備妥的報價單", "Preisliste und vorbereitetes Angebot"),
    ("reception-sheets", "technical", False, "Data sheets and test reports", "技术资料和检测报告", "技術資料與檢驗報告", "Datenblätter und Prüfberichte"),
]  # fmt: skip
LANGUAGES = ("en", "zh_hans", "zh_hant", "de")


def load() -> int:
    """Each row that is missing; what exists stays as it is. Returns how many were added."""
    return _steps() + _ready()


def _worded(name: str, texts: tuple[str, ...]) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in zip(LANGUAGES, texts, strict=True)}


def _steps() -> int:
    known = set(ReceptionStep.objects.values_list("code", flat=True))
    rows = [
        ReceptionStep(code=code, planned_minutes=minutes, position=10 * place, **_worded("text", tuple(texts)))
        for place, (code, minutes, *texts) in enumerate(STEPS, start=1)
        if code not in known
    ]
    return len(ReceptionStep.objects.bulk_create(rows))


def _ready() -> int:
    known = set(PreparationRow.objects.values_list("code", flat=True))
    rows = [
        PreparationRow(
            code=code,
            used_for=PreparationRow.UsedFor.RECEPTION,
            wanted_for=wish,
            is_per_head=is_per_head,
            position=10 * place,
            **_worded("text", tuple(texts)),
        )
        for place, (code, wish, is_per_head, *texts) in enumerate(READY, start=1)
        if code not in known
    ]
    return len(PreparationRow.objects.bulk_create(rows))
