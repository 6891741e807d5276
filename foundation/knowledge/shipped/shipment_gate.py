"""Scripts for what goes wrong at the customer's: short, damaged, refused, unreadable papers, a proof of delivery that is missing."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

SCRIPTS = [
    Shipped("short-delivered", "script", ("short-delivered",), "short missing quantity 少货 短少 Fehlmenge zu wenig", (
        ("Delivered short: count together, replace without argument", """
1. **Thank them for telling, then count together.**
   > Thank you for calling at once, {contact_name}. So that I do it right: how many packages came, which labels are on them, and what do the papers say?
2. **Ask for three photos**: the whole delivery, the labels, the delivery note with the remark. The remark belongs on the note before anybody signs.
3. **Compare** with the loading photos and the packing list of {number} while they are on the phone.
4. **Promise what you can do now.**
   > The missing boxes leave us on … You need not prove anything more today.
5. Note quantity and reason; report to the carrier on the same day. Who was wrong is settled with the carrier, not with the customer.
"""),
        ("到货短少：一起清点，先补货不争论", """
1. **先感谢，再一起清点。**
   > {contact_name}，谢谢您马上告诉我们。为了处理准确，请问到了几件、标签上写的是什么、单据上是多少？
2. **请拍三张照片**：整批货、标签、写有备注的送货单。签字之前先在单上注明。
3. **通话时就核对**{number}的装车照片和装箱单。
4. **承诺现在就能做到的事。**
   > 缺的箱子我们……发出。今天您不需要再证明什么。
5. 记录数量和原因，当天通知承运商。责任与承运商厘清，不与客户争论。
"""),
        ("到貨短少：一起清點，先補貨不爭論", """
1. **先感謝，再一起清點。**
   > {contact_name}，謝謝您馬上告訴我們。為了處理準確，請問到了幾件、標籤上寫的是什麼、單據上是多少？
2. **請拍三張照片**：整批貨、標籤、寫有備註的送貨單。簽字之前先在單上註明。
3. **通話時就核對**{number}的裝車照片與裝箱單。
4. **承諾現在就能做到的事。**
   > 缺的箱子我們……出貨。今天您不需要再證明什麼。
5. 記錄數量與原因，當天通知承運商。責任與承運商釐清，不與客戶爭論。
"""),
        ("Zu wenig geliefert: gemeinsam zählen, ohne Streit ersetzen", """
1. **Danken, dann gemeinsam zählen.**
   > Danke, dass Sie gleich anrufen, {contact_name}. Damit ich es richtig mache: Wie viele Packstücke sind da, was steht auf den Etiketten, was in den Papieren?
2. **Um drei Fotos bitten**: die ganze Lieferung, die Etiketten, der Lieferschein mit Vermerk. Der Vermerk gehört vor der Unterschrift auf den Schein.
3. **Noch am Telefon vergleichen** mit den Ladefotos und der Packliste von {number}.
4. **Zusagen, was jetzt geht.**
   > Die fehlenden Kartons gehen am … bei uns ab. Heute müssen Sie nichts weiter nachweisen.
5. Menge und Grund notieren, noch am selben Tag dem Spediteur melden. Wer schuld war, klären wir mit dem Spediteur, nicht mit dem Kunden.
"""),
    )),
    Shipped("damaged", "script", ("damaged",), "damage broken wet transport 破损 受潮 破損 Schaden beschädigt nass", (
        ("Delivered damaged: secure, photograph, replace", """
1. **Be sorry first, ask afterwards.**
   > I am sorry, {contact_name}. Is anybody hurt, is anything unsafe? Then let us look at it together.
2. **Four things**, before anything is unpacked further: remark on the delivery note, photos of vehicle, package and piece, packing kept, damaged and whole pieces apart.
3. **What do they need for the next working day?** Only that decides whether we send today.
4. **Say the way**
   > I open a complaint for you now. You get a proposal within 24 hours: replacement, repair or a reduction, as you prefer.
5. Hidden damage is reported in writing within seven days. Never say “the carrier did that” before it is known.
"""),
        ("到货破损：保护现场、拍照、更换", """
