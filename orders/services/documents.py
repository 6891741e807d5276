"""Trade documents: submitted, looked at by a second person, approved as they are or sent back with the error (ORD-9)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.models import Attachment
from foundation.journal.services import record
from orders.models import DocumentKind, DocumentVersion, Order, TradeDocument
from orders.services.parts import said

PURPOSE = "trade_document"


@transaction.atomic
def submit_document(
    order_pk: int, *, actor: Any, kind: DocumentKind, file: UploadedFile, reference: str = ""
) -> TradeDocument:
    """Put a paper on the order for a second person to check. Raises Refused."""
    if not actor.has_perm("orders.submit_document"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_pk)
    if order.status == Order.Status.CANCELLED:
        raise Refused(_("Order %(number)s is cancelled: it needs no documents.") % {"number": order.number})
    document = TradeDocument(
        number=next_number("document"),
        order=order,
        customer=order.customer,
        kind=kind,
        reference=reference.strip(),
        submitted_by=actor,
    )
    document.save(force_insert=True)
    document.refresh_from_db(fields=["submitted_at"])
    kept = _kept(document, file, actor)
    document.digest = kept.digest
    document.save(update_fields=["digest"])
    _keep_version(document, kept)
    record("document.submitted", document, actor=actor, private={"title": kept.title})
    return document


@transaction.atomic
def submit_version(pk: int, *, actor: Any, file: UploadedFile, reference: str = "") -> TradeDocument:
    """Submit the document anew, with another content; the versions before stay. Raises Refused."""
    document = _locked(pk)
    demand(document, "submit_again", actor=actor)
    if document.order.status == Order.Status.CANCELLED:
        raise Refused(_("Order %(number)s is cancelled: it needs no documents.") % {"number": document.order.number})
    kept = _kept(document, file, actor)
    same = document.versions.filter(digest=kept.digest).first()
    if same is not None:
        kept.file.storage.delete(str(kept.file.name))
        sentence = _("This is the very file of version %(number)d. Choose the corrected one.")
        raise Refused(sentence % {"number": same.number}, reason="input", field="file")
    if reference.strip() and reference.strip() != document.reference:
        document.reference = reference.strip()
        document.save(update_fields=["reference"])
    private = {"title": kept.title}
    document = perform(TradeDocument, pk, "submit_again", actor=actor, private=private, by=actor, digest=kept.digest)
    _keep_version(document, kept)
    return document


@transaction.atomic
def approve_document(pk: int, *, actor: Any, digest: str, **_form: Any) -> TradeDocument:
    """Approve the content with this `digest`, which the checker was shown, and nothing else. Raises Refused."""
    version = _version_to_check(pk, digest)
    if _digest_of(version.attachment) != version.digest:
        raise Refused(
            _("The stored file is not the one that was submitted: its content has changed. Submit the document anew."),
            reason="condition",
        )
    document = perform(TradeDocument, pk, "approve", actor=actor, by=actor)
    _note_check(version, actor, DocumentVersion.Outcome.APPROVED)
    return document


@transaction.atomic
def return_document(pk: int, *, actor: Any, digest: str, error: str, reason: str) -> TradeDocument:
    """Send the content with this `digest` back: what kind of error, and what is wrong. It counts as an error found."""
    words = said(reason)
    if error not in DocumentVersion.Error.values:
        raise Refused(_("Say what kind of error it is."), reason="input", field="error")
    version = _version_to_check(pk, digest)
    facts = {"error": error, "submitter_id": version.submitted_by_id}
    document = perform(TradeDocument, pk, "send_back", actor=actor, facts=facts, private={"reason": words})
    _note_check(version, actor, DocumentVersion.Outcome.RETURNED, error=error, reason=words)
    return document


def _locked(pk: int) -> TradeDocument:
    return TradeDocument.objects.select_for_update(of=("self",)).select_related("order", "kind", "customer").get(pk=pk)


def _version_to_check(pk: int, digest: str) -> DocumentVersion:
    """The newest version, if it is what the checker has looked at. Raises Refused."""
    document = _locked(pk)
    if document.digest != digest:
        raise Refused(
            _("%(document)s has been submitted anew meanwhile: look at version %(number)d before you decide.")
            % {"document": document.number, "number": document.version}
        )
    return document.versions.select_related("attachment").get(number=document.version)


def _digest_of(attachment: Attachment) -> str:
    """The digest of the bytes as they lie in the store now; empty when they are gone."""
    try:
        with attachment.file.open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _kept(document: TradeDocument, file: UploadedFile, actor: Any) -> Attachment:
    try:
        return attach(document, file, actor=actor, purpose=PURPOSE)
    except Refused as refusal:
        raise Refused(refusal.message, reason=refusal.reason, field="file") from refusal


def _keep_version(document: TradeDocument, kept: Attachment) -> None:
    DocumentVersion.objects.create(
        document=document,
        number=document.version,
        attachment=kept,
        digest=kept.digest,
        submitted_by=document.submitted_by,
        submitted_at=document.submitted_at,
    )


def _note_check(version: DocumentVersion, actor: Any, outcome: str, *, error: str = "", reason: str = "") -> None:
    version.outcome, version.error, version.reason = outcome, error, reason
    version.checked_by, version.checked_at = actor, timezone.now()
    version.save(update_fields=["outcome", "error", "reason", "checked_by", "checked_at"])
