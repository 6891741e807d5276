"""Scripts for what goes wrong on the road: accident, breakdown, loss, delay, a quarrel at the gate."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

SCRIPTS = [
    Shipped("accident", "script", ("accident",), "accident crash police insurance 事故 保险 保險 Unfall Polizei Versicherung", (
        ("Accident on the road: people first, then the goods", """
**With the driver**

1. > Are you hurt? Is anybody hurt? Has the police been called?
2. Place, time, what happened, where the goods are now, photos. The driver admits nothing and signs nothing but the police report.
3. Tell the manager and the insurer at once; ask the carrier for a second vehicle.

**With the customer**, within the hour

> Good day {contact_name}, this is {my_name}. The vehicle with {number} has had an accident. We are looking after the people first. I cannot tell you yet what it means for your goods; I will call you again at two o'clock, even if I know nothing new.

Keep that hour. Then: what is whole, what is replaced, the new day. No word about guilt or money before the insurer has spoken.
"""),
        ("途中事故：先人后货", """
**对司机**

1. > 您受伤了吗？有人受伤吗？报警了吗？
2. 问清地点、时间、经过、货物现状，要求拍照。除交警文书外，司机不认责、不签字。
3. 立即报告经理和保险公司；请承运商安排第二辆车。

**对客户**（一小时内）

> {contact_name}，您好，我是{my_name}。运送{number}的车辆发生了事故，我们正先安顿人员。对您的货有多大影响目前还不清楚，两点整我再给您电话，即使没有新消息也会打。

说到做到。之后说明：哪些完好、哪些补发、新的日期。保险公司表态前，不谈责任和赔偿。
"""),
        ("途中事故：先人後貨", """
**對司機**

1. > 您受傷了嗎？有人受傷嗎？報警了嗎？
2. 問清地點、時間、經過、貨物現況，要求拍照。除警方文件外，司機不認責、不簽字。
3. 立即報告經理與保險公司；請承運商安排第二輛車。

**對客戶**（一小時內）

> {contact_name} 您好，我是{my_name}。運送{number}的車輛發生了事故，我們正先安頓人員。對您的貨有多大影響目前還不清楚，兩點整我再打給您，即使沒有新消息也會打。

說到做到。之後說明：哪些完好、哪些補出、新的日期。保險公司表態前，不談責任與賠償。
"""),
        ("Unfall unterwegs: erst die Menschen, dann die Ware", """
**Mit dem Fahrer**

1. > Sind Sie verletzt? Ist jemand verletzt? Ist die Polizei gerufen?
2. Ort, Zeit, Hergang, wo die Ware jetzt ist, Fotos. Der Fahrer gesteht nichts zu und unterschreibt nur den Polizeibericht.
3. Leitung und Versicherung sofort verständigen; den Spediteur um ein zweites Fahrzeug bitten.

**Mit dem Kunden**, innerhalb einer Stunde

> Guten Tag, {contact_name}, hier ist {my_name}. Das Fahrzeug mit {number} hatte einen Unfall. Wir kümmern uns zuerst um die Menschen. Was es für Ihre Ware bedeutet, weiß ich noch nicht; ich rufe Sie um 14 Uhr wieder an, auch wenn es nichts Neues gibt.

Diese Zeit halten. Danach: was heil ist, was ersetzt wird, der neue Tag. Kein Wort zu Schuld oder Geld, bevor die Versicherung gesprochen hat.
"""),
    )),
    Shipped("breakdown", "script", ("breakdown", "delay"), "breakdown repair replacement vehicle 抛锚 故障 換車 拋錨 Panne Ersatzfahrzeug", (
        ("Breakdown of the vehicle: one hour to decide", """
**With the driver**

1. > Where are you, are you standing safely, is the load dry and tight?
2. > Who repairs it, and when will they be there?

**Decide within the hour** with {carrier}: repair, or another vehicle. Will it be longer than the customer's unloading time allows, send another one.

**With the customer**

> Good day {contact_name}, the vehicle with {number} has broken down. Your goods are safe. Instead of {eta} we expect it at …; I will tell you again once it is rolling. Does the unloading still work for you then, or shall we agree on another time?

Change the expected arrival, note the reason, check in with the driver every two hours.
"""),
        ("车辆故障：一小时内作出决定", """
**对司机**

1. > 您在哪里？停得安全吗？货物防雨和绑扎都好吗？
2. > 谁来修？多久能到？

**一小时内与{carrier}决定**：维修还是换车。如果超过客户可卸货的时间，就换车。

**对客户**

> {contact_name}，您好，运送{number}的车辆出了故障，货物安全。原定{eta}到达，现在预计……到；车一动我马上告诉您。到时卸货方便吗？还是另约时间？

修改预计到达时间，注明原因，每两小时与司机联系一次。
"""),
        ("車輛故障：一小時內作出決定", """
**對司機**

1. > 您在哪裡？停得安全嗎？貨物防雨與綑綁都好嗎？
2. > 誰來修？多久能到？

**一小時內與{carrier}決定**：維修還是換車。如果超過客戶可卸貨的時間，就換車。

