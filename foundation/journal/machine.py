"""State machines: how a transition is declared, who may perform it, and the one helper that performs it.

A stage declares `@transition(...)` methods on a model that is decorated with `@guarded("status")`, registers the service
behind each of them in its `actions.py`, and lets the service call `perform()`. The record page draws its state path and
its buttons from the same declarations.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import django_fsm
import pgtrigger
from django import forms
from django.db import models, transaction
from django.utils.translation import gettext as _

from foundation.journal import registry
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.ui import formats

M = TypeVar("M", bound=models.Model)
ModelClass = TypeVar("ModelClass", bound=type[models.Model])


class Refused(Exception):
    """A refusal for people: `message` is a whole sentence in the reader's language; nothing has changed.

    `reason` is `state` (somebody was faster, or the record is elsewhere on its path), `condition`, `permission` or `input`.
    """

    def __init__(self, message: str, *, reason: str = "state", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.field = field


def condition(hint: Any) -> Callable[[Callable[[Any], bool]], Callable[[Any], bool]]:
    """Mark a condition of a transition with the sentence that people read while it fails.

    `hint` may be a function of the record, where the sentence names what is missing. A condition that depends on who acts
    reads `obj.acting_user`, which `perform()` and `offers()` set; None is the system.
    """

    def mark(fn: Callable[[Any], bool]) -> Callable[[Any], bool]:
        fn.hint = hint  # type: ignore[attr-defined]
        return fn

    return mark


def transition(
    state: Any,
    *,
    source: Any,
    target: Any,
    label: Any,
    event: str,
    permission: str | None = None,
    primary: bool = False,
    danger: bool = False,
    when: Sequence[Callable[[Any], bool]] = (),
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a business verb: from `source` to `target`, recorded as `event`, offered as a button named `label`."""
    custom = {"label": label, "event": event, "permission": permission, "primary": primary, "danger": danger}
    decorate: Callable[[Callable[..., None]], Callable[..., None]] = django_fsm.transition(
        field=state, source=source, target=target, conditions=list(when), custom=custom
    )
    return decorate


def declared(model: type[models.Model], name: str) -> dict[str, Any]:
    """The declaration of one transition: label, event, permission, primary, danger. Raises LookupError."""
    method = getattr(model, name, None)
    meta = getattr(method, "_django_fsm", None)
    if meta is None:
        raise LookupError(f"{model.__name__} has no transition {name!r}")
    custom: dict[str, Any] = next(iter(meta.transitions.values())).custom
    return custom


def _choices(model: type[models.Model] | models.Model, state: str) -> list[tuple[str, Any]]:
    field_: Any = model._meta.get_field(state)
    return [(str(value), label) for value, label in field_.flatchoices]


def states_of(model: type[models.Model], state: str) -> list[str]:
    """Every state of a machine, in the order of its choices."""
    return [value for value, _label in _choices(model, state)]


def state_labels(model: type[models.Model] | models.Model, state: str) -> dict[str, str]:
    """Every state of a machine with its label in the active language. Not for import time: labels are lazy."""
    return {value: str(label) for value, label in _choices(model, state)}


def edges(model: type[models.Model], state: str) -> list[tuple[str, str, str]]:
    """Every allowed (source, target, verb) of a machine, with `*` and `+` spelled out."""
    states = states_of(model, state)
    found: set[tuple[str, str, str]] = set()
    for name in dir(model):
        meta = getattr(getattr(model, name, None), "_django_fsm", None)
        if meta is None or getattr(meta.field, "name", meta.field) != state:
            continue
        for source, step in meta.transitions.items():
            target = str(step.target)
            sources = (
                states if source == "*" else [s for s in states if s != target] if source == "+" else [str(source)]
            )
            found.update((one, target, name) for one in sources)
    return sorted(found)


def guarded(state: str) -> Callable[[ModelClass], ModelClass]:
    """Let the database keep the machine too: known states only (check), declared transitions only (trigger)."""

    def guard(model: ModelClass) -> ModelClass:
        meta = model._meta
        pairs = sorted({(source, target) for source, target, _name in edges(model, state)})
        values = states_of(model, state)
        check = models.CheckConstraint(
            name=f"{meta.db_table}_{state}_known", condition=models.Q(**{f"{state}__in": values})
        )
        meta.constraints = [*meta.constraints, check]
        meta.original_attrs["constraints"] = [*meta.original_attrs.get("constraints", []), check]
        pgtrigger.register(pgtrigger.FSM(name=f"{meta.model_name}_{state}"[:40], field=state, transitions=pairs))(model)
        return model

    return guard


