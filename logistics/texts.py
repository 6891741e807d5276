"""The words that customers and colleagues get about goods on the way, in the four languages of the house."""

from __future__ import annotations

from foundation.notifications.defaults import Text

DISPATCHED = {
    "en": Text(
        "Your order {order_numbers} is on its way",
        "Dear {recipient_name},\n\nyour goods from order {order_numbers} have left our house with {carrier}, "
        "waybill {waybill_number}.\n\nWe expect them to arrive on {eta}.\n\nFollow them here:\n{tracking_url}\n\n"
        "Kind regards\n{company_name}",
        "{company_name}: order {order_numbers} has left, expected {eta}. Follow it: {tracking_url}",
    ),
    "zh-hans": Text(
        "您的订单 {order_numbers} 已发货",
        "{recipient_name}，您好：\n\n您的订单 {order_numbers} 的货物已由 {carrier} 承运发出，运单号 {waybill_number}。\n\n"
        "预计到达时间：{eta}。\n\n您可以在这里查看货物动态：\n{tracking_url}\n\n{company_name} 敬上",
        "【{company_name}】订单 {order_numbers} 已发货，预计 {eta} 到达。查看动态：{tracking_url}",
    ),
    "zh-hant": Text(
        "您的訂單 {order_numbers} 已出貨",
        "{recipient_name}，您好：\n\n您的訂單 {order_numbers} 的貨物已由 {carrier} 承運出貨，運單號碼 {waybill_number}。\n\n"
        "預計抵達時間：{eta}。\n\n您可以在這裡查看貨物動態：\n{tracking_url}\n\n{company_name} 敬上",
        "【{company_name}】訂單 {order_numbers} 已出貨，預計 {eta} 抵達。查看動態：{tracking_url}",
    ),
    "de": Text(
        "Ihr Auftrag {order_numbers} ist unterwegs",
        "Guten Tag {recipient_name},\n\nIhre Ware aus Auftrag {order_numbers} hat unser Haus mit {carrier} verlassen, "
        "Frachtbrief {waybill_number}.\n\nWir erwarten die Ankunft: {eta}.\n\nSo verfolgen Sie die Sendung:\n{tracking_url}\n\n"
        "Mit freundlichen Grüßen\n{company_name}",
        "{company_name}: Auftrag {order_numbers} ist unterwegs, Ankunft voraussichtlich {eta}. Verfolgen: {tracking_url}",
    ),
}
DELAYED = {
    "en": Text(
        "Your order {order_numbers} arrives later: {eta_day}",
        "Dear {recipient_name},\n\nyour goods from order {order_numbers} will arrive later than we told you.\n\n"
        "Reason: {delay_reason}\nExpected before: {old_eta_day}\nExpected now: {eta}\n\n"
        "We are sorry for the inconvenience and stay in touch with the carrier. Follow the goods here:\n{tracking_url}\n\n"
        "Kind regards\n{company_name}",
        "{company_name}: order {order_numbers} is delayed ({delay_reason}). Now expected {eta}. {tracking_url}",
    ),
    "zh-hans": Text(
        "您的订单 {order_numbers} 将延迟到达：{eta_day}",
        "{recipient_name}，您好：\n\n很抱歉，您的订单 {order_numbers} 的货物将晚于原定时间到达。\n\n"
        "原因：{delay_reason}\n原预计：{old_eta_day}\n现预计：{eta}\n\n"
        "给您带来不便，我们深表歉意，并会持续与承运商跟进。您可以在这里查看货物动态：\n{tracking_url}\n\n{company_name} 敬上",
        "【{company_name}】订单 {order_numbers} 延迟（{delay_reason}），现预计 {eta} 到达。{tracking_url}",
    ),
    "zh-hant": Text(
        "您的訂單 {order_numbers} 將延遲抵達：{eta_day}",
        "{recipient_name}，您好：\n\n很抱歉，您的訂單 {order_numbers} 的貨物將晚於原定時間抵達。\n\n"
        "原因：{delay_reason}\n原預計：{old_eta_day}\n現預計：{eta}\n\n"
        "造成您的不便，我們深感抱歉，並會持續與承運商跟進。您可以在這裡查看貨物動態：\n{tracking_url}\n\n{company_name} 敬上",
        "【{company_name}】訂單 {order_numbers} 延遲（{delay_reason}），現預計 {eta} 抵達。{tracking_url}",
    ),
    "de": Text(
        "Ihr Auftrag {order_numbers} kommt später: {eta_day}",
        "Guten Tag {recipient_name},\n\nIhre Ware aus Auftrag {order_numbers} kommt leider später an als angekündigt.\n\n"
        "Grund: {delay_reason}\nBisher erwartet: {old_eta_day}\nJetzt erwartet: {eta}\n\n"
        "Wir bitten um Entschuldigung und bleiben mit dem Frachtführer in Kontakt. So verfolgen Sie die Sendung:\n"
        "{tracking_url}\n\nMit freundlichen Grüßen\n{company_name}",
        "{company_name}: Auftrag {order_numbers} verspätet sich ({delay_reason}). Jetzt erwartet: {eta}. {tracking_url}",
    ),
}
ARRIVED = {
    "en": Text(
        "Your order {order_numbers} has arrived",
        "Dear {recipient_name},\n\nyour goods from order {order_numbers} have arrived.\n\nUnloading appointment: {appointment}\n\n"
        "Please check the goods for shortages and damage before you sign, and have both noted on the papers. "
        "Details:\n{tracking_url}\n\nKind regards\n{company_name}",
        "{company_name}: order {order_numbers} has arrived. Unloading: {appointment}. Please check before you sign.",
    ),
    "zh-hans": Text(
        "您的订单 {order_numbers} 已到达",
        "{recipient_name}，您好：\n\n您的订单 {order_numbers} 的货物已到达。\n\n卸货预约时间：{appointment}\n\n"
        "签收前请检查是否有短缺或破损，如有请在单据上注明。详情：\n{tracking_url}\n\n{company_name} 敬上",
        "【{company_name}】订单 {order_numbers} 已到达。卸货预约：{appointment}。请验货后签收。",
    ),
    "zh-hant": Text(
        "您的訂單 {order_numbers} 已抵達",
        "{recipient_name}，您好：\n\n您的訂單 {order_numbers} 的貨物已抵達。\n\n卸貨預約時間：{appointment}\n\n"
        "簽收前請檢查是否有短缺或毀損，如有請在單據上註明。詳情：\n{tracking_url}\n\n{company_name} 敬上",
        "【{company_name}】訂單 {order_numbers} 已抵達。卸貨預約：{appointment}。請驗貨後簽收。",
    ),
    "de": Text(
        "Ihr Auftrag {order_numbers} ist angekommen",
        "Guten Tag {recipient_name},\n\nIhre Ware aus Auftrag {order_numbers} ist angekommen.\n\nEntladetermin: {appointment}\n\n"
        "Bitte prüfen Sie die Ware vor der Unterschrift auf Fehlmengen und Schäden und lassen Sie beides auf den Papieren "
        "vermerken. Einzelheiten:\n{tracking_url}\n\nMit freundlichen Grüßen\n{company_name}",
        "{company_name}: Auftrag {order_numbers} ist angekommen. Entladung: {appointment}. Bitte vor der Unterschrift prüfen.",
    ),
}
SIGNED = {
    "en": Text(
        "Thank you: order {order_numbers} has been delivered",
        "Dear {recipient_name},\n\nyour goods from order {order_numbers} were signed for on {signed_day}. Thank you for your "
        "trust.\n\nIf anything is missing or damaged, simply reply to this message; we will see to it at once.\n\n"
        "Kind regards\n{company_name}",
        "{company_name}: order {order_numbers} was delivered on {signed_day}. Thank you! If anything is wrong, tell us.",
    ),
    "zh-hans": Text(
        "感谢您：订单 {order_numbers} 已签收",
        "{recipient_name}，您好：\n\n您的订单 {order_numbers} 的货物已于 {signed_day} 签收，感谢您的信任。\n\n"
        "如有短缺或破损，请直接回复本消息，我们会立即处理。\n\n{company_name} 敬上",
        "【{company_name}】订单 {order_numbers} 已于 {signed_day} 签收，感谢您的信任！如有问题请随时联系我们。",
    ),
    "zh-hant": Text(
        "感謝您：訂單 {order_numbers} 已簽收",
        "{recipient_name}，您好：\n\n您的訂單 {order_numbers} 的貨物已於 {signed_day} 簽收，感謝您的信任。\n\n"
        "如有短缺或毀損，請直接回覆本訊息，我們會立即處理。\n\n{company_name} 敬上",
        "【{company_name}】訂單 {order_numbers} 已於 {signed_day} 簽收，感謝您的信任！如有問題請隨時聯絡我們。",
    ),
    "de": Text(
        "Vielen Dank: Auftrag {order_numbers} ist zugestellt",
        "Guten Tag {recipient_name},\n\nIhre Ware aus Auftrag {order_numbers} wurde am {signed_day} entgegengenommen. Vielen "
        "Dank für Ihr Vertrauen.\n\nFehlt etwas oder ist etwas beschädigt, antworten Sie einfach auf diese Nachricht; wir "
        "kümmern uns sofort darum.\n\nMit freundlichen Grüßen\n{company_name}",
        "{company_name}: Auftrag {order_numbers} wurde am {signed_day} zugestellt. Vielen Dank! Stimmt etwas nicht, sagen Sie es uns.",
    ),
}
POD_REMINDER = {
    "en": Text(
        "Ask the carrier for the signed paper of {number}",
        "The proof of delivery of {number} (waybill {waybill_number}) must be back by {pod_due}. Ask: {carrier_contact}\n\n{link}",
        "Due by {pod_due}. Ask: {carrier_contact}",
    ),
    "zh-hans": Text(
        "请向承运商催要 {number} 的回单",
        "{number}（运单号 {waybill_number}）的回单须在 {pod_due} 前返回。请联系：{carrier_contact}\n\n{link}",
        "{pod_due} 前须返回。请联系：{carrier_contact}",
    ),
    "zh-hant": Text(
        "請向承運商催討 {number} 的簽收單",
        "{number}（運單號碼 {waybill_number}）的簽收單須在 {pod_due} 前寄回。請聯絡：{carrier_contact}\n\n{link}",
        "{pod_due} 前須寄回。請聯絡：{carrier_contact}",
    ),
    "de": Text(
        "Ablieferungsnachweis von {number} beim Frachtführer anfordern",
        "Der Ablieferungsnachweis von {number} (Frachtbrief {waybill_number}) muss bis {pod_due} zurück sein. "
        "Nachfragen bei: {carrier_contact}\n\n{link}",
        "Fällig bis {pod_due}. Nachfragen bei: {carrier_contact}",
    ),
}
POD_REJECTED = {
    "en": Text(
        "The signed paper of {number} is unreadable",
        "The proof of delivery of {number} was sent back as unreadable by {actor_name}. Ask {carrier} for it again.\n\n{link}",
        "Sent back by {actor_name}. Ask {carrier} for it again.",
    ),
    "zh-hans": Text(
        "{number} 的回单无法辨认",
        "{actor_name} 认为 {number} 的回单无法辨认，已退回。请向 {carrier} 重新索取。\n\n{link}",
        "已由 {actor_name} 退回。请向 {carrier} 重新索取。",
    ),
    "zh-hant": Text(
        "{number} 的簽收單無法辨識",
        "{actor_name} 認為 {number} 的簽收單無法辨識，已退回。請向 {carrier} 重新索取。\n\n{link}",
        "已由 {actor_name} 退回。請向 {carrier} 重新索取。",
    ),
    "de": Text(
        "Der Ablieferungsnachweis von {number} ist unleserlich",
        "Der Ablieferungsnachweis von {number} wurde von {actor_name} als unleserlich zurückgewiesen. Bitte bei {carrier} neu "
        "anfordern.\n\n{link}",
        "Von {actor_name} zurückgewiesen. Bei {carrier} neu anfordern.",
    ),
}
