"""Reading back what we printed."""

from __future__ import annotations

import io
import unicodedata

from pypdf import PdfReader


def words_of(data: bytes) -> str:
    """The text of all pages, each run of white space one space, compatibility characters undone."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def attachments_in(data: bytes) -> list[str]:
    """Names of the files that a PDF carries inside."""
    return list(PdfReader(io.BytesIO(data)).attachments)


def language_of(data: bytes) -> str:
    """The language that the document declares for screen readers."""
    return str(PdfReader(io.BytesIO(data)).root_object.get("/Lang", ""))