1. **先表歉意，再询问。**
   > {contact_name}，非常抱歉。有人受伤吗？现场安全吗？我们一起来看一下。
2. **继续拆包前做四件事**：送货单注明；拍车辆、包装和破损处；保留包装；破损与完好分开放。
3. **问下一个工作日需要什么**，只有这一点决定是否今天补发。
4. **说明流程**
   > 我现在为您登记投诉，24 小时内给您方案：更换、修复或折让，由您选择。
5. 暗损须在七天内书面提出。情况未明之前，不说“这是承运商造成的”。
"""),
        ("到貨破損：保護現場、拍照、更換", """
1. **先表歉意，再詢問。**
   > {contact_name}，非常抱歉。有人受傷嗎？現場安全嗎？我們一起來看一下。
2. **繼續拆箱前做四件事**：送貨單註明；拍車輛、包裝與破損處；保留包裝；破損與完好分開放。
3. **問下一個工作日需要什麼**，只有這一點決定是否今天補出。
4. **說明流程**
   > 我現在為您登記客訴，24 小時內給您方案：更換、修復或折讓，由您選擇。
5. 暗損須在七天內以書面提出。情況未明之前，不說「這是承運商造成的」。
"""),
        ("Beschädigt geliefert: sichern, fotografieren, ersetzen", """
1. **Erst bedauern, dann fragen.**
   > Das tut mir leid, {contact_name}. Ist jemand verletzt, ist etwas unsicher? Dann sehen wir es uns gemeinsam an.
2. **Vier Dinge**, bevor weiter ausgepackt wird: Vermerk auf dem Lieferschein, Fotos von Fahrzeug, Verpackung und Stück, Verpackung aufheben, Beschädigtes und Heiles trennen.
3. **Was brauchen sie am nächsten Arbeitstag?** Nur das entscheidet, ob wir heute nachliefern.
4. **Den Weg nennen**
   > Ich lege jetzt eine Reklamation für Sie an. Binnen 24 Stunden haben Sie einen Vorschlag: Ersatz, Reparatur oder Nachlass, wie Sie möchten.
5. Verdeckte Schäden werden binnen sieben Tagen schriftlich gemeldet. Nie „das war der Spediteur“ sagen, bevor es feststeht.
"""),
    )),
    Shipped("refused", "script", ("refused",), "refused rejected return 拒收 退回 退貨 Annahmeverweigerung Rücksendung", (
        ("Delivery refused: find the reason before the vehicle leaves", """
1. **Ask the driver to wait fifteen minutes** and call the customer at once.
   > Good day {contact_name}, I hear that {number} is not being accepted. What is the reason?
2. **There are five usual ones**: not ordered, wrong day, no room, damaged, not agreed with the price. Each has its answer; do not discuss any before you know which it is.
3. **Offer two ways**, each with its cost: unload now and settle the rest afterwards, or deliver again on a fixed day, goods stored at our agent’s.
4. **If it stays a no**: reason, name and signature of whoever refuses on the delivery note; photo of it.
5. Nothing travels back before the office has said where to. Call the customer’s decision-maker the same day.
"""),
        ("客户拒收：车辆离开之前弄清原因", """
1. **请司机等十五分钟**，立即致电客户。
   > {contact_name}，您好，听说{number}没有签收，请问是什么原因？
2. **常见原因五种**：没有订、日期不对、没地方放、有破损、对价格有异议。弄清是哪一种之前不争论。
3. **给两个办法并说明费用**：先卸货、其余事后处理；或另定日期再送，货物暂存我方代理仓。
4. **仍然拒收**：在送货单上写明原因、拒收人姓名并签字，拍照。
5. 办公室没有指示之前，货物不得返运。当天联系客户的决策人。
"""),
        ("客戶拒收：車輛離開之前弄清原因", """
1. **請司機等十五分鐘**，立即致電客戶。
   > {contact_name} 您好，聽說{number}沒有簽收，請問是什麼原因？