**對客戶**

> {contact_name} 您好，運送{number}的車輛發生故障，貨物安全。原定{eta}到達，現在預計……到；車一動我馬上告訴您。屆時卸貨方便嗎？還是另約時間？

修改預計到達時間，註明原因，每兩小時與司機聯繫一次。
"""),
        ("Panne des Fahrzeugs: eine Stunde bis zur Entscheidung", """
**Mit dem Fahrer**

1. > Wo sind Sie, stehen Sie sicher, ist die Ladung trocken und fest?
2. > Wer repariert, und wann ist er da?

**Innerhalb einer Stunde mit {carrier} entscheiden**: Reparatur oder anderes Fahrzeug. Dauert es länger, als der Kunde abladen kann, kommt ein anderes.

**Mit dem Kunden**

> Guten Tag, {contact_name}, das Fahrzeug mit {number} hat eine Panne. Ihre Ware ist sicher. Statt {eta} rechnen wir mit …; ich melde mich, sobald es wieder rollt. Passt das Abladen dann noch, oder vereinbaren wir eine andere Zeit?

Erwartete Ankunft ändern, Grund notieren, alle zwei Stunden beim Fahrer nachfragen.
"""),
    )),
    Shipped("loss", "script", ("loss",), "lost missing theft trace 丢失 失踪 遺失 verloren Diebstahl Nachforschung", (
        ("Goods lost: search, replace, keep them informed", """
1. **Search**: carrier, last scan, terminal, the neighbour's delivery. Give the carrier a written deadline of 24 hours, and report the claim the same day.
2. **Have a replacement checked** before you call: what is in stock, when can it be there?
3. **Call.**
   > Good day {contact_name}, a part of {number} has not been found for now. We are searching, and we do not let you wait for it: on … we can send it again, free of charge. Is that in time for you?
4. **Until it is solved, call every day** at the agreed hour.
5. Found after all? Agree whether it is delivered, returned or kept, before anybody drives.
"""),
        ("货物丢失：查找、补发、持续告知", """
1. **查找**：承运商、最后一次扫描、中转站、是否错送邻近客户。书面要求承运商 24 小时内答复，当天提出索赔。
2. **先查好补发**再打电话：有多少库存、何时能到？
3. **致电。**
   > {contact_name}，您好，{number}有一部分货暂时没有找到。我们正在查，同时不让您等：……可以免费补发。这个时间来得及吗？
4. **解决之前每天**在约定时间通报。
5. 后来找到了，先商定是送达、退回还是留用，再安排车辆。
"""),
        ("貨物遺失：查找、補出、持續告知", """
1. **查找**：承運商、最後一次掃描、轉運站、是否錯送鄰近客戶。書面要求承運商 24 小時內答覆，當天提出求償。
2. **先查好補出**再打電話：有多少庫存、何時能到？
3. **致電。**
   > {contact_name} 您好，{number}有一部分貨暫時沒有找到。我們正在查，同時不讓您等：……可以免費補出。這個時間來得及嗎？
4. **解決之前每天**在約定時間通報。
5. 後來找到了，先商定是送達、退回還是留用，再安排車輛。
"""),
        ("Ware verloren: suchen, ersetzen, auf dem Laufenden halten", """
1. **Suchen**: Spediteur, letzter Scan, Umschlag, Lieferung an den Nachbarn. Dem Spediteur schriftlich 24 Stunden setzen, den Schaden am selben Tag melden.
2. **Ersatz prüfen**, bevor Sie anrufen: Was ist am Lager, wann kann es da sein?
3. **Anrufen.**
   > Guten Tag, {contact_name}, ein Teil von {number} ist im Moment nicht auffindbar. Wir suchen, und Sie sollen nicht darauf warten: Am … können wir kostenlos nachliefern. Ist das rechtzeitig?
4. **Bis es gelöst ist, jeden Tag** zur vereinbarten Zeit melden.
5. Doch gefunden? Erst vereinbaren, ob geliefert, zurückgeholt oder behalten wird, dann fährt jemand.
"""),
    )),
    Shipped("gate-quarrel", "script", ("gate-quarrel",), "quarrel driver guard unloading waiting 争执 卸货 爭執 卸貨 Streit Wartezeit Abladen", (
        ("Quarrel at the gate: calm both sides, then solve one thing", """
1. **Driver first.**
   > Please stay in the vehicle and sign nothing. I am talking to the customer; I will call you back in ten minutes.
2. **Then the customer.**
   > Good day {contact_name}, I hear there is a disagreement at your gate about {number}. I am sorry. What does your colleague need so that unloading can begin?
   Let them finish. Do not defend the driver, do not accuse anybody.
3. **Name one step**: another gate, another hour, somebody who helps to unload, a person in charge who comes down.
4. **Tell the driver exactly that**, and stay on the line until it begins.
5. Waiting time and extra cost are settled afterwards, in the office, never at the gate. Note times and names.
"""),
        ("卸货现场争执：先让双方平静，再解决一件事", """
