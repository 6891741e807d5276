"""The words of the questionnaires that the house ships: English, simplified Chinese, traditional Chinese, German."""

from __future__ import annotations

from typing import Any

YES_NO: dict[str, tuple[str, ...]] = {
    "yes": ("Yes", "有", "有", "Ja"),
    "no": ("No", "没有", "沒有", "Nein"),
}
AGREES: dict[str, tuple[str, ...]] = {
    "yes": ("Yes, agrees", "同意", "同意", "Ja, ist einverstanden"),
    "no": ("Not now", "暂时不用", "暫時不用", "Zurzeit nicht"),
}
PROJECT_WORDS = {
    "code": "project-details", "kind": "text", "required": False, "meaning": "project_words",
    "only_if": ("project", "is", ("yes",)),
    "text": (
        "What is it about: place, area, product, date?",
        "是什么项目：地点、面积、产品、时间？",
        "是什麼專案：地點、面積、產品、時間？",
        "Worum geht es: Ort, Fläche, Produkt, Termin?",
    ),
}  # fmt: skip

PRESALES: dict[str, Any] = {
    "code": "presales-callback", "purpose": "presales",
    "name": ("Presales callback", "售前电话回访", "售前電話回訪", "Rückruf vor dem Verkauf"),
    "opening": (
        "Hello, this is {my_name} of {company_name}. You bought from us before, and we would like to hear how you are getting on. "
        "Do you have three minutes?",
        "您好，我是{company_name}的{my_name}。您以前采购过我们的产品，想做个简单回访，大约三分钟，现在方便吗？",
        "您好，我是{company_name}的{my_name}。您以前採購過我們的產品，想做個簡單回訪，大約三分鐘，現在方便嗎？",
        "Guten Tag, hier ist {my_name} von {company_name}. Sie haben schon bei uns gekauft, und wir möchten gern wissen, wie es Ihnen damit geht. "
        "Haben Sie drei Minuten Zeit?",
    ),
    "closing": (
        "Thank you for your time. We will be in touch as agreed.",
        "感谢您抽出时间，我们会按约定与您联系。祝您工作顺利！",
        "感謝您撥冗，我們會依約與您聯繫。祝您工作順利！",
        "Vielen Dank für Ihre Zeit. Wir melden uns wie besprochen.",
    ),
    "questions": [
        {
            "code": "performance", "kind": "single", "meaning": "satisfaction", "signals": ("badly",),
            "text": (
                "How does the product that you bought before perform?",
                "之前采购的产品使用情况如何？",
                "之前採購的產品使用情況如何？",
                "Wie bewährt sich das Produkt, das Sie früher gekauft haben?",
            ),
            "options": {
                "well": ("Well", "很好", "很好", "Gut"),
                "fairly": ("With small faults", "有些小问题", "有些小問題", "Mit kleinen Mängeln"),
                "badly": ("Badly", "不好", "不好", "Schlecht"),
                "none": ("Nothing bought so far", "还没采购过", "還沒採購過", "Noch nichts gekauft"),
            },
        },
        {
            "code": "service", "kind": "scale", "meaning": "satisfaction",
            "text": (
                "How satisfied are you with our service?",
                "您对我们的服务满意吗？",
                "您對我們的服務滿意嗎？",
                "Wie zufrieden sind Sie mit unserem Service?",
            ),
        },
        {
            "code": "product", "kind": "scale", "meaning": "satisfaction",
            "text": (
                "How satisfied are you with the product?",
                "您对产品满意吗？",
                "您對產品滿意嗎？",
                "Wie zufrieden sind Sie mit dem Produkt?",
            ),
        },
        {
            "code": "business", "kind": "single",
            "text": (
                "What kind of business are you in?",
                "贵公司主要做哪类业务？",
                "貴公司主要做哪類業務？",
                "In welcher Branche sind Sie tätig?",
            ),
            "options": {
                "fit-out": ("Decoration or fit-out", "装饰装修", "裝飾裝修", "Innenausbau"),
                "developer": ("Property development", "房地产开发", "房地產開發", "Immobilienentwicklung"),
                "trade": ("Trade or agency", "贸易或代理", "貿易或代理", "Handel oder Agentur"),
                "user": ("Own use", "自用", "自用", "Eigenbedarf"),
                "other": ("Something else", "其他", "其他", "Etwas anderes"),
            },
        },
        {
            "code": "project", "kind": "single", "meaning": "project", "signals": ("yes",), "options": YES_NO,
            "text": (
                "Do you have other projects coming up?",
                "近期还有其他项目吗？",
                "近期還有其他專案嗎？",
                "Stehen bei Ihnen weitere Projekte an?",
            ),
        },
        PROJECT_WORDS,
        {
            "code": "floor-plan", "kind": "single", "meaning": "project_words", "only_if": ("project", "is", ("yes",)),
            "text": (
                "Is there a floor plan?",
                "有平面图吗？",
                "有平面圖嗎？",
                "Gibt es einen Grundriss?",
            ),
            "options": YES_NO,
        },
        {
            "code": "style", "kind": "multiple", "meaning": "project_words", "required": False,
            "text": (
                "Which style do you want?",
                "您喜欢哪种风格？",
                "您喜歡哪種風格？",
                "Welchen Stil wünschen Sie?",
            ),
            "options": {
                "modern": ("Modern", "现代", "現代", "Modern"),
                "classic": ("Classic", "古典", "古典", "Klassisch"),
                "natural": ("Natural, wood", "自然木纹", "自然木紋", "Natürlich, Holz"),
                "chinese": ("Chinese", "中式", "中式", "Chinesisch"),
                "undecided": ("Not decided yet", "还没决定", "還沒決定", "Noch offen"),
            },
        },
        {
            "code": "visit", "kind": "single", "meaning": "visit", "signals": ("yes",), "options": AGREES,
            "text": (
                "May we visit you?",
                "我们可以上门拜访您吗？",
                "我們可以登門拜訪您嗎？",
                "Dürfen wir Sie besuchen?",
            ),
        },
    ],
}  # fmt: skip