2. **常見原因五種**：沒有訂、日期不對、沒地方放、有破損、對價格有異議。弄清是哪一種之前不爭論。
3. **給兩個辦法並說明費用**：先卸貨、其餘事後處理；或另定日期再送，貨物暫存我方代理倉。
4. **仍然拒收**：在送貨單上寫明原因、拒收人姓名並簽字，拍照。
5. 辦公室沒有指示之前，貨物不得回運。當天聯絡客戶的決策人。
"""),
        ("Annahme verweigert: den Grund finden, bevor das Fahrzeug fährt", """
1. **Den Fahrer um fünfzehn Minuten bitten** und sofort den Kunden anrufen.
   > Guten Tag, {contact_name}, ich höre, {number} wird nicht angenommen. Was ist der Grund?
2. **Fünf sind üblich**: nicht bestellt, falscher Tag, kein Platz, beschädigt, Preis strittig. Jeder hat seine Antwort; nicht diskutieren, bevor klar ist, welcher es ist.
3. **Zwei Wege mit ihren Kosten anbieten**: jetzt abladen und den Rest danach klären, oder an einem festen Tag erneut liefern, bis dahin Lager beim Agenten.
4. **Bleibt es beim Nein**: Grund, Name und Unterschrift auf den Lieferschein; Foto davon.
5. Nichts fährt zurück, bevor das Büro sagt, wohin. Am selben Tag die Person anrufen, die beim Kunden entscheidet.
"""),
    )),
    Shipped("unreadable-papers", "script", ("unreadable-papers",), "papers unreadable scan copy 单据 模糊 單據 Papiere unleserlich Scan", (
        ("Papers cannot be read: say exactly what is needed", """
1. **Look what is missing**: signature, name in capitals, date, quantity, stamp? Ask only for that.
2. **Call whoever sent it.**
   > Good day, this is {my_name} of {company_name}. Thank you for the papers of {number}. On the photo the signature and the date cannot be read. Could you take it once more: flat on a table, in daylight, all four corners in the picture?
3. **Help them**: send the address or the link for the upload along; a telephone is enough.
4. **Lost altogether?** Let the customer confirm in one sentence by email what was delivered when, and by whom it was signed for.
5. Ask again after 24 hours; after 48 hours the carrier’s office is called. {number} stays open until it can be read.
"""),
        ("单据无法辨认：明确说出需要什么", """
1. **先看缺什么**：签字、正楷姓名、日期、数量还是印章？只补所缺。
2. **联系发送人。**
   > 您好，我是{company_name}的{my_name}。谢谢您发来{number}的单据，照片上签字和日期看不清。麻烦再拍一张：平放桌上、光线充足、四角都在画面里，可以吗？
3. **提供方便**：同时把上传地址或链接发过去，用手机即可。
4. **原件遗失？** 请客户用一句话邮件确认：何时送达什么、由谁签收。
5. 24 小时后再催；48 小时后联系承运商办公室。单据清晰之前{number}不结案。
"""),
        ("單據無法辨認：明確說出需要什麼", """
1. **先看缺什麼**：簽字、正楷姓名、日期、數量還是印章？只補所缺。
2. **聯絡傳送人。**
   > 您好，我是{company_name}的{my_name}。謝謝您傳來{number}的單據，照片上簽字與日期看不清。麻煩再拍一張：平放桌上、光線充足、四角都在畫面裡，可以嗎？
3. **提供方便**：同時把上傳網址或連結傳過去，用手機即可。
4. **正本遺失？** 請客戶用一句話郵件確認：何時送達什麼、由誰簽收。
5. 24 小時後再催；48 小時後聯絡承運商辦公室。單據清晰之前{number}不結案。
"""),
        ("Papiere unleserlich: genau sagen, was gebraucht wird", """
1. **Nachsehen, was fehlt**: Unterschrift, Name in Druckschrift, Datum, Menge, Stempel? Nur darum bitten.
2. **Den Absender anrufen.**
   > Guten Tag, hier ist {my_name} von {company_name}. Danke für die Papiere zu {number}. Auf dem Foto sind Unterschrift und Datum nicht zu lesen. Könnten Sie es noch einmal aufnehmen: flach auf dem Tisch, bei Tageslicht, alle vier Ecken im Bild?
