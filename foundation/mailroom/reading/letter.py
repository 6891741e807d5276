"""One mail, taken apart: who, about what, the words, the files, and what its headers say about its nature."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses

from foundation.mailroom.reading.charsets import decode, one_line, readable
from foundation.mailroom.reading.plain import text_of
from foundation.mailroom.reading.quoting import cut

MEGABYTE = 2**20
LARGEST = 40 * MEGABYTE
MOST_MULTIPARTS = 100
MOST_PARTS = 400
MOST_FILES = 20
LONGEST_TEXT = 200_000
LONGEST_HEADER = 8_000
LONGEST_HEAD = 512 * 1024
MOST_HEADERS = 1_000
# compat32 keeps headers as they came and never parses them by itself; the newer policies do, and stumble over bad ones.
POLICY = policy.compat32
_BOUNDARY = re.compile(rb"boundary[ \t]*\*?0?\*?[ \t]*=|message/(?:rfc822|global)", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{1,250})>")


class Unreadable(Exception):
    """The mail cannot be taken apart; the text says why, in English, for the list."""


@dataclass(frozen=True)
class File:
    """An attached file under its sender's name."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Notice:
    """What a delivery report says about one recipient (RFC 3464)."""

    action: str
    status: str
    recipient: str
    diagnosis: str


@dataclass
class Letter:
    """A mail as people read it. Lines are clean: no control characters, limited length."""

    message_id: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    subject: str = ""
    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    return_path: str | None = None
    recipients: list[str] = field(default_factory=list)
    fresh: str = ""
    quoted: str = ""
    is_html: bool = False
    media_type: str = "text/plain"
    report_type: str = ""
    files: list[File] = field(default_factory=list)
    left_out: int = 0
    notices: list[Notice] = field(default_factory=list)
    reported_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)  # lower-case name → first value

    @property
    def ancestors(self) -> list[str]:
        """The mails that this one answers, the nearest first."""
        return list(dict.fromkeys([one for one in [self.in_reply_to, *reversed(self.references)] if one]))


def read(raw: bytes) -> Letter:
    """Take a mail apart. Raises Unreadable; time and memory are bounded by the limits above."""
    if not raw.strip(b"\0\r\n\t "):
        raise Unreadable("The mail is empty.")
    if len(raw) > LARGEST:
        raise Unreadable(f"The mail is larger than {LARGEST // MEGABYTE} MB.")
    head = raw[: LONGEST_HEAD + 4]
    if (end := _end_of_head(head)) is None and len(raw) > LONGEST_HEAD:
        raise Unreadable("The header is larger than 512 kB.")
    if head[:end].count(b"\n") > MOST_HEADERS * 20:
        raise Unreadable("The header has too many lines.")
    if sum(1 for _found in _BOUNDARY.finditer(raw)) > MOST_MULTIPARTS:
        raise Unreadable(f"The mail has more than {MOST_MULTIPARTS} nested parts.")
    try:
        parsed = BytesParser(policy=POLICY).parsebytes(raw)
        letter = _letter(parsed)
    except Unreadable:
        raise
    except Exception as error:  # parsers of broken mails raise nearly anything
        raise Unreadable(f"The mail cannot be taken apart ({type(error).__name__}).") from error
    if not letter.headers.keys() & {"from", "subject", "date", "message-id", "to", "received", "return-path", "sender"}:
        raise Unreadable("The mail has no header.")
    return letter


def head_of(start: bytes) -> bytes:
    """The header at the beginning of a mail that is not read as a whole; at most 512 kB, ended at a line."""
    head = start[:LONGEST_HEAD]
    end = _end_of_head(head)
    return (head[:end] if end is not None else head[: head.rfind(b"\n") + 1] or head).rstrip(b"\r\n") + b"\r\n\r\n"


def header_text(raw: bytes) -> str:
    """The header as it came, for people to look at; at most 64 kB."""
    head = raw[: 64 * 1024]
    return decode(head[: _end_of_head(head)])


def peek(raw: bytes) -> tuple[str, str]:
    """Subject and sender of a mail that cannot be read as a whole; empty where even they cannot be read."""
    try:
        head = raw[: 64 * 1024]
        parsed = BytesHeaderParser(policy=POLICY).parsebytes(head[: _end_of_head(head)])
        headers = _headers(parsed)
        _name, address = _first_address(headers.get("from", ""))
        return one_line(header(headers.get("subject", "")), 250), address
    except Exception:
        return "", ""


