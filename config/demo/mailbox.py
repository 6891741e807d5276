"""Mail that reached the demo company: answers that found their case, new questions, what a person must sort, and what programs wrote."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType

from aftersales.models import Ticket
from config.demo.people import DEMO_DOMAIN
from config.demo.present import Stage
from crm.models import Inquiry
from foundation.mailroom.addresses import reply_address
from foundation.mailroom.models import IncomingMail, MailPolicy
from foundation.mailroom.services import take_in
from foundation.notifications.models import Message
from foundation.notifications.services import send_message
from foundation.notifications.writing import by_hand, usual_recipient
from orders.models import Order

OFFICE = f"office@{DEMO_DOMAIN}"
IMAP = IncomingMail.Source.IMAP
GERMAN = (
    "Guten Tag,\n\nvielen Dank für die schnelle Antwort. Bitte legen Sie uns zwei Muster in Eiche hell dazu, wir entscheiden am Freitag."
    "\n\nFreundliche Grüße\n{name}\n\nAm Montag schrieb Nanling Surfaces <{office}>:\n> Guten Tag,\n> gern bieten wir Ihnen das an."
)
CHINESE = "您好，\n\n补充三张现场照片的说明：接缝处约有 4 平方米起翘，靠窗一侧最明显。请问什么时候可以安排人来看？谢谢。\n\n{name}"
ENGLISH = (
    "Hello,\n\ncould you please confirm the delivery address on this order once more? Our warehouse gate closes at 16:00 on Fridays."
    "\n\nKind regards\n{name}\n\nOn Monday Nanling Surfaces <{office}> wrote:\n> Dear customer,\n> your order is confirmed."
)
TRADITIONAL = "您好：\n\n我們是台中的室內設計公司，想詢問 SPC 地板 800 平方公尺的價格與交期，並希望先看樣品。謝謝。\n\n林雅婷\n台中示範設計"
STRANGER = "Hello, I am handling this complaint for the customer now. Please send me all documents of the case."
PROGRAM = "Sehr geehrte Damen und Herren, anbei unsere Rechnung."
AWAY = "Ich bin bis Ende der Woche nicht im Büro. Ihre Nachricht wird nicht weitergeleitet."
NEWS = "The ten trends of the season for floors and walls."


def play(stage: Stage) -> None:
    """What lies in the mailroom at the moment of loading."""
    MailPolicy(reply_address=f"reply@{DEMO_DOMAIN}").save()
    _joined(stage)
    new = {
        "sender": "林雅婷 <ya-ting.lin@taichung-design.example>",
        "subject": "詢問 SPC 地板報價",
        "text": TRADITIONAL,
    }
    _take(stage, "new", **new)
    _for_people(stage)
    _from_programs(stage)


def _take(stage: Stage, key: str, *, sender: str, subject: str, text: str, to: str = OFFICE, **more: Any) -> None:
    """One mail as a mailbox would hand it over; `files` are (name, type, bytes), the rest are headers."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{key}.{stage.times.today:%Y%m%d}@{sender.rpartition('@')[2].strip('>')}>"
    mail["Date"] = format_datetime(stage.times.now - timedelta(minutes=20))
    files = more.pop("files", ())
    for name, value in more.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, kind, data in files:
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    take_in(mail.as_bytes(), source=IMAP)


def _joined(stage: Stage) -> None:
    """Answers in three languages: by the sealed address, by a known sender with the number, by the number of an order."""
    raumwerk = stage.client("Raumwerk")
    asked = Inquiry.objects.filter(email=raumwerk.main.email, answered_at__isnull=False).order_by("-pk")[0]
    to = reply_address(ContentType.objects.get_for_model(Inquiry).pk, asked.pk)
    sender, text = _from(raumwerk.main), GERMAN.format(name=raumwerk.main.name, office=OFFICE)
    _take(stage, "muster", sender=sender, subject=f"AW: {asked.subject}", text=text, to=to)
    ticket = _open_ticket("zh-hans") or _open_ticket("en")
    if ticket is not None and ticket.contact is not None:
        text = CHINESE.format(name=ticket.contact.name)
        _take(stage, "photos", sender=_from(ticket.contact), subject=f"回复：{ticket.number}", text=text)
    order = _order(stage, "Thames")
    person = stage.client("Thames").main
    text = ENGLISH.format(name=person.name, office=OFFICE)
    _take(stage, "gate", sender=_from(person), subject=f"Re: Your order {order.number}", text=text)


