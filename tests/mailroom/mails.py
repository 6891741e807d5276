"""Mails for tests: written by people in many charsets, by programs of many kinds, and broken in many ways."""

from __future__ import annotations

import base64
import itertools
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

_numbers = itertools.count(1)


def letter(
    *,
    sender: str = "Anna Berg <anna@berg.example>",
    to: str = "info@kontor.example",
    subject: str = "Question about oak",
    text: str = "Do you deliver to Hamburg?",
    message_id: str = "",
    files: Any = (),
    **headers: str,
) -> bytes:
    """An ordinary mail; `headers` are named with underscores; `files` are (name, type, bytes)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = message_id or f"<test-{next(_numbers)}@berg.example>"
    mail["Date"] = "Thu, 26 Nov 2026 10:00:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, media_type, data in files:
        main, _slash, sub = media_type.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def raw(head: str, body: bytes | str = b"Hello", *, sender: str = "anna@berg.example") -> bytes:
    """A mail written by hand."""
    number = next(_numbers)
    content = body.encode() if isinstance(body, str) else body
    start = f"From: {sender}\r\nTo: info@kontor.example\r\nMessage-ID: <raw-{number}@berg.example>\r\n"
    return start.encode() + head.encode("latin-1", "replace") + b"\r\n\r\n" + content


WORDS = {
    "en": "Dear team, do you deliver the oak floor to our warehouse, please? Thank you and regards",
    "de": "Guten Tag, können Sie bitte die Eiche für uns liefern? Vielen Dank und freundliche Grüße",
    "zh-hans": "您好，请问你们的地板现在有货吗？我们想订货，请报价，谢谢",
    "zh-hant": "您好，請問你們的地板現在有貨嗎？我們想訂貨，請報價，謝謝",
    "ja": "お世話になっております。床材の見積もりをお願いいたします。",
    "ko": "안녕하세요. 바닥재 견적을 부탁드립니다. 감사합니다.",
    "ru": "Здравствуйте, пришлите, пожалуйста, цены на ламинат.",
    "emoji": "Thanks 👍 for the floor 🪵",
}
CHARSETS = {
    "en": ("us-ascii", "utf-8", "iso-8859-1", "windows-1252", "utf-16", "x-unknown", "", "utf-7"),
    "de": ("utf-8", "iso-8859-1", "windows-1252", "iso-8859-15", "cp850", "mac-roman"),
    "zh-hans": ("utf-8", "gb2312", "gbk", "gb18030", "hz-gb-2312"),
    "zh-hant": ("utf-8", "big5", "big5-hkscs", "gb18030"),
    "ja": ("utf-8", "iso-2022-jp", "shift_jis", "euc-jp"),
    "ko": ("utf-8", "euc-kr", "ks_c_5601-1987", "iso-2022-kr"),
    "ru": ("utf-8", "koi8-r", "windows-1251", "iso-8859-5"),
    "emoji": ("utf-8", "gb18030"),
}
CODECS = {"hz-gb-2312": "hz", "x-unknown": "ascii", "": "ascii", "ks_c_5601-1987": "cp949", "utf-7": "ascii"}


def written() -> dict[str, tuple[bytes, str]]:
    """Every charset with every transfer encoding: name → (mail, the words that must be read)."""
    found = {}
    for language, charsets in CHARSETS.items():
        for charset, encoding in itertools.product(charsets, ("8bit", "base64", "quoted-printable")):
            words = WORDS[language]
            data = words.encode(CODECS.get(charset, charset), "replace")
            if charset == "utf-16" and encoding != "base64":
                continue
            said = f"; charset={charset}" if charset else ""
            head = f"Subject: {language} {charset}\r\nContent-Type: text/plain{said}\r\nContent-Transfer-Encoding: {encoding}"
            found[f"{language}-{charset}-{encoding}"] = raw(head, _encoded(data, encoding)), words
    return found


def _encoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data)
    if encoding == "quoted-printable":
        return b"".join(b"=%02X" % one for one in data)
    return data


def lying() -> dict[str, tuple[bytes, str]]:
    """The header names one charset, the bytes are in another."""
    pairs = [
        ("us-ascii", "utf-8", "zh-hans"), ("iso-8859-1", "utf-8", "de"), ("utf-8", "gb18030", "zh-hans"), ("utf-8", "big5", "zh-hant"),
        ("us-ascii", "gb18030", "zh-hans"), ("utf-8", "windows-1252", "de"), ("x-nobody-knows", "gb18030", "zh-hans"), ("gb2312", "utf-8", "zh-hant"),
    ]  # fmt: skip
    found = {}
    for said, real, language in pairs:
        head = f"Subject: lie\r\nContent-Type: text/plain; charset={said}\r\nContent-Transfer-Encoding: 8bit"
        found[f"{said}-is-{real}-{language}"] = raw(head, WORDS[language].encode(real)), WORDS[language]
    return found


PERSON = {"subject": "Re: floor", "text": "I am away."}


def dsn(
    original: str = "<gone@kontor.example>",
    *,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "anna@berg.example",
    with_headers: bool = True,
) -> bytes:
    """A delivery report as mail servers write it (RFC 3464)."""
    lines = [
        "Return-Path: <>", "From: Mail Delivery System <MAILER-DAEMON@mx.berg.example>", "To: info@kontor.example",
        "Subject: Undelivered Mail Returned to Sender", f"Message-ID: <dsn-{next(_numbers)}@mx.berg.example>", "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="BB"', "MIME-Version: 1.0", "", "--BB",
        "Content-Type: text/plain", "", "Your message could not be delivered.", "", "--BB", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.berg.example", "", f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 No such user", "", "--BB",
        "Content-Type: " + ("text/rfc822-headers" if with_headers else "message/rfc822"), "",
        f"Message-ID: {original}", "From: info@kontor.example", "Subject: Your order", "", "words", "--BB--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def automatic() -> dict[str, bytes]:
    """Forty mails that no person wrote."""
    heads: dict[str, dict[str, str]] = {
        "auto-replied": {"Auto_Submitted": "auto-replied"},
        "auto-generated": {"Auto_Submitted": "auto-generated"},
        "auto-notified": {"Auto_Submitted": "auto-notified; owner-email=x@y.example"},
        "auto-upper": {"Auto_Submitted": "AUTO-REPLIED (vacation)"},
        "bulk": {"Precedence": "bulk"},
        "list": {"Precedence": "list"},
        "junk": {"Precedence": "Junk"},
        "auto_reply": {"Precedence": "auto_reply"},
        "list-id": {"List_Id": "Floors <floors.example>"},
        "list-unsubscribe": {"List_Unsubscribe": "<mailto:out@news.example>"},
        "list-post": {"List_Post": "<mailto:list@news.example>"},
        "mailing-list": {"Mailing_List": "contact list@news.example"},
        "x-loop": {"X_Loop": "anna@berg.example"},
        "x-autoreply": {"X_Autoreply": "yes"},
        "x-autorespond": {"X_Autorespond": "away"},
        "x-auto-reply-from": {"X_Auto_Reply_From": "anna@berg.example"},
        "suppress-all": {"X_Auto_Response_Suppress": "All"},
        "suppress-oof": {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF, AutoReply"},
        "null-sender": {"Return_Path": "<>"},
        "null-sender-spaced": {"Return_Path": " < > "},
    }
    found = {name: letter(**PERSON, **head) for name, head in heads.items()}
    for sender in (
        "mailer-daemon@mx.example", "MAILER-DAEMON@mx.example", "postmaster@mx.example", "noreply@shop.example", "no-reply@shop.example",
        "donotreply@shop.example", "bounce+123@news.example", "owner-floors@list.example", "floors-request@list.example", "info@kontor.example",
    ):  # fmt: skip
        found[f"from {sender}"] = letter(**PERSON, sender=sender)
    for subject in ("Out of Office: back on Monday", "Automatic reply: your mail", "Abwesenheitsnotiz: Urlaub", "Automatische Antwort: Angebot", "自动回复：休假", "自動回覆: 休假中"):  # fmt: skip
        found[f"subject {subject}"] = letter(sender="bob@berg.example", subject=subject, text="I am away.")
    found["dsn failed"], found["dsn delayed"] = dsn(), dsn(action="delayed", status="4.4.7")
    found["dsn whole"] = dsn(with_headers=False)
    found["read receipt"] = raw(
        'Subject: Read: floor\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary="R"',
        "--R\r\nContent-Type: text/plain\r\n\r\nread\r\n--R\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: displayed\r\n\r\n--R--\r\n",
    )
    return found


def malformed() -> dict[str, bytes]:
    """Mails that are broken, each in a way of its own."""
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(10_000)
    )
    base = "Subject: broken\r\nContent-Type: "
    many = b"".join(b"--M\r\nContent-Type: text/plain\r\n\r\npart\r\n" for _number in range(10_000))
    return {
        "empty": b"",
        "only NUL": b"\0" * 1000,
        "only line ends": b"\r\n\r\n\r\n",
        "no header": b"Hello, this is just text.\r\nNothing else.\r\n",
        "random": bytes(range(256)) * 40,
        "NUL in header": raw("Subject: a\0b\r\nX-Nul: \0"),
        "NUL in text": raw("Subject: nul", b"a\0b\0c"),
        "10,000 nested parts": raw("Subject: deep") [:-9] + b"MIME-Version: 1.0\r\n" + nested,
        "10,000 flat parts": raw(base + 'multipart/mixed; boundary="M"', many + b"--M--"),
        "nested forwards": b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n" * 3000,
        "huge header": raw("Subject: " + "x" * 700_000),
        "many headers": raw("\r\n".join(f"X-H{number}: v" for number in range(30_000))),
        "long line": raw("Subject: long", b"y" * 3_000_000),
        "long encoded subject": raw("Subject: " + "=?utf-8?q?=41?= " * 5000),
        "20 MB": raw(base + "application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64", base64.encodebytes(b"z" * 15_000_000)),
        "broken base64": raw(base + "text/plain\r\nContent-Transfer-Encoding: base64", b"SGVsbG8gd29ybGQ*!!="),
        "broken quoted-printable": raw(base + "text/plain\r\nContent-Transfer-Encoding: quoted-printable", b"a=ZZ=\r\nb=E"),
        "unknown transfer encoding": raw(base + "text/plain\r\nContent-Transfer-Encoding: x-secret", b"words"),
        "broken uuencode": raw(base + "text/plain\r\nContent-Transfer-Encoding: x-uuencode", b"begin 644 a\r\n\xff\xfe\r\nend"),
        "no boundary": raw(base + "multipart/mixed", b"--\r\nwords"),
        "empty boundary": raw(base + 'multipart/mixed; boundary=""', b"--\r\nwords\r\n----"),
        "boundary never comes": raw(base + 'multipart/mixed; boundary="never"', b"words without parts"),
        "boundary not closed": raw(base + 'multipart/mixed; boundary="open"', b"--open\r\nContent-Type: text/plain\r\n\r\nwords"),
        "content type is rubbish": raw(base + ";;;=/=\"\"; charset"),
        "charset is rubbish": raw(base + "text/plain; charset=\"\\\"'; drop\"", "grüße".encode()),
        "charset is a codec": raw(base + "text/plain; charset=rot13", b"uryyb"),
        "charset is punycode": raw(base + "text/plain; charset=punycode", b"a" * 100_000),
        "charset star": raw(base + "text/plain; charset*=utf-8''%FF%FE", b"words"),
        "From is rubbish": raw("Subject: who", sender="<<>>,;:@"),
        "From is empty": raw("Subject: who", sender=""),
        "two Froms": raw("From: other@berg.example\r\nSubject: two"),
        "From with NUL and line": raw("Subject: who", sender='"a\0b" <x@y.example>\r\n\tfolded'),
        "header without colon": raw("Subject: odd\r\nthis is no header\r\nX: y"),
        "header in raw GB2312": b"From: \xd5\xc5\xc8\xfd <zhang@floor.example>\r\nSubject: \xb5\xd8\xb0\xe5\xb1\xa8\xbc\xdb\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n\xc4\xe3\xba\xc3",
        "encoded word cut": raw("Subject: =?gb2312?B?1cXI/Q"),
        "encoded word of nothing": raw("Subject: =?x-none?B?////?= =?utf-8?Q??="),
        "line ends CR": raw("Subject: cr").replace(b"\r\n", b"\r"),
        "line ends LF": raw("Subject: lf").replace(b"\r\n", b"\n"),
        "half a surrogate": raw(base + "text/plain; charset=utf-8", b"a\xed\xa0\x80b"),
        "attachment without content": raw(base + 'multipart/mixed; boundary="A"', b'--A\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\n\r\n--A--'),
        "file name with folders": raw(base + 'multipart/mixed; boundary="A"', b'--A\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx\r\n--A--'),
        "file name continued badly": raw(base + 'multipart/mixed; boundary="A"', b"--A\r\nContent-Disposition: attachment; filename*0*=x''%; filename*9999999999=y\r\n\r\nx\r\n--A--"),
        "HTML bomb": raw(base + "text/html", b"<div>" * 200_000),
        "HTML unclosed": raw(base + "text/html", b"<a href='" + b"<" * 50_000),
        "cdata": raw(base + "text/html", b"<![CDATA[" * 20_000),
        "quotes": raw("Subject: q", b"> " * 50_000 + b"\r\n" + b"On " * 20_000 + b"wrote:"),
        "date is rubbish": raw("Date: yesterday-ish\r\nSubject: when"),
        "message id is rubbish": b"From: anna@berg.example\r\nMessage-ID: <<<a b>\r\nReferences: <x <y> >z\r\nSubject: id\r\n\r\nwords",
        "delivery status of nothing": raw(base + "message/delivery-status", b"\r\n\r\n\r\n"),
        "rfc822 in base64": raw(base + "message/rfc822\r\nContent-Transfer-Encoding: base64", base64.encodebytes(letter())),
    }  # fmt: skip