# ---------------------------------------------------------------- performing


def perform(
    model: type[M],
    pk: int,
    name: str,
    *,
    actor: Any,
    facts: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
    check: bool = True,
    imported: bool = False,
    **kwargs: Any,
) -> M:
    """Lock the row, run transition `name(**kwargs)`, save what it changed, record its one event, return the record.

    `actor` None is the system; `check=False` skips the permission (a customer acting through a token). Raises Refused,
    in which case nothing has changed.
    """
    custom = declared(model, name)
    with transaction.atomic():
        obj = model._base_manager.select_for_update(of=("self",)).get(pk=pk)
        demand(obj, name, actor=actor, check=check)
        method = getattr(obj, name)
        meta = method._django_fsm
        state_name = str(getattr(meta.field, "name", meta.field))
        before = str(getattr(obj, state_name))
        old = {f.attname: copy.deepcopy(getattr(obj, f.attname)) for f in obj._meta.concrete_fields}
        try:
            method(**kwargs)
        except (django_fsm.TransitionNotAllowed, django_fsm.ConcurrentTransition) as error:
            raise Refused(_overtaken(obj, custom, state_name)) from error
        changed = [
            f.name
            for f in obj._meta.concrete_fields
            # a field with auto_now is written only when it is named
            if f.name == state_name or getattr(f, "auto_now", False) or getattr(obj, f.attname) != old[f.attname]
        ]
        obj.save(update_fields=changed)
        record(
            custom["event"],
            obj,
            actor=actor,
            facts={"from": before, "to": str(getattr(obj, state_name)), **(facts or {})},
            private=private,
            occurred_at=occurred_at,
            imported=imported,
        )
    return obj


def demand(obj: models.Model, name: str, *, actor: Any, check: bool = True) -> None:
    """Raise Refused unless `actor` may perform the transition on the record as it stands: what `perform()` asks first.

    A service asks it beforehand where something slow (a paper to print) comes before the change.
    """
    custom = declared(type(obj), name)
    needed = custom["permission"]
    if check and actor is not None and needed and not actor.has_perm(needed):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    obj.acting_user = actor  # type: ignore[attr-defined]
    field_ = getattr(obj, name)._django_fsm.field
    _refuse_unless_allowed(obj, name, custom, str(getattr(field_, "name", field_)))


def failing_hints(obj: models.Model, conditions: Iterable[Callable[[Any], bool]]) -> list[str]:
    """The sentences of the conditions that do not hold now."""
    hints = [getattr(fn, "hint", fn.__name__) for fn in conditions if not fn(obj)]
    return [str(hint(obj)) if callable(hint) else str(hint) for hint in hints]


def _refuse_unless_allowed(obj: models.Model, name: str, custom: dict[str, Any], state_name: str) -> None:
    step = getattr(obj, name)._django_fsm.get_transition(getattr(obj, state_name))
    if step is None:
        raise Refused(_overtaken(obj, custom, state_name))
    if failing := failing_hints(obj, step.conditions):
        raise Refused(" ".join(failing), reason="condition")


def overtaken(obj: models.Model, action: Action) -> str:
    """Why a transition cannot be asked for where the record stands now: others were faster. Empty where it can."""
    if not action.is_transition:
        return ""
    meta = getattr(obj, action.name)._django_fsm
    state_name = str(getattr(meta.field, "name", meta.field))
    is_open = meta.get_transition(str(getattr(obj, state_name))) is not None
    return "" if is_open else _overtaken(obj, declared(type(obj), action.name), state_name)


def _overtaken(obj: models.Model, custom: dict[str, Any], state_name: str) -> str:
    """Tell where the record stands, who moved it there, and when: for the second of two who press the same button."""
    now = str(getattr(obj, state_name))
    values = {"record": str(obj), "action": custom["label"], "state": state_labels(obj, state_name).get(now, now)}
    where = _("“%(action)s” is not possible: %(record)s is “%(state)s” now.") % values
    moves = Event.objects.about(obj).filter(facts__has_key="to").select_related("actor")
    last = moves.order_by("-id").first()
    if last is None:
        return where
    who = {
        "what": registry.get_type(last.code).say(last.facts),
        "who": str(last.actor) if last.actor else _("the system"),
        "when": formats.moment(last.recorded_at),
    }
    return f"{where} " + _("%(what)s: %(who)s, %(when)s.") % who


