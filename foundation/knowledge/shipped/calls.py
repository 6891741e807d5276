"""Scripts for the telephone: a call that comes in, one that we make, an upset customer, an inquiry, a question of price."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

SCRIPTS = [
    Shipped("incoming-call", "script", ("incoming-call",), "phone answer 接电话 来电 接電話 來電 Anruf annehmen", (
        ("A call comes in: the first minute", """
1. **By the third ring**, with a smile that can be heard:
   > {company_name}, good day, this is {my_name}. How can I help you?
2. **Listen to the end**, then repeat in one sentence what you understood.
3. **Ask for three things**: name, company, number to call back. Write them down while they speak.
4. **Can you solve it?** Do it now. **Can a colleague?** Ask first.
   > My colleague knows this better. May I put you through, or shall we call you back? Until when are you reachable?
5. **End with what happens next and when.** Note the call before the next one rings.
"""),
        ("来电：第一分钟", """
1. **铃响三声内接起**，声音里带着微笑：
   > 您好，{company_name}，我是{my_name}，请问有什么可以帮您？
2. **听对方说完**，再用一句话复述您的理解。
3. **问清三件事**：姓名、公司、回电号码，边听边记。
4. **自己能解决的**马上解决；**需要同事的**先征求意见：
   > 这方面我同事更熟悉。我帮您转接，还是请他给您回电？您几点之前方便？
5. **结束时说清下一步和时间。** 下一个电话响起之前做好记录。
"""),
        ("來電：第一分鐘", """
1. **鈴響三聲內接起**，聲音裡帶著微笑：
   > 您好，{company_name}，我是{my_name}，請問有什麼可以為您服務？
2. **聽對方說完**，再用一句話複述您的理解。
3. **問清三件事**：姓名、公司、回電號碼，邊聽邊記。
4. **自己能解決的**馬上解決；**需要同事的**先徵求意見：
   > 這方面我同事更熟悉。我幫您轉接，還是請他回電給您？您幾點之前方便？
5. **結束時說清下一步與時間。** 下一通電話響起之前做好紀錄。
"""),
        ("Ein Anruf kommt herein: die erste Minute", """
1. **Bis zum dritten Klingeln**, mit einem Lächeln, das man hört:
   > {company_name}, guten Tag, hier ist {my_name}. Was kann ich für Sie tun?
2. **Ausreden lassen**, dann in einem Satz wiederholen, was Sie verstanden haben.
3. **Drei Dinge erfragen**: Name, Firma, Rückrufnummer. Gleich mitschreiben.
4. **Können Sie es lösen?** Jetzt tun. **Kann es jemand anders?** Erst fragen.
   > Meine Kollegin kennt das besser. Darf ich verbinden, oder rufen wir zurück? Bis wann erreichen wir Sie?
5. **Mit dem nächsten Schritt und der Zeit enden.** Den Anruf notieren, bevor der nächste klingelt.
"""),
    )),
    Shipped("outgoing-call", "script", ("outgoing-call",), "call customer 致电 致電 anrufen", (
        ("We call a customer: purpose, permission, promise", """
**Before:** purpose in one sentence, last three contacts, local time, one question that you want answered.

1. > Good day {contact_name}, this is {my_name} of {company_name}. I am calling about {subject}. Do you have three minutes?
2. **No?** “When suits you better?” Note that hour and keep it. **Yes?** One topic, open questions: “How does it go with …?”
3. **Be silent after a question.** The second answer is often the one that counts.
4. **Sum up**: what they said, what we do, until when.
   > So I send you the sample by Thursday and call again on Friday at ten. Is that right?
5. **Thank them, let them hang up first**, and note outcome and next step at once.
"""),
        ("致电客户：目的、许可、承诺", """
**打之前：** 一句话的目的、最近三次联系、当地时间、一个必须得到答案的问题。

1. > {contact_name}，您好，我是{company_name}的{my_name}。想跟您谈谈{subject}，现在方便说三分钟吗？
2. **不方便：** “您看什么时候合适？”记下时间并守时。**方便：** 只谈一件事，用开放式提问：“……进展如何？”
3. **提问后停一停。** 第二个回答往往才是关键。
4. **小结**：对方说了什么、我们做什么、何时完成。
   > 那我周四前寄出样品，周五十点再给您电话，可以吗？
5. **道谢，等对方先挂**，马上记录结果和下一步。
"""),
        ("致電客戶：目的、許可、承諾", """
