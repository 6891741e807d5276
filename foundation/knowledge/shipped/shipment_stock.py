"""Scripts for what goes wrong before goods leave: stock, units, payment, changes, loading."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

SCRIPTS = [
    Shipped("short-stock", "script", ("short-stock",), "stock shortage backorder 缺货 欠货 缺貨 Lieferrückstand Fehlbestand", (
        ("Short stock: tell the customer before they ask", """
Have ready: what is there, what is missing, the day on which the rest is there, and what fits instead.

1. **Say it at once.**
   > Good day {contact_name}, this is {my_name} of {company_name}. About {number}: a part of it is not in stock as we had promised. I am sorry; you hear it from me first.
2. **Give a choice, not a problem.** Send what is there now and the rest on a fixed day, wait for all of it, or take an equal product.
   > Which of these keeps your site going?
3. **Repeat what was agreed**, with quantities and days. Promise no day that the warehouse has not confirmed.
4. **Note it** on {number}, change the promised day, and confirm in writing the same day.
"""),
        ("库存不足：在客户询问之前主动告知", """
事先准备：现有数量、缺少数量、补齐日期、可替代的产品。

1. **第一时间告知。**
   > {contact_name}，您好，我是{company_name}的{my_name}。关于{number}，有一部分货暂时不足，和之前答应您的不一致，非常抱歉，所以我先跟您说明。
2. **给选择，不要只给问题。** 现货先发、余货按确定日期补发；等齐后一起发；或改用同等产品。
   > 您看哪一种不影响现场施工？
3. **复述约定**，包括数量和日期。仓库没有确认的日期不要承诺。
4. **记录**到{number}，修改承诺日期，当天书面确认。
"""),
        ("庫存不足：在客戶詢問之前主動告知", """
事先準備：現有數量、缺少數量、補齊日期、可替代的產品。

1. **第一時間告知。**
   > {contact_name} 您好，我是{company_name}的{my_name}。關於{number}，有一部分貨暫時不足，與先前答應您的不同，非常抱歉，所以我先跟您說明。
2. **給選擇，不要只給問題。** 現貨先出、餘貨按確定日期補出；等齊後一起出；或改用同等產品。
   > 您看哪一種不影響現場施工？
3. **複述約定**，包括數量與日期。倉庫沒有確認的日期不要承諾。
4. **記錄**於{number}，修改承諾日期，當天以書面確認。
"""),
        ("Zu wenig Bestand: dem Kunden zuvorkommen", """
Bereithalten: was da ist, was fehlt, wann der Rest da ist, was stattdessen passt.

1. **Sofort sagen.**
   > Guten Tag, {contact_name}, hier ist {my_name} von {company_name}. Es geht um {number}: Ein Teil davon ist nicht wie zugesagt am Lager. Das tut mir leid, deshalb hören Sie es zuerst von mir.
2. **Eine Wahl anbieten, kein Problem.** Jetzt liefern, was da ist, und den Rest zum festen Termin; auf alles warten; oder ein gleichwertiges Produkt.
   > Womit läuft es auf Ihrer Baustelle weiter?
3. **Wiederholen, was vereinbart ist**, mit Mengen und Tagen. Kein Termin, den das Lager nicht bestätigt hat.
4. **Notieren** bei {number}, den zugesagten Termin ändern und noch am selben Tag schriftlich bestätigen.
"""),
    )),
    Shipped("wrong-unit", "script", ("wrong-unit",), "unit square metre box pallet 单位 平方米 箱 單位 Einheit Quadratmeter Karton", (
        ("Wrong unit: clear up what was meant", """
Boxes or square metres, pieces or pallets: stop the order until it is clear.

1. **Ask openly, blame nobody.**
   > Good day {contact_name}, before we load {number} I want to be sure of the quantity. May I ask how large the area is?
2. **Reckon together** from the area: waste, then whole boxes, then the weight. Say both numbers: “That makes 42 boxes, which cover 100.8 square metres.”
3. **Tell what it changes**: price, pallets, vehicle, day.
4. **Write it down in both units**, have the customer confirm it, and only then release {number}.
"""),
        ("计量单位有误：先弄清真实需求", """
箱还是平方米，件还是托盘：没有弄清之前先暂停订单。

1. **直接询问，不追究责任。**
   > {contact_name}，您好，{number}装车之前，我想再核对一下数量。请问铺装面积是多少？
2. **一起换算**：面积、损耗、整箱数、重量。两个数字都说出来：“合 42 箱，可铺 100.8 平方米。”
3. **说明影响**：价格、托盘、车型、日期。
4. **用两种单位写明**，请客户确认后再放行{number}。
"""),
        ("計量單位有誤：先弄清真實需求", """
箱還是平方公尺，件還是棧板：沒有弄清之前先暫停訂單。