def _for_people(stage: Stage) -> None:
    """A stranger who names a case, and a file that may be dangerous."""
    ticket = _open_ticket("en") or Ticket.objects.order_by("pk")[0]
    stranger = "Case desk <case.desk@fast-claims.example>"
    _take(stage, "stranger", sender=stranger, subject=f"Complaint {ticket.number}", text=STRANGER)
    file = ("Rechnung_4711.pdf.js", "application/octet-stream", b"// nothing\n")
    sender = "Buchhaltung <rechnung@eilige-post.example>"
    _take(stage, "invoice", sender=sender, subject="Ihre Rechnung 4711", text=PROGRAM, files=[file])


def _from_programs(stage: Stage) -> None:
    """An absence, a newsletter, and the report about a letter of ours that reached nobody."""
    person = stage.client("Bodenwelt").main
    subject = "Automatische Antwort: Ihr Angebot"
    _take(stage, "away", sender=_from(person), subject=subject, text=AWAY, Auto_Submitted="auto-replied")
    news = {"List_Id": "Floor news <news.floor-trends.example>", "Precedence": "bulk"}
    sender = "Floor Trends <news@floor-trends.example>"
    _take(stage, "news", sender=sender, subject="Floor trends of the season", text=NEWS, **news)
    take_in(_report(_lost_letter(stage)).encode(), source=IMAP)


def _lost_letter(stage: Stage) -> Message:
    """What Emily wrote to a colleague of a customer who is no longer there; it has gone out."""
    order = _order(stage, "Lone Star")
    person = by_hand("purchasing@lone-star-old.example", "email", like=usual_recipient(order))
    body = "Hello,\n\nplease find attached the packing list of this order.\n\nKind regards\nEmily Carter"
    message = send_message(
        order,
        recipient=person,
        channel="email",
        subject_line=f"{order.number}: packing list",
        body=body,
        actor=stage.staff["emily.carter"],
        language="en",
    )
    now, row = stage.times.now, Message.objects.filter(pk=message.pk)
    row.update(state="sending", lease_until=now)
    row.update(state="sent", sent_at=now, attempts=1)
    return message


def _report(message: Message) -> str:
    """A delivery report as mail servers write it (RFC 3464)."""
    server = "mx.lone-star-old.example"
    return "\r\n".join([
        "Return-Path: <>", f"From: Mail Delivery System <MAILER-DAEMON@{server}>", f"To: {OFFICE}", "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <report.{message.pk}@{server}>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_r"', "", "--=_r", "Content-Type: text/plain", "",
        "Your message could not be delivered to one of its recipients.", "", "--=_r", "Content-Type: message/delivery-status", "",
        f"Reporting-MTA: dns; {server}", "", f"Final-Recipient: rfc822; {message.to_address}", "Action: failed", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown", "", "--=_r", "Content-Type: text/rfc822-headers", "",
        f"Message-ID: {message.message_id}", f"From: {OFFICE}", "Subject: packing list", "", "--=_r--", "",
    ])  # fmt: skip


def _from(person: Any) -> str:
    return f"{person.name} <{person.email}>"


def _open_ticket(language: str) -> Ticket | None:
    rows = Ticket.objects.filter(customer__language=language, contact__isnull=False).exclude(contact__email="")
    closed = (Ticket.Status.CLOSED, Ticket.Status.CANCELLED)
    return rows.exclude(status__in=closed).select_related("contact").order_by("pk").last()


def _order(stage: Stage, name: str) -> Order:
    """The newest order of a customer."""
    return Order.objects.filter(customer=stage.client(name).row).order_by("-pk")[0]
