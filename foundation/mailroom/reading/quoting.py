"""What a correspondent has written now, apart from what is quoted below it: for English, German and Chinese letters."""

from __future__ import annotations

import re

LONGEST_LINE = 400  # of a line, only so much is looked at: patterns stay quick whatever comes
_RULER = re.compile(
    r"\s*[-_*=]{2,}\s*(original(\s+message|\s+appointment)?|urspr(ü|ue)ngliche\s+nachricht|original-?nachricht|forwarded\s+message"
    r"|weitergeleitete\s+nachricht|原始邮件|原始郵件|原邮件|回复的原邮件|回覆的原郵件|转发的邮件|轉寄郵件|转发邮件信息|邮件原文|original\s+email)\s*[-_*=]{2,}\s*",
    re.IGNORECASE,
)
_INTRODUCED = (
    re.compile(r"\s*on\b.{4,320}\bwrote\s*:\s*", re.IGNORECASE),
    re.compile(r"\s*.{0,200}<[^<>\s]{3,120}>\s*(wrote|writes|schrieb|写道|寫道)\s*[:：]\s*", re.IGNORECASE),
    re.compile(r"\s*am\b.{4,320}\bschrieb\b.{0,160}:\s*", re.IGNORECASE),
    re.compile(r"\s*.{0,120}\bschrieb\s+am\b.{4,200}:\s*", re.IGNORECASE),
    re.compile(r"\s*(在|于|於)?.{0,300}(写道|寫道|撰写|撰寫|写到)\s*[:：]\s*"),
    re.compile(r"\s*.{0,200}于\s*\d{4}年.{0,100}[:：]\s*"),
)
_FROM = re.compile(r"\s*[*>]*\s*(from|von|发件人|發件人|寄件者|寄件人)\s*\**\s*[:：]", re.IGNORECASE)
_OTHER = re.compile(
    r"\s*[*>]*\s*(sent|date|to|cc|subject|gesendet|datum|an|betreff|发送时间|發送時間|发送日期|收件人|收件者|抄送|主题|主題|主旨|日期|時間|时间|寄件日期)"
    r"\s*\**\s*[:：]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"-- ?")


def cut(text: str) -> tuple[str, str]:
    """The new words, and everything from the first quoted line on. A letter that is all quotation stays whole."""
    lines = text.split("\n")
    at = _first_quoted(lines)
    if at is None:
        return text.strip(), ""
    fresh = "\n".join(lines[:at]).strip()
    if not fresh:  # answered below or between the quoted lines
        own = [line for line in lines if not line.lstrip().startswith(">") and not _introduces([line])]
        fresh = "\n".join(own).strip()
        return (fresh, text.strip()) if fresh and not _FROM.match(fresh[:LONGEST_LINE]) else (text.strip(), "")
    return fresh, "\n".join(lines[at:]).strip()


def without_signature(text: str) -> str:
    """Without what stands below the signature's line of two dashes."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number and _SIGNATURE.fullmatch(line):
            return "\n".join(lines[:number]).strip()
    return text


def _first_quoted(lines: list[str]) -> int | None:
    for number, line in enumerate(lines):
        head = line[:LONGEST_LINE]
        if not head.strip():
            continue
        if head.lstrip().startswith(">") and _is_quoted_to_the_end(lines, number):
            return number
        if _RULER.fullmatch(head) or _is_header_block(lines, number):
            return _above_blank_ruler(lines, number)
        if any(_introduces(lines[number : number + length]) for length in (1, 2, 3)):
            return number
    return None


def _introduces(lines: list[str]) -> bool:
    """“On … X wrote:”, also broken over lines; the first of them must not be empty."""
    joined = " ".join(line.strip() for line in lines)[:LONGEST_LINE]
    if not joined.rstrip().endswith((":", "：")) or (len(lines) > 1 and not lines[-1].strip()):
        return False
    if len(lines) > 1 and not re.match(r"\s*(on|am|在|于|於)\b|\s*(在|于|於)", lines[0][:40], re.IGNORECASE):
        return False
    return any(pattern.fullmatch(joined) for pattern in _INTRODUCED)


def _is_quoted_to_the_end(lines: list[str], number: int) -> bool:
    """A block of `>` lines with nothing of the writer's own below it, but for a signature."""
    below = [line for line in lines[number:] if line.strip() and not line.lstrip().startswith(">")]
    return not below or len(below) <= 4 and len(lines) - number > len(below) * 3


def _is_header_block(lines: list[str], number: int) -> bool:
    if not _FROM.match(lines[number][:LONGEST_LINE]):
        return False
    following = [line[:LONGEST_LINE] for line in lines[number + 1 : number + 7] if line.strip()]
    return sum(1 for line in following if _OTHER.match(line)) >= 2


def _above_blank_ruler(lines: list[str], number: int) -> int:
    above = number - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and re.fullmatch(r"\s*[-_*=]{5,200}\s*", lines[above][:LONGEST_LINE]) else number
