"""The words that the house ships for ownership, in four languages."""

from __future__ import annotations

from foundation.notifications.defaults import Text

TEXTS: dict[str, dict[str, Text]] = {
    "customer.return_warned": {
        "en": Text(
            "{customer_name} goes back to the pool on {return_day}",
            "{customer_name} has not heard from you, or not bought, for long. On {return_day} the customer goes back to the pool,"
            " where every colleague can claim it. A conversation, a message or an order moves that day.\n\n{link}",
            "{customer_name}: back to the pool in {days_left} days",
        ),
        "zh-hans": Text(
            "{customer_name} 将于 {return_day} 退回公海",
            "您已较长时间没有联系 {customer_name}，或该客户较长时间没有成交。{return_day} 该客户将退回公海，届时所有同事均可领取。"
            "沟通、发送消息或下单都会使该日期顺延。\n\n{link}",
            "{customer_name}：{days_left} 天后退回公海",
        ),
        "zh-hant": Text(
            "{customer_name} 將於 {return_day} 退回公海",
            "您已較長時間沒有聯絡 {customer_name}，或該客戶較長時間沒有成交。{return_day} 該客戶將退回公海，屆時所有同仁皆可領取。"
            "溝通、發送訊息或下單都會使該日期順延。\n\n{link}",
            "{customer_name}：{days_left} 天後退回公海",
        ),
        "de": Text(
            "{customer_name} geht am {return_day} in den Pool zurück",
            "{customer_name} hat lange nichts von Ihnen gehört oder lange nichts gekauft. Am {return_day} geht der Kunde in den"
            " Pool zurück, aus dem ihn jeder übernehmen kann. Ein Gespräch, eine Nachricht oder ein Auftrag verschiebt den Tag."
            "\n\n{link}",
            "{customer_name}: in {days_left} Tagen zurück in den Pool",
        ),
    },
    "customer.returned_to_pool": {
        "en": Text(
            "{customer_name} went back to the pool",
            "The time without contact or order is up: {customer_name} is in the pool now, and colleagues can claim it.\n\n{link}",
            "{customer_name} is in the pool now",
        ),
        "zh-hans": Text(
            "{customer_name} 已退回公海",
            "超过规定时间没有联系或成交：{customer_name} 已退回公海，同事可以领取。\n\n{link}",
            "{customer_name} 已退回公海",
        ),
        "zh-hant": Text(
            "{customer_name} 已退回公海",
            "超過規定時間沒有聯絡或成交：{customer_name} 已退回公海，同仁可以領取。\n\n{link}",
            "{customer_name} 已退回公海",
        ),
        "de": Text(
            "{customer_name} ist in den Pool zurückgegangen",
            "Die Zeit ohne Kontakt oder Auftrag ist um: {customer_name} liegt jetzt im Pool, und andere können den Kunden"
            " übernehmen.\n\n{link}",
            "{customer_name} liegt jetzt im Pool",
        ),
    },
    "customer.handed_over": {
        "en": Text(
            "{customer_name} is yours now",
            "{actor_name} hands {customer_name} over to you. What you should know:\n\n{handover_note}\n\n{link}",
            "{customer_name}: {handover_note}",
        ),
        "zh-hans": Text(
            "{customer_name} 现由您负责",
            "{actor_name} 将 {customer_name} 移交给您。您需要了解：\n\n{handover_note}\n\n{link}",
            "{customer_name}：{handover_note}",
        ),
        "zh-hant": Text(
            "{customer_name} 現由您負責",
            "{actor_name} 將 {customer_name} 移交給您。您需要了解：\n\n{handover_note}\n\n{link}",
            "{customer_name}：{handover_note}",
        ),
        "de": Text(
            "{customer_name} gehört jetzt Ihnen",
            "{actor_name} übergibt Ihnen {customer_name}. Das sollten Sie wissen:\n\n{handover_note}\n\n{link}",
            "{customer_name}: {handover_note}",
        ),
    },
    "customer.introduced": {
        "en": Text(
            "Your contact at {company_name}: {owner_name}",
            "Dear {recipient_name},\n\nfrom today on {owner_name} looks after you at {company_name} and knows what was agreed so far."
            "\n\nKind regards\n{company_name}",
        ),
        "zh-hans": Text(
            "您在{company_name}的联系人：{owner_name}",
            "尊敬的{recipient_name}：\n\n即日起，{company_name}由{owner_name}为您服务，此前约定的事项均已交接。\n\n此致\n{company_name}",
        ),
        "zh-hant": Text(
            "您在{company_name}的聯絡人：{owner_name}",
            "{recipient_name} 您好：\n\n即日起，{company_name}由{owner_name}為您服務，先前約定的事項均已交接。\n\n敬上\n{company_name}",
        ),
        "de": Text(
            "Ihr Kontakt bei {company_name}: {owner_name}",
            "Guten Tag {recipient_name},\n\nab heute betreut Sie {owner_name} bei {company_name} und kennt alles, was bisher"
            " besprochen wurde.\n\nFreundliche Grüße\n{company_name}",
        ),
    },
    "ownership.requested": {
        "en": Text(
            "{asker_name} asks for {requested_customer}",
            "{asker_name} met {requested_customer}, which belongs to {owner_name}, and asks for it:\n\n{request_note}\n\n{link}",
            "{asker_name} asks for {requested_customer}",
        ),
        "zh-hans": Text(
            "{asker_name} 申请客户 {requested_customer}",
            "{asker_name} 遇到了由 {owner_name} 负责的客户 {requested_customer}，现提出申请：\n\n{request_note}\n\n{link}",
            "{asker_name} 申请客户 {requested_customer}",
        ),
        "zh-hant": Text(
            "{asker_name} 申請客戶 {requested_customer}",
            "{asker_name} 遇到了由 {owner_name} 負責的客戶 {requested_customer}，現提出申請：\n\n{request_note}\n\n{link}",
            "{asker_name} 申請客戶 {requested_customer}",
        ),
        "de": Text(
            "{asker_name} fragt nach {requested_customer}",
            "{asker_name} ist auf {requested_customer} gestoßen, wofür {owner_name} zuständig ist, und fragt danach:"
            "\n\n{request_note}\n\n{link}",
            "{asker_name} fragt nach {requested_customer}",
        ),
    },
    "ownership.shared": {
        "en": Text(
            "{requested_customer} is shared with you",
            "You see {requested_customer} now; it stays with {owner_name}.\n\n{request_answer}\n\n{link}",
            "{requested_customer} is shared with you",
        ),
        "zh-hans": Text(
            "客户 {requested_customer} 已共享给您",
            "您现在可以查看客户 {requested_customer}，仍由 {owner_name} 负责。\n\n{request_answer}\n\n{link}",
            "客户 {requested_customer} 已共享给您",
        ),
        "zh-hant": Text(
            "客戶 {requested_customer} 已分享給您",
            "您現在可以查看客戶 {requested_customer}，仍由 {owner_name} 負責。\n\n{request_answer}\n\n{link}",
            "客戶 {requested_customer} 已分享給您",
        ),
        "de": Text(
            "{requested_customer} ist für Sie freigegeben",
            "Sie sehen {requested_customer} jetzt; zuständig bleibt {owner_name}.\n\n{request_answer}\n\n{link}",
            "{requested_customer} ist für Sie freigegeben",
        ),
    },
    "ownership.handed": {
        "en": Text(
            "{requested_customer} is yours now",
            "You asked for {requested_customer}: it belongs to you from now on.\n\n{request_answer}\n\n{link}",
            "{requested_customer} is yours now",
        ),
        "zh-hans": Text(
            "客户 {requested_customer} 现由您负责",
            "您申请的客户 {requested_customer} 即日起由您负责。\n\n{request_answer}\n\n{link}",
            "客户 {requested_customer} 现由您负责",
        ),
        "zh-hant": Text(
            "客戶 {requested_customer} 現由您負責",
            "您申請的客戶 {requested_customer} 即日起由您負責。\n\n{request_answer}\n\n{link}",
            "客戶 {requested_customer} 現由您負責",
        ),
        "de": Text(
            "{requested_customer} gehört jetzt Ihnen",
            "Sie haben nach {requested_customer} gefragt: Der Kunde gehört ab jetzt Ihnen.\n\n{request_answer}\n\n{link}",
            "{requested_customer} gehört jetzt Ihnen",
        ),
    },
    "ownership.refused": {
        "en": Text(
            "Your request is refused: {requested_customer}",
            "The customer stays where it is.\n\n{request_answer}\n\n{link}",
            "{requested_customer}: {request_answer}",
        ),
        "zh-hans": Text(
            "您的申请未获批准：{requested_customer}",
            "该客户的归属不变。\n\n{request_answer}\n\n{link}",
            "{requested_customer}：{request_answer}",
        ),
        "zh-hant": Text(
            "您的申請未獲核准：{requested_customer}",
            "該客戶的歸屬不變。\n\n{request_answer}\n\n{link}",
            "{requested_customer}：{request_answer}",
        ),
        "de": Text(
            "Ihre Bitte ist abgelehnt: {requested_customer}",
            "Die Zuständigkeit bleibt, wie sie ist.\n\n{request_answer}\n\n{link}",
            "{requested_customer}: {request_answer}",
        ),
    },
    "ownership.taken": {
        "en": Text(
            "{requested_customer} went to {asker_name}",
            "{actor_name} gave {requested_customer} to {asker_name}, who had asked for it.\n\n{request_answer}",
            "{requested_customer} went to {asker_name}",
        ),
        "zh-hans": Text(
            "客户 {requested_customer} 已转给 {asker_name}",
            "{actor_name} 已将客户 {requested_customer} 转给提出申请的 {asker_name}。\n\n{request_answer}",
            "客户 {requested_customer} 已转给 {asker_name}",
        ),
        "zh-hant": Text(
            "客戶 {requested_customer} 已轉給 {asker_name}",
            "{actor_name} 已將客戶 {requested_customer} 轉給提出申請的 {asker_name}。\n\n{request_answer}",
            "客戶 {requested_customer} 已轉給 {asker_name}",
        ),
        "de": Text(
            "{requested_customer} ging an {asker_name}",
            "{actor_name} hat {requested_customer} an {asker_name} gegeben, von wo die Bitte kam.\n\n{request_answer}",
            "{requested_customer} ging an {asker_name}",
        ),
    },
}