3. **Helfen**: Adresse oder Link zum Hochladen gleich mitschicken; ein Telefon genügt.
4. **Ganz verloren?** Der Kunde bestätigt in einem Satz per E-Mail, was wann geliefert wurde und wer dafür unterschrieben hat.
5. Nach 24 Stunden nachfragen, nach 48 Stunden das Büro des Spediteurs anrufen. {number} bleibt offen, bis es lesbar ist.
"""),
    )),
    Shipped("pod-overdue", "script", ("pod-overdue",), "pod proof of delivery reminder carrier 签收单 回单 簽收單 Ablieferbeleg Ablieferquittung", (
        ("Proof of delivery overdue: three steps, then up", """
1. **Day 1, message** to {carrier}: number, day of delivery, what we need, until when.
   > For {number} the signed delivery note is missing. Please send a readable photo by tomorrow noon; the original can follow.
2. **Day 3, call** the dispatcher, not the driver.
   > Good day, this is {my_name} of {company_name}. Your invoice for {number} waits for one sheet of paper. Who has it, and when can I have it?
3. **Day 5, ask the customer** for a copy of theirs. Excuse yourself: it is our work, not theirs.
4. **Day 7, the manager** writes to the carrier. Settlement of this transport waits until the paper is archived.

Note every step on {number}; nothing closes without it.
"""),
        ("签收单逾期未回：三步之后上报", """
1. **第 1 天发信息**给{carrier}：单号、送达日期、需要什么、截止时间。
   > {number}的签收单还没有收到。请于明天中午前发一张清晰照片，原件可后补。
2. **第 3 天打电话**给调度，不找司机。
   > 您好，我是{company_name}的{my_name}。贵方{number}的结算只差这一张单。请问单在谁手里、什么时候能给我？
3. **第 5 天请客户**提供留存联复印件，并说明这是我们的工作，给对方添麻烦了。
4. **第 7 天由经理**致函承运商。单据归档之前，该运单暂不结算。

每一步都记到{number}；没有签收单不结案。
"""),
        ("簽收單逾期未回：三步之後上報", """
1. **第 1 天傳訊息**給{carrier}：單號、送達日期、需要什麼、截止時間。
   > {number}的簽收單還沒有收到。請於明天中午前傳一張清晰照片，正本可後補。
2. **第 3 天打電話**給調度，不找司機。
   > 您好，我是{company_name}的{my_name}。貴公司{number}的結算只差這一張單。請問單在誰手裡、什麼時候能給我？
3. **第 5 天請客戶**提供留存聯影本，並說明這是我們的工作，給對方添麻煩了。
4. **第 7 天由經理**致函承運商。單據歸檔之前，該運單暫不結算。

每一步都記到{number}；沒有簽收單不結案。
"""),
        ("Ablieferbeleg überfällig: drei Schritte, dann nach oben", """
1. **Tag 1, Nachricht** an {carrier}: Nummer, Tag der Lieferung, was wir brauchen, bis wann.
   > Zu {number} fehlt der unterschriebene Lieferschein. Bitte senden Sie bis morgen Mittag ein lesbares Foto; das Original kann folgen.
2. **Tag 3, Anruf** in der Disposition, nicht beim Fahrer.
   > Guten Tag, hier ist {my_name} von {company_name}. Ihre Rechnung zu {number} wartet auf ein Blatt Papier. Wer hat es, und wann bekomme ich es?
3. **Tag 5, den Kunden** um eine Kopie seines Exemplars bitten, mit einer Entschuldigung: Es ist unsere Arbeit, nicht seine.
4. **Tag 7, die Leitung** schreibt dem Spediteur. Dieser Transport wird erst abgerechnet, wenn der Beleg abgelegt ist.

Jeden Schritt bei {number} notieren; ohne Beleg wird nichts geschlossen.
"""),
    )),
]  # fmt: skip
