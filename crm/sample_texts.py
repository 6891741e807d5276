"""The words about samples and drawings that the house ships."""

from __future__ import annotations

from foundation.notifications.defaults import Text

SAMPLE_SENT = {
    "en": Text(
        "Your samples {number} are on their way",
        "Dear {recipient_name},\n\nthe samples that you asked for are on their way to you with {courier}."
        "\nWaybill: {waybill}\n{tracking_url}\n\n{sample_lines}\n\nWhen you have looked at them, please tell us here whether"
        " they suit you:\n{sample_link}\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: your samples {number} are on their way with {courier} {waybill}. Tell us what you think: {sample_link}",
    ),
    "zh-hans": Text(
        "您的样品 {number} 已寄出",
        "{recipient_name}，您好：\n\n您索要的样品已由{courier}寄出。\n运单号：{waybill}\n{tracking_url}\n\n{sample_lines}"
        "\n\n收到并看过后，请在此告诉我们是否合适：\n{sample_link}\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】样品 {number} 已由{courier}寄出，运单号 {waybill}。请告知是否合适：{sample_link}",
    ),
    "zh-hant": Text(
        "您的樣品 {number} 已寄出",
        "{recipient_name} 您好：\n\n您索取的樣品已由{courier}寄出。\n託運單號：{waybill}\n{tracking_url}\n\n{sample_lines}"
        "\n\n收到並看過後，請在此告訴我們是否合適：\n{sample_link}\n\n敬上\n{owner_name}\n{company_name}",
        "【{company_name}】樣品 {number} 已由{courier}寄出，託運單號 {waybill}。請告知是否合適：{sample_link}",
    ),
    "de": Text(
        "Ihre Muster {number} sind unterwegs",
        "Guten Tag {recipient_name},\n\ndie gewünschten Muster sind mit {courier} zu Ihnen unterwegs."
        "\nSendungsnummer: {waybill}\n{tracking_url}\n\n{sample_lines}\n\nWenn Sie sie angesehen haben, sagen Sie uns bitte"
        " hier, ob sie passen:\n{sample_link}\n\nFreundliche Grüße\n{owner_name}\n{company_name}",
        "{company_name}: Ihre Muster {number} sind mit {courier} unterwegs ({waybill}). Passen sie? {sample_link}",
    ),
}
SAMPLE_ASKED = {
    "en": Text(
        "What do you think of our samples {number}?",
        "Dear {recipient_name},\n\nyou have our samples {number}:\n\n{sample_lines}\n\nDo they suit you? Please tell us here,"
        " it takes a minute:\n{sample_link}\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: do our samples {number} suit you? Please tell us: {sample_link}",
    ),
    "zh-hans": Text(
        "我们的样品 {number} 您觉得怎么样？",
        "{recipient_name}，您好：\n\n样品 {number} 已在您手中：\n\n{sample_lines}\n\n是否合适？请在此告诉我们，只需一分钟：\n{sample_link}"
        "\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】样品 {number} 是否合适？请告诉我们：{sample_link}",
    ),
    "zh-hant": Text(
        "我們的樣品 {number} 您覺得如何？",
        "{recipient_name} 您好：\n\n樣品 {number} 已在您手中：\n\n{sample_lines}\n\n是否合適？請在此告訴我們，只需一分鐘：\n{sample_link}"
        "\n\n敬上\n{owner_name}\n{company_name}",
        "【{company_name}】樣品 {number} 是否合適？請告訴我們：{sample_link}",
    ),
    "de": Text(
        "Wie gefallen Ihnen unsere Muster {number}?",
        "Guten Tag {recipient_name},\n\nunsere Muster {number} sind bei Ihnen:\n\n{sample_lines}\n\nPassen sie? Bitte sagen Sie"
        " es uns hier, es dauert eine Minute:\n{sample_link}\n\nFreundliche Grüße\n{owner_name}\n{company_name}",
        "{company_name}: Passen unsere Muster {number}? Bitte sagen Sie es uns: {sample_link}",
    ),
}
DRAWINGS_SENT = {
    "en": Text(
        "Drawings {number}, revision {revision}, for your approval",
        "Dear {recipient_name},\n\n{note}the drawings for “{request_subject}” are ready. Please look at them here, and approve"
        " them or tell us what should be different:\n{drawing_link}\n\nKind regards\n{salesperson_name}\n{company_name}",
        "{company_name}: drawings {number}, revision {revision}, wait for your approval: {drawing_link}",
    ),
    "zh-hans": Text(
        "图纸 {number}（{revision} 版）请您确认",
        "{recipient_name}，您好：\n\n{note}“{request_subject}”的图纸已完成。请在此查看并确认，或告诉我们需要修改之处：\n{drawing_link}"
        "\n\n此致\n{salesperson_name}\n{company_name}",
        "【{company_name}】图纸 {number}（{revision} 版）请您确认：{drawing_link}",
    ),
    "zh-hant": Text(
        "圖面 {number}（{revision} 版）請您確認",
        "{recipient_name} 您好：\n\n{note}「{request_subject}」的圖面已完成。請在此檢視並確認，或告訴我們需要修改之處：\n{drawing_link}"
        "\n\n敬上\n{salesperson_name}\n{company_name}",
        "【{company_name}】圖面 {number}（{revision} 版）請您確認：{drawing_link}",
    ),
    "de": Text(
        "Zeichnungen {number}, Revision {revision}, zur Freigabe",
        "Guten Tag {recipient_name},\n\n{note}die Zeichnungen zu „{request_subject}“ sind fertig. Bitte sehen Sie sie hier an und"
        " geben Sie sie frei, oder sagen Sie uns, was anders sein soll:\n{drawing_link}"
        "\n\nFreundliche Grüße\n{salesperson_name}\n{company_name}",
        "{company_name}: Zeichnungen {number}, Revision {revision}, warten auf Ihre Freigabe: {drawing_link}",
    ),
}
DRAWINGS_ASKED = {
    "en": Text(
        "Do you approve the drawings {number}?",
        "Dear {recipient_name},\n\nthe drawings for “{request_subject}” (revision {revision}) wait for your word. As soon as you"
        " approve them we can go on:\n{drawing_link}\n\nKind regards\n{salesperson_name}\n{company_name}",
        "{company_name}: do you approve the drawings {number}? {drawing_link}",
    ),
    "zh-hans": Text(
        "图纸 {number} 是否可以确认？",
        "{recipient_name}，您好：\n\n“{request_subject}”的图纸（{revision} 版）正等待您的确认。您确认后我们即可继续：\n{drawing_link}"
        "\n\n此致\n{salesperson_name}\n{company_name}",
        "【{company_name}】图纸 {number} 是否可以确认？{drawing_link}",
    ),
    "zh-hant": Text(
        "圖面 {number} 是否可以確認？",
        "{recipient_name} 您好：\n\n「{request_subject}」的圖面（{revision} 版）正等待您的確認。您確認後我們即可繼續：\n{drawing_link}"
        "\n\n敬上\n{salesperson_name}\n{company_name}",
        "【{company_name}】圖面 {number} 是否可以確認？{drawing_link}",
    ),
    "de": Text(
        "Geben Sie die Zeichnungen {number} frei?",
        "Guten Tag {recipient_name},\n\ndie Zeichnungen zu „{request_subject}“ (Revision {revision}) warten auf Ihr Wort. Sobald"
        " Sie sie freigeben, geht es weiter:\n{drawing_link}\n\nFreundliche Grüße\n{salesperson_name}\n{company_name}",
        "{company_name}: Geben Sie die Zeichnungen {number} frei? {drawing_link}",
    ),
}
CUSTOMER_QUESTION = {
    "en": Text(
        "A question about your request {number}",
        "Dear {recipient_name},\n\nbefore we can draw “{request_subject}” we have to know:\n\n{question}\n\nPlease answer here;"
        " you can send drawings and photos along:\n{drawing_link}\n\nKind regards\n{salesperson_name}\n{company_name}",
        "{company_name}: we have a question about {number}: {drawing_link}",
    ),
    "zh-hans": Text(
        "关于您的需求 {number}，想请教一个问题",
        "{recipient_name}，您好：\n\n在绘制“{request_subject}”之前，我们需要确认：\n\n{question}\n\n请在此答复，也可附上图纸和照片：\n{drawing_link}"
        "\n\n此致\n{salesperson_name}\n{company_name}",
        "【{company_name}】关于 {number} 有一个问题请您答复：{drawing_link}",
    ),
    "zh-hant": Text(
        "關於您的需求 {number}，想請教一個問題",
        "{recipient_name} 您好：\n\n在繪製「{request_subject}」之前，我們需要確認：\n\n{question}\n\n請在此回覆，也可附上圖面和照片：\n{drawing_link}"
        "\n\n敬上\n{salesperson_name}\n{company_name}",
        "【{company_name}】關於 {number} 有一個問題請您回覆：{drawing_link}",
    ),
    "de": Text(
        "Eine Frage zu Ihrem Wunsch {number}",
        "Guten Tag {recipient_name},\n\nbevor wir „{request_subject}“ zeichnen können, müssen wir wissen:\n\n{question}\n\nBitte"
        " antworten Sie hier; Zeichnungen und Fotos können Sie mitschicken:\n{drawing_link}"
        "\n\nFreundliche Grüße\n{salesperson_name}\n{company_name}",
        "{company_name}: Wir haben eine Frage zu {number}: {drawing_link}",
    ),
}
SAMPLE_NEWS = {
    "en": Text(
        "{event_text}", "{customer_name}: {event_text}\n\n{sample_lines}\n\n{link}", "{customer_name}, {sample_purpose}"
    ),
    "zh-hans": Text(
        "{event_text}", "{customer_name}：{event_text}\n\n{sample_lines}\n\n{link}", "{customer_name}，{sample_purpose}"
    ),
    "zh-hant": Text(
        "{event_text}", "{customer_name}：{event_text}\n\n{sample_lines}\n\n{link}", "{customer_name}，{sample_purpose}"
    ),
    "de": Text(
        "{event_text}", "{customer_name}: {event_text}\n\n{sample_lines}\n\n{link}", "{customer_name}, {sample_purpose}"
    ),
}
TECHNICAL_NEWS = {
    "en": Text(
        "{event_text}",
        "{customer_name}, {request_kind}: {event_text}\nWanted by: {wanted_on}\n\n{link}",
        "{customer_name}, {request_subject}",
    ),
    "zh-hans": Text(
        "{event_text}",
        "{customer_name}，{request_kind}：{event_text}\n期望日期：{wanted_on}\n\n{link}",
        "{customer_name}，{request_subject}",
    ),
    "zh-hant": Text(
        "{event_text}",
        "{customer_name}，{request_kind}：{event_text}\n希望日期：{wanted_on}\n\n{link}",
        "{customer_name}，{request_subject}",
    ),
    "de": Text(
        "{event_text}",
        "{customer_name}, {request_kind}: {event_text}\nGewünscht bis: {wanted_on}\n\n{link}",
        "{customer_name}, {request_subject}",
    ),
}
