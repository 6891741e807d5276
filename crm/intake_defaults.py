"""Rows that every installation starts with: why inquiries end, and usual answers in four languages."""

from __future__ import annotations

from crm.models import ClosingReason, SavedAnswer

# code, outcome, asks for the competitor, English, Simplified Chinese, Traditional Chinese, German
REASONS = [
    ("quote-accepted", "won", False, "The quote was accepted", "报价已被接受", "報價已獲接受", "Das Angebot wurde angenommen"),
    ("ordered", "won", False, "Ordered without a quote", "未经报价直接下单", "未經報價直接下單", "Ohne Angebot bestellt"),
    ("price", "lost", False, "The price", "价格", "價格", "Der Preis"),
    ("competitor", "lost", True, "Bought from a competitor", "向竞争对手采购", "向競爭對手採購", "Bei einem Mitbewerber gekauft"),
    ("delivery-time", "lost", False, "The delivery time", "交货期", "交期", "Die Lieferzeit"),
    ("product", "lost", False, "We do not have what was wanted", "没有客户要的产品", "沒有客戶要的產品", "Das Gewünschte haben wir nicht"),
    ("project-ended", "lost", False, "The project does not take place", "项目取消", "專案取消", "Das Projekt findet nicht statt"),
    ("no-reply", "lost", False, "No more reply", "客户不再回复", "客戶不再回覆", "Keine Antwort mehr"),
    ("advertising", "spam", False, "Advertising", "广告", "廣告", "Werbung"),
    ("not-for-us", "spam", False, "Not meant for us", "不是找我们的", "不是找我們的", "Nicht für uns bestimmt"),
]  # fmt: skip
# code, titles, bodies: English, Simplified Chinese, Traditional Chinese, German
ANSWERS = [
    (
        "details",
        ("Ask for quantity, place and time", "询问数量、地点和时间", "詢問數量、地點與時間", "Nach Menge, Ort und Termin fragen"),
        (
            "thank you for your inquiry “{inquiry_subject}” ({number}). To make you a good offer we need three things:\n\n"
            "– how much you need\n– the port or town of delivery\n– when it should be there\n\n"
            "With these you will have our offer within two working days.",
            "感谢您的询盘“{inquiry_subject}”（{number}）。为了给您准确报价，请告诉我们：\n\n– 需要的数量\n– 交货港口或城市\n– 希望到货的时间\n\n"
            "收到后两个工作日内给您报价。",
            "感謝您的詢價「{inquiry_subject}」（{number}）。為了給您準確報價，請告訴我們：\n\n– 需要的數量\n– 交貨港口或城市\n– 希望到貨的時間\n\n"
            "收到後兩個工作日內給您報價。",
            "vielen Dank für Ihre Anfrage „{inquiry_subject}“ ({number}). Für ein gutes Angebot brauchen wir noch drei Angaben:\n\n"
            "– die Menge\n– den Hafen oder Ort der Lieferung\n– den gewünschten Termin\n\n"
            "Damit haben Sie unser Angebot in zwei Arbeitstagen.",
        ),
    ),
    (
        "samples",
        ("Samples are on their way", "样品已寄出", "樣品已寄出", "Muster sind unterwegs"),
        (
            "thank you for your inquiry {number}. We are sending samples to the address that you gave us; the parcel arrives"
            " within a week. I will call you then to hear what you think.",
            "感谢您的询盘 {number}。样品会寄到您提供的地址，一周内送达。届时我会给您打电话，听听您的意见。",
            "感謝您的詢價 {number}。樣品會寄到您提供的地址，一週內送達。屆時我會致電，聽聽您的意見。",
            "vielen Dank für Ihre Anfrage {number}. Wir schicken Muster an die genannte Adresse; das Paket ist innerhalb einer"
            " Woche da. Dann rufe ich Sie an und frage, wie sie Ihnen gefallen.",
        ),
    ),
    (
        "not-in-range",
        ("We do not have this", "我们没有此产品", "我們沒有此產品", "Das führen wir nicht"),
        (
            "thank you for your inquiry “{inquiry_subject}”. This is not in our range, and we do not want to promise what"
            " we cannot keep. If something similar would help you, write to me: I gladly show you what we have.",
            "感谢您的询盘“{inquiry_subject}”。我们目前没有此产品，不想给您无法兑现的承诺。如果类似的产品也可以，请告诉我，我很乐意为您介绍。",
            "感謝您的詢價「{inquiry_subject}」。我們目前沒有此產品，不想給您無法兌現的承諾。若類似產品亦可，請告訴我，我很樂意為您介紹。",
            "vielen Dank für Ihre Anfrage „{inquiry_subject}“. Das führen wir nicht, und wir wollen nichts versprechen, was wir"
            " nicht halten können. Wenn Ihnen etwas Ähnliches hilft, schreiben Sie mir: Ich zeige Ihnen gern, was wir haben.",
        ),
    ),
]  # fmt: skip
LANGUAGES = ("en", "zh_hans", "zh_hant", "de")


def load() -> int:
    """What is missing by its code; what an administrator changed stays as it is."""
    made = 0
    for place, (code, outcome, asks, *texts) in enumerate(REASONS, 1):
        words = {f"text_{one}": text for one, text in zip(LANGUAGES, texts, strict=True)}
        values = {"outcome": outcome, "asks_competitor": asks, "position": place * 10, **words}
        made += ClosingReason.objects.get_or_create(code=code, defaults=values)[1]
    for place, (code, titles, bodies) in enumerate(ANSWERS, 1):
        words = {f"title_{one}": text for one, text in zip(LANGUAGES, titles, strict=True)}
        words |= {f"body_{one}": text for one, text in zip(LANGUAGES, bodies, strict=True)}
        made += SavedAnswer.objects.get_or_create(code=code, defaults={"position": place * 10, **words})[1]
    return made
