"""Attached files: judged like every upload; what is not taken is named with the reason and stays in the mail as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.journal.contents import Unacceptable, clean_title, judge
from foundation.mailroom.reading.letter import File, Letter

# Endings behind which programs hide: a mail with one of these waits for a person.
DANGEROUS = {
    "ade", "apk", "app", "bat", "chm", "cmd", "com", "cpl", "dll", "docm", "exe", "hta", "htm", "html", "img", "iso", "jar", "js", "jse",
    "lnk", "mhtml", "msc", "msi", "one", "pif", "pptm", "ps1", "reg", "scr", "sh", "shtml", "svg", "sys", "vb", "vbe", "vbs", "vhd", "wsf",
    "xlsm", "xll", "xhtml",
}  # fmt: skip
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!/")
_UNTOLD = {"text/calendar", "application/pgp-signature", "application/pkcs7-signature"}


@dataclass
class Files:
    """What can be kept, the list for the row, and whether something is dangerous."""

    uploads: list[Any] = field(default_factory=list)
    listed: list[dict[str, Any]] = field(default_factory=list)
    is_dangerous: bool = False


def judged(letter: Letter) -> Files:
    """Judge every file of a letter. The reasons are sentences in the active language."""
    found = Files()
    for one in letter.files:
        reason = _reason(one)
        if not reason:
            found.uploads.append(SimpleUploadedFile(clean_title(one.name) or "file", one.data, one.media_type))
        found.is_dangerous = found.is_dangerous or is_dangerous(one)
        found.listed.append(
            {
                "name": clean_title(one.name),
                "media_type": one.media_type,
                "size": len(one.data),
                "taken": not reason,
                "reason": reason,
            }
        )
    return found


def _reason(one: File) -> str:
    try:
        judge(one.data, name=one.name if "." in one.name else "", media_type="")
    except Unacceptable as error:
        return str(error)
    return ""


def is_dangerous(one: File) -> bool:
    """Whether the name or the first bytes are those of a program, or of a page that runs one."""
    endings = one.name.lower().split(".")[1:]
    return bool(DANGEROUS.intersection(endings)) or one.data.startswith(_PROGRAMS)
