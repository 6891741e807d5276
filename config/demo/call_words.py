"""What customers of the demo company said on the telephone, by language."""

from __future__ import annotations

# About a coming project.
PROJECTS = {
    "en": [
        "A second office floor in Leeds, 900 m² of SPC, needed by the end of March.",
        "A show flat, 180 m², glass partitions.",
    ],
    "de": [
        "Neues Bürogebäude in Kassel, etwa 1.400 m², Baubeginn im Frühjahr.",
        "Umbau eines Ladens, 220 m² Vinylboden.",
    ],
    "zh-hans": ["新办公楼三楼，约 1200 平方米，明年三月装修。", "样板间 160 平方米，要双玻隔断。"],
    "zh-hant": ["台中新展示間，約 600 平方公尺，明年第一季。", "飯店走道更新，約 900 平方公尺。"],
}
SUGGESTIONS = {
    "en": ["Cartons marked in English, please.", "Tell us earlier when a delivery moves."],
    "de": ["Bitte die Liefertermine früher bestätigen.", "Die Montageanleitung auf Deutsch beilegen."],
    "zh-hans": ["希望送货前一天再确认一次时间。", "包装可以再结实一些。"],
    "zh-hant": ["希望交貨前一天再確認時間。", "外箱可以再牢固一點。"],
}
FAULTS = {
    "en": "Two boards had chipped corners.",
    "de": "Bei zwei Dielen waren die Ecken abgeplatzt.",
    "zh-hans": "有两块板的边角磕坏了。",
    "zh-hant": "有兩片板材的邊角碰壞了。",
}
REMARKS = {
    "en": "Friendly; prefers to be called before lunch.",
    "de": "Freundlich, möchte am Vormittag angerufen werden.",
    "zh-hans": "很客气，希望上午联系。",
    "zh-hant": "很客氣，希望上午聯繫。",
}
# Why somebody is called, by the caller's language: every quarter, after a delivery.
REASONS = {
    "en": ["Quarterly callback", "Callback after delivery"],
    "de": ["Rückruf im Quartal", "Rückruf nach der Lieferung"],
    "zh-hans": ["季度回访", "交货后回访"],
    "zh-hant": ["季度回訪", "交貨後回訪"],
}
