"""Drawings: submitted in revisions, released by a second person, sent to the customer, approved or wanted otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import DecidedBy, DrawingFile, DrawingRevision, SamplePolicy, TechnicalRequest
from crm.models.cadence import company_today
from crm.services import changes
from crm.services.reminding import ask_later, settle_reminder
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.models import Attachment
from foundation.journal.services import record

PURPOSE = "drawing"
MOST_FILES = 8


@transaction.atomic
def submit_drawings(pk: int, *, actor: Any, uploads: Sequence[Any], note: str = "") -> TechnicalRequest:
    """The next revision, A, B, …: for a second person to release, or at once for sending where the rules allow it.

    Raises Refused, and nothing is kept.
    """
    if not uploads:
        raise Refused(_("Choose the drawings."), reason="input", field="uploads")
    if len(uploads) > MOST_FILES:
        raise Refused(_("At most %(count)s files at once.") % {"count": MOST_FILES}, reason="input", field="uploads")
    needs_release = SamplePolicy.current().needs_release
    verb = "draw" if needs_release else "issue"
    request = changes.lock(TechnicalRequest, pk)
    demand(request, verb, actor=actor)
    kept = _kept(request, uploads, actor)
    digest = digest_of([one.digest for one in kept])
    note = note.strip()
    private = {"note": note} if note else None
    request = perform(TechnicalRequest, pk, verb, actor=actor, facts={"files": len(kept)}, private=private, by=actor)
    revision = DrawingRevision.objects.create(
        request=request, number=request.revision, digest=digest, note=note, drawn_by=actor
    )
    DrawingFile.objects.bulk_create(DrawingFile(revision=revision, attachment=a, digest=a.digest) for a in kept)
    if not needs_release:
        revision.released_at = timezone.now()
        revision.save(update_fields=["released_at"])
    return request


def digest_of(digests: Sequence[str]) -> str:
    """One digest over those of all files of a revision, in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _kept(request: TechnicalRequest, uploads: Sequence[Any], actor: Any) -> list[Attachment]:
    """Take all of them in, or none. Raises Refused, and no file stays in the store."""
    kept: list[Attachment] = []
    try:
        for one in uploads:
            kept.append(attach(request, one, actor=actor, purpose=PURPOSE))
        same = request.revisions.filter(digest=digest_of([one.digest for one in kept])).first()
        if same is not None:
            raise Refused(
                _("These are the very files of revision %(letter)s. Choose the new ones.") % {"letter": same.letter},
                reason="input",
            )
    except Refused as refusal:
        for one in kept:
            one.file.storage.delete(str(one.file.name))
        raise Refused(refusal.message, reason=refusal.reason, field="uploads") from refusal
    return kept


def _current(pk: int, digest: str | None) -> DrawingRevision:
    """The revision submitted last, locked with its request, if it is what was looked at. Raises Refused."""
    request = changes.lock(TechnicalRequest, pk)
    revision = request.revisions.filter(number=request.revision).first()
    if revision is None:
        raise Refused(_("There are no drawings yet."), reason="state")
    if digest is not None and revision.digest != digest:
        raise Refused(
            _("There is a newer revision meanwhile: look at revision %(letter)s before you decide.")
            % {"letter": revision.letter}
        )
    return revision


def _refuse_altered(revision: DrawingRevision) -> None:
    """Raise Refused unless the stored files are, byte for byte, those that were submitted."""
    for one in revision.files.select_related("attachment"):
        if _digest_in_store(one.attachment) != one.digest:
            raise Refused(
                _("A stored drawing is not the one that was submitted: its content has changed. Submit it anew."),
                reason="condition",
            )


def _digest_in_store(attachment: Attachment) -> str:
    try:
        with attachment.file.open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


@transaction.atomic
def release_drawings(pk: int, *, actor: Any, digest: str | None = None) -> TechnicalRequest:
    """A second person has looked at exactly this content: it may go to the customer. Raises Refused."""
    revision = _current(pk, digest)
    request = perform(TechnicalRequest, pk, "release", actor=actor)
    _refuse_altered(revision)
    revision.released_by, revision.released_at = actor, timezone.now()
    revision.save(update_fields=["released_by", "released_at"])
    return request