**打之前：** 一句話的目的、最近三次聯繫、當地時間、一個必須得到答案的問題。

1. > {contact_name} 您好，我是{company_name}的{my_name}。想跟您談談{subject}，現在方便說三分鐘嗎？
2. **不方便：** 「您看什麼時候合適？」記下時間並守時。**方便：** 只談一件事，用開放式提問：「……進展如何？」
3. **提問後停一停。** 第二個回答往往才是關鍵。
4. **小結**：對方說了什麼、我們做什麼、何時完成。
   > 那我週四前寄出樣品，週五十點再打給您，可以嗎？
5. **道謝，等對方先掛**，馬上記錄結果與下一步。
"""),
        ("Wir rufen einen Kunden an: Zweck, Erlaubnis, Zusage", """
**Vorher:** Zweck in einem Satz, die letzten drei Kontakte, Ortszeit, eine Frage, die beantwortet werden soll.

1. > Guten Tag, {contact_name}, hier ist {my_name} von {company_name}. Es geht um {subject}. Haben Sie drei Minuten?
2. **Nein?** „Wann passt es Ihnen besser?“ Die Zeit notieren und halten. **Ja?** Ein Thema, offene Fragen: „Wie geht es mit … voran?“
3. **Nach der Frage schweigen.** Oft zählt erst die zweite Antwort.
4. **Zusammenfassen**: was gesagt wurde, was wir tun, bis wann.
   > Ich schicke Ihnen also bis Donnerstag das Muster und rufe am Freitag um zehn wieder an. Richtig so?
5. **Danken, den anderen zuerst auflegen lassen** und Ergebnis und nächsten Schritt sofort notieren.
"""),
    )),
    Shipped("completion-call", "script", ("completion-call",), "callback satisfaction completed 回访 满意度 回訪 Rückruf Zufriedenheit", (
        ("Callback after completion: ask, do not sell", """
1. > Good day {contact_name}, this is {my_name} of {company_name}. Your project is finished; I would like to hear how it went. It takes four minutes.
2. Ask in the order of the questionnaire and **in its words**. Write down what they say, not what you think they mean.
3. **Praise?** “What was it exactly?” With their permission it is passed on to the colleagues by name.
4. **Blame?** No excuses, no explanation.
   > Thank you for telling me so openly. I pass this on today; who may call you about it, and when?
   Open a complaint before you call the next customer.
5. One last question: “What should we do differently next time?” Then thank them.
"""),
        ("完工回访：只听意见，不推销", """
1. > {contact_name}，您好，我是{company_name}的{my_name}。您的项目已完工，想听听您的感受，大约四分钟。
2. 按问卷顺序**照原文提问**，记录对方的原话，不写自己的猜测。
3. **表扬：** “具体是哪一点？”征得同意后点名转告同事。
4. **批评：** 不找借口、不解释。
   > 谢谢您坦率告诉我。我今天就转达，请问由谁、什么时候联系您合适？
   拨打下一位客户之前先登记投诉。
5. 最后一问：“下次我们哪里可以做得更好？”然后致谢。
"""),
        ("完工回訪：只聽意見，不推銷", """
1. > {contact_name} 您好，我是{company_name}的{my_name}。您的專案已完工，想聽聽您的感受，大約四分鐘。
2. 依問卷順序**照原文提問**，記錄對方的原話，不寫自己的猜測。
3. **稱讚：** 「具體是哪一點？」徵得同意後點名轉告同事。
4. **批評：** 不找藉口、不解釋。
   > 謝謝您坦率告訴我。我今天就轉達，請問由誰、什麼時候聯絡您合適？
   撥打下一位客戶之前先登記客訴。
5. 最後一問：「下次我們哪裡可以做得更好？」然後致謝。
"""),
        ("Rückruf nach Abschluss: fragen, nicht verkaufen", """
1. > Guten Tag, {contact_name}, hier ist {my_name} von {company_name}. Ihr Projekt ist fertig; ich möchte hören, wie es gelaufen ist. Das dauert vier Minuten.
2. In der Reihenfolge des Fragebogens und **in seinen Worten** fragen. Aufschreiben, was gesagt wird, nicht was gemeint sein könnte.
3. **Lob?** „Was genau war gut?“ Mit Erlaubnis geht es namentlich an die Kollegen.
4. **Tadel?** Keine Ausrede, keine Erklärung.
   > Danke, dass Sie das so offen sagen. Ich gebe es heute weiter; wer darf Sie dazu anrufen, und wann?
   Die Reklamation anlegen, bevor Sie den nächsten Kunden anrufen.
