"""The kinds of campaigns, and the words that the house ships for them. Names in braces without a value are gaps to fill."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.models import Customer
from foundation.notifications.defaults import Text, register_words
from foundation.notifications.manners.kinds import MARKETING, register_kind

PREFIX = "campaign."
PRODUCT_NAMES = {
    "product_name": _("Name of the new product, as on its data sheet"),
    "product_facts": _("Size, thickness, wear layer: what a buyer compares"),
}
PROJECT_NAMES = {
    "project_name": _("Name of the project"),
    "project_facts": _("Area, product and year of the project"),
}
REPORT_NAMES = {
    "quarter": _("The quarter, such as Q4/2026"),
    "price_change": _("How prices have moved, such as +2.5 %"),
    "lead_time": _("Days from order to shipment at the moment"),
    "freight_change": _("How sea freight has moved, such as −8 %"),
}
YEAR_NAMES = {"year": _("The year that begins")}


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(
        "reference",
        nature=MARKETING,
        names={"en": "References", "de": "Referenzen", "zh-hans": "工程案例", "zh-hant": "工程案例"},
    )
    register_kind(
        "market_report",
        nature=MARKETING,
        names={
            "en": "Quarterly market report",
            "de": "Marktbericht zum Quartal",
            "zh-hans": "季度市场报告",
            "zh-hant": "季度市場報告",
        },
    )
    for key, texts, names in (
        ("new_product", NEW_PRODUCT, PRODUCT_NAMES),
        ("reference", REFERENCE, PROJECT_NAMES),
        ("market_report", MARKET_REPORT, REPORT_NAMES),
        ("new_year", NEW_YEAR, YEAR_NAMES),
        ("spring_festival", SPRING_FESTIVAL, YEAR_NAMES),
    ):
        register_words(f"{PREFIX}{key}", about=Customer, texts=texts, names=names)


NEW_PRODUCT = {
    "en": Text(
        "New in our range: {product_name}",
        "Dear {recipient_name},\n\nwe have something new that may suit the projects of {customer_name}: {product_name}.\n\n"
        "In short: {product_facts}.\n\nIf you would like a sample board, a price or the full data sheet, simply reply to"
        " this email. I will send it the same day.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: new in our range: {product_name}, {product_facts}. Reply if you would like a sample.",
    ),
    "zh-hans": Text(
        "新品上市：{product_name}",
        "{recipient_name}，您好：\n\n我们推出了一款可能适合贵公司项目的新产品：{product_name}。\n\n主要参数：{product_facts}。"
        "\n\n如需样板、报价或完整技术资料，直接回复本邮件即可，我当天为您安排。\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：新品上市：{product_name}，{product_facts}。需要样板请直接回复。",
    ),
    "zh-hant": Text(
        "新品上市：{product_name}",
        "{recipient_name} 您好：\n\n我們推出了一款可能適合貴公司專案的新產品：{product_name}。\n\n主要規格：{product_facts}。"
        "\n\n如需樣板、報價或完整技術資料，直接回覆本郵件即可，我當天為您安排。\n\n敬上\n{owner_name}\n{company_name}",
        "{company_name}：新品上市：{product_name}，{product_facts}。需要樣板請直接回覆。",
    ),
    "de": Text(
        "Neu im Programm: {product_name}",
        "Guten Tag {recipient_name},\n\nwir haben etwas Neues, das zu den Projekten von {customer_name} passen könnte:"
        " {product_name}.\n\nKurz gesagt: {product_facts}.\n\nMöchten Sie ein Muster, einen Preis oder das vollständige"
        " Datenblatt? Antworten Sie einfach auf diese E-Mail, Sie bekommen es noch am selben Tag.\n\nFreundliche Grüße"
        "\n{owner_name}\n{company_name}",
        "{company_name}: neu im Programm: {product_name}, {product_facts}. Antworten Sie, wenn Sie ein Muster möchten.",
    ),
}
REFERENCE = {
    "en": Text(
        "How it looks when it is done: {project_name}",
        "Dear {recipient_name},\n\nwe have finished a project that I am glad to show you: {project_name}.\n\n"
        "{project_facts}.\n\nPictures, the specification and a contact on site are yours if you ask for them. And if"
        " {customer_name} has a similar plan, I will gladly work out a proposal.\n\nKind regards\n{owner_name}"
        "\n{company_name}",
        "{company_name}: finished: {project_name}. {project_facts}. Reply for pictures.",
    ),
    "zh-hans": Text(
        "竣工案例：{project_name}",
        "{recipient_name}，您好：\n\n我们刚完成了一个项目，很高兴与您分享：{project_name}。\n\n{project_facts}。"
        "\n\n如需现场照片、技术规格或现场联系人，请告诉我。贵公司如有类似计划，我很乐意为您做一份方案。"
        "\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：竣工案例：{project_name}，{project_facts}。回复即可获取照片。",
    ),
    "zh-hant": Text(
        "竣工案例：{project_name}",
        "{recipient_name} 您好：\n\n我們剛完成了一個專案，很高興與您分享：{project_name}。\n\n{project_facts}。"
        "\n\n如需現場照片、技術規格或現場聯絡人，請告訴我。貴公司如有類似計畫，我很樂意為您做一份提案。"
        "\n\n敬上\n{owner_name}\n{company_name}",
        "{company_name}：竣工案例：{project_name}，{project_facts}。回覆即可取得照片。",
    ),
    "de": Text(
        "So sieht es fertig aus: {project_name}",
        "Guten Tag {recipient_name},\n\nwir haben ein Projekt abgeschlossen, das ich Ihnen gern zeige: {project_name}."
        "\n\n{project_facts}.\n\nBilder, die Ausschreibung und einen Ansprechpartner vor Ort bekommen Sie auf Wunsch. Und"
        " wenn {customer_name} Ähnliches vorhat, arbeite ich gern einen Vorschlag aus.\n\nFreundliche Grüße"
        "\n{owner_name}\n{company_name}",
        "{company_name}: fertig: {project_name}. {project_facts}. Antworten Sie, wenn Sie Bilder möchten.",
    ),
}
MARKET_REPORT = {
    "en": Text(
        "Market report {quarter}: prices, freight, lead times",
        "Dear {recipient_name},\n\nour view of the market in {quarter}, in three lines:\n\n- Prices of resilient flooring:"
        " {price_change} against the quarter before.\n- Sea freight: {freight_change}.\n- Lead time from order to"
        " shipment: {lead_time} days.\n\nIf you plan something for the next months, let us talk early about quantities"
        " and dates. Whatever you would like to know in more detail, I will look up for you.\n\nKind regards"
        "\n{owner_name}\n{company_name}",
        "{company_name}, market {quarter}: prices {price_change}, freight {freight_change}, lead time {lead_time} days.",
    ),
    "zh-hans": Text(
        "{quarter} 市场报告：价格、运费、交期",
        "{recipient_name}，您好：\n\n{quarter} 市场情况，三点概要：\n\n- 弹性地板价格：较上季度 {price_change}。\n- 海运费：{freight_change}。"
        "\n- 从下单到发货的交期：{lead_time} 天。\n\n未来几个月如有计划，建议尽早确定数量和时间。如想了解更多细节，我为您查询。"
        "\n\n此致\n{owner_name}\n{company_name}",
        "{company_name} {quarter} 市场：价格 {price_change}，海运费 {freight_change}，交期 {lead_time} 天。",
    ),
    "zh-hant": Text(
        "{quarter} 市場報告：價格、運費、交期",
        "{recipient_name} 您好：\n\n{quarter} 市場情況，三點摘要：\n\n- 彈性地板價格：較上季 {price_change}。\n- 海運費：{freight_change}。"
        "\n- 從下單到出貨的交期：{lead_time} 天。\n\n未來幾個月如有計畫，建議儘早確定數量與時間。如想了解更多細節，我為您查詢。"
        "\n\n敬上\n{owner_name}\n{company_name}",
        "{company_name} {quarter} 市場：價格 {price_change}，海運費 {freight_change}，交期 {lead_time} 天。",
    ),
    "de": Text(
        "Marktbericht {quarter}: Preise, Fracht, Lieferzeiten",
        "Guten Tag {recipient_name},\n\nunser Blick auf den Markt im Quartal {quarter}, in drei Zeilen:\n\n- Preise für"
        " elastische Bodenbeläge: {price_change} gegenüber dem Vorquartal.\n- Seefracht: {freight_change}.\n- Von der"
        " Bestellung bis zum Versand: {lead_time} Tage.\n\nPlanen Sie etwas für die nächsten Monate? Dann lassen Sie uns"
        " früh über Mengen und Termine sprechen. Was Sie genauer wissen möchten, sehe ich gern für Sie nach."
        "\n\nFreundliche Grüße\n{owner_name}\n{company_name}",
        "{company_name}, Markt {quarter}: Preise {price_change}, Fracht {freight_change}, Lieferzeit {lead_time} Tage.",
    ),
}
NEW_YEAR = {
    "en": Text(
        "Our best wishes for {year}",
        "Dear {recipient_name},\n\nthank you for the trust that {customer_name} has placed in us this year. We wish you and"
        " your colleagues a healthy and successful {year}.\n\nWe look forward to the next project with you.\n\nWarm"
        " regards\n{owner_name}\n{company_name}",
        "{company_name} wishes you a healthy and successful {year}. Thank you for your trust!",
    ),
    "zh-hans": Text(
        "{year} 新年快乐",
        "{recipient_name}，您好：\n\n感谢贵公司一年来对我们的信任。值此新年之际，祝您和同事们 {year} 年身体健康，事业顺利。"
        "\n\n期待与您继续合作。\n\n顺颂商祺\n{owner_name}\n{company_name}",
        "{company_name}祝您 {year} 新年快乐，身体健康，事业顺利！感谢您的信任。",
    ),
    "zh-hant": Text(
        "{year} 新年快樂",
        "{recipient_name} 您好：\n\n感謝貴公司一年來對我們的信任。值此新年之際，祝您與同仁 {year} 年身體健康，事業順利。"
        "\n\n期待與您繼續合作。\n\n順頌商祺\n{owner_name}\n{company_name}",
        "{company_name}祝您 {year} 新年快樂，身體健康，事業順利！感謝您的信任。",
    ),
    "de": Text(
        "Alles Gute für {year}",
        "Guten Tag {recipient_name},\n\nvielen Dank für das Vertrauen, das {customer_name} uns in diesem Jahr geschenkt hat."
        " Wir wünschen Ihnen und Ihren Kollegen ein gesundes und erfolgreiches {year}.\n\nWir freuen uns auf das nächste"
        " Projekt mit Ihnen.\n\nHerzliche Grüße\n{owner_name}\n{company_name}",
        "{company_name} wünscht Ihnen ein gesundes und erfolgreiches {year}. Danke für Ihr Vertrauen!",
    ),
}
SPRING_FESTIVAL = {
    "en": Text(
        "Spring Festival {year}: our good wishes, and when we are back",
        "Dear {recipient_name},\n\nthe Spring Festival is near, and our factory and office close for the holidays. Before"
        " that we would like to thank {customer_name} and wish you good fortune in {year}.\n\nIf an order has to leave"
        " before the holidays, tell me this week: production fills up quickly.\n\nWarm regards\n{owner_name}"
        "\n{company_name}",
        "{company_name} wishes you good fortune for the Spring Festival {year}. Orders before the holidays: please tell us this week.",
    ),
    "zh-hans": Text(
        "{year} 新春快乐，恭贺新禧",
        "{recipient_name}，您好：\n\n春节将至，感谢贵公司一年来的支持，祝您和家人 {year} 新春快乐，万事如意。\n\n节前工厂和办公室将放假，"
        "如有订单需在节前发货，请于本周告知，以便安排生产。\n\n恭祝新禧\n{owner_name}\n{company_name}",
        "{company_name}祝您 {year} 新春快乐，万事如意！节前需发货的订单请于本周告知。",
    ),
    "zh-hant": Text(
        "{year} 新春快樂，恭賀新禧",
        "{recipient_name} 您好：\n\n春節將至，感謝貴公司一年來的支持，祝您與家人 {year} 新春快樂，萬事如意。\n\n節前工廠與辦公室將放假，"
        "如有訂單需於節前出貨，請於本週告知，以便安排生產。\n\n恭賀新禧\n{owner_name}\n{company_name}",
        "{company_name}祝您 {year} 新春快樂，萬事如意！節前需出貨的訂單請於本週告知。",
    ),
    "de": Text(
        "Frühlingsfest {year}: unsere Wünsche, und wann wir wieder da sind",
        "Guten Tag {recipient_name},\n\ndas chinesische Frühlingsfest steht bevor, Werk und Büro schließen über die"
        " Feiertage. Vorher möchten wir {customer_name} danken und Ihnen Glück für {year} wünschen.\n\nSoll ein Auftrag"
        " noch vor den Feiertagen hinausgehen, sagen Sie mir bitte diese Woche Bescheid: Die Fertigung ist schnell"
        " ausgelastet.\n\nHerzliche Grüße\n{owner_name}\n{company_name}",
        "{company_name} wünscht Ihnen Glück zum Frühlingsfest {year}. Aufträge vor den Feiertagen bitte diese Woche melden.",
    ),
}
