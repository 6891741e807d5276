"""What people write before the sale, in their own languages. Data, not interface: nothing here is translated."""

from __future__ import annotations

# language -> (subject, text); {product}, {quantity} with its unit, {place}, {company}
FLOOR_INQUIRIES: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("Price for {product}, {quantity}", "Hello,\n\nplease quote {quantity} of {product}, CIF {place}. We need the goods on the road within eight weeks. Which wear layer do you have in stock, and can you print our brand on the boxes?\n\nKind regards"),
        ("{product} for our autumn programme", "Good morning,\n\nwe would like to list {product} in our next catalogue and start with {quantity}. Please send your best CIF {place} price, lead time, and two sample boards by courier.\n\nBest regards"),
        ("Replacement for our present supplier", "Dear team,\n\nour present supplier cannot keep dates any more. Could you deliver {quantity} of {product} to {place}, and with which certificates (FloorScore, CE, REACH)?\n\nThank you"),
        ("Availability of {product}", "Hi,\n\na contractor asks us for {quantity} of {product}. When could it ship, and what would it cost CIF {place}? We decide this week.\n\nRegards"),
    ],
    "de": [
        ("Anfrage {product}, {quantity}", "Guten Tag,\n\nbitte bieten Sie uns {quantity} {product} CIF {place} an. Wir benötigen die Leistungserklärung nach EN 14041 und den Nachweis der Emissionsklasse. Wie lang ist die Lieferzeit ab Auftrag?\n\nMit freundlichen Grüßen"),
        ("{product} für ein Hotelprojekt", "Sehr geehrte Damen und Herren,\n\nfür ein Hotel mit 140 Zimmern suchen wir {quantity} {product}. Bitte nennen Sie uns Preis CIF {place}, Verfügbarkeit und Mindestmenge je Dekor.\n\nFreundliche Grüße"),
        ("Nachbestellung und neuer Preis", "Hallo zusammen,\n\nwir möchten {quantity} {product} nachbestellen. Gilt der Preis vom letzten Mal noch? Lieferung bitte wieder nach {place}.\n\nViele Grüße"),
    ],
    "zh-hans": [
        ("询价：{product}，{quantity}", "您好：\n\n我们有一个项目需要{product}，数量约{quantity}，请报含运费到{place}的价格，并说明耐磨层厚度、防火等级和交货期。能否先寄两块样板？\n\n谢谢！"),
        ("{product}长期采购", "贵司您好：\n\n我们计划长期采购{product}，首批{quantity}，送到{place}。请提供价格、检测报告和付款方式。\n\n期待回复。"),
    ],
    "zh-hant": [
        ("詢價：{product}，{quantity}", "您好：\n\n敝公司需要{product}，數量約{quantity}，請報 CIF {place} 價格，並告知交期與最小訂量。另請提供 SGS 檢驗報告。\n\n謝謝您！"),
        ("{product}樣品與報價", "您好：\n\n客戶指定{product}，預計{quantity}。煩請先寄樣品，並報到{place}的價格。包裝上可否印我們的商標？\n\n敬祝 商祺"),
    ],
}  # fmt: skip
PARTITION_INQUIRIES: dict[str, list[tuple[str, str]]] = {
    "en": [
        ("Office partitions, {quantity}", "Hello,\n\nwe are fitting out two office floors and need {quantity} of {product}. Drawings attached to follow. Please quote CIF {place} and tell us whether you can send a fitter for the first week.\n\nKind regards"),
        ("Meeting rooms: {product}", "Good afternoon,\n\nour client wants eight meeting rooms in {product}, {quantity} in total. Which sound insulation do you guarantee, and how long is production?\n\nThanks"),
    ],
    "de": [
        ("Bürotrennwände, {quantity}", "Guten Tag,\n\nfür den Umbau einer Etage benötigen wir {quantity} {product}. Bitte bieten Sie CIF {place} an und nennen Sie das Schalldämmmaß mit Prüfzeugnis.\n\nMit freundlichen Grüßen"),
    ],
    "zh-hans": [
        ("办公隔断询价：{product}", "您好：\n\n我司办公室装修，需要{product}约{quantity}，地点在{place}。请安排测量并报价，工期要求 45 天内完工。\n\n谢谢！"),
        ("会议室隔断，{quantity}", "您好：\n\n客户的会议室需要{product}，约{quantity}。请问隔音指标是多少？是否包安装？请报到{place}的价格。"),
    ],
    "zh-hant": [
        ("辦公隔間詢價：{product}", "您好：\n\n客戶辦公室整修，需要{product}約{quantity}，地點在{place}。請報價並提供隔音數據與施工說明。\n\n謝謝！"),
    ],
}  # fmt: skip
# language -> (subject, text); {name}, {product}, {days}
ANSWERS = {
    "en": ("Re: {subject}", "Dear {name},\n\nthank you for your inquiry. {product} is available; production takes about {days} days after confirmation. You will have our CIF quotation with the full cost breakdown within two working days, and samples go out by courier today.\n\nKind regards\nNanling Surfaces"),
    "de": ("Re: {subject}", "Guten Tag {name},\n\nvielen Dank für Ihre Anfrage. {product} können wir liefern, die Fertigung dauert etwa {days} Tage nach Bestätigung. Das CIF-Angebot mit allen Kosten erhalten Sie innerhalb von zwei Arbeitstagen, Muster gehen heute per Kurier an Sie.\n\nMit freundlichen Grüßen\nNanling Surfaces"),
    "zh-hans": ("回复：{subject}", "{name}，您好！\n\n感谢您的询价。{product}可以供货，确认后生产周期约 {days} 天。含费用明细的报价单将在两个工作日内发给您，样板今天寄出。\n\n顺祝商祺\nNanling Surfaces"),
    "zh-hant": ("回覆：{subject}", "{name}，您好！\n\n感謝您的詢價。{product}可以供貨，確認後生產約需 {days} 天。含費用明細的報價單將於兩個工作天內寄上，樣品今天寄出。\n\n敬祝 商祺\nNanling Surfaces"),
}  # fmt: skip
# the opening words of a quote
INTROS = {
    "en": "Thank you for your interest. We are pleased to offer as follows.",
    "de": "Vielen Dank für Ihr Interesse. Gern bieten wir Ihnen wie folgt an.",
    "zh-hans": "感谢您的关注，现报价如下。",
    "zh-hant": "感謝您的關注，茲報價如下。",
}
TERMS = {
    "en": "30 % deposit with the order, balance against copy of the bill of lading. Production 25 days after deposit.",
    "de": "30 % Anzahlung bei Auftrag, Rest gegen Kopie des Konnossements. Fertigung 25 Tage nach Eingang der Anzahlung.",
    "zh-hans": "下单付 30% 定金，余款见提单副本付清。收到定金后 25 天交货。",
    "zh-hant": "下單付 30% 訂金，餘款見提單副本付清。收到訂金後 25 天交貨。",
}
DECLINED = {
    "en": ["We went with a supplier who has stock in Europe.", "The price is above our budget for this year."],
    "de": ["Der Mitbewerber liefert drei Wochen früher.", "Das Projekt wurde verschoben."],
    "zh-hans": ["价格超出预算。", "项目暂停。"],
    "zh-hant": ["價格超出預算。", "業主改用其他材質。"],
}
LOST = {
    "en": ["The project was put off until next year.", "The customer chose a supplier nearby."],
    "de": ["Das Projekt wurde auf nächstes Jahr verschoben.", "Der Kunde hat vor Ort gekauft."],
    "zh-hans": ["项目推迟到明年。", "客户选择了本地供应商。"],
    "zh-hant": ["專案延到明年。", "客戶選擇了當地供應商。"],
}
SPAM = [
    ("Boost your ranking on the first page", "Dear Sir or Madam, we guarantee first page results within 14 days. Reply for our price list."),
    ("Business proposal", "Greetings, I represent an investor who wishes to place 12 million in your country. Contact me in private."),
]  # fmt: skip
NOTES = [
    "Credit insurance covers this customer up to USD 180,000.",
    "Asked for FSC cartons next time; purchasing is checking the price.",
    "Prefers to be called in the morning, local time.",
    "客户要求唛头用英文，尺寸 30 × 20 cm。",
    "Muster Eiche und Nussbaum liegen im Showroom in Hamburg.",
    "客戶希望改為每兩週通報一次進度。",
    "Forwarder confirms space on the next two vessels.",
    "样板已寄出，单号已发给客户。",
]