1. **直接詢問，不追究責任。**
   > {contact_name} 您好，{number}裝車之前，我想再核對一次數量。請問鋪設面積是多少？
2. **一起換算**：面積、損耗、整箱數、重量。兩個數字都說出來：「合 42 箱，可鋪 100.8 平方公尺。」
3. **說明影響**：價格、棧板、車型、日期。
4. **以兩種單位寫明**，請客戶確認後再放行{number}。
"""),
        ("Falsche Einheit: klären, was gemeint war", """
Kartons oder Quadratmeter, Stück oder Paletten: Der Auftrag ruht, bis es klar ist.

1. **Offen fragen, ohne Vorwurf.**
   > Guten Tag, {contact_name}, bevor wir {number} verladen, möchte ich bei der Menge sichergehen. Wie groß ist die Fläche?
2. **Gemeinsam rechnen**: Fläche, Verschnitt, volle Kartons, Gewicht. Beide Zahlen nennen: „Das sind 42 Kartons für 100,8 Quadratmeter.“
3. **Sagen, was sich dadurch ändert**: Preis, Paletten, Fahrzeug, Tag.
4. **In beiden Einheiten festhalten**, bestätigen lassen und {number} erst dann freigeben.
"""),
    )),
    Shipped("unpaid", "script", ("unpaid",), "payment deposit balance reminder 付款 定金 尾款 訂金 Zahlung Anzahlung Mahnung", (
        ("Not paid yet: ask, do not accuse", """
Look first: what is due since when, has a receipt come in, does finance know something?

1. **Begin with the goods.**
   > Good day {contact_name}, the goods of {number} are ready. For loading we are still missing your payment. Has it been sent already?
2. **If yes:** ask for the bank slip and the day. **If no:** ask what it takes.
   > What do you need from us so that it can go out: another invoice, another account, another date?
3. **Say what follows, calmly**: loading begins once the money has arrived; until when the place on the vehicle is kept.
4. **Nobody loads without payment** unless a manager has agreed in writing. Note the promised day as a task.
"""),
        ("款项未到：询问，而不是指责", """
先查：应付什么、何时到期、是否已收到水单、财务是否知情。

1. **从货物说起。**
   > {contact_name}，您好，{number}的货已备好，装车前还差您这笔款项。请问款已经汇出了吗？
2. **已汇出：** 请对方发水单并说明日期。**未汇出：** 问需要我们配合什么。
   > 还需要我们提供什么，比如重开发票、更换账户或调整日期？
3. **平静地说明后续**：款到即装车；车位可保留到何时。
4. **未经经理书面同意，款未到不装车。** 把客户承诺的付款日记为任务。
"""),
        ("款項未到：詢問，而不是指責", """
先查：應付什麼、何時到期、是否已收到匯款單、財務是否知情。

1. **從貨物說起。**
   > {contact_name} 您好，{number}的貨已備妥，裝車前還差您這筆款項。請問款項已經匯出了嗎？
2. **已匯出：** 請對方傳匯款單並說明日期。**未匯出：** 問需要我們配合什麼。
   > 還需要我們提供什麼，例如重開發票、更換帳戶或調整日期？
3. **平靜地說明後續**：款到即裝車；車位可保留到何時。
4. **未經經理書面同意，款未到不裝車。** 把客戶承諾的付款日記為任務。
"""),
        ("Noch nicht bezahlt: fragen, nicht anklagen", """
Zuerst nachsehen: Was ist seit wann fällig, liegt ein Beleg vor, weiß die Buchhaltung etwas?

1. **Mit der Ware beginnen.**
   > Guten Tag, {contact_name}, die Ware zu {number} steht bereit. Zum Verladen fehlt uns noch Ihre Zahlung. Ist sie schon unterwegs?
2. **Wenn ja:** um den Bankbeleg und den Tag bitten. **Wenn nein:** fragen, was fehlt.
   > Was brauchen Sie von uns: eine neue Rechnung, ein anderes Konto, einen anderen Termin?
3. **Ruhig sagen, was folgt**: Verladen wird nach Geldeingang; bis wann der Platz auf dem Fahrzeug gehalten wird.
4. **Ohne Zahlung wird nicht verladen**, es sei denn, die Leitung hat schriftlich zugestimmt. Den zugesagten Tag als Aufgabe notieren.
"""),
    )),
    Shipped("late-change", "script", ("late-change",), "change order confirmed amendment 变更 改单 變更 改單 Änderung Auftragsänderung", (
        ("Change after confirmation: first the effect, then the yes", """
1. **Listen to the end and repeat it.**
   > I see: you need the lighter colour for the second floor, and the rest stays. Is that right?
2. **Promise nothing yet.**
   > I will check what that does to price and day, and call you back by four o'clock today.
3. **Find out** with production and warehouse: already made? already packed? what does it cost, when is it ready?
4. **Call back on time**, even if an answer is still missing. Name price, day, and what can no longer be changed.
5. **Have it confirmed in writing** before anybody acts on it; the old words of {number} hold until then.
"""),
        ("确认后变更：先说影响，再说同意", """
