"""Sixty nasty mails, as generous senders, careless programs and ill will write them, and what must become of each.

`NASTY` maps a name to the mail and to what is expected: `result` (one or several), `says` (words that are read), `subject`,
`sender`, `files` (names in their order). What is not expected is only required to be a result and one line.
"""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
import zlib
from typing import Any

from tests.mailroom.mails import letter, raw

Expected = dict[str, Any]
TEXT = "Subject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}"
OK = {"inquiry", "joined"}


def said(words: str, charset: str, codec: str = "", *, encoding: str = "8bit", subject: str = "nasty") -> bytes:
    """A plain letter in a charset."""
    data = words.encode(codec or charset)
    data = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, lambda one: one)(data)
    return raw(TEXT.format(subject=subject, charset=charset, encoding=encoding), data)


def parts(*found: tuple[str, bytes], kind: str = "mixed", subject: str = "parts") -> bytes:
    """A letter of parts: (headers, content) each."""
    head = f'Subject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="=_b"'
    body = b"".join(b"--=_b\r\n" + headers.encode("latin-1") + b"\r\n\r\n" + data + b"\r\n" for headers, data in found)
    return raw(head, body + b"--=_b--\r\n")


PLAIN = ("Content-Type: text/plain; charset=utf-8", b"Please see the file.")


def attached(disposition: str, data: bytes = b"words", kind: str = "text/plain") -> bytes:
    """A letter with one file, whose disposition is written by hand."""
    return parts(PLAIN, (f"Content-Type: {kind}\r\nContent-Disposition: attachment; {disposition}", data))


