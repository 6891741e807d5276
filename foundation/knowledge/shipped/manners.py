"""Telephone manners, and the steps of a service career, to be read and learnt."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

ARTICLES = [
    Shipped("telephone-manners", "manners", ("incoming-call", "outgoing-call"), "manners politeness hold transfer 礼仪 禮儀 Umgang Höflichkeit", (
        ("Telephone manners: ten rules", """
1. Pick up by the third ring; greeting, company, name.
2. Smile, sit upright, speak a little more slowly than usual.
3. Say the other person’s name, and say it right. Ask if you are unsure.
4. Never eat, type loudly or talk to somebody else meanwhile.
5. Before you put somebody on hold, ask; be back within 60 seconds, and thank them for waiting.
6. Before you put somebody through, tell the colleague who it is and what it is about.
7. Say what you can do, not what you cannot: “I find out by noon” instead of “I do not know”.
8. No promise in somebody else’s name.
9. Call at the customer’s time, never in their quiet hours.
10. The caller hangs up first. Note it within five minutes.
"""),
        ("电话礼仪十条", """
1. 铃响三声内接听；问候、公司、姓名。
2. 微笑、坐直，语速比平时略慢。
3. 称呼对方姓名并叫对，不确定就问。
4. 通话时不吃东西、不大声敲键盘、不与旁人说话。
5. 请对方等候前先征求同意；60 秒内回来并致谢。
6. 转接前先告诉同事来电人和事由。
7. 说能做什么，不说不能做什么：“中午前我查清楚”，而不是“我不知道”。
8. 不替别人承诺。
9. 按客户当地时间拨打，不在其休息时间打扰。
10. 等对方先挂；五分钟内做好记录。
"""),
        ("電話禮儀十條", """
1. 鈴響三聲內接聽；問候、公司、姓名。
2. 微笑、坐直，語速比平時略慢。
3. 稱呼對方姓名並叫對，不確定就問。
4. 通話時不吃東西、不大聲敲鍵盤、不與旁人說話。
5. 請對方等候前先徵求同意；60 秒內回來並致謝。
6. 轉接前先告訴同事來電者與事由。
7. 說能做什麼，不說不能做什麼：「中午前我查清楚」，而不是「我不知道」。
8. 不替別人承諾。
9. 依客戶當地時間撥打，不在其休息時間打擾。
10. 等對方先掛；五分鐘內做好紀錄。
"""),
        ("Am Telefon: zehn Regeln", """
1. Bis zum dritten Klingeln abheben; Gruß, Firma, Name.
2. Lächeln, aufrecht sitzen, etwas langsamer sprechen als sonst.
3. Den Namen des anderen sagen, und zwar richtig. Im Zweifel fragen.
4. Dabei nie essen, laut tippen oder mit anderen sprechen.
5. Vor dem Warten fragen; binnen 60 Sekunden zurück sein und danken.
6. Vor dem Verbinden der Kollegin sagen, wer es ist und worum es geht.
7. Sagen, was geht, nicht was nicht geht: „Bis Mittag weiß ich es“ statt „Das weiß ich nicht“.
8. Nichts im Namen anderer versprechen.
9. Nach der Uhr des Kunden anrufen, nie in seinen Ruhezeiten.
10. Der Anrufer legt zuerst auf. Binnen fünf Minuten notieren.
"""),
    )),
    Shipped("service-career", "article", ("career",), "career level assessment promotion 晋升 成长 晉升 成長 Laufbahn Stufe", (
        ("The steps of a service career", """
| Step | What you do | What it needs |
|---|---|---|
| Trainee | listens in, notes calls, answers usual questions | the course *Telephone manners* with its test |
| Service representative | calls and complaints of one's own | the course *Complaints*, three months, five calls that a manager has heard |
| Senior representative | difficult cases, exceptions on the road | the course *Exceptions on the road*, twelve months, a case presented to the team |
| Team lead | people, figures, rotas | twenty-four months as a senior, an assessment of leading by the manager |

Where you stand and what is missing is on your page under **My training**. A course that has to be repeated counts while its certificate is valid.
"""),
        ("客服职业发展阶梯", """
| 级别 | 工作内容 | 需要什么 |
|---|---|---|
| 见习 | 旁听、记录来电、回答常见问题 | 《电话礼仪》课程并通过测试 |
| 客服专员 | 独立接打电话、处理投诉 | 《投诉处理》课程、满三个月、经理旁听五通电话 |
| 高级客服专员 | 疑难个案、运输异常 | 《运输异常》课程、满十二个月、向团队讲解一个案例 |
| 客服主管 | 人员、指标、排班 | 任高级专员满二十四个月、经理的带队能力评估 |

您目前的级别和还缺什么，见**我的培训**。需定期重修的课程，以证书在有效期内为准。
"""),
        ("客服職涯階梯", """
| 級別 | 工作內容 | 需要什麼 |
|---|---|---|
| 見習 | 旁聽、記錄來電、回答常見問題 | 《電話禮儀》課程並通過測驗 |
| 客服專員 | 獨立接打電話、處理客訴 | 《客訴處理》課程、滿三個月、經理旁聽五通電話 |
| 資深客服專員 | 疑難個案、運輸異常 | 《運輸異常》課程、滿十二個月、向團隊講解一個案例 |
| 客服主管 | 人員、指標、排班 | 任資深專員滿二十四個月、經理的帶隊能力評估 |

您目前的級別與還缺什麼，見**我的訓練**。需定期重修的課程，以證書在有效期內為準。
"""),
        ("Die Stufen der Laufbahn im Service", """
| Stufe | Was Sie tun | Was es braucht |
|---|---|---|
| Einsteiger | zuhören, Anrufe notieren, übliche Fragen beantworten | den Kurs *Am Telefon* mit Test |
| Servicekraft | eigene Anrufe und Reklamationen | den Kurs *Reklamationen*, drei Monate, fünf von der Leitung mitgehörte Gespräche |
| Erfahrene Servicekraft | schwierige Fälle, Störungen unterwegs | den Kurs *Störungen unterwegs*, zwölf Monate, einen vor dem Team vorgestellten Fall |
| Teamleitung | Menschen, Kennzahlen, Dienstpläne | vierundzwanzig Monate als erfahrene Kraft, eine Beurteilung der Führung |

Wo Sie stehen und was fehlt, steht auf Ihrer Seite unter **Meine Schulung**. Ein Kurs, der zu wiederholen ist, zählt, solange sein Zertifikat gilt.
"""),
    )),
]  # fmt: skip
