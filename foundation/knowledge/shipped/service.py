"""Scripts for the time after the sale: a complaint, doubts about the quality, trouble with the installation."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

SCRIPTS = [
    Shipped("complaint-received", "script", ("complaint", "our-service"), "complaint first call return exchange 投诉 客诉 退货 换货 客訴 退貨 換貨 Reklamation Beschwerde Umtausch Rückgabe", (
        ("A complaint: five minutes that decide", """
1. > Thank you for telling us, {contact_name}. I am sorry that something is wrong with {subject}. I am {my_name}, and I look after it.
2. **Ask**: what, where, since when, how much, has it been installed, what does it keep you from? Photos: one from afar, one close with a scale, one of the label.
3. **Read it back** in their own words.
4. **Say what happens**
   > Your complaint has a number, {number}. Within 24 hours you get a proposal. Until then please do not take anything out.
5. **No promise about guilt, no “that cannot be”.** Who is at fault is found out, not felt.
6. Open the complaint while you are on the phone; the clock runs from now.
"""),
        ("投诉：决定成败的五分钟", """
1. > {contact_name}，谢谢您告诉我们。{subject}出现问题，非常抱歉。我是{my_name}，由我负责处理。
2. **问清**：是什么、在哪里、从何时起、数量多少、是否已安装、影响了什么？照片：一张全景、一张带比例的近景、一张标签。
3. **用客户的原话复述。**
4. **说明后续**
   > 您的投诉编号是{number}，24 小时内给您方案。在此之前请先不要拆除。
5. **不承诺责任，也不说“不可能”。** 责任靠查明，不靠感觉。
6. 通话时就登记，时钟从现在开始计。
"""),
        ("客訴：決定成敗的五分鐘", """
1. > {contact_name}，謝謝您告訴我們。{subject}出現問題，非常抱歉。我是{my_name}，由我負責處理。
2. **問清**：是什麼、在哪裡、從何時起、數量多少、是否已安裝、影響了什麼？照片：一張全景、一張帶比例的近景、一張標籤。
3. **用客戶的原話複述。**
4. **說明後續**
   > 您的客訴編號是{number}，24 小時內給您方案。在此之前請先不要拆除。
5. **不承諾責任，也不說「不可能」。** 責任靠查明，不靠感覺。
6. 通話時就登記，時鐘從現在開始計。
"""),
        ("Eine Reklamation: fünf Minuten, die entscheiden", """
1. > Danke, dass Sie es uns sagen, {contact_name}. Es tut mir leid, dass mit „{subject}“ etwas nicht stimmt. Ich bin {my_name} und kümmere mich darum.
2. **Fragen**: was, wo, seit wann, wie viel, schon eingebaut, was hindert es? Fotos: eines von weitem, eines nah mit Maßstab, eines vom Etikett.
3. **In den Worten des Kunden zurücklesen.**
4. **Sagen, was geschieht**
   > Ihre Reklamation hat die Nummer {number}. Binnen 24 Stunden bekommen Sie einen Vorschlag. Bitte bauen Sie bis dahin nichts aus.
5. **Keine Zusage zur Schuld, kein „das kann nicht sein“.** Wer schuld ist, wird geklärt, nicht gefühlt.
6. Die Reklamation noch am Telefon anlegen; die Uhr läuft ab jetzt.
"""),
    )),
    Shipped("quality-doubt", "script", ("quality",), "quality colour shade batch defect 质量 色差 批次 品質 Qualität Farbton Charge", (
        ("Doubts about the quality: batch, light, sample", """
1. **Same batch?** Ask for the batch number on each label. Mixed batches explain most differences of shade.
2. **Same light?** Daylight, two metres away, standing. Ask for a photo beside the sample that was signed.
3. **Inside the limits?** Compare with the data sheet before you judge.
   > So that we measure the same thing: may I ask you for a piece, or shall a colleague come by?
4. **Already laid?** Stop, keep the rest, do not send a replacement of another batch.
5. Hand it to the technical department with batch, photos, area and day of laying. The customer hears daily where it stands.
"""),
        ("质量问题：批次、光线、样品", """
1. **同一批次吗？** 请对方报每张标签上的批号。色差多数因批次混用。
2. **同样光线吗？** 日光下、两米外、站立观察。请拍一张与封样并排的照片。
3. **在标准范围内吗？** 先对照技术资料再下判断。
   > 为了按同一标准检测，能否寄一块给我们，或者请同事上门看看？
