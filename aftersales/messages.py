"""The texts that the house ships for the time after the sale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.models import Survey, Ticket
from foundation.journal.standing import holds_while
from foundation.notifications.defaults import Text, register_message, register_words
from foundation.notifications.manners.kinds import register_kind

RECEIVED = {
    "en": Text(
        "Your complaint {number}: we are sorry, and what happens next",
        "Dear {recipient_name},\n\nwe are sorry that something went wrong: “{subject}”.\n\nYour complaint has the number {number}. "
        "{owner_name} looks after it and will propose a solution within 24 hours.\n\nYou can follow it, answer us and add photos here:\n{ticket_url}"
        "\n\nKind regards\n{company_name}",
        "{company_name}: we are sorry. Your complaint {number} is with us; a solution follows within 24 hours. {ticket_url}",
    ),
    "zh-hans": Text(
        "您的投诉 {number}：我们深表歉意，以及后续安排",
        "{recipient_name}，您好：\n\n对于“{subject}”给您带来的不便，我们深表歉意。\n\n您的投诉编号为 {number}，由 {owner_name} 负责处理，"
        "我们将在 24 小时内提出解决方案。\n\n您可以在此查看进度、回复我们并补充照片：\n{ticket_url}\n\n此致\n{company_name}",
        "【{company_name}】非常抱歉！您的投诉 {number} 已受理，我们将在 24 小时内提出解决方案。{ticket_url}",
    ),
    "zh-hant": Text(
        "您的投訴 {number}：我們深感抱歉，以及後續安排",
        "{recipient_name} 您好：\n\n對於「{subject}」造成的不便，我們深感抱歉。\n\n您的投訴編號為 {number}，由 {owner_name} 負責處理，"
        "我們將於 24 小時內提出解決方案。\n\n您可以在此查看進度、回覆我們並補充照片：\n{ticket_url}\n\n敬祝 商祺\n{company_name}",
        "【{company_name}】非常抱歉！您的投訴 {number} 已受理，我們將於 24 小時內提出解決方案。{ticket_url}",
    ),
    "de": Text(
        "Ihre Reklamation {number}: Es tut uns leid – so geht es weiter",
        "Guten Tag {recipient_name},\n\nes tut uns leid, dass etwas nicht in Ordnung ist: „{subject}“.\n\nIhre Reklamation hat die Nummer {number}. "
        "{owner_name} kümmert sich darum und schlägt Ihnen innerhalb von 24 Stunden eine Lösung vor.\n\nHier können Sie den Stand verfolgen, uns "
        "antworten und Fotos ergänzen:\n{ticket_url}\n\nMit freundlichen Grüßen\n{company_name}",
        "{company_name}: Es tut uns leid. Ihre Reklamation {number} ist bei uns; die Lösung folgt innerhalb von 24 Stunden. {ticket_url}",
    ),
}

PROPOSED = {
    "en": Text(
        "Your complaint {number}: our solution",
        "Dear {recipient_name},\n\nfor your complaint “{subject}” we propose:\n\n{solution}\n\nPlease tell us here whether you agree:\n{ticket_url}"
        "\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: we have a solution for {number}. Please accept or decline it here: {ticket_url}",
    ),
    "zh-hans": Text(
        "您的投诉 {number}：我们的解决方案",
        "{recipient_name}，您好：\n\n针对您的投诉“{subject}”，我们建议：\n\n{solution}\n\n请在此告知您是否同意：\n{ticket_url}\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】投诉 {number} 已有解决方案，请点击确认或拒绝：{ticket_url}",
    ),
    "zh-hant": Text(
        "您的投訴 {number}：我們的解決方案",
        "{recipient_name} 您好：\n\n針對您的投訴「{subject}」，我們建議：\n\n{solution}\n\n請在此告知您是否同意：\n{ticket_url}\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "【{company_name}】投訴 {number} 已有解決方案，請點選同意或婉拒：{ticket_url}",
    ),
    "de": Text(
        "Ihre Reklamation {number}: unsere Lösung",
        "Guten Tag {recipient_name},\n\nzu Ihrer Reklamation „{subject}“ schlagen wir vor:\n\n{solution}\n\nBitte sagen Sie uns hier, ob Sie einverstanden "
        "sind:\n{ticket_url}\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Für {number} haben wir eine Lösung. Bitte hier annehmen oder ablehnen: {ticket_url}",
    ),
}

RESOLVED = {
    "en": Text(
        "Your complaint {number} is resolved",
        "Dear {recipient_name},\n\nthank you for your signature: your complaint “{subject}” is resolved.\n\n{resolution}\n\nShould anything still be wrong, "
        "tell us here:\n{ticket_url}\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: your complaint {number} is resolved. Still not right? {ticket_url}",
    ),
    "zh-hans": Text(
        "您的投诉 {number} 已解决",
        "{recipient_name}，您好：\n\n感谢您的签字确认，您的投诉“{subject}”已解决。\n\n{resolution}\n\n如仍有问题，请在此告知我们：\n{ticket_url}\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】您的投诉 {number} 已解决。如仍有问题请点击：{ticket_url}",
    ),
    "zh-hant": Text(
        "您的投訴 {number} 已解決",
        "{recipient_name} 您好：\n\n感謝您的簽名確認，您的投訴「{subject}」已解決。\n\n{resolution}\n\n如仍有問題，請在此告知我們：\n{ticket_url}\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "【{company_name}】您的投訴 {number} 已解決。如仍有問題請點選：{ticket_url}",
    ),
    "de": Text(
        "Ihre Reklamation {number} ist gelöst",
        "Guten Tag {recipient_name},\n\nvielen Dank für Ihre Unterschrift: Ihre Reklamation „{subject}“ ist gelöst.\n\n{resolution}\n\nSollte noch etwas nicht "
        "stimmen, sagen Sie es uns hier:\n{ticket_url}\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Ihre Reklamation {number} ist gelöst. Doch noch etwas? {ticket_url}",
    ),
}

WAITING = {
    "en": Text(
        "Your complaint {number}: we need something from you",
        "Dear {recipient_name},\n\nto go on with your complaint “{subject}” we need an answer from you. What it is, and where to answer:\n{ticket_url}"
        "\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: for {number} we need your answer: {ticket_url}",
    ),
    "zh-hans": Text(
        "您的投诉 {number}：需要您的配合",
        "{recipient_name}，您好：\n\n为继续处理您的投诉“{subject}”，我们需要您的回复。具体内容和回复入口：\n{ticket_url}\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】处理投诉 {number} 需要您的回复：{ticket_url}",
    ),
    "zh-hant": Text(
        "您的投訴 {number}：需要您的協助",
        "{recipient_name} 您好：\n\n為繼續處理您的投訴「{subject}」，我們需要您的回覆。詳細內容與回覆入口：\n{ticket_url}\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "【{company_name}】處理投訴 {number} 需要您的回覆：{ticket_url}",
    ),
    "de": Text(
        "Ihre Reklamation {number}: Wir brauchen etwas von Ihnen",
        "Guten Tag {recipient_name},\n\num bei Ihrer Reklamation „{subject}“ weiterzukommen, brauchen wir eine Antwort von Ihnen. Worum es geht und wo Sie "
        "antworten:\n{ticket_url}\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Für {number} brauchen wir Ihre Antwort: {ticket_url}",
    ),
}

SURVEY = {
    "en": Text(
        "How did we do? Two minutes for {company_name}",
        "Dear {recipient_name},\n\nyour complaint “{subject}” is closed. Please tell us in two minutes how we did:\n{survey_url}\n\nThank you\n{company_name}",
        "{company_name}: how did we do? Two minutes, please: {survey_url}",
    ),
    "zh-hans": Text(
        "请用两分钟评价 {company_name} 的服务",
        "{recipient_name}，您好：\n\n您的投诉“{subject}”已结案。请用两分钟告诉我们您的满意程度：\n{survey_url}\n\n谢谢！\n{company_name}",
        "【{company_name}】请用两分钟评价我们的服务：{survey_url}",
    ),
    "zh-hant": Text(
        "請用兩分鐘評價 {company_name} 的服務",
        "{recipient_name} 您好：\n\n您的投訴「{subject}」已結案。請用兩分鐘告訴我們您的滿意程度：\n{survey_url}\n\n謝謝您！\n{company_name}",
        "【{company_name}】請用兩分鐘評價我們的服務：{survey_url}",
    ),
    "de": Text(
        "Wie waren wir? Zwei Minuten für {company_name}",
        "Guten Tag {recipient_name},\n\nIhre Reklamation „{subject}“ ist abgeschlossen. Bitte sagen Sie uns in zwei Minuten, wie wir waren:\n{survey_url}"
        "\n\nVielen Dank\n{company_name}",
        "{company_name}: Wie waren wir? Zwei Minuten bitte: {survey_url}",
    ),
}

PROGRESS = {
    "en": Text(
        "Your complaint {number}: where we stand",
        "Dear {recipient_name},\n\nwe have not forgotten your complaint “{subject}”. Where we stand:\n\n{progress}\n\nYou will hear from us again by {next_news_on}, or as soon as "
        "there is something new. You can follow it and write to us here:\n{ticket_url}\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: news about {number}: {progress} Next news by {next_news_on}. {ticket_url}",
    ),
    "zh-hans": Text(
        "您的投诉 {number}：处理进展",
        "{recipient_name}，您好：\n\n我们一直在跟进您的投诉“{subject}”，目前进展如下：\n\n{progress}\n\n我们将于 {next_news_on} 前再次向您通报，如有新情况会立即告知。您也可以在此查看进度或给我们留言：\n{ticket_url}"
        "\n\n此致\n{owner_name}\n{company_name}",
        "【{company_name}】投诉 {number} 进展：{progress} 下次通报：{next_news_on} 前。{ticket_url}",
    ),
    "zh-hant": Text(
        "您的投訴 {number}：處理進度",
        "{recipient_name} 您好：\n\n我們持續處理您的投訴「{subject}」，目前進度如下：\n\n{progress}\n\n我們將於 {next_news_on} 前再次向您說明，如有新狀況會立即告知。您也可以在此查看進度或留言給我們：\n{ticket_url}"
        "\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "【{company_name}】投訴 {number} 進度：{progress} 下次說明：{next_news_on} 前。{ticket_url}",
    ),
    "de": Text(
        "Ihre Reklamation {number}: So ist der Stand",
        "Guten Tag {recipient_name},\n\nIhre Reklamation „{subject}“ ist nicht vergessen. So ist der Stand:\n\n{progress}\n\nSie hören spätestens am {next_news_on} wieder von uns, oder sobald es "
        "etwas Neues gibt. Hier können Sie den Stand verfolgen und uns schreiben:\n{ticket_url}\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Neues zu {number}: {progress} Nächste Nachricht bis {next_news_on}. {ticket_url}",
    ),
}

STAFF_RECEIVED = {
    "en": Text(
        "Complaint {number} is yours: {subject}",
        "{customer_name} complains: {subject}\n\nA solution is due within 24 hours.\n{link}",
        "{customer_name}",
    ),
    "zh-hans": Text(
        "投诉 {number} 由您负责：{subject}",
        "{customer_name} 投诉：{subject}\n\n须在 24 小时内提出解决方案。\n{link}",
        "{customer_name}",
    ),
    "zh-hant": Text(
        "投訴 {number} 由您負責：{subject}",
        "{customer_name} 投訴：{subject}\n\n須於 24 小時內提出解決方案。\n{link}",
        "{customer_name}",
    ),
    "de": Text(
        "Reklamation {number} ist Ihre: {subject}",
        "{customer_name} reklamiert: {subject}\n\nInnerhalb von 24 Stunden ist eine Lösung fällig.\n{link}",
        "{customer_name}",
    ),
}

STAFF_NEWS = {
    "en": Text(
        "{number}: {event_text}", "{customer_name}, {subject}: {event_text}\n{link}", "{customer_name}, {subject}"
    ),
    "zh-hans": Text(
        "{number}：{event_text}", "{customer_name}，{subject}：{event_text}\n{link}", "{customer_name}，{subject}"
    ),
    "zh-hant": Text(
        "{number}：{event_text}", "{customer_name}，{subject}：{event_text}\n{link}", "{customer_name}，{subject}"
    ),
    "de": Text(
        "{number}: {event_text}", "{customer_name}, {subject}: {event_text}\n{link}", "{customer_name}, {subject}"
    ),
}


def _register_truth() -> None:
    moved_on = _("The complaint has moved on meanwhile.")
    status = Ticket.Status
    open_states = set(status) - {status.RESOLVED, status.CLOSED, status.CANCELLED}
    holds_while(("ticket.received", "ticket.waiting"), Ticket, open_states, why=moved_on)
    holds_while(("ticket.proposed",), Ticket, {status.PROPOSED}, why=moved_on)
    holds_while(("ticket.resolved",), Ticket, {status.RESOLVED, status.CLOSED}, why=moved_on)
    asked = {Survey.Status.REQUESTED}
    holds_while(("survey.requested",), Survey, asked, why=_("The survey has been answered meanwhile."))


def register() -> None:
    """Ship the rules and their texts, and say how long they hold."""
    _register_truth()
    register_kind(
        "complaint",
        nouns=("ticket",),
        names={"en": "Complaints", "de": "Reklamationen", "zh-hans": "投诉处理", "zh-hant": "客訴處理"},
    )
    register_kind(
        "survey",
        nouns=("survey",),
        can_opt_out=True,
        names={"en": "Surveys", "de": "Umfragen", "zh-hans": "满意度调查", "zh-hant": "滿意度調查"},
    )
    register_message(
        "ticket_received", event="ticket.received", audience="customer_contact", texts=RECEIVED, urgent=True
    )
    register_message("ticket_proposed", event="ticket.proposed", audience="customer_contact", texts=PROPOSED)
    register_message("ticket_waiting", event="ticket.waiting", audience="customer_contact", texts=WAITING)
    register_message("ticket_resolved", event="ticket.resolved", audience="customer_contact", texts=RESOLVED)
    register_words(
        "ticket_progress",
        about=Ticket,
        texts=PROGRESS,
        names={"progress": _("What has been done since"), "next_news_on": _("Until when the customer hears again")},
    )
    register_message("survey_requested", event="survey.requested", audience="customer_contact", texts=SURVEY)
    register_message(
        "ticket_received_staff",
        event="ticket.received",
        audience="owner",
        channels=("inbox", "email"),
        texts=STAFF_RECEIVED,
    )
    register_message(
        "ticket_news", event="ticket.customer_replied", audience="owner", channels=("inbox",), texts=STAFF_NEWS
    )
    for event in ("ticket.accepted", "ticket.rejected", "ticket.reassigned"):
        register_message(
            f"{event.replace('.', '_')}_staff",
            event=event,
            audience="owner",
            channels=("inbox",),
            template="ticket_news",
        )
    register_message(
        "survey_answered_staff", event="survey.answered", audience="owner", channels=("inbox",), texts=STAFF_NEWS
    )
