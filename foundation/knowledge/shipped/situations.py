"""The situations for which the house ships scripts: code, room, and names in the order of the columns."""

from __future__ import annotations

SITUATIONS: list[tuple[str, str, tuple[str, str, str, str]]] = [
    ("incoming-call", "call", ("A call comes in", "来电", "來電", "Ein Anruf kommt herein")),
    ("outgoing-call", "call", ("We call a customer", "致电客户", "致電客戶", "Wir rufen einen Kunden an")),
    ("completion-call", "call", ("Callback after completion", "完工回访", "完工回訪", "Rückruf nach Abschluss")),
    ("angry-customer", "call", ("An upset customer", "客户情绪激动", "客戶情緒激動", "Ein aufgebrachter Kunde")),
    ("inquiry", "sales", ("An inquiry", "询盘", "詢盤", "Eine Anfrage")),
    ("price", "sales", ("A question about the price", "询问价格", "詢問價格", "Eine Frage nach dem Preis")),
    ("showroom", "sales", ("Visitors in the showroom", "展厅接待", "展廳接待", "Besuch im Showroom")),
    ("short-stock", "shipment", ("Short stock", "库存不足", "庫存不足", "Zu wenig Bestand")),
    ("wrong-unit", "shipment", ("Wrong unit", "计量单位有误", "計量單位有誤", "Falsche Einheit")),
    ("unpaid", "shipment", ("Not paid yet", "款项未到", "款項未到", "Noch nicht bezahlt")),
    ("late-change", "shipment", ("Change after confirmation", "确认后变更", "確認後變更", "Änderung nach der Bestätigung")),
    ("special-loading", "shipment", ("Special loading or packing", "特殊装车或包装", "特殊裝車或包裝", "Besondere Verladung oder Verpackung")),
    ("accident", "shipment", ("Accident on the road", "途中事故", "途中事故", "Unfall unterwegs")),
    ("breakdown", "shipment", ("Breakdown of the vehicle", "车辆故障", "車輛故障", "Panne des Fahrzeugs")),
    ("loss", "shipment", ("Goods lost", "货物丢失", "貨物遺失", "Ware verloren")),
    ("gate-quarrel", "shipment", ("Quarrel at the gate", "卸货现场争执", "卸貨現場爭執", "Streit am Tor")),
    ("short-delivered", "shipment", ("Delivered short", "到货短少", "到貨短少", "Zu wenig geliefert")),
    ("damaged", "shipment", ("Delivered damaged", "到货破损", "到貨破損", "Beschädigt geliefert")),
    ("refused", "shipment", ("Delivery refused", "客户拒收", "客戶拒收", "Annahme verweigert")),
    ("unreadable-papers", "shipment", ("Papers cannot be read", "单据无法辨认", "單據無法辨認", "Papiere unleserlich")),
    ("pod-overdue", "shipment", ("Proof of delivery overdue", "签收单逾期未回", "簽收單逾期未回", "Ablieferbeleg überfällig")),
    ("delay", "shipment", ("Delay on the way", "运输延误", "運輸延誤", "Verspätung unterwegs")),
    ("complaint", "service", ("A complaint", "投诉", "客訴", "Eine Reklamation")),
    ("quality", "service", ("Doubts about the quality", "质量问题", "品質問題", "Zweifel an der Qualität")),
    ("installation", "service", ("Trouble with the installation", "安装问题", "安裝問題", "Schwierigkeiten beim Einbau")),
    ("our-service", "service", ("Dissatisfied with our service", "对服务不满意", "對服務不滿意", "Unzufrieden mit unserem Service")),
    ("career", "house", ("Learning and career", "学习与成长", "學習與成長", "Lernen und Laufbahn")),
]  # fmt: skip
