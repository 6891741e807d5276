"""The words that customers and colleagues get about payments and trade documents, in the four languages of the house."""

from __future__ import annotations

from foundation.notifications.defaults import Text

PAYMENT_REQUESTED = {
    "en": Text(
        "Order {order_number}: {payment_kind} of {amount}, due on {due_on}",
        "Dear {recipient_name},\n\nfor your order {order_number} we ask for the following payment:\n\n{payment_kind}: {amount}\nDue on: {due_on}\n"
        "Please state as reference: {order_number} / {number}\n\n{bank_details}\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: {payment_kind} of {amount} for order {order_number} is due on {due_on}. Reference: {number}",
    ),
    "zh-hans": Text(
        "订单 {order_number}：{payment_kind} {amount}，请于 {due_on} 前支付",
        "{recipient_name}，您好！\n\n关于您的订单 {order_number}，请支付以下款项：\n\n{payment_kind}：{amount}\n付款期限：{due_on}\n"
        "汇款附言请注明：{order_number} / {number}\n\n{bank_details}\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：订单 {order_number} 的{payment_kind} {amount}，请于 {due_on} 前支付，附言：{number}",
    ),
    "zh-hant": Text(
        "訂單 {order_number}：{payment_kind} {amount}，請於 {due_on} 前支付",
        "{recipient_name} 您好：\n\n關於您的訂單 {order_number}，請支付下列款項：\n\n{payment_kind}：{amount}\n付款期限：{due_on}\n"
        "匯款附言請註明：{order_number} / {number}\n\n{bank_details}\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "{company_name}：訂單 {order_number} 的{payment_kind} {amount}，請於 {due_on} 前支付，附言：{number}",
    ),
    "de": Text(
        "Auftrag {order_number}: {payment_kind} von {amount}, fällig am {due_on}",
        "Guten Tag {recipient_name},\n\nfür Ihren Auftrag {order_number} bitten wir um folgende Zahlung:\n\n{payment_kind}: {amount}\nFällig am: {due_on}\n"
        "Bitte geben Sie als Verwendungszweck an: {order_number} / {number}\n\n{bank_details}\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: {payment_kind} von {amount} zum Auftrag {order_number}, fällig am {due_on}. Verwendungszweck: {number}",
    ),
}

PAYMENT_RECEIVED = {
    "en": Text(
        "Order {order_number}: your payment of {received} has arrived",
        "Dear {recipient_name},\n\nthank you: your payment of {received} for order {order_number} ({payment_kind}) has arrived.\n\n"
        "Kind regards\n{owner_name}\n{company_name}",
        "{company_name}: your payment of {received} for order {order_number} has arrived. Thank you.",
    ),
    "zh-hans": Text(
        "订单 {order_number}：已收到您的付款 {received}",
        "{recipient_name}，您好！\n\n谢谢！我们已收到您为订单 {order_number} 支付的款项 {received}（{payment_kind}）。\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：已收到您为订单 {order_number} 支付的 {received}，谢谢！",
    ),
    "zh-hant": Text(
        "訂單 {order_number}：已收到您的付款 {received}",
        "{recipient_name} 您好：\n\n謝謝您！我們已收到您為訂單 {order_number} 支付的款項 {received}（{payment_kind}）。\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "{company_name}：已收到您為訂單 {order_number} 支付的 {received}，謝謝您！",
    ),
    "de": Text(
        "Auftrag {order_number}: Ihre Zahlung von {received} ist eingegangen",
        "Guten Tag {recipient_name},\n\nvielen Dank: Ihre Zahlung von {received} zum Auftrag {order_number} ({payment_kind}) ist eingegangen.\n\n"
        "Mit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Ihre Zahlung von {received} zum Auftrag {order_number} ist eingegangen. Vielen Dank.",
    ),
}

PAYMENT_TO_CONFIRM = {
    "en": Text(
        "Payment {number} of {customer_name} is to be confirmed",
        "{actor_name} reports that {received} have come in for order {order_number} of {customer_name} ({payment_kind}, agreed {amount}).\n"
        "Reference: {reference}\n\nPlease look on the account, then confirm the payment or send the report back.\n\n{link}",
        "{customer_name}: {received} for order {order_number}, reported by {actor_name}.",
    ),
    "zh-hans": Text(
        "{customer_name} 的付款 {number} 待确认",
        "{actor_name} 报告：{customer_name} 的订单 {order_number} 到账 {received}（{payment_kind}，约定金额 {amount}）。\n"
        "汇款附言：{reference}\n\n请核对账户后确认付款，或退回该报告。\n\n{link}",
        "{customer_name}：订单 {order_number} 到账 {received}，由 {actor_name} 报告。",
    ),
    "zh-hant": Text(
        "{customer_name} 的付款 {number} 待確認",
        "{actor_name} 回報：{customer_name} 的訂單 {order_number} 入帳 {received}（{payment_kind}，約定金額 {amount}）。\n"
        "匯款附言：{reference}\n\n請核對帳戶後確認付款，或退回該回報。\n\n{link}",
        "{customer_name}：訂單 {order_number} 入帳 {received}，由 {actor_name} 回報。",
    ),
    "de": Text(
        "Zahlung {number} von {customer_name} ist zu bestätigen",
        "{actor_name} meldet den Eingang von {received} zum Auftrag {order_number} von {customer_name} ({payment_kind}, vereinbart {amount}).\n"
        "Verwendungszweck: {reference}\n\nBitte prüfen Sie das Konto und bestätigen Sie die Zahlung, oder geben Sie die Meldung zurück.\n\n{link}",
        "{customer_name}: {received} zum Auftrag {order_number}, gemeldet von {actor_name}.",
    ),
}