1. **听完并复述。**
   > 明白了：二层改用浅色，其余不变，对吗？
2. **先不承诺。**
   > 我核实一下对价格和日期的影响，今天下午四点前给您回电。
3. **与生产、仓库核实**：是否已生产、已包装？费用多少、何时能好？
4. **准时回电**，即使还缺一个答复。说明价格、日期，以及哪些已无法更改。
5. **书面确认后才能执行**；在此之前{number}仍以原内容为准。
"""),
        ("確認後變更：先說影響，再說同意", """
1. **聽完並複述。**
   > 明白了：二樓改用淺色，其餘不變，對嗎？
2. **先不承諾。**
   > 我核實一下對價格與日期的影響，今天下午四點前回電給您。
3. **與生產、倉庫核實**：是否已生產、已包裝？費用多少、何時能好？
4. **準時回電**，即使還缺一個答覆。說明價格、日期，以及哪些已無法更改。
5. **書面確認後才能執行**；在此之前{number}仍以原內容為準。
"""),
        ("Änderung nach der Bestätigung: erst die Folgen, dann das Ja", """
1. **Zu Ende zuhören und wiederholen.**
   > Verstanden: Im zweiten Stock kommt die hellere Farbe, alles andere bleibt. Richtig so?
2. **Noch nichts zusagen.**
   > Ich kläre, was das für Preis und Termin heißt, und rufe Sie heute bis 16 Uhr zurück.
3. **Bei Produktion und Lager fragen**: schon gefertigt, schon verpackt? Was kostet es, wann ist es fertig?
4. **Pünktlich zurückrufen**, auch wenn noch etwas offen ist. Preis, Tag und das nennen, was nicht mehr zu ändern ist.
5. **Schriftlich bestätigen lassen**, bevor jemand danach handelt; bis dahin gilt {number} wie vereinbart.
"""),
    )),
    Shipped("special-loading", "script", ("special-loading",), "loading packing crane tail lift crate 装车 包装 吊车 尾板 裝車 Verladung Kran Hebebühne Kiste", (
        ("Special loading or packing: ask five questions", """
> So that everything can be unloaded, may I ask you five things?

1. **Access:** how long may the vehicle be, is there a height or weight limit, are there closed hours?
2. **Unloading:** forklift, crane, tail lift, by hand? Who provides it, who pays?
3. **Packing:** pallets, crates, protection against rain, marking of each floor or room?
4. **People:** who is there, with which telephone number, from when to when?
5. **Proof:** photos of packing and loading wanted?

Repeat all five, write them on {number} for warehouse and carrier, and send the customer the photos when it has been loaded.
"""),
        ("特殊装车或包装：问清五件事", """
> 为了顺利卸货，想跟您确认五件事。

1. **进场：** 车长限制、限高限重、禁行时间？
2. **卸货：** 叉车、吊车、尾板还是人工？由谁安排、谁付费？
3. **包装：** 托盘、木箱、防雨、按楼层或房间做标记？
4. **人员：** 现场谁接、电话多少、几点到几点？
5. **凭证：** 是否需要包装和装车照片？

五项全部复述一遍，写进{number}给仓库和承运商；装好后把照片发给客户。
"""),
        ("特殊裝車或包裝：問清五件事", """
> 為了順利卸貨，想跟您確認五件事。

1. **進場：** 車長限制、限高限重、禁行時間？
2. **卸貨：** 堆高機、吊車、尾門還是人工？由誰安排、誰付費？
3. **包裝：** 棧板、木箱、防雨、依樓層或房間標示？
4. **人員：** 現場由誰接、電話多少、幾點到幾點？
5. **憑證：** 是否需要包裝與裝車照片？

五項全部複述一遍，寫進{number}給倉庫與承運商；裝好後把照片傳給客戶。
"""),
        ("Besondere Verladung oder Verpackung: fünf Fragen", """
> Damit alles gut abgeladen werden kann, darf ich fünf Dinge fragen?

1. **Zufahrt:** Wie lang darf das Fahrzeug sein, gibt es Höhen- oder Gewichtsgrenzen, Sperrzeiten?
2. **Abladen:** Stapler, Kran, Hebebühne, von Hand? Wer stellt es, wer bezahlt es?
3. **Verpackung:** Paletten, Kisten, Regenschutz, Kennzeichnung je Stockwerk oder Raum?
4. **Menschen:** Wer ist vor Ort, unter welcher Nummer, von wann bis wann?
5. **Nachweis:** Fotos von Verpackung und Verladung gewünscht?

Alle fünf wiederholen, bei {number} für Lager und Spediteur notieren, nach dem Verladen die Fotos senden.
"""),
    )),
]  # fmt: skip