4. **已经铺装？** 先停工，余料留存，不要补发其他批次。
5. 连同批号、照片、面积、铺装日期转技术部；每天向客户通报进展。
"""),
        ("品質問題：批次、光線、樣品", """
1. **同一批次嗎？** 請對方報每張標籤上的批號。色差多數因批次混用。
2. **同樣光線嗎？** 日光下、兩公尺外、站立觀察。請拍一張與封樣並排的照片。
3. **在標準範圍內嗎？** 先對照技術資料再下判斷。
   > 為了按同一標準檢測，能否寄一塊給我們，或者請同事到場看看？
4. **已經鋪設？** 先停工，餘料留存，不要補出其他批次。
5. 連同批號、照片、面積、鋪設日期轉技術部；每天向客戶通報進度。
"""),
        ("Zweifel an der Qualität: Charge, Licht, Muster", """
1. **Dieselbe Charge?** Die Chargennummer jedes Etiketts erfragen. Gemischte Chargen erklären die meisten Farbunterschiede.
2. **Dasselbe Licht?** Tageslicht, zwei Meter Abstand, im Stehen. Ein Foto neben dem unterschriebenen Muster erbitten.
3. **Innerhalb der Grenzen?** Erst mit dem Datenblatt vergleichen, dann urteilen.
   > Damit wir dasselbe messen: Schicken Sie mir ein Stück, oder soll jemand vorbeikommen?
4. **Schon verlegt?** Anhalten, den Rest aufheben, keinen Ersatz aus anderer Charge senden.
5. Mit Charge, Fotos, Fläche und Verlegetag an die Technik geben. Der Kunde hört täglich, wie es steht.
"""),
    )),
    Shipped("installation-trouble", "script", ("installation",), "installation laying fitter site 安装 铺装 安裝 鋪設 Einbau Verlegung Monteur", (
        ("Trouble with the installation: help first, cause later", """
1. **Is anything unsafe, is water or power involved?** Then stop and secure.
2. **Let them show you**, by video if possible: subfloor, humidity, gaps at the walls, tools, instructions that were used.
   > Could you walk through the room with the camera, slowly, and show me the edges?
3. **One instruction at a time**, and wait until it is done. Send the page of the manual with it.
4. **Not solved in 20 minutes?** A fitter comes; say when, not “as soon as possible”.
5. Note who laid it, when, and according to which instructions. Cost is settled when the cause is known.
"""),
        ("安装问题：先帮忙，后查因", """
1. **有安全隐患、涉及水电吗？** 先停工并保护现场。
2. **请对方展示**，最好视频：基层、湿度、墙边留缝、工具、所用说明书。
   > 麻烦拿着镜头慢慢走一圈，让我看看边缘，可以吗？
3. **一次只给一个指令**，做完再说下一个，同时发说明书对应页。
4. **20 分钟未解决**，安排师傅上门；说具体时间，不说“尽快”。
5. 记录由谁、何时、按哪份说明安装。原因查明后再谈费用。
"""),
        ("安裝問題：先幫忙，後查因", """
1. **有安全疑慮、涉及水電嗎？** 先停工並保護現場。
2. **請對方展示**，最好視訊：底層、濕度、牆邊留縫、工具、所用說明書。
   > 麻煩拿著鏡頭慢慢走一圈，讓我看看邊緣，可以嗎？
3. **一次只給一個指令**，做完再說下一個，同時傳說明書對應頁。
4. **20 分鐘未解決**，安排師傅到場；說具體時間，不說「盡快」。
5. 記錄由誰、何時、按哪份說明安裝。原因查明後再談費用。
"""),
        ("Schwierigkeiten beim Einbau: erst helfen, dann die Ursache", """
1. **Ist etwas unsicher, sind Wasser oder Strom im Spiel?** Dann anhalten und sichern.
2. **Zeigen lassen**, am besten per Video: Untergrund, Feuchte, Wandfugen, Werkzeug, verwendete Anleitung.
   > Könnten Sie langsam mit der Kamera durch den Raum gehen und mir die Ränder zeigen?
3. **Immer nur eine Anweisung**, warten, bis sie erledigt ist. Die Seite der Anleitung mitschicken.
4. **Nach 20 Minuten nicht gelöst?** Ein Monteur kommt; sagen, wann, nicht „so bald wie möglich“.
5. Notieren, wer wann nach welcher Anleitung eingebaut hat. Kosten werden geklärt, wenn die Ursache feststeht.
"""),
    )),
]  # fmt: skip