def _end_of_head(head: bytes) -> int | None:
    found = re.search(rb"\r?\n\r?\n", head)
    return found.start() if found else None


# ---------------------------------------------------------------- headers


def _headers(part: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in list(part._headers)[:MOST_HEADERS]:  # type: ignore[attr-defined]
        key = str(name).strip().lower()
        if key and key not in found:
            found[key] = _as_text(value)[:LONGEST_HEADER]
    return found


def _as_text(value: object) -> str:
    """A raw header value: bytes beyond ASCII arrive as surrogates."""
    text = str(value)
    data = text.encode("ascii", "surrogateescape") if not text.isascii() and _has_surrogates(text) else None
    return decode(data) if data is not None else readable(text)


def _has_surrogates(text: str) -> bool:
    return any("\udc80" <= one <= "\udcff" for one in text) and all(
        ord(one) < 128 or "\udc80" <= one <= "\udcff" for one in text
    )


def header(value: str) -> str:
    """A header with its encoded words (`=?gb2312?B?…?=`) made readable; what is broken stays as it is."""
    value = re.sub(r"[\r\n]+[ \t]*", " ", value[:LONGEST_HEADER])
    if "=?" not in value:
        return readable(value)
    try:
        parts = decode_header(value)
    except Exception:
        return readable(value)
    return readable("".join(_joined(parts)))


def _joined(parts: list[tuple[bytes | str, str | None]]) -> Iterator[str]:
    """Neighbours of one charset are joined as bytes: some senders cut a character in two."""
    waiting, charset = b"", ""
    for data, named in parts:
        data = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        if (named or "") != charset:
            if waiting:
                yield decode(waiting, charset)
            waiting, charset = b"", named or ""
        waiting += data
    if waiting:
        yield decode(waiting, charset)


def _first_address(value: str) -> tuple[str, str]:
    """Name and address of the first mailbox; an address that is none is empty."""
    found = getaddresses([re.sub(r"[\r\n]+", " ", value)[:2000]])
    name, address = found[0] if found else ("", "")
    return one_line(header(name), 120), clean_address(address)


def clean_address(address: str) -> str:
    """The address in lower case, or empty when it is none."""
    address = one_line(address, 320).strip("<> \"'").lower()
    local, _at, domain = address.rpartition("@")
    fits = local and domain and len(address) <= 254 and not re.search(r"[\s<>,;:()\[\]\\]", address)
    return address if fits else ""


def _addresses(headers: dict[str, str]) -> list[str]:
    values = [
        headers[name][:4000]
        for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
        if name in headers
    ]
    found = (clean_address(address) for _name, address in getaddresses(values))
    return list(dict.fromkeys(one for one in found if one))[:50]


def _ids(value: str) -> list[str]:
    return [f"<{one}>" for one in _ID.findall(value)]


def message_id(value: str) -> str:
    """`<left@right>`, or empty."""
    found = _ids(value)
    return one_line(found[0], 250) if found else ""


# ---------------------------------------------------------------- parts


def _letter(parsed: Message) -> Letter:
    headers = _headers(parsed)
    name, address = _first_address(headers.get("from", ""))
    _reply_name, reply_to = _first_address(headers.get("reply-to", ""))
    references = _ids(headers.get("references", ""))
    letter = Letter(
        message_id=message_id(headers.get("message-id", "")),
        in_reply_to=message_id(headers.get("in-reply-to", "")),
        references=references[:1] + references[1:][-49:],
        subject=one_line(header(headers.get("subject", "")), 250),
        sender_name=name,
        sender=address,
        reply_to=reply_to,
        return_path=headers["return-path"].strip() if "return-path" in headers else None,
        recipients=_addresses(headers),
        media_type=_type(parsed),
        report_type=_parameter(parsed, "report-type"),
        headers={key: value[:1000] for key, value in headers.items()},
    )
    _read_parts(parsed, letter)
    return letter


def _type(part: Message) -> str:
    try:
        return part.get_content_type()
    except Exception:
        return "application/octet-stream"


def _parameter(part: Message, name: str, header_name: str = "content-type") -> str:
    try:
        found = part.get_param(name, "", header_name)
        if isinstance(found, tuple):
            charset, _language, value = found
            return decode(str(value).encode("latin-1", "replace"), charset or "utf-8")
        return header(_as_text(found or ""))
    except Exception:
        return ""


def _leaves(part: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that hold something; forwarded mails and reports are leaves."""
    if part.is_multipart() and not _type(part).startswith("message/") and depth < MOST_MULTIPARTS:
        for one in part.get_payload():
            if isinstance(one, Message):
                yield from _leaves(one, depth + 1)
    else:
        yield part


def _read_parts(parsed: Message, letter: Letter) -> None:
    plain: list[str] = []
    rich: list[str] = []
    for number, part in enumerate(_leaves(parsed)):
        if number >= MOST_PARTS:
            letter.left_out += 1
            continue
        kind = _type(part)
        if kind.startswith("message/") or kind == "text/rfc822-headers":
            _read_report(part, kind, letter)
            if kind not in ("message/rfc822", "message/global"):
                continue
        name = _file_name(part)
        is_attached = bool(name) or str(part.get("content-disposition", "")).strip().lower().startswith("attachment")
        if not is_attached and kind in ("text/plain", "text/html"):
            (plain if kind == "text/plain" else rich).append(_text(part))
        elif is_attached or not kind.startswith(("text/", "multipart/")):
            _keep_file(part, kind, name, letter)
    words = "\n\n".join(one for one in plain if one.strip())[:LONGEST_TEXT]
    if not words.strip() and rich:
        words, letter.is_html = text_of("\n".join(rich))[:LONGEST_TEXT], True
    letter.fresh, letter.quoted = cut(words)


def _keep_file(part: Message, kind: str, name: str, letter: Letter) -> None:
    if len(letter.files) >= MOST_FILES:
        letter.left_out += 1
        return
    letter.files.append(File(one_line(name, 200) or "without name", kind[:100], _bytes(part)))


def _file_name(part: Message) -> str:
    return one_line(_parameter(part, "filename", "content-disposition") or _parameter(part, "name"), 200)


def _text(part: Message) -> str:
    return decode(_bytes(part)[: 4 * LONGEST_TEXT], _parameter(part, "charset"))


def _bytes(part: Message) -> bytes:
    """The content with its transfer encoding undone; broken base64 gives what can still be read."""
    if part.is_multipart():
        inner = part.get_payload()
        return (
            inner[0].as_bytes(policy=POLICY)
            if isinstance(inner, list) and inner and isinstance(inner[0], Message)
            else b""
        )
    text = part.get_payload()
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64":
        return _from_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else data


def _from_base64(data: bytes) -> bytes:
    sound = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    sound = sound[: len(sound) - 1] if len(sound) % 4 == 1 else sound
    return base64.b64decode(sound + b"=" * (-len(sound) % 4))


# ---------------------------------------------------------------- reports


def _read_report(part: Message, kind: str, letter: Letter) -> None:
    """Fill in what a delivery report says, and which mail it is about."""
    blocks = part.get_payload()
    if kind in ("message/delivery-status", "message/global-delivery-status"):
        letter.notices += _notices(
            [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []
        )
    elif (
        kind in ("message/rfc822", "message/global")
        and isinstance(blocks, list)
        and blocks
        and isinstance(blocks[0], Message)
    ):
        letter.reported_id = letter.reported_id or message_id(_headers(blocks[0]).get("message-id", ""))
    elif kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
        inner = BytesHeaderParser(policy=POLICY).parsebytes(_bytes(part)[:LONGEST_HEAD])
        letter.reported_id = letter.reported_id or message_id(_headers(inner).get("message-id", ""))


def _notices(blocks: list[Message]) -> list[Notice]:
    found = []
    for block in blocks[:50]:
        values = _headers(block)
        if "action" not in values:
            continue
        who = values.get("final-recipient") or values.get("original-recipient", "")
        found.append(
            Notice(
                action=one_line(values["action"], 20).lower(),
                status=one_line(values.get("status", ""), 20).split(" ")[0],
                recipient=clean_address(who.rpartition(";")[2]),
                diagnosis=one_line(header(values.get("diagnostic-code", "")), 300),
            )
        )
    return found