5. Eine letzte Frage: „Was sollen wir nächstes Mal anders machen?“ Dann danken.
"""),
    )),
    Shipped("angry-customer", "script", ("angry-customer", "our-service"), "angry upset escalation apology 愤怒 道歉 情緒 verärgert Entschuldigung", (
        ("An upset customer: first the person, then the matter", """
1. **Let them finish.** Do not interrupt, not even to agree. Write down facts.
2. **Name what you heard**, without “but”.
   > You have waited three days, and nobody called. I understand that this makes you angry. I am sorry.
3. **Take it on yourself.** “I look after this now” instead of “that is another department”.
4. **Ask for one wish.**
   > What would help you most today?
5. **Promise little and keep it**: one step, one hour. “I call you at four, even if it is not solved.”
6. Insults? Calmly, once: “I want to help you; please let us speak in another tone.” Then hand over to the manager.
"""),
        ("客户情绪激动：先处理心情，再处理事情", """
1. **让对方说完。** 不打断，附和也不要。把事实记下来。
2. **说出您听到的**，不加“但是”。
   > 您等了三天都没有接到电话，换了谁都会生气。非常抱歉。
3. **把事接下来。** 说“这件事由我负责跟进”，不说“那是别的部门”。
4. **只问一个愿望。**
   > 今天我做什么对您最有帮助？
5. **少承诺，必做到**：一个步骤、一个时间。“四点我给您电话，没解决也会打。”
6. 遇到辱骂，平静地说一次：“我很想帮您，请我们换一种方式交流。”之后转交经理。
"""),
        ("客戶情緒激動：先處理心情，再處理事情", """
1. **讓對方說完。** 不打斷，附和也不要。把事實記下來。
2. **說出您聽到的**，不加「但是」。
   > 您等了三天都沒有接到電話，換了誰都會生氣。非常抱歉。
3. **把事接下來。** 說「這件事由我負責跟進」，不說「那是別的部門」。
4. **只問一個願望。**
   > 今天我做什麼對您最有幫助？
5. **少承諾，必做到**：一個步驟、一個時間。「四點我打給您，沒解決也會打。」
6. 遇到辱罵，平靜地說一次：「我很想幫您，請我們換一種方式溝通。」之後轉交經理。
"""),
        ("Ein aufgebrachter Kunde: erst der Mensch, dann die Sache", """
1. **Ausreden lassen.** Nicht unterbrechen, auch nicht zustimmend. Tatsachen notieren.
2. **Aussprechen, was Sie gehört haben**, ohne „aber“.
   > Sie haben drei Tage gewartet, und niemand hat angerufen. Ich verstehe, dass Sie das ärgert. Es tut mir leid.
3. **Es zur eigenen Sache machen.** „Ich kümmere mich jetzt darum“ statt „das ist eine andere Abteilung“.
4. **Nach einem Wunsch fragen.**
   > Was würde Ihnen heute am meisten helfen?
5. **Wenig versprechen und halten**: ein Schritt, eine Uhrzeit. „Ich rufe Sie um vier an, auch wenn es nicht gelöst ist.“
6. Beleidigungen? Einmal ruhig: „Ich möchte Ihnen helfen; bitte sprechen wir in einem anderen Ton.“ Dann an die Leitung geben.
"""),
    )),
    Shipped("inquiry-answer", "script", ("inquiry",), "inquiry first answer questions 询盘 首次回复 詢盤 Anfrage Antwort", (
        ("An inquiry: six questions before a price", """
1. > Thank you for your inquiry about {product}, {contact_name}. So that I offer you the right thing, may I ask six short questions?
2. What is it for: new building or renovation? Which rooms? How large? Until when? Who decides? What has been thought of for the budget?
3. **Name the frame**: what fits, what usually comes with it, how long it takes.
4. **A sample rather than adjectives**: “Which three colours shall I send you?”
5. **Promise the day** on which the quote is there, and set it as the next step. An answer within two working hours, even if it only says when the next one comes.
"""),
        ("询盘：报价之前的六个问题", """
1. > {contact_name}，感谢您询问{product}。为了推荐合适的产品，想先请教六个小问题，可以吗？
2. 新建还是翻新？用在哪些空间？面积多大？何时要？由谁决定？预算大致多少？
3. **给出框架**：适合什么、通常配套什么、需要多长时间。
4. **样品胜过形容词**：“我先寄哪三种颜色给您？”
5. **承诺报价日期**并设为下一步。两个工作小时内必须回复，哪怕只是告知下次回复时间。
"""),
        ("詢盤：報價之前的六個問題", """
