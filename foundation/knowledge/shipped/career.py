"""Courses with their tests, and the steps of the service career with the assessment that each needs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

Four = tuple[str, str, str, str]


@dataclass(frozen=True)
class QuestionRow:
    """One question: its text, and its right answer by kind."""

    kind: str
    texts: Four
    options: tuple[tuple[bool, Four], ...] = ()
    is_true: bool | None = None
    number: Decimal | None = None


@dataclass(frozen=True)
class CourseRow:
    """One course."""

    code: str
    titles: Four
    abouts: Four
    materials: tuple[str, ...]
    repeat_months: int | None
    questions: tuple[QuestionRow, ...] = ()


@dataclass(frozen=True)
class NeedRow:
    """What a level needs: a course by its code, months, or else an assessment."""

    code: str
    titles: Four
    course: str = ""
    months: int | None = None


@dataclass(frozen=True)
class LevelRow:
    """One step."""

    code: str
    titles: Four
    abouts: Four
    needs: tuple[NeedRow, ...]


COURSES = (
    CourseRow(
        "telephone-manners",
        ("Telephone manners", "电话礼仪", "電話禮儀", "Am Telefon"),
        ("How we answer, listen, transfer and end a call.", "如何接听、倾听、转接和结束通话。", "如何接聽、傾聽、轉接與結束通話。", "Wie wir abheben, zuhören, verbinden und ein Gespräch beenden."),
        ("telephone-manners", "incoming-call", "outgoing-call", "angry-customer"),
        12,
        (
            QuestionRow("number", ("By which ring is the telephone picked up at the latest?", "最迟铃响几声要接起电话？", "最遲鈴響幾聲要接起電話？", "Bis zum wievielten Klingeln wird spätestens abgehoben?"), number=Decimal(3)),
            QuestionRow("single", ("A customer asks something that you do not know. What do you say?", "客户问了您不知道的问题，您怎么说？", "客戶問了您不知道的問題，您怎麼說？", "Ein Kunde fragt etwas, das Sie nicht wissen. Was sagen Sie?"), (
                (False, ("I do not know.", "我不知道。", "我不知道。", "Das weiß ich nicht.")),
                (True, ("I find it out and call you by noon.", "我查清楚，中午前给您回电。", "我查清楚，中午前回電給您。", "Ich kläre das und rufe Sie bis Mittag an.")),
                (False, ("Please ask another department.", "请您问别的部门。", "請您問別的部門。", "Fragen Sie bitte eine andere Abteilung.")),
            )),
            QuestionRow("multiple", ("What do you do before you put somebody through?", "转接之前要做什么？", "轉接之前要做什麼？", "Was tun Sie, bevor Sie jemanden verbinden?"), (
                (True, ("ask the caller", "征求来电人同意", "徵求來電者同意", "den Anrufer fragen")),
                (True, ("tell the colleague who it is and what it is about", "告诉同事来电人和事由", "告訴同事來電者與事由", "der Kollegin sagen, wer es ist und worum es geht")),
                (False, ("promise that the colleague solves it today", "承诺同事今天一定解决", "承諾同事今天一定解決", "versprechen, dass die Kollegin es heute löst")),
            )),
            QuestionRow("truth", ("The caller hangs up first.", "等对方先挂断电话。", "等對方先掛斷電話。", "Der Anrufer legt zuerst auf."), is_true=True),
            QuestionRow("truth", ("An upset customer is interrupted as soon as you know the solution.", "一知道解决办法，就可以打断情绪激动的客户。", "一知道解決辦法，就可以打斷情緒激動的客戶。", "Ein aufgebrachter Kunde wird unterbrochen, sobald Sie die Lösung kennen."), is_true=False),
        ),
    ),
    CourseRow(
        "complaints",
        ("Complaints", "投诉处理", "客訴處理", "Reklamationen"),
        ("From the first call to the proposed solution within 24 hours.", "从第一通电话到 24 小时内提出方案。", "從第一通電話到 24 小時內提出方案。", "Vom ersten Anruf bis zum Lösungsvorschlag binnen 24 Stunden."),
        ("complaint-received", "quality-doubt", "installation-trouble", "damaged", "short-delivered", "angry-customer"),
        24,
        (
            QuestionRow("number", ("Within how many hours does the customer get a proposal?", "多少小时内给客户解决方案？", "多少小時內給客戶解決方案？", "Binnen wie vieler Stunden bekommt der Kunde einen Vorschlag?"), number=Decimal(24)),
            QuestionRow("single", ("Who is at fault?", "责任如何认定？", "責任如何認定？", "Wer ist schuld?"), (
                (False, ("That is decided on the telephone.", "在电话里当场决定。", "在電話裡當場決定。", "Das wird am Telefon entschieden.")),
                (True, ("That is found out; until then we promise and deny nothing.", "靠查明；在此之前既不承诺也不否认。", "靠查明；在此之前既不承諾也不否認。", "Das wird geklärt; bis dahin wird nichts zugesagt und nichts bestritten.")),
                (False, ("Always the carrier.", "一定是承运商。", "一定是承運商。", "Immer der Spediteur.")),
            )),
            QuestionRow("multiple", ("Which photos do you ask for?", "请客户拍哪些照片？", "請客戶拍哪些照片？", "Um welche Fotos bitten Sie?"), (
                (True, ("one from afar", "一张全景", "一張全景", "eines von weitem")),
                (True, ("one close, with a scale", "一张带比例的近景", "一張帶比例的近景", "eines nah, mit Maßstab")),
                (True, ("one of the label", "一张标签", "一張標籤", "eines vom Etikett")),
                (False, ("one of the fitter", "一张安装师傅的照片", "一張安裝師傅的照片", "eines vom Monteur")),
            )),
        ),
    ),
    CourseRow(
        "road-exceptions",
        ("Exceptions on the road", "运输异常", "運輸異常", "Störungen unterwegs"),
        ("What to say and do when goods are late, lost, damaged or refused.", "货物延误、丢失、破损或被拒收时怎么说、怎么做。", "貨物延誤、遺失、破損或遭拒收時怎麼說、怎麼做。", "Was zu sagen und zu tun ist, wenn Ware zu spät kommt, fehlt, beschädigt ist oder nicht angenommen wird."),
        ("accident", "breakdown", "loss", "gate-quarrel", "delay", "refused", "unreadable-papers", "pod-overdue"),
        24,
        (
            QuestionRow("number", ("After how many hours over the expected arrival does the contingency plan begin?", "超过预计到达多少小时启动应急预案？", "超過預計到達多少小時啟動應變計畫？", "Nach wie vielen Stunden über der erwarteten Ankunft beginnt der Notfallplan?"), number=Decimal(48)),
            QuestionRow("truth", ("The customer hears of a delay from us before they ask.", "客户询问之前，先由我们告知延误。", "客戶詢問之前，先由我們告知延誤。", "Der Kunde hört von einer Verspätung durch uns, bevor er fragt."), is_true=True),
            QuestionRow("single", ("An accident on the road. What is your first question to the driver?", "途中发生事故，首先问司机什么？", "途中發生事故，首先問司機什麼？", "Ein Unfall unterwegs. Ihre erste Frage an den Fahrer?"), (
                (True, ("Is anybody hurt?", "有人受伤吗？", "有人受傷嗎？", "Ist jemand verletzt?")),
                (False, ("What about the goods?", "货物怎么样？", "貨物怎麼樣？", "Was ist mit der Ware?")),
                (False, ("Whose fault is it?", "是谁的责任？", "是誰的責任？", "Wer ist schuld?")),
            )),
        ),
    ),
)  # fmt: skip

LEVELS = (
    LevelRow(
        "trainee",
        ("Trainee", "见习", "見習", "Einsteiger"),
        ("Listens in, notes calls, answers usual questions.", "旁听、记录来电、回答常见问题。", "旁聽、記錄來電、回答常見問題。", "Hört zu, notiert Anrufe, beantwortet übliche Fragen."),
        (NeedRow("manners", ("Course: telephone manners", "课程：电话礼仪", "課程：電話禮儀", "Kurs: Am Telefon"), course="telephone-manners"),),
    ),
    LevelRow(
        "representative",
        ("Service representative", "客服专员", "客服專員", "Servicekraft"),
        ("Calls and complaints of one's own.", "独立接打电话、处理投诉。", "獨立接打電話、處理客訴。", "Eigene Anrufe und Reklamationen."),
        (
            NeedRow("complaints", ("Course: complaints", "课程：投诉处理", "課程：客訴處理", "Kurs: Reklamationen"), course="complaints"),
            NeedRow("three-months", ("Three months as a trainee", "见习满三个月", "見習滿三個月", "Drei Monate als Einsteiger"), months=3),
            NeedRow("five-calls", ("Five calls that a manager has heard", "经理旁听五通电话", "經理旁聽五通電話", "Fünf von der Leitung mitgehörte Gespräche")),
        ),
    ),
    LevelRow(
        "senior",
        ("Senior representative", "高级客服专员", "資深客服專員", "Erfahrene Servicekraft"),
        ("Difficult cases, exceptions on the road.", "疑难个案、运输异常。", "疑難個案、運輸異常。", "Schwierige Fälle, Störungen unterwegs."),
        (
            NeedRow("road", ("Course: exceptions on the road", "课程：运输异常", "課程：運輸異常", "Kurs: Störungen unterwegs"), course="road-exceptions"),
            NeedRow("twelve-months", ("Twelve months as a representative", "任客服专员满十二个月", "任客服專員滿十二個月", "Zwölf Monate als Servicekraft"), months=12),
            NeedRow("case", ("A case presented to the team", "向团队讲解一个案例", "向團隊講解一個案例", "Einen Fall vor dem Team vorgestellt")),
        ),
    ),
    LevelRow(
        "lead",
        ("Team lead", "客服主管", "客服主管", "Teamleitung"),
        ("People, figures, rotas.", "人员、指标、排班。", "人員、指標、排班。", "Menschen, Kennzahlen, Dienstpläne."),
        (
            NeedRow("two-years", ("Twenty-four months as a senior", "任高级专员满二十四个月", "任資深專員滿二十四個月", "Vierundzwanzig Monate als erfahrene Kraft"), months=24),
            NeedRow("leading", ("Assessment of leading", "带队能力评估", "帶隊能力評估", "Beurteilung der Führung")),
        ),
    ),
)  # fmt: skip
