"""What people say and write after the sale, in their own languages. Data, not interface: nothing here is translated."""

from __future__ import annotations

# kind of complaint -> language -> (subject, description, defect)
COMPLAINTS: dict[str, dict[str, tuple[str, str, str]]] = {
    "damage": {
        "en": ("Broken corners on two pallets", "Two of the pallets arrived with broken corners, about 34 boxes cannot be sold. The film was torn and the edge protectors were missing. Photos were taken before unloading.", "Broken corners"),
        "de": ("Transportschaden an drei Paletten", "Drei Paletten sind mit eingedrückten Ecken angekommen, rund 40 Pakete sind nicht verkäuflich. Die Kantenschützer fehlten. Der Schaden steht auf dem Ablieferbeleg.", "Eingedrückte Ecken"),
        "zh-hans": ("玻璃到货破损", "今天卸货时发现 3 块玻璃破损，木箱底部有受潮痕迹。现场等着安装，请尽快补发。", "玻璃破损"),
        "zh-hant": ("棧板邊角破損", "到貨兩板邊角破損，約 30 箱無法銷售，拆櫃時已拍照存證，請協助處理。", "邊角破損"),
    },
    "quality": {
        "en": ("Click joints do not close", "On one batch the long side does not lock; the fitters had to stop after 60 square metres. It is the batch from the second container.", "Joint does not lock"),
        "de": ("Farbunterschied zwischen zwei Chargen", "Die Dielen aus den beiden Chargen unterscheiden sich deutlich im Farbton, auf der verlegten Fläche ist eine Kante zu sehen. Der Bauherr verlangt Abhilfe.", "Farbabweichung"),
        "zh-hans": ("地板锁扣开裂", "安装过程中发现部分锁扣开裂，比例约 3%，已停工，请派技术人员到现场查看。", "锁扣开裂"),
        "zh-hant": ("同一批貨色差明顯", "兩箱花色差異明顯，鋪設後一眼可見，業主要求更換，請儘速回覆。", "色差"),
    },
    "shortage": {
        "en": ("Skirting is missing", "The packing list says 120 lengths of skirting, we counted 96. Please send the rest, the site is waiting.", ""),
        "de": ("Fehlmenge Sockelleisten", "Laut Packliste 150 Leisten, geliefert wurden 118. Bitte nachliefern, die Baustelle steht.", ""),
        "zh-hans": ("五金配件少发", "清单上门锁 12 套，实收 9 套，请补发并告知快递单号。", ""),
        "zh-hant": ("收邊條短少", "裝箱單列 80 支，實收 62 支，請補寄。", ""),
    },
    "installation": {
        "en": ("Sliding door drags", "The door of meeting room 3 drags on the floor since Monday. Our people cannot adjust it.", "Door drags"),
        "de": ("Tür schleift", "Die Glastür im Besprechungsraum 2 schleift seit der Montage am Boden und lässt sich nicht einstellen.", "Tür schleift"),
        "zh-hans": ("隔断漏音", "董事会议室隔断与吊顶之间漏音，隔壁能听到说话声，请安排师傅上门处理。", "漏音"),
        "zh-hant": ("玻璃門無法閉合", "會議室玻璃門下垂無法閉合，影響使用，請派員調整。", "門扇下垂"),
    },
    "delay": {
        "en": ("Container is late again", "The vessel was due ten days ago and nobody told us. We had to put off the fitters. What happened, and when will it arrive?", ""),
        "de": ("Lieferung schon wieder zu spät", "Der Container sollte vor zehn Tagen da sein, niemand hat uns informiert. Wir mussten die Verleger verschieben.", ""),
        "zh-hans": ("交货比合同晚了两周", "合同约定的交期已过两周，工地停工待料，请说明原因和确切到货时间。", ""),
        "zh-hant": ("船期一再延後", "船期延了兩次，我們無法向客戶交代，請說明原因並給確切日期。", ""),
    },
}  # fmt: skip
# kind of complaint -> (kind of solution, language -> (what is offered, what was done))
SOLUTIONS: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "damage": ("replacement", {
        "en": ("We replace the damaged goods free of charge; they leave with the next vessel. The carrier's insurer is informed.", "Replacement delivered and checked together with the customer; damaged boxes disposed of."),
        "de": ("Wir ersetzen die beschädigte Ware kostenlos, sie geht mit dem nächsten Schiff ab. Der Versicherer ist informiert.", "Ersatz geliefert und gemeinsam geprüft, beschädigte Pakete entsorgt."),
        "zh-hans": ("破损部分免费补发，三天内发出，费用由我司承担。", "补发货物已到现场安装完毕，客户签字确认。"),
        "zh-hant": ("破損部分免費補寄，隨下一櫃出貨，費用由我們負擔。", "補貨已到並點收，客戶簽名確認。"),
    }),
    "quality": ("replacement", {
        "en": ("The batch is replaced; our engineer has the samples in the laboratory and reports within a week.", "Batch replaced. Cause: worn profile cutter, changed on the line; inspection plan amended."),
        "de": ("Die Charge wird ersetzt; unser Techniker prüft die Muster im Labor und berichtet innerhalb einer Woche.", "Charge ersetzt. Ursache: Mischung zweier Drucklose; die Freigabe erfolgt jetzt je Auftrag."),
        "zh-hans": ("更换该批次，技术人员两天内到现场。", "已更换并重新安装。原因：锁扣刀具磨损，已更换刀具并加严检验。"),
        "zh-hant": ("更換該批貨品，並提供檢驗報告。", "已更換。原因為兩批印刷膜混用，已改為逐單放行。"),
    }),
    "shortage": ("replacement", {
        "en": ("The missing pieces go out by air today.", "Missing pieces delivered; the packing station now weighs every pallet."),
        "de": ("Die Fehlmenge geht heute per Luftfracht raus.", "Fehlmenge geliefert; jede Palette wird jetzt beim Packen gewogen."),
        "zh-hans": ("少发部分今天快递补发。", "已补齐并签收。"),
        "zh-hant": ("短少部分今天空運補寄。", "已補齊並簽收。"),
    }),
    "installation": ("repair", {
        "en": ("A fitter comes on Thursday morning and adjusts the door; parts are on his van.", "Floor spring replaced and door adjusted, works without noise."),
        "de": ("Ein Monteur kommt am Donnerstagvormittag und stellt die Tür ein, Ersatzteile hat er dabei.", "Bodentürschließer ersetzt und eingestellt, Tür läuft frei."),
        "zh-hans": ("安排师傅后天上午上门，加装密封条。", "已加装密封条并复测隔音，客户满意。"),
        "zh-hant": ("安排師傅後天上午到場調整門弓器。", "已更換門弓器並調整完成。"),
    }),
    "delay": ("discount", {
        "en": ("We are sorry. 3 % is taken off the invoice, and from now on you are told of every change of the schedule the same day.", "Credit note sent, goods received; alerts for schedule changes are on."),
        "de": ("Wir bitten um Entschuldigung. 3 % Nachlass auf die Rechnung, und jede Fahrplanänderung melden wir ab jetzt am selben Tag.", "Gutschrift gesendet, Ware eingetroffen."),
        "zh-hans": ("非常抱歉，本单给予 3% 折让，今后船期变动当天通知。", "折让已开，货物已到。"),
        "zh-hant": ("非常抱歉，本單折讓 3%，日後船期異動當天通知。", "折讓已開立，貨品已到。"),
    }),
}  # fmt: skip
# what the content say, and what the others say
PRAISE = {
    "en": ["Quick and honest. Please keep the same contact.", "Solved faster than we expected.", ""],
    "de": ["Schnell und unkompliziert gelöst, danke.", "Guter Kontakt, klare Aussagen.", ""],
    "zh-hans": ["处理及时，服务态度好。", "售后人员很专业。", ""],
    "zh-hant": ["處理迅速，謝謝。", "窗口說明很清楚。", ""],
}
SUGGESTIONS = {
    "en": ["The solution was good, the first answer could have come sooner.", "Send photos of the loading without being asked."],
    "de": ["Bitte künftig die Charge auf jedem Paket angeben.", "Die Ersatzlieferung hat zu lange gedauert."],
    "zh-hans": ["希望包装再加固一些。", "补发等了太久。"],
    "zh-hant": ["希望可以提早通知船期。", "補貨等太久。"],
}  # fmt: skip
# type, channel, result, language -> (subject, content, feedback)
RECORDS: list[tuple[str, str, str, dict[str, tuple[str, str, str]]]] = [
    ("presales_callback", "phone", "done", {
        "en": ("Quotation discussed", "Went through the quotation line by line; sent the test report for slip resistance.", "Price is fine, wants shorter lead time."),
        "de": ("Angebot besprochen", "Angebot Position für Position durchgesprochen, Prüfbericht Rutschhemmung nachgereicht.", "Preis passt, Lieferzeit soll kürzer werden."),
        "zh-hans": ("报价回访", "逐项沟通报价，补发防火检测报告。", "价格可以接受，希望交期再快一些。"),
        "zh-hant": ("報價回訪", "逐項說明報價，補寄防焰證明。", "價格可接受，希望縮短交期。"),
    }),
    ("completion_callback", "phone", "done", {
        "en": ("Call after delivery", "Asked about unloading, packing and papers.", "Everything complete, pallets dry and straight."),
        "de": ("Rückruf nach Lieferung", "Nach Entladung, Verpackung und Papieren gefragt.", "Alles vollständig, Paletten trocken."),
        "zh-hans": ("到货回访", "询问卸货、包装和单据情况。", "货物完好，单据齐全。"),
        "zh-hant": ("到貨回訪", "詢問卸貨、包裝與文件狀況。", "貨品完好，文件齊全。"),
    }),
    ("visit", "meeting", "done", {
        "en": ("Meeting at the customer's", "Presented the new herringbone collection and left two sample cases.", "Will show them to three contractors."),
        "de": ("Besuch beim Kunden", "Neue Fischgrät-Kollektion vorgestellt, zwei Musterkoffer dagelassen.", "Will sie drei Objekteuren zeigen."),
        "zh-hans": ("上门拜访", "介绍新款人字拼系列和静音舱，留下样板。", "下个项目会考虑。"),
        "zh-hant": ("拜訪客戶", "介紹新款人字拼系列，留下樣品。", "會推薦給設計師。"),
    }),
    ("greeting", "email", "done", {
        "en": ("Season's greetings", "Sent good wishes and the calendar of the factory holidays.", ""),
        "de": ("Grüße zum Jahreswechsel", "Gute Wünsche und den Kalender der Werksferien gesendet.", ""),
        "zh-hans": ("节日问候", "发送节日祝福和工厂放假安排。", ""),
        "zh-hant": ("節日問候", "寄送節日祝福與工廠休假安排。", ""),
    }),
    ("call", "phone", "not_reached", {
        "en": ("Tried to call about the forecast", "No answer, left a message.", ""),
        "de": ("Anruf wegen der Mengenplanung", "Nicht erreicht, Nachricht hinterlassen.", ""),
        "zh-hans": ("电话沟通季度计划", "未接通，已留言。", ""),
        "zh-hant": ("電話詢問季度計畫", "未接通，已留言。", ""),
    }),
]  # fmt: skip
NEXT_STEPS = {
    "en": [
        "Send the new price list",
        "Call about the forecast for next quarter",
        "Agree the date of the factory audit",
    ],
    "de": ["Neue Preisliste senden", "Mengenplanung nächstes Quartal besprechen", "Termin für Werksbesuch abstimmen"],
    "zh-hans": ["发送新价格表", "沟通下季度用量", "约定上门测量时间"],
    "zh-hant": ["寄送新價目表", "確認下季用量", "約定樣品確認時間"],
}


def fitting_kinds(sku: str, language: str) -> tuple[str, ...]:
    """The kinds of complaint whose words fit this product: floors and partitions fail in different ways."""
    is_wall = sku.startswith("PRT")
    if language == "zh-hans":
        return ("installation", "damage", "shortage", "delay") if is_wall else ("quality", "delay")
    return ("installation", "delay") if is_wall else ("damage", "quality", "shortage", "delay")