1. > {contact_name}，感謝您詢問{product}。為了推薦合適的產品，想先請教六個小問題，可以嗎？
2. 新建還是翻修？用在哪些空間？面積多大？何時要？由誰決定？預算大致多少？
3. **給出框架**：適合什麼、通常搭配什麼、需要多長時間。
4. **樣品勝過形容詞**：「我先寄哪三種顏色給您？」
5. **承諾報價日期**並設為下一步。兩個工作小時內必須回覆，哪怕只是告知下次回覆時間。
"""),
        ("Eine Anfrage: sechs Fragen vor dem Preis", """
1. > Vielen Dank für Ihre Anfrage zu {product}, {contact_name}. Damit ich Ihnen das Richtige anbiete, darf ich sechs kurze Fragen stellen?
2. Neubau oder Renovierung? Welche Räume? Wie groß? Bis wann? Wer entscheidet? Was ist als Budget gedacht?
3. **Den Rahmen nennen**: was passt, was meist dazugehört, wie lange es dauert.
4. **Ein Muster statt Adjektive**: „Welche drei Farben soll ich Ihnen schicken?“
5. **Den Tag zusagen**, an dem das Angebot da ist, und als nächsten Schritt setzen. Antwort binnen zwei Arbeitsstunden, auch wenn sie nur sagt, wann die nächste kommt.
"""),
    )),
    Shipped("price-question", "script", ("price", "inquiry"), "price discount expensive 价格 折扣 太贵 價格 太貴 Preis Rabatt zu teuer", (
        ("“Too expensive”: ask what it is compared with", """
1. **No discount as the first word.**
   > I understand. May I ask what you compare it with: another offer, the budget, or the last project?
2. **Make equal what is not**: thickness, wear layer, packing, delivery to site, warranty, day.
3. **Give something for something**: larger quantity, another day, full payment in advance, fewer colours.
   > If you take all four floors at once, I can ask for a better price. Would that help?
4. **Price and conditions only in writing** and only within your limit; beyond it a manager decides before you say a number.
5. Still no? Ask what would have to be different, note the reason, agree on the next contact.
"""),
        ("“太贵了”：先问在和什么比", """
1. **开口不先谈折扣。**
   > 理解。请问您是和别家报价、预算，还是上一个项目比？
2. **把不同的条件拉平**：厚度、耐磨层、包装、送货到现场、质保、日期。
3. **有来有往**：增加数量、调整日期、全额预付、减少花色。
   > 如果四层一起订，我可以去申请更好的价格，这样有帮助吗？
4. **价格和条件只以书面为准**，且在权限之内；超出权限先请经理决定，再报数字。
5. 仍不行，就问怎样才可以，记下原因，约好下次联系。
"""),
        ("「太貴了」：先問在和什麼比", """
1. **開口不先談折扣。**
   > 理解。請問您是和別家報價、預算，還是上一個專案比？
2. **把不同的條件拉平**：厚度、耐磨層、包裝、送貨到現場、保固、日期。
3. **有來有往**：增加數量、調整日期、全額預付、減少花色。
   > 如果四層一起訂，我可以去申請更好的價格，這樣有幫助嗎？
4. **價格與條件只以書面為準**，且在權限之內；超出權限先請經理決定，再報數字。
5. 仍不行，就問怎樣才可以，記下原因，約好下次聯繫。
"""),
        ("„Zu teuer“: fragen, womit verglichen wird", """
1. **Rabatt ist nicht das erste Wort.**
   > Das verstehe ich. Womit vergleichen Sie: mit einem anderen Angebot, dem Budget oder dem letzten Projekt?
2. **Gleich machen, was nicht gleich ist**: Stärke, Nutzschicht, Verpackung, Lieferung auf die Baustelle, Garantie, Termin.
3. **Geben gegen Nehmen**: größere Menge, anderer Termin, volle Vorauszahlung, weniger Farben.
   > Wenn Sie alle vier Etagen auf einmal nehmen, kann ich nach einem besseren Preis fragen. Würde das helfen?
4. **Preis und Bedingungen nur schriftlich** und nur im eigenen Rahmen; darüber entscheidet die Leitung, bevor eine Zahl fällt.
5. Immer noch nein? Fragen, was anders sein müsste, den Grund notieren, den nächsten Kontakt vereinbaren.
"""),
    )),
]  # fmt: skip