1. **先安抚司机。**
   > 请您留在车上，先不要签任何东西。我跟客户沟通，十分钟内回您电话。
2. **再联系客户。**
   > {contact_name}，您好，听说{number}在门口有些争执，很抱歉。您那边同事需要什么才能开始卸货？
   让对方说完。不替司机辩解，也不指责任何人。
3. **只定一个步骤**：换个门、换个时间、派人帮忙卸货、请负责人下来。
4. **把这一步原样告诉司机**，保持通话直到开始卸货。
5. 等待费和额外费用事后在办公室谈，不在门口谈。记下时间和人名。
"""),
        ("卸貨現場爭執：先讓雙方平靜，再解決一件事", """
1. **先安撫司機。**
   > 請您留在車上，先不要簽任何東西。我跟客戶溝通，十分鐘內回您電話。
2. **再聯絡客戶。**
   > {contact_name} 您好，聽說{number}在門口有些爭執，很抱歉。您那邊的同仁需要什麼才能開始卸貨？
   讓對方說完。不替司機辯解，也不指責任何人。
3. **只定一個步驟**：換個門、換個時間、派人協助卸貨、請負責人下來。
4. **把這一步原樣告訴司機**，保持通話直到開始卸貨。
5. 等待費與額外費用事後在辦公室談，不在門口談。記下時間與人名。
"""),
        ("Streit am Tor: beide beruhigen, dann eines lösen", """
1. **Zuerst der Fahrer.**
   > Bitte bleiben Sie im Fahrzeug und unterschreiben Sie nichts. Ich spreche mit dem Kunden und rufe Sie in zehn Minuten zurück.
2. **Dann der Kunde.**
   > Guten Tag, {contact_name}, ich höre, an Ihrem Tor gibt es Streit um {number}. Das tut mir leid. Was braucht Ihr Kollege, damit abgeladen werden kann?
   Ausreden lassen. Den Fahrer nicht verteidigen, niemanden beschuldigen.
3. **Einen Schritt nennen**: anderes Tor, andere Uhrzeit, Hilfe beim Abladen, jemand Verantwortliches kommt dazu.
4. **Genau das dem Fahrer sagen** und in der Leitung bleiben, bis es losgeht.
5. Wartezeit und Mehrkosten werden später im Büro geklärt, nie am Tor. Zeiten und Namen notieren.
"""),
    )),
    Shipped("delay", "script", ("delay",), "delay late eta contingency 延误 延誤 Verspätung Verzug", (
        ("Delay on the way: the customer hears it first from us", """
1. **Before you call**: where is it, why, the new arrival, how sure is that?
2. **Call, do not write.**
   > Good day {contact_name}, {number} will be later than promised. We now expect it on {eta}. The reason is … I am sorry.
3. **Ask what it does to them.**
   > What waits for it on your side? Does it help if a part comes first?
4. **Say when you call again**, and do it, even without news.
5. More than 48 hours over the arrival: the contingency plan begins. Replacement, another way of transport, or a partial delivery; the manager decides today.
"""),
        ("运输延误：让客户先从我们这里知道", """
1. **打电话之前**弄清：货在哪里、原因、新的到达时间、把握多大。
2. **打电话，不要只发信息。**
   > {contact_name}，您好，{number}会比约定时间晚到，现在预计{eta}到达，原因是……，非常抱歉。
3. **询问影响。**
   > 您那边有什么在等这批货？先到一部分有帮助吗？
4. **说好下次通报时间**并做到，没有新消息也要打。
5. 超过预计到达 48 小时，启动应急预案：补发、改换运输方式或分批送达，由经理当天决定。
"""),
        ("運輸延誤：讓客戶先從我們這裡知道", """
1. **打電話之前**弄清：貨在哪裡、原因、新的到達時間、把握多大。
2. **打電話，不要只傳訊息。**
   > {contact_name} 您好，{number}會比約定時間晚到，現在預計{eta}到達，原因是……，非常抱歉。
3. **詢問影響。**
   > 您那邊有什麼在等這批貨？先到一部分有幫助嗎？
4. **說好下次通報時間**並做到，沒有新消息也要打。
5. 超過預計到達 48 小時，啟動應變計畫：補出、改換運輸方式或分批送達，由經理當天決定。
"""),
        ("Verspätung unterwegs: Der Kunde hört es zuerst von uns", """
1. **Vor dem Anruf**: Wo ist die Ware, warum, neue Ankunft, wie sicher ist das?
2. **Anrufen, nicht schreiben.**
   > Guten Tag, {contact_name}, {number} kommt später als zugesagt. Wir rechnen jetzt mit {eta}. Der Grund ist … Das tut mir leid.
3. **Nach den Folgen fragen.**
   > Was wartet bei Ihnen darauf? Hilft es, wenn ein Teil vorher kommt?
4. **Sagen, wann Sie sich wieder melden**, und es tun, auch ohne Neues.
5. Mehr als 48 Stunden über der Ankunft: Der Notfallplan beginnt. Ersatz, anderer Transportweg oder Teillieferung; die Leitung entscheidet heute.
"""),
    )),
]  # fmt: skip