# ---------------------------------------------------------------- what the record page offers


@dataclass(frozen=True)
class Action:
    """Something that a person can do with a record: a transition, or another verb of the stage.

    `service(pk, *, actor, **cleaned_data)` does it; `form` asks for what it needs. Transitions take label, permission,
    primary and danger from their declaration; other verbs state them, and `available(obj, user)` says when they apply.
    `form` may be a form class taking `(data, files, instance=obj, actor=user)` when `wants_context` is set. `page(request, obj)`
    answers at the action's address by itself, where one short form is not enough. What is `usual` stays a button
    where there are too many for one row; every transition does.
    """

    model: type[models.Model]
    name: str
    service: Callable[..., Any]
    label: Any = ""
    permission: str | None = None
    form: type[forms.BaseForm] | None = None
    available: Callable[[Any, Any], bool] | None = None
    primary: bool = False
    danger: bool = False
    is_transition: bool = True
    wants_context: bool = False
    done: Any = ""
    page: Callable[[Any, Any], Any] | None = None
    usual: bool = False


@dataclass(frozen=True)
class Offer:
    """An action as one person sees it on one record now; `blocked` tells what is missing, empty when it can be done."""

    action: Action
    label: str
    primary: bool
    danger: bool
    blocked: list[str] = field(default_factory=list)


class ActionRegistry:
    """The services behind the buttons, by model and verb."""

    def __init__(self) -> None:
        self._actions: dict[type[models.Model], dict[str, Action]] = {}

    def register(
        self,
        model: type[models.Model],
        name: str,
        *,
        service: Callable[..., Any],
        form: type[forms.BaseForm] | None = None,
        wants_context: bool = False,
        done: Any = "",
    ) -> None:
        """Put a service behind a declared transition. Raises LookupError if the model declares no such transition."""
        custom = declared(model, name)
        self._put(
            Action(
                model,
                name,
                service,
                custom["label"],
                custom["permission"],
                form,
                None,
                custom["primary"],
                custom["danger"],
                True,
                wants_context,
                done,
            )
        )

    def add(
        self,
        model: type[models.Model],
        name: str,
        *,
        label: Any,
        service: Callable[..., Any],
        permission: str | None = None,
        form: type[forms.BaseForm] | None = None,
        available: Callable[[Any, Any], bool] | None = None,
        primary: bool = False,
        danger: bool = False,
        wants_context: bool = False,
        done: Any = "",
        page: Callable[[Any, Any], Any] | None = None,
        usual: bool = False,
    ) -> None:
        """Offer a verb that is no transition (answer, attach, assign)."""
        self._put(
            Action(
                model,
                name,
                service,
                label,
                permission,
                form,
                available,
                primary,
                danger,
                False,
                wants_context,
                done,
                page,
                usual,
            )
        )

    def _put(self, action: Action) -> None:
        self._actions.setdefault(action.model, {})[action.name] = action

    def get(self, model: type[models.Model], name: str) -> Action | None:
        """The action of that name, or None."""
        return self._actions.get(model, {}).get(name)

    def of(self, model: type[models.Model]) -> Iterable[Action]:
        """Every action of a model, in the order of registration."""
        return self._actions.get(model, {}).values()


actions = ActionRegistry()


def why_not(obj: models.Model, action: Action, user: Any) -> str:
    """What stands against a transition as the record is now, in a sentence for people; empty for nothing."""
    if not action.is_transition:
        return ""
    try:
        demand(obj, action.name, actor=user)
    except Refused as refusal:
        return refusal.message
    return ""


def offers(obj: models.Model, user: Any) -> list[Offer]:
    """What this person may do with this record now, blocked ones included, at most one of them primary."""
    found: list[Offer] = []
    has_primary = False
    obj.acting_user = user  # type: ignore[attr-defined]
    for action in actions.of(type(obj)):
        if action.permission and not user.has_perm(action.permission):
            continue
        blocked: list[str] = []
        if action.is_transition:
            meta = getattr(obj, action.name)._django_fsm
            state = str(getattr(obj, str(getattr(meta.field, "name", meta.field))))
            step = meta.get_transition(state)
            if step is None:
                continue
            blocked = failing_hints(obj, step.conditions)
        if action.available and not action.available(obj, user):
            continue
        primary = action.primary and not blocked and not has_primary
        has_primary = has_primary or primary
        found.append(Offer(action, str(action.label), primary, action.danger, blocked))
    return found
