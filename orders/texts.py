"""The words to customers about the end of an order, and about steps that are not recorded yet: ready, late, acceptance, callback."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.notifications.defaults import Text, register_message, register_words
from orders.models import Order

# Who sells our goods on, or builds with them: they hear of the next project, an end client of care and warranty.
TRADE = ["agent", "decorator", "dealer", "importer"]


def register_texts() -> None:
    """Ship the words, and the rules of those whose event is recorded."""
    for key, kinds, words in (
        ("order_completed_trade", TRADE, COMPLETED_TRADE),
        ("order_completed_client", ["end_client"], COMPLETED_CLIENT),
    ):
        register_message(
            key, event="order.completed", audience="customer_contact", condition={"kind": kinds}, texts=words
        )
    register_words("order_ready", about=Order, texts=READY, names={"ready_on": _("Day on which the goods are ready")})
    register_words(
        "order_late",
        about=Order,
        texts=LATE,
        names={
            "late_reason": _("Why the goods are late"),
            "late_days": _("By how many days they are late"),
            "new_ready_on": _("Day on which they will be ready"),
        },
    )
    register_words(
        "acceptance_appointment",
        about=Order,
        texts=ACCEPTANCE,
        names={"acceptance_at": _("Day and time of the acceptance"), "site_address": _("Where we meet")},
    )
    register_words(
        "callback_announced",
        about=Order,
        texts=CALLBACK,
        names={"callback_at": _("Day and time of our call")},
    )


COMPLETED_TRADE = {
    "en": Text(
        "Order {number} is completed: thank you for working with us",
        "Dear {recipient_name},\n\norder {number} is completed. Thank you for the trust that you and your client have placed in us.\n\nShould anything "
        "on site need our attention, call {owner_name} or simply reply to this message; we look after it with you.\n\nIf your next project is "
        "taking shape, we are glad to help early: with samples, drawings and a price that holds.\n\nKind regards\n{owner_name}\n{company_name}\n{company_phone}",
        "{company_name}: order {number} is completed. Thank you! Anything to put right, or a next project? Call {company_phone}.",
    ),
    "zh-hans": Text(
        "订单 {number} 已完成，感谢您的合作",
        "{recipient_name}，您好！\n\n订单 {number} 已全部完成，感谢您和您的客户对我们的信任。\n\n现场如有任何需要处理的问题，请联系 {owner_name} 或直接回复本邮件，我们会与您一起妥善解决。\n\n"
        "如果您已有新的项目，欢迎尽早告诉我们，我们可提供样品、图纸和稳定的报价。\n\n此致\n{owner_name}\n{company_name}\n{company_phone}",
        "【{company_name}】订单 {number} 已完成，感谢合作！如有问题或新项目，请致电 {company_phone}。",
    ),
    "zh-hant": Text(
        "訂單 {number} 已完成，感謝您的合作",
        "{recipient_name} 您好：\n\n訂單 {number} 已全部完成，感謝您與您的客戶對我們的信任。\n\n現場如有任何需要處理的問題，請聯絡 {owner_name} 或直接回覆本信，我們會與您一同妥善處理。\n\n"
        "若您已有新的案件，歡迎及早告知，我們可提供樣品、圖面與穩定的報價。\n\n敬祝 商祺\n{owner_name}\n{company_name}\n{company_phone}",
        "【{company_name}】訂單 {number} 已完成，感謝合作！如有問題或新案件，請致電 {company_phone}。",
    ),
    "de": Text(
        "Auftrag {number} ist abgeschlossen: danke für die Zusammenarbeit",
        "Guten Tag {recipient_name},\n\nder Auftrag {number} ist abgeschlossen. Vielen Dank für das Vertrauen, das Sie und Ihr Auftraggeber uns "
        "geschenkt haben.\n\nSollte auf der Baustelle noch etwas zu tun sein, rufen Sie {owner_name} an oder antworten Sie einfach auf diese Nachricht; wir "
        "kümmern uns gemeinsam mit Ihnen darum.\n\nNimmt Ihr nächstes Projekt schon Gestalt an? Wir helfen gern früh: mit Mustern, Zeichnungen und einem Preis, "
        "der gilt.\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}\n{company_phone}",
        "{company_name}: Auftrag {number} ist abgeschlossen. Vielen Dank! Noch etwas zu tun oder ein neues Projekt? Tel. {company_phone}",
    ),
}
COMPLETED_CLIENT = {
    "en": Text(
        "Your order {number} is completed: enjoy it",
        "Dear {recipient_name},\n\nyour order {number} is completed, and we hope that you enjoy what we have made for you.\n\nGood to know: your contract "
        "has the number {contract_number}; please keep it, the warranty runs from its date. For cleaning, use a damp cloth and no abrasive agents.\n\nIf anything "
        "is not as it should be, reply to this message or call {company_phone}; we will see to it.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: your order {number} is completed. Enjoy it! Anything not right? Call {company_phone}.",
    ),
    "zh-hans": Text(
        "您的订单 {number} 已完成，祝您使用愉快",
        "{recipient_name}，您好！\n\n您的订单 {number} 已全部完成，希望您喜欢我们的产品。\n\n温馨提示：您的合同编号为 {contract_number}，请妥善保存，质保自合同日期起计算。"
        "日常清洁请使用湿布，勿用研磨性清洁剂。\n\n如有任何不满意之处，请直接回复本邮件或致电 {company_phone}，我们会尽快处理。\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】您的订单 {number} 已完成，祝您使用愉快！如有问题请致电 {company_phone}。",
    ),
    "zh-hant": Text(
        "您的訂單 {number} 已完成，祝您使用愉快",
        "{recipient_name} 您好：\n\n您的訂單 {number} 已全部完成，希望您喜歡我們的產品。\n\n溫馨提醒：您的合約編號為 {contract_number}，請妥善保存，保固自合約日期起算。"
        "日常清潔請使用濕布，勿用研磨性清潔劑。\n\n如有任何不滿意之處，請直接回覆本信或致電 {company_phone}，我們會盡快處理。\n\n敬祝 順心\n{owner_name}\n{company_name}",
        "【{company_name}】您的訂單 {number} 已完成，祝您使用愉快！如有問題請致電 {company_phone}。",
    ),
    "de": Text(
        "Ihr Auftrag {number} ist abgeschlossen: viel Freude damit",
        "Guten Tag {recipient_name},\n\nIhr Auftrag {number} ist abgeschlossen, und wir wünschen Ihnen viel Freude mit dem Ergebnis.\n\nGut zu wissen: Ihr Vertrag "
        "hat die Nummer {contract_number}; bitte bewahren Sie ihn auf, die Gewährleistung läuft ab seinem Datum. Zum Reinigen genügt ein feuchtes Tuch, bitte keine "
        "Scheuermittel.\n\nSollte etwas nicht in Ordnung sein, antworten Sie auf diese Nachricht oder rufen Sie uns an: {company_phone}. Wir kümmern uns darum.\n\n"
        "Mit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Ihr Auftrag {number} ist abgeschlossen. Viel Freude damit! Stimmt etwas nicht? Tel. {company_phone}",
    ),
}
READY = {
    "en": Text(
        "Your order {number} will be ready on time: {ready_on}",
        "Dear {recipient_name},\n\ngood news: your order {number} will be ready as promised, on {ready_on}. We inspect it before it leaves and tell you as soon as it "
        "is on its way.\n\nDelivery address:\n{delivery_address}\n\nIf it has changed, please tell us now.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: your order {number} will be ready on time, on {ready_on}.",
    ),
    "zh-hans": Text(
        "您的订单 {number} 将按时完成：{ready_on}",
        "{recipient_name}，您好！\n\n您的订单 {number} 将按约定于 {ready_on} 备妥。发货前我们会进行检验，发出后立即通知您。\n\n收货地址：\n{delivery_address}\n\n如有变更，请尽快告知我们。\n\n"
        "此致\n{owner_name}\n{company_name}",
        "【{company_name}】您的订单 {number} 将于 {ready_on} 按时备妥。",
    ),
    "zh-hant": Text(
        "您的訂單 {number} 將準時完成：{ready_on}",
        "{recipient_name} 您好：\n\n您的訂單 {number} 將依約於 {ready_on} 備妥。出貨前我們會進行檢驗，出貨後立即通知您。\n\n送貨地址：\n{delivery_address}\n\n如有變更，請盡快告知我們。\n\n"
        "敬祝 商祺\n{owner_name}\n{company_name}",
        "【{company_name}】您的訂單 {number} 將於 {ready_on} 準時備妥。",
    ),
    "de": Text(
        "Ihr Auftrag {number} wird pünktlich fertig: {ready_on}",
        "Guten Tag {recipient_name},\n\neine gute Nachricht: Ihr Auftrag {number} wird wie zugesagt am {ready_on} fertig. Vor dem Versand prüfen wir die Ware und "
        "melden uns, sobald sie unterwegs ist.\n\nLieferadresse:\n{delivery_address}\n\nHat sich daran etwas geändert, sagen Sie es uns bitte gleich.\n\n"
        "Mit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Ihr Auftrag {number} wird pünktlich fertig, am {ready_on}.",
    ),
}
LATE = {
    "en": Text(
        "Your order {number} will be {late_days} days late",
        "Dear {recipient_name},\n\nwe are sorry: your order {number} will not be ready on {promised_on} as promised, but {late_days} days later, on {new_ready_on}."
        "\n\nThe reason: {late_reason}\n\nWe know what that means for your schedule. {owner_name} will call you to agree on what helps you most; you can also reply "
        "to this message.\n\nKind regards\n{owner_name}\n{company_name}\n{company_phone}",
        "{company_name}: we are sorry, order {number} will be {late_days} days late ({late_reason}). New date: {new_ready_on}. {company_phone}",
    ),
    "zh-hans": Text(
        "您的订单 {number} 将延迟 {late_days} 天",
        "{recipient_name}，您好！\n\n非常抱歉，您的订单 {number} 无法按约定于 {promised_on} 备妥，将延迟 {late_days} 天，预计 {new_ready_on} 完成。\n\n原因：{late_reason}\n\n"
        "我们深知这会影响您的安排，{owner_name} 会与您联系，商定对您最有利的方案；您也可以直接回复本邮件。\n\n此致\n{owner_name}\n{company_name}\n{company_phone}",
        "【{company_name}】非常抱歉，订单 {number} 因{late_reason}延迟 {late_days} 天，预计 {new_ready_on} 完成。{company_phone}",
    ),
    "zh-hant": Text(
        "您的訂單 {number} 將延遲 {late_days} 天",
        "{recipient_name} 您好：\n\n非常抱歉，您的訂單 {number} 無法依約於 {promised_on} 備妥，將延遲 {late_days} 天，預計 {new_ready_on} 完成。\n\n原因：{late_reason}\n\n"
        "我們了解這會影響您的安排，{owner_name} 會與您聯絡，商定對您最有利的方案；您也可以直接回覆本信。\n\n敬祝 商祺\n{owner_name}\n{company_name}\n{company_phone}",
        "【{company_name}】非常抱歉，訂單 {number} 因{late_reason}延遲 {late_days} 天，預計 {new_ready_on} 完成。{company_phone}",
    ),
    "de": Text(
        "Ihr Auftrag {number} verspätet sich um {late_days} Tage",
        "Guten Tag {recipient_name},\n\nes tut uns leid: Ihr Auftrag {number} wird nicht wie zugesagt am {promised_on} fertig, sondern {late_days} Tage später, am "
        "{new_ready_on}.\n\nDer Grund: {late_reason}\n\nWir wissen, was das für Ihre Planung bedeutet. {owner_name} ruft Sie an, um mit Ihnen die beste Lösung zu "
        "finden; Sie können auch auf diese Nachricht antworten.\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}\n{company_phone}",
        "{company_name}: Leider kommt Auftrag {number} {late_days} Tage später ({late_reason}). Neuer Termin: {new_ready_on}. Tel. {company_phone}",
    ),
}
ACCEPTANCE = {
    "en": Text(
        "Acceptance of your order {number}: {acceptance_at}",
        "Dear {recipient_name},\n\nthe installation of your order {number} is nearly done. We would like to walk through it with you and hand it over:\n\n{acceptance_at}\n"
        "{site_address}\n\nPlease bring the contract {contract_number}. Whatever you notice is written down and put right. If the time does not suit you, reply or call "
        "{company_phone}.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: acceptance of order {number}: {acceptance_at}, {site_address}. Does not suit? Call {company_phone}.",
    ),
    "zh-hans": Text(
        "订单 {number} 验收预约：{acceptance_at}",
        "{recipient_name}，您好！\n\n您的订单 {number} 即将安装完毕，诚邀您一同到现场验收交接：\n\n时间：{acceptance_at}\n地点：{site_address}\n\n请携带合同 {contract_number}。"
        "您提出的问题我们会逐一记录并处理。如时间不便，请回复本邮件或致电 {company_phone}。\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】订单 {number} 验收时间：{acceptance_at}，地点：{site_address}。如不便请致电 {company_phone}。",
    ),
    "zh-hant": Text(
        "訂單 {number} 驗收預約：{acceptance_at}",
        "{recipient_name} 您好：\n\n您的訂單 {number} 即將安裝完畢，誠邀您一同至現場驗收交接：\n\n時間：{acceptance_at}\n地點：{site_address}\n\n請攜帶合約 {contract_number}。"
        "您提出的問題我們會逐一記錄並處理。若時間不便，請回覆本信或致電 {company_phone}。\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "【{company_name}】訂單 {number} 驗收時間：{acceptance_at}，地點：{site_address}。如不便請致電 {company_phone}。",
    ),
    "de": Text(
        "Abnahme Ihres Auftrags {number}: {acceptance_at}",
        "Guten Tag {recipient_name},\n\ndie Montage Ihres Auftrags {number} ist fast fertig. Wir möchten sie mit Ihnen durchgehen und übergeben:\n\n{acceptance_at}\n"
        "{site_address}\n\nBitte bringen Sie den Vertrag {contract_number} mit. Was Ihnen auffällt, wird notiert und behoben. Passt die Zeit nicht, antworten Sie oder "
        "rufen Sie an: {company_phone}.\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Abnahme Auftrag {number}: {acceptance_at}, {site_address}. Passt nicht? Tel. {company_phone}",
    ),
}
CALLBACK = {
    "en": Text(
        "May we call you about order {number}? {callback_at}",
        "Dear {recipient_name},\n\nwe would like to know how satisfied you are with order {number}: with the crew, with the advice and with the product. May we call you on "
        "{callback_at}? It takes five minutes.\n\nIf another time suits you better, reply to this message.\n\nKind regards\n{company_name}",
        "{company_name}: may we call you on {callback_at} about order {number}? Five minutes. Another time? {company_phone}",
    ),
    "zh-hans": Text(
        "关于订单 {number} 的电话回访：{callback_at}",
        "{recipient_name}，您好！\n\n我们想了解您对订单 {number} 的满意度，包括施工人员、销售服务和产品。我们计划于 {callback_at} 致电，约需五分钟。\n\n如其他时间更方便，请回复本邮件。\n\n此致\n{company_name}",
        "【{company_name}】我们将于 {callback_at} 就订单 {number} 电话回访，约五分钟。如需改期请致电 {company_phone}。",
    ),
    "zh-hant": Text(
        "關於訂單 {number} 的電話回訪：{callback_at}",
        "{recipient_name} 您好：\n\n我們想了解您對訂單 {number} 的滿意度，包括施工人員、業務服務與產品。我們預計於 {callback_at} 致電，約需五分鐘。\n\n若其他時間較方便，請回覆本信。\n\n敬祝 商祺\n{company_name}",
        "【{company_name}】我們將於 {callback_at} 就訂單 {number} 電話回訪，約五分鐘。如需改期請致電 {company_phone}。",
    ),
    "de": Text(
        "Dürfen wir Sie zu Auftrag {number} anrufen? {callback_at}",
        "Guten Tag {recipient_name},\n\nwir möchten wissen, wie zufrieden Sie mit Auftrag {number} sind: mit der Montage, der Beratung und dem Produkt. Dürfen wir Sie anrufen, "
        "am {callback_at}? Es dauert fünf Minuten.\n\nPasst Ihnen eine andere Zeit besser, antworten Sie auf diese Nachricht.\n\nMit freundlichen Grüßen\n{company_name}",
        "{company_name}: Dürfen wir Sie am {callback_at} zu Auftrag {number} anrufen? Fünf Minuten. Andere Zeit? Tel. {company_phone}",
    ),
}
