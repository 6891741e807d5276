"""Files that belong to records: taken in after judgement, kept under names of ours, handed out after a permission check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from foundation.journal.contents import LARGEST, MEGABYTE, Content, Unacceptable, clean_title, judge
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment, Event
from foundation.journal.services import record

Guard = Callable[[Any, Attachment], bool]
_guards: dict[type[models.Model], Guard] = {}

# What an answer with a stranger's bytes must say, whoever sends it.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


# ---------------------------------------------------------------- taking in


def attach(
    subject: models.Model,
    upload: Any,
    *,
    actor: Any,
    purpose: str = "",
    title: str = "",
    customer_id: int | None = None,
    event: Event | None = None,
    voices: bool = False,
) -> Attachment:
    """Keep an uploaded file with `subject`. Raises Refused (`input`), and nothing is kept, for what we do not take.

    Sound is taken only where somebody may have spoken: with `voices`.

    It leaves a `file.attached` event, unless it belongs to an `event` that was recorded already (a scanned POD).
    """
    if upload.size and upload.size > LARGEST:
        raise Refused(_("This file is too large: at most %(size)s MB.") % {"size": LARGEST // MEGABYTE}, reason="input")
    upload.seek(0)
    name = str(upload.name or "")
    content = _judged(upload.read(LARGEST + 1), name=name or "without-ending", voices=voices)
    return _keep(subject, content, title or clean_title(name), actor, purpose, customer_id, event)


def attach_bytes(
    subject: models.Model,
    data: bytes,
    media_type: str,
    title: str,
    *,
    actor: Any,
    purpose: str = "",
    customer_id: int | None = None,
    event: Event | None = None,
) -> Attachment:
    """Keep bytes made by ourselves (a rendered PDF) or drawn on screen (a signature), judged like any other file."""
    return _keep(subject, _judged(data, media_type=media_type), clean_title(title), actor, purpose, customer_id, event)


def _judged(data: bytes, **said: Any) -> Content:
    try:
        return judge(data, **said)
    except Unacceptable as error:
        raise Refused(str(error), reason="input", field="file") from error


def _keep(
    subject: models.Model,
    content: Content,
    title: str,
    actor: Any,
    purpose: str,
    customer_id: int | None,
    event: Event | None,
) -> Attachment:
    refer = getattr(subject, "customer_ref", lambda: None)
    one = Attachment(
        content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
        object_id=subject.pk,
        customer_id=customer_id if customer_id is not None else refer(),
        purpose=purpose,
        title=title or _("File"),
        media_type=content.media_type,
        size=len(content.data),
        digest=content.digest,
        uploaded_by=actor if getattr(actor, "pk", None) else None,
    )
    one.file.save("", ContentFile(content.data), save=False)
    try:
        with transaction.atomic():
            one.event = event or record(
                "file.attached",
                subject,
                actor=actor,
                facts={"media_type": one.media_type, "size": one.size, "sha256": one.digest, "purpose": purpose},
                private={"title": one.title},
            )
            one.save(force_insert=True)
    except BaseException:
        one.file.storage.delete(str(one.file.name))
        raise
    return one


def attachments_of(subject: models.Model, *, purpose: str | None = None) -> models.QuerySet[Attachment]:
    """The files of one record, newest first."""
    content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
    found = Attachment.objects.filter(content_type=content_type, object_id=subject.pk).order_by("-pk")
    return found if purpose is None else found.filter(purpose=purpose)


# ---------------------------------------------------------------- handing out


def register_file_guard(model: type[models.Model], may_open: Guard) -> None:
    """Let `may_open(user, attachment)` decide who opens files of this kind of record. Without a guard nobody does."""
    _guards[model] = may_open


def may_open(user: Any, attachment: Attachment) -> bool:
    """Whether this person may open the file: the record's room decides, and who may not see the record may not."""
    model = attachment.content_type.model_class()
    guard = _guards.get(model) if model is not None else None
    return guard is not None and guard(user, attachment)


def file_response(attachment: Attachment) -> HttpResponse | FileResponse:
    """The file as a download that cannot run anything on our origin. The caller has checked that it may be opened.

    Behind a proxy that knows X-Accel-Redirect the proxy sends the bytes; its location must be internal.
    """
    response: HttpResponse | FileResponse
    prefix = getattr(settings, "FILES_ACCEL_PREFIX", "")
    name = download_name(attachment)
    if prefix:
        response = HttpResponse(content_type=attachment.media_type)
        response["X-Accel-Redirect"] = iri_to_uri(f"{prefix.rstrip('/')}/{attachment.file.name}")
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    else:
        try:
            handle = attachment.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The file is not in the store") from error
        response = FileResponse(handle, as_attachment=True, filename=name, content_type=attachment.media_type)
    for header, value in HEADERS.items():
        response[header] = value
    return response


def download_name(attachment: Attachment) -> str:
    """The title with the ending of what the file really is."""
    title = clean_title(attachment.title) or "file"
    stem = title[: -len(attachment.extension)] if title.lower().endswith(attachment.extension) else title
    return f"{stem}{attachment.extension}"