PAYMENT_RETURNED = {
    "en": Text(
        "Your report of payment {number} comes back",
        "{actor_name} has sent back the report of payment {number} of {customer_name} for order {order_number}.\n\nReason: {reason}\n\n{link}",
        "Payment {number} of {customer_name} is not confirmed: {reason}",
    ),
    "zh-hans": Text(
        "付款 {number} 的报告已退回",
        "{actor_name} 退回了 {customer_name} 订单 {order_number} 的付款报告 {number}。\n\n原因：{reason}\n\n{link}",
        "{customer_name} 的付款 {number} 未获确认：{reason}",
    ),
    "zh-hant": Text(
        "付款 {number} 的回報已退回",
        "{actor_name} 退回了 {customer_name} 訂單 {order_number} 的付款回報 {number}。\n\n原因：{reason}\n\n{link}",
        "{customer_name} 的付款 {number} 未獲確認：{reason}",
    ),
    "de": Text(
        "Ihre Meldung zur Zahlung {number} kommt zurück",
        "{actor_name} hat die Meldung zur Zahlung {number} von {customer_name} (Auftrag {order_number}) zurückgegeben.\n\nGrund: {reason}\n\n{link}",
        "Zahlung {number} von {customer_name} ist nicht bestätigt: {reason}",
    ),
}

DOCUMENT_TO_CHECK = {
    "en": Text(
        "{document_kind} for order {order_number} is to be checked",
        "{actor_name} has submitted {number} ({document_kind}, version {version}) for order {order_number} of {customer_name}. A second person checks it.\n\n{link}",
        "{document_kind} {number} for order {order_number} waits for a check.",
    ),
    "zh-hans": Text(
        "订单 {order_number} 的{document_kind}待核对",
        "{actor_name} 为 {customer_name} 的订单 {order_number} 提交了 {number}（{document_kind}，第 {version} 版），请第二人核对。\n\n{link}",
        "订单 {order_number} 的{document_kind} {number} 待核对。",
    ),
    "zh-hant": Text(
        "訂單 {order_number} 的{document_kind}待核對",
        "{actor_name} 為 {customer_name} 的訂單 {order_number} 提交了 {number}（{document_kind}，第 {version} 版），請第二人核對。\n\n{link}",
        "訂單 {order_number} 的{document_kind} {number} 待核對。",
    ),
    "de": Text(
        "{document_kind} zum Auftrag {order_number} ist zu prüfen",
        "{actor_name} hat {number} ({document_kind}, Fassung {version}) zum Auftrag {order_number} von {customer_name} vorgelegt. Eine zweite Person prüft.\n\n{link}",
        "{document_kind} {number} zum Auftrag {order_number} wartet auf die Prüfung.",
    ),
}

DOCUMENT_RETURNED = {
    "en": Text(
        "{document_kind} for order {order_number} comes back with an error",
        "{actor_name} has checked {number} ({document_kind}, version {version}) for order {order_number} and found an error: {error}.\n\n{reason}\n\nPlease submit a corrected version.\n\n{link}",
        "{document_kind} {number} comes back: {error}",
    ),
    "zh-hans": Text(
        "订单 {order_number} 的{document_kind}有误，已退回",
        "{actor_name} 核对了订单 {order_number} 的 {number}（{document_kind}，第 {version} 版），发现错误：{error}。\n\n{reason}\n\n请提交更正后的版本。\n\n{link}",
        "{document_kind} {number} 已退回：{error}",
    ),
    "zh-hant": Text(
        "訂單 {order_number} 的{document_kind}有誤，已退回",
        "{actor_name} 核對了訂單 {order_number} 的 {number}（{document_kind}，第 {version} 版），發現錯誤：{error}。\n\n{reason}\n\n請提交更正後的版本。\n\n{link}",
        "{document_kind} {number} 已退回：{error}",
    ),
    "de": Text(
        "{document_kind} zum Auftrag {order_number} kommt mit einem Fehler zurück",
        "{actor_name} hat {number} ({document_kind}, Fassung {version}) zum Auftrag {order_number} geprüft und einen Fehler gefunden: {error}.\n\n{reason}\n\n"
        "Bitte legen Sie eine berichtigte Fassung vor.\n\n{link}",
        "{document_kind} {number} kommt zurück: {error}",
    ),
}

DOCUMENT_APPROVED = {
    "en": Text(
        "{document_kind} for order {order_number} is approved",
        "{actor_name} has checked and approved {number} ({document_kind}, version {version}) for order {order_number} of {customer_name}.\n\n{link}",
        "{document_kind} {number} for order {order_number} is approved.",
    ),
    "zh-hans": Text(
        "订单 {order_number} 的{document_kind}已核准",
        "{actor_name} 已核对并核准 {customer_name} 订单 {order_number} 的 {number}（{document_kind}，第 {version} 版）。\n\n{link}",
        "订单 {order_number} 的{document_kind} {number} 已核准。",
    ),
    "zh-hant": Text(
        "訂單 {order_number} 的{document_kind}已核准",
        "{actor_name} 已核對並核准 {customer_name} 訂單 {order_number} 的 {number}（{document_kind}，第 {version} 版）。\n\n{link}",
        "訂單 {order_number} 的{document_kind} {number} 已核准。",
    ),
    "de": Text(
        "{document_kind} zum Auftrag {order_number} ist freigegeben",
        "{actor_name} hat {number} ({document_kind}, Fassung {version}) zum Auftrag {order_number} von {customer_name} geprüft und freigegeben.\n\n{link}",
        "{document_kind} {number} zum Auftrag {order_number} ist freigegeben.",
    ),
}
