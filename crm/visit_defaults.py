"""Rows that every installation starts with: the rules for visits, and what to take along."""

from __future__ import annotations

from crm.models import AppointmentPolicy, PreparationRow

# code, only when asked for, English, Simplified Chinese, Traditional Chinese, German
VISIT_ROWS: list[tuple[str, str, str, str, str, str]] = [
    ("brochures", "", "Brochures", "宣传册", "型錄", "Prospekte"),
    ("cards", "", "Business cards", "名片", "名片", "Visitenkarten"),
    ("pen", "", "Pen", "签字笔", "筆", "Stift"),
    ("tape", "", "Tape measure", "卷尺", "捲尺", "Maßband"),
    ("slides", "", "USB stick with the company slides", "存有公司介绍的U盘", "存有公司簡報的隨身碟", "USB-Stick mit der Firmenpräsentation"),
    ("pictures", "", "Product pictures and reference projects", "产品图片和工程案例", "產品圖片與實績案例", "Produktbilder und Referenzprojekte"),
    ("calculator", "", "Calculator", "计算器", "計算機", "Taschenrechner"),
    ("notebook", "", "Notebook", "笔记本", "筆記本", "Notizbuch"),
    ("catalogues", "", "All catalogues", "全套产品目录", "全套產品目錄", "Alle Kataloge"),
    ("letters", "", "Letters of praise and certificates", "表扬信和证书", "感謝函與證書", "Dankschreiben und Zertifikate"),
    ("samples", "samples", "The samples that were asked for", "客户要的样品", "客戶要求的樣品", "Die gewünschten Muster"),
    ("prices", "quote", "Price list and a prepared quote", "价目表和准备好的报价单", "價目表與備妥的報價單", "Preisliste und vorbereitetes Angebot"),
    ("laser", "measuring", "Laser measure and floor plan", "激光测距仪和平面图", "雷射測距儀與平面圖", "Laser-Entfernungsmesser und Grundriss"),
    ("references", "references", "List of reference projects nearby", "附近工程案例清单", "鄰近實績案例清單", "Liste der Referenzprojekte in der Nähe"),
    ("sheets", "technical", "Data sheets and test reports", "技术资料和检测报告", "技術資料與檢驗報告", "Datenblätter und Prüfberichte"),
]  # fmt: skip


def load() -> int:
    """The rules and the lines of the checklist; what exists stays as it is. Returns how many rows were added."""
    added = 0 if AppointmentPolicy.objects.exists() else 1
    AppointmentPolicy.current()
    known = set(PreparationRow.objects.values_list("code", flat=True))
    for place, (code, wish, english, simplified, traditional, german) in enumerate(VISIT_ROWS, start=1):
        if code not in known:
            added += 1
            PreparationRow.objects.create(
                code=code,
                wanted_for=wish,
                position=10 * place,
                text_en=english,
                text_zh_hans=simplified,
                text_zh_hant=traditional,
                text_de=german,
            )
    return added
