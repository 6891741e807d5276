"""Changing an ordinary record: locked, compared with what the person saw, written field by field."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.ui import formats
from foundation.ui.prepared import prepared

M = TypeVar("M", bound=models.Model)


def demand(actor: Any, permission: str) -> None:
    """Raise PermissionDenied unless the actor, or the system (None), may do this."""
    if actor is not None and not actor.has_perm(permission):
        raise PermissionDenied


def lock(model: type[M], pk: int) -> M:
    """The row, locked until the end of the transaction."""
    found = _locked(pk, model=model)
    if not found:
        raise model.DoesNotExist(f"There is no {model._meta.verbose_name} {pk}")  # type: ignore[attr-defined]
    return cast(M, found[0])


@prepared
def _locked(pk: int, *, model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.select_for_update(of=("self",)).filter(pk=pk)


def refuse_if_changed(obj: Any, version: int | None, subject: models.Model) -> None:
    """Raise Refused when somebody saved the record after the form was opened; the form keeps what was typed."""
    if version is None or obj.version == version:
        return
    last = Event.objects.about(subject).exclude(code="note.added").select_related("actor").order_by("-id").first()
    if last is None:
        raise Refused(_("Somebody changed this in the meantime. Look at the record, then save again."))
    raise Refused(
        _("%(who)s changed this at %(when)s, while you were writing. Compare it with the record, then save again.")
        % {
            "who": str(last.actor) if last.actor else _("the system"),
            "when": formats.moment(last.recorded_at),
        }
    )


def apply(obj: models.Model, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the values on the object; returns {field: (before, after)} of those that differ."""
    changed = {}
    for name, value in values.items():
        before = getattr(obj, name)
        if before != value and not (before in ("", None) and value in ("", None)):
            changed[name] = (before, value)
            setattr(obj, name, value)
    return changed


def before_and_after(changed: dict[str, tuple[Any, Any]]) -> dict[str, list[str]]:
    """The personal part of an event about a change: what stood there, what stands there now."""
    return {name: [str(before or ""), str(after or "")] for name, (before, after) in changed.items()}