@transaction.atomic
def return_drawings(pk: int, *, actor: Any, reason: str, digest: str | None = None) -> TechnicalRequest:
    """The second person found something wrong: the next revision follows. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say what is wrong."), reason="input", field="reason")
    revision = _current(pk, digest)
    request = perform(TechnicalRequest, pk, "send_back", actor=actor, private={"reason": reason.strip()})
    _note(revision, DrawingRevision.Outcome.RETURNED, by=str(actor or ""), via="", remark=reason.strip())
    return request


@transaction.atomic
def send_drawings(pk: int, *, actor: Any, note: str = "") -> TechnicalRequest:
    """To the customer, who is asked to approve them on a page of their own. Raises Refused."""
    revision = _current(pk, None)
    now = timezone.now()
    ask_on = company_today() + timedelta(days=SamplePolicy.current().follow_up_days)
    private = {"note": note.strip()} if note.strip() else None
    request = perform(TechnicalRequest, pk, "send", actor=actor, private=private, at=now, follow_up_on=ask_on)
    _refuse_altered(revision)
    revision.sent_at = now
    revision.save(update_fields=["sent_at"])
    ask_later(request, request.salesperson, partial(_what_do_they_say, request), on=ask_on, actor=actor)
    return request


def _what_do_they_say(request: TechnicalRequest) -> str:
    names = {"customer": request.customer.name, "number": request.number}
    return _("Ask %(customer)s about the drawings %(number)s") % names


@transaction.atomic
def ask_approval(pk: int, *, actor: Any) -> TechnicalRequest:
    """Write to the customer once more, with the page to answer on. Raises Refused."""
    changes.demand(actor, "crm.send_technicalrequest")
    request = changes.lock(TechnicalRequest, pk)
    if request.status != TechnicalRequest.Status.SENT:
        raise Refused(_("%(request)s does not wait for a decision.") % {"request": request})
    record("technical_request.approval_asked", request, actor=actor)
    return request


@transaction.atomic
def approve_drawings(
    pk: int, *, actor: Any, name: str, via: str = DecidedBy.PHONE, remark: str = "", digest: str | None = None
) -> TechnicalRequest:
    """The customer approves the revision with this digest and no other; from now on the database keeps it as it is.

    `actor` None is the customer on their own page. Raises Refused.
    """
    if not name.strip():
        raise Refused(_("Say who approves."), reason="input", field="name")
    request = changes.lock(TechnicalRequest, pk)
    demand(request, "approve", actor=actor)
    revision = _current(pk, digest)
    _refuse_altered(revision)
    private = {"name": name.strip(), **({"text": remark.strip()} if remark.strip() else {})}
    request = perform(
        TechnicalRequest,
        pk,
        "approve",
        actor=actor,
        facts={"via": via, "digest": revision.digest},
        private=private,
        at=timezone.now(),
        digest=revision.digest,
    )
    _note(revision, DrawingRevision.Outcome.APPROVED, by=name.strip(), via=via, remark=remark.strip())
    settle_reminder(request)
    return request


@transaction.atomic
def ask_changes(
    pk: int, *, actor: Any, remark: str, name: str = "", via: str = DecidedBy.PHONE, digest: str | None = None
) -> TechnicalRequest:
    """The customer wants it otherwise; the technical team draws the next revision. `actor` None is the customer. Raises Refused."""
    if not remark.strip():
        raise Refused(_("Say what should be different."), reason="input", field="remark")
    request = changes.lock(TechnicalRequest, pk)
    demand(request, "ask_changes", actor=actor)
    revision = _current(pk, digest)
    private = {"text": remark.strip(), **({"name": name.strip()} if name.strip() else {})}
    goes_to = request.owner or request.drawn_by or request.salesperson
    request = perform(
        TechnicalRequest, pk, "ask_changes", actor=actor, facts={"via": via}, private=private, owner=goes_to
    )
    _note(revision, DrawingRevision.Outcome.CHANGES, by=name.strip(), via=via, remark=remark.strip())
    settle_reminder(request)
    return request


def _note(revision: DrawingRevision, outcome: str, *, by: str, via: str, remark: str) -> None:
    revision.outcome, revision.remark = outcome, remark
    revision.decided_by, revision.decided_via, revision.decided_at = by[:120], via, timezone.now()
    revision.save(update_fields=["outcome", "remark", "decided_by", "decided_via", "decided_at"])