COMPLETION: dict[str, Any] = {
    "code": "completion-callback", "purpose": "completion",
    "name": ("Callback after completion", "完工电话回访", "完工電話回訪", "Rückruf nach der Fertigstellung"),
    "opening": (
        "Hello, this is {my_name} of {company_name}. Your project has been completed, and we would like to know whether everything is as you "
        "expected. Do you have two minutes?",
        "您好，我是{company_name}的{my_name}。您的项目已经完工，想了解一下是否都符合您的期望，大约两分钟，现在方便吗？",
        "您好，我是{company_name}的{my_name}。您的專案已經完工，想了解一下是否都符合您的期望，大約兩分鐘，現在方便嗎？",
        "Guten Tag, hier ist {my_name} von {company_name}. Ihr Projekt ist fertig, und wir möchten wissen, ob alles so ist, wie Sie es erwartet haben. "
        "Haben Sie zwei Minuten Zeit?",
    ),
    "closing": (
        "Thank you. If anything comes up later, please call us.",
        "谢谢您！以后有任何问题，请随时联系我们。",
        "謝謝您！日後有任何問題，請隨時與我們聯繫。",
        "Vielen Dank. Wenn später etwas ist, rufen Sie uns bitte an.",
    ),
    "questions": [
        {
            "code": "crew", "kind": "scale", "meaning": "satisfaction", "required": False,
            "text": (
                "How satisfied are you with the crew?",
                "您对施工人员满意吗？",
                "您對施工人員滿意嗎？",
                "Wie zufrieden sind Sie mit dem Montageteam?",
            ),
        },
        {
            "code": "salesperson", "kind": "scale", "meaning": "satisfaction",
            "text": (
                "How satisfied are you with your salesperson?",
                "您对业务员满意吗？",
                "您對業務員滿意嗎？",
                "Wie zufrieden sind Sie mit Ihrem Verkäufer?",
            ),
        },
        {
            "code": "product", "kind": "scale", "meaning": "satisfaction",
            "text": (
                "How satisfied are you with the product?",
                "您对产品满意吗？",
                "您對產品滿意嗎？",
                "Wie zufrieden sind Sie mit dem Produkt?",
            ),
        },
        {
            "code": "fault", "kind": "text", "only_if": ("product", "at_most", ("2",)),
            "text": (
                "What is wrong with the product?",
                "产品有什么问题？",
                "產品有什麼問題？",
                "Was stimmt mit dem Produkt nicht?",
            ),
        },
        {
            "code": "suggestions", "kind": "text", "required": False,
            "text": (
                "What should we do better?",
                "您有什么建议？",
                "您有什麼建議？",
                "Was sollten wir besser machen?",
            ),
        },
        {
            "code": "project", "kind": "single", "meaning": "project", "signals": ("yes",), "options": YES_NO,
            "text": (
                "Do you need anything else, now or soon?",
                "近期还有其他需求吗？",
                "近期還有其他需求嗎？",
                "Brauchen Sie jetzt oder bald noch etwas anderes?",
            ),
        },
        PROJECT_WORDS,
    ],
}  # fmt: skip

QUESTIONNAIRES = [PRESALES, COMPLETION]
