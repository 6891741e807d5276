"""Rows that every installation starts with: the steps of a reception, what to have ready, usual questions."""

from __future__ import annotations

from crm.models import Faq, PreparationRow, ReceptionStep

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
# code, questions in the four languages, answers in the four languages
QUESTIONS = [
    (
        "minimum",
        ("Is there a minimum order?", "有最低起订量吗？", "有最低訂購量嗎？", "Gibt es eine Mindestbestellmenge?"),
        (
            "Yes, it stands with each product in the catalogue. For a first order we can talk about less.",
            "有，产品目录中每个产品都有注明。首单可以协商减少。",
            "有，產品型錄中每項產品皆有註明。首次訂購可以協商減少。",
            "Ja, sie steht im Katalog bei jedem Artikel. Bei einer ersten Bestellung lässt sich über weniger reden.",
        ),
    ),
    (
        "samples",
        ("May we take samples with us?", "可以带走样品吗？", "可以帶走樣品嗎？", "Können wir Muster mitnehmen?"),
        (
            "Yes. What is not here we send; note the articles in the outcome of the reception.",
            "可以。现场没有的我们寄送，请在接待结果中记下货号。",
            "可以。現場沒有的我們寄送，請在接待結果中記下貨號。",
            "Ja. Was nicht da ist, schicken wir; die Artikel gehören ins Ergebnis des Empfangs.",
        ),
    ),
    (
        "delivery",
        ("How long does delivery take?", "交货期多长？", "交期多長？", "Wie lange dauert die Lieferung?"),
        (
            "The quote names the date; stock goods leave within days, made goods after production.",
            "以报价单上的日期为准；现货几天内发出，定制产品在生产完成后发出。",
            "以報價單上的日期為準；現貨數日內出貨，訂製產品於生產完成後出貨。",
            "Den Termin nennt das Angebot; Lagerware geht in wenigen Tagen ab, gefertigte nach der Produktion.",
        ),
    ),
    (
        "tests",
        ("Are there test reports?", "有检测报告吗？", "有檢驗報告嗎？", "Gibt es Prüfberichte?"),
        (
            "Yes, for every range. Ask the technical department for the current ones and send them by email.",
            "有，每个系列都有。请向技术部要最新版本，用邮件发送。",
            "有，每個系列都有。請向技術部索取最新版本，以電子郵件寄送。",
            "Ja, zu jeder Serie. Die aktuellen gibt die Technik heraus; wir senden sie per E-Mail.",
        ),
    ),
]
LANGUAGES = ("en", "zh_hans", "zh_hant", "de")


def load() -> int:
    """Each row that is missing; what exists stays as it is. Returns how many were added."""
    return _steps() + _ready() + _questions()


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


def _questions() -> int:
    known = set(Faq.objects.values_list("code", flat=True))
    rows = [
        Faq(code=code, position=10 * place, **_worded("question", questions), **_worded("answer", answers))
        for place, (code, questions, answers) in enumerate(QUESTIONS, start=1)
        if code not in known
    ]
    return len(Faq.objects.bulk_create(rows))