def bomb() -> bytes:
    """A small archive that would fill a disk."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", b"\0" * 5_000_000)
    return out.getvalue()


def png_bomb() -> bytes:
    """A picture of 60,000 × 60,000 points in a few bytes."""
    head = b"\x89PNG\r\n\x1a\n"
    body = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    return head + chunk(b"IHDR", body) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def nested(depth: int) -> bytes:
    """Multiparts in multiparts, the words innermost."""
    head, tail = "", ""
    for number in range(depth):
        head += f'Content-Type: multipart/mixed; boundary="n{number}"\r\n\r\n--n{number}\r\n'
        tail = f"\r\n--n{number}--" + tail if number == 0 else f"\r\n--n{number}--\r\n" + tail
    first, _blank, rest = head.partition("\r\n\r\n")
    inner = f"{rest}Content-Type: text/plain\r\n\r\nInnermost words{tail}"
    return raw(f"Subject: nested {depth}\r\nMIME-Version: 1.0\r\n{first}", inner)


INVITE = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Visit\r\nDTSTART:20261201T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
CHINESE = "您好，请问你们的地板现在有货吗？我们想订货，请报价，谢谢"
TRADITIONAL = "您好，請問你們的地板現在有貨嗎？我們想訂貨，請報價，謝謝"
JAPANESE = "お世話になっております。床材の見積もりをお願いいたします。"

_CHARSETS: dict[str, tuple[bytes, Expected]] = {
    "gb18030 beyond gbk": (said("𠮷地板的报价，谢谢您的帮助", "gb18030", encoding="base64"), {"says": "𠮷地板"}),
    "gb2312 with gbk letters": (said("朱镕基先生要地板，请报价", "gb2312", "gbk"), {"says": "朱镕基"}),
    "big5": (said(TRADITIONAL, "big5", encoding="quoted-printable"), {"says": "請問你們"}),
    "iso-2022-jp": (said(JAPANESE, "iso-2022-jp", encoding="7bit"), {"says": "床材の見積もり"}),
    "utf-7": (said("Grüße, 地板 please", "utf-7", encoding="7bit"), {"says": "Grüße, 地板 please"}),
    "utf-7 broken": (raw(TEXT.format(subject="u7", charset="utf-7", encoding="7bit"), b"+AAA +~~~ 1 + 1 = 2"), {"says": "1 + 1 = 2"}),
    "utf-16 with its mark": (said("Eiche für uns", "utf-16", encoding="base64"), {"says": "Eiche für uns"}),
    "utf-8 with its mark": (said("\ufeffEiche", "utf-8"), {"says": "Eiche"}),
    "says ascii, is gb18030": (said(CHINESE, "us-ascii", "gb18030"), {"says": "请问你们的地板"}),
    "says latin, is utf-8": (said("Grüße aus Köln", "iso-8859-1", "utf-8"), {"says": "Grüße aus Köln"}),
    "says utf-8, is big5": (said(TRADITIONAL, "utf-8", "big5"), {"says": "請問你們"}),
    "no charset, windows letters": (raw("Subject: w\r\nContent-Type: text/plain", "Grüße “Köln”".encode("cp1252")), {"says": "Grüße “Köln”"}),
    "a charset of 5,000 letters": (raw(TEXT.format(subject="long", charset="x" * 5000, encoding="8bit"), b"words"), {"says": "words"}),
    "a charset that is a path": (raw(TEXT.format(subject="path", charset="../../etc/passwd", encoding="8bit"), b"words"), {"says": "words"}),
    "zlib for a charset": (raw(TEXT.format(subject="zlib", charset="zlib", encoding="base64"), base64.b64encode(zlib.compress(b"0" * 10**6))), {}),
    "base64 of base64": (raw(TEXT.format(subject="b", charset="utf-8", encoding="base64"), base64.encodebytes(base64.encodebytes(b"words"))), {}),
    "quoted-printable cut in a letter": (raw(TEXT.format(subject="q", charset="utf-8", encoding="quoted-printable"), b"Gr=C3=BC=C3"), {"says": "Gr"}),
    "NUL bytes between letters": (raw("Subject: n\0u\0l\r\nContent-Type: text/plain", b"w\0o\0r\0d\0s"), {"says": "words"}),
}  # fmt: skip
_HEADERS: dict[str, tuple[bytes, Expected]] = {
    "no headers at all": (b"\r\nJust words.\r\n", {"result": "quarantined"}),
    "only a From": (b"From: anna@berg.example\r\n\r\n", {"result": OK}),
    "empty": (b"", {"result": "quarantined"}),
    "one byte": (b"x", {"result": "quarantined"}),
    "only headers of no use": (b"X-One: 1\r\nX-Two: 2\r\n\r\nwords", {"result": "quarantined"}),
    "mbox line first": (b"From anna@berg.example Thu Nov 26 10:00:00 2026\r\n" + letter(subject="mbox"), {"result": OK, "subject": "mbox"}),
    "subject in raw utf-8": (b"From: anna@berg.example\r\nSubject: " + "地板 Grüße".encode() + b"\r\n\r\nx", {"subject": "地板 Grüße"}),
    "subject in raw big5": (b"From: anna@berg.example\r\nContent-Type: text/plain; charset=big5\r\nSubject: " + "請問地板報價".encode("big5") + b"\r\n\r\nx", {}),
    "subject of mixed encoded words": (raw("Subject: =?utf-8?B?5Zyw?= =?gb2312?Q?=B0=E5?= =?iso-8859-1?Q?_Gr=FC=DFe?="), {"subject": "地板 Grüße"}),
    "encoded word split in a letter": (raw("Subject: =?utf-8?B?5Zy=?= =?utf-8?B?sA==?="), {}),
    "encoded word with a line break in it": (raw("Subject: =?utf-8?Q?Hello=0D=0ABcc:_all@x.example?="), {"subject": "Hello Bcc: all@x.example"}),
    "header injection by folding": (raw("Subject: a\r\n Bcc: all@x.example\r\n\tX-Kontor: 1"), {"subject": "a Bcc: all@x.example X-Kontor: 1"}),
    "header injection by U+2028": (raw("Subject: =?utf-8?Q?a=E2=80=A8Bcc:_x@y.example?="), {"subject": "a Bcc: x@y.example"}),
    "marks that turn the writing": (raw("Subject: =?utf-8?Q?=E2=80=AEgpj.exe?="), {"subject": "gpj.exe"}),
    "a bell and an escape": (raw("Subject: \x07\x1b[31mred\x1b[0m"), {"subject": "[31mred[0m"}),
    "a group for a sender": (raw("Subject: group", sender="undisclosed-recipients:;"), {"result": "review", "sender": ""}),
    "a name with an address in it": (raw("Subject: two", sender='"boss@kontor.example" <thief@other.example>'), {"sender": "thief@other.example"}),
    "two addresses": (raw("Subject: two", sender="a@one.example, b@two.example"), {"sender": "a@one.example"}),
    "a comment in the address": (raw("Subject: c", sender="anna (the boss) @ berg.example"), {}),
    "a sender of 3,000 letters": (raw("Subject: l", sender="a" * 3000 + "@berg.example"), {"result": "review", "sender": ""}),
    "a domain with umlauts": ("From: anna@köln.example\r\nSubject: idn\r\n\r\nwords".encode(), {}),
    "thirty thousand recipients": (raw("Subject: many\r\nCc: " + ", ".join(f"p{n}@x.example" for n in range(30_000))), {}),
    "References of 200 kB": (raw("Subject: refs\r\nReferences: " + " ".join(f"<{n}@x.example>" for n in range(12_000))), {}),
    "line ends of an old Mac": (b"From: anna@berg.example\rSubject: mac\r\rwords", {}),
}  # fmt: skip
_PARTS: dict[str, tuple[bytes, Expected]] = {
    "nested 100 deep": (nested(100), {}),
    "nested 90 deep": (nested(90), {"says": "Innermost words"}),
    "10,000 parts": (parts(*[("Content-Type: text/plain", b"p")] * 10_000), {"says": "p"}),
    "10,000 files": (parts(PLAIN, *[("Content-Disposition: attachment; filename=a.txt", b"p")] * 10_000), {"says": "Please see the file."}),
    "a forward in a forward": (raw("Subject: Fwd", b"Content-Type: message/rfc822\r\n\r\n" * 90 + letter()), {}),
    "alternative: plain before rich": (parts(PLAIN, ("Content-Type: text/html", b"<b>Rich</b>"), kind="alternative"), {"says": "Please see the file."}),
    "alternative: an empty plain": (parts(("Content-Type: text/plain", b" \r\n"), ("Content-Type: text/html", b"<p>Only here</p>"), kind="alternative"), {"says": "Only here"}),
    "HTML with scripts": (raw("Subject: html\r\nContent-Type: text/html", b"<p onclick=x()>Words</p><script>alert(1)</script><svg/onload=alert(1)>"), {"says": "Words"}),
    "HTML that is one picture": (raw("Subject: spy\r\nContent-Type: text/html", b"<img src=https://spy.example/1.gif>"), {"result": OK}),
    "winmail.dat": (attached('filename="winmail.dat"', b"\x78\x9f\x3e\x22" + b"\0" * 400, "application/ms-tnef"), {"files": ["winmail.dat"]}),
    "a calendar invitation": (parts(PLAIN, ("Content-Type: text/calendar; method=REQUEST; charset=utf-8", INVITE), kind="alternative"), {"result": OK, "says": "Please see"}),
    "only an invitation": (raw("Subject: Visit\r\nContent-Type: text/calendar; method=REQUEST", INVITE), {"result": OK}),
    "S/MIME signed": (parts(PLAIN, ('Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64', b"MIAGCSqGSIb3DQEHAqCAMIACAQEx"), kind='signed; protocol="application/pkcs7-signature"'), {"result": OK, "says": "Please see"}),
    "S/MIME encrypted": (raw('Subject: secret\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\nContent-Transfer-Encoding: base64', b"MIAGCSqGSIb3DQEHA6CAMIACAQA="), {"files": ["smime.p7m"]}),
    "PGP encrypted": (parts(("Content-Type: application/pgp-encrypted", b"Version: 1"), ('Content-Type: application/octet-stream; name="encrypted.asc"', b"-----BEGIN PGP MESSAGE-----"), kind="encrypted"), {"result": OK}),
    "a file name by RFC 2231": (attached("filename*=utf-8''%E5%9C%B0%E6%9D%BF.txt"), {"files": ["地板.txt"]}),
    "a file name in pieces": (attached("filename*0*=utf-8''%E5%9C%B0; filename*1*=%E6%9D%BF; filename*2=.txt"), {"files": ["地板.txt"]}),
    "a file name in an encoded word": (attached('filename="=?gb2312?B?tdiw5S50eHQ=?="'), {"files": ["地板.txt"]}),
    "a file name in raw gbk": (attached("filename=" + "地板.txt".encode("gbk").decode("latin-1")), {}),
    "a file name with a path": (attached('filename="..\\\\..\\\\windows\\\\a.txt"'), {"result": OK}),
    "a file name with a line break": (attached("filename*=utf-8''a%0D%0AX-Evil:%201.txt"), {"files": ["a X-Evil: 1.txt"]}),
    "a file name of 10,000 letters": (attached(f'filename="{"a" * 10_000}.txt"'), {"result": OK}),
    "a file name that hides its ending": (attached("filename*=utf-8''photo%E2%80%AEgpj.exe", b"MZ"), {"result": "review"}),
    "a zip bomb": (attached('filename="plans.zip"', base64.encodebytes(bomb()), "application/zip\r\nContent-Transfer-Encoding: base64"), {"files": ["plans.zip"]}),
    "a picture bomb": (attached('filename="a.png"', base64.encodebytes(png_bomb()), "image/png\r\nContent-Transfer-Encoding: base64"), {"files": ["a.png"]}),
    "a program that calls itself a picture": (attached('filename="photo.jpg"', b"MZ\x90\0", "image/jpeg"), {"result": "review", "files": ["photo.jpg"]}),
    "a script behind two endings": (attached('filename="invoice.pdf.js"', b"alert(1)", "application/pdf"), {"result": "review"}),
    "uuencoded in the text": (raw("Subject: uu", b"Look:\r\nbegin 644 a.txt\r\n%=V]R9',\r\n`\r\nend\r\n"), {"says": "Look:"}),
    "a report without a report": (raw('Subject: Undeliverable\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="x"', b"nothing"), {"result": "bounce"}),
    "a report about a report": (parts(("Content-Type: message/delivery-status", b"Reporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 9.9.9\r\nFinal-Recipient: rfc822;\r\n"), kind="report; report-type=delivery-status"), {"result": "bounce"}),
}  # fmt: skip
NASTY = {**_CHARSETS, **_HEADERS, **_PARTS}
