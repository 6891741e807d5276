"""Usual questions of visitors in the showroom."""

from __future__ import annotations

from foundation.knowledge.shipped import Shipped

FAQ = [
    Shipped("faq-minimum", "faq", ("showroom", "inquiry"), "", (
        ("Is there a minimum order?", "Yes, it stands with each product in the catalogue. For a first order we can talk about less."),
        ("有最低起订量吗？", "有，产品目录中每个产品都有注明。首单可以协商减少。"),
        ("有最低訂購量嗎？", "有，產品型錄中每項產品皆有註明。首次訂購可以協商減少。"),
        ("Gibt es eine Mindestbestellmenge?", "Ja, sie steht im Katalog bei jedem Artikel. Bei einer ersten Bestellung lässt sich über weniger reden."),
    )),
    Shipped("faq-samples", "faq", ("showroom", "inquiry"), "", (
        ("May we take samples with us?", "Yes. What is not here we send; note the articles in the outcome of the reception."),
        ("可以带走样品吗？", "可以。现场没有的我们寄送，请在接待结果中记下货号。"),
        ("可以帶走樣品嗎？", "可以。現場沒有的我們寄送，請在接待結果中記下貨號。"),
        ("Können wir Muster mitnehmen?", "Ja. Was nicht da ist, schicken wir; die Artikel gehören ins Ergebnis des Empfangs."),
    )),
    Shipped("faq-delivery", "faq", ("showroom", "inquiry"), "", (
        ("How long does delivery take?", "The quote names the date; stock goods leave within days, made goods after production."),
        ("交货期多长？", "以报价单上的日期为准；现货几天内发出，定制产品在生产完成后发出。"),
        ("交期多長？", "以報價單上的日期為準；現貨數日內出貨，訂製產品於生產完成後出貨。"),
        ("Wie lange dauert die Lieferung?", "Den Termin nennt das Angebot; Lagerware geht in wenigen Tagen ab, gefertigte nach der Produktion."),
    )),
    Shipped("faq-tests", "faq", ("showroom", "inquiry"), "", (
        ("Are there test reports?", "Yes, for every range. Ask the technical department for the current ones and send them by email."),
        ("有检测报告吗？", "有，每个系列都有。请向技术部要最新版本，用邮件发送。"),
        ("有檢驗報告嗎？", "有，每個系列都有。請向技術部索取最新版本，以電子郵件寄送。"),
        ("Gibt es Prüfberichte?", "Ja, zu jeder Serie. Die aktuellen gibt die Technik heraus; wir senden sie per E-Mail."),
    )),
]  # fmt: skip
