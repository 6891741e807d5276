"""One record page for every kind of record: what it is, how it does against its promises, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, get_resolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View

from foundation.accounts.staff import attach_people
from foundation.journal.attachments import attach
from foundation.journal.machine import Action, Offer, Refused, actions, offers, overtaken, why_not
from foundation.journal.path import state_path
from foundation.journal.services import add_note
from foundation.journal.timeline import history
from foundation.lists.pages.mentioning import read_note
from foundation.lists.pages.past import asked_of, drawn_timeline, pin_entry, query_of
from foundation.lists.pages.returning import back_of, with_back
from foundation.lists.pages.writing import registered_writer
from foundation.ui import parts
from foundation.ui.addresses import page_url, record_url
from foundation.ui.panels import panels_for
from foundation.ui.prepared import prepared
from foundation.ui.submissions import submit_once

LONGEST_NOTE = 10_000
MOST_FILES = 8
_pages: dict[str, RecordPage] = {}


def page_of(label: str) -> RecordPage | None:
    """The page of a model, by its lower-case label such as `crm.customer`.

    Pages become known with their addresses, which a worker has not read before it asks.
    """
    get_resolver().url_patterns  # noqa: B018 (reads them, the first time)
    return _pages.get(label)


def known_pages() -> list[RecordPage]:
    """Every record page."""
    get_resolver().url_patterns  # noqa: B018 (reads them, the first time)
    return list(_pages.values())


def action_buttons(found: Sequence[Offer], urls: dict[str, str]) -> tuple[parts.Actions, list[parts.Blocked]]:
    """Buttons for what can be done now, and what cannot yet be done with the reasons."""
    buttons = []
    blocked = []
    for offer in found:
        if offer.blocked:
            blocked.append(parts.Blocked(offer.label, offer.blocked))
            continue
        asks = offer.action.form is not None or offer.action.page is not None
        buttons.append(
            parts.Action(
                label=offer.label,
                url=urls[offer.action.name],
                style="danger" if offer.danger else "primary" if offer.primary else "secondary",
                method="get" if asks else "post",
                confirm="" if asks or not offer.danger else offer.label,
                opens_dialog=offer.action.form is not None,
                name=offer.action.name,
                is_usual=offer.action.usual,
                is_step=offer.action.is_transition,
            )
        )
    return parts.Actions.sorted_from(buttons), blocked


@prepared
def _record(pk: int, *, page: RecordPage, user: Any) -> QuerySet[Any]:
    return page.visible(user).filter(pk=pk).order_by()


class RecordPage:
    """The page of one kind of record, its actions and its notes.

    A stage subclasses it: `model`, `namespace` and `name` (for the addresses), `type_label`, the door `visible(user)`,
    and what the page says: `title`, `subtitle`, `facts`, `related`, `sections`, `next_step`. `urls()` gives the routes
    `<name>`, `<name>-do`, `<name>-note` and `<name>-pin`. Panels of later stages come by the places `record.badges`, `record.main`,
    `record.notices` (what has just been done), `record.related` (counters) and `record.timeline`, called with `subject`, `request`; their buttons by `record.actions` (`subject`, `user`).
    """

    model: ClassVar[type[Model]]
    namespace: ClassVar[str] = ""
    name: ClassVar[str] = ""
    type_label: ClassVar[str | Promise] = ""
    list_label: ClassVar[str | Promise] = ""
    list_name: ClassVar[str] = ""
    state: ClassVar[str] = "status"
    permission: ClassVar[str | None] = None
    people: ClassVar[tuple[str, ...]] = ()
    template_name: ClassVar[str] = "ui/record.html"
    form_template: ClassVar[str] = "ui/form.html"
    takes_notes: ClassVar[bool] = True
    is_whole_customer: ClassVar[bool] = False  # its timeline shows what happened to everything of the customer
    is_prepared: ClassVar[bool] = False  # `visible` depends on the user alone and prefetches nothing: its SQL is kept

    # ------------------------------------------------------------ what a stage overrides

    def visible(self, user: Any) -> QuerySet[Any]:
        """The stage's door to its records, with the joins that the page needs."""
        raise NotImplementedError

    def is_visible_to(self, user: Any, pk: int) -> bool:
        """Whether this person, who need not be the reader, may open the record."""
        if self.permission and not user.has_perm(self.permission):
            return False
        return self.visible(user).filter(pk=pk).exists()

    def read_more(self, obj: Any) -> None:
        """Read what stands beside the record in tables of their own."""

    def title(self, obj: Any) -> str:
        """Number and name."""
        return str(obj)

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """One quiet line with links."""
        return ""

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """Six to eight key facts."""
        return []

    def related(self, obj: Any, request: HttpRequest) -> list[parts.Related]:
        """Counters that link to filtered lists."""
        return []

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """Titled parts of the page: lines, contacts, addresses."""
        return []

    def next_step(self, obj: Any) -> object:
        """The next step and its date."""
        return ""

    def next_step_url(self, obj: Any, user: Any) -> str:
        """Where a missing next step is set; empty for records that need none."""
        return ""

    def edit_url(self, obj: Any, user: Any) -> str:
        """Where the record is edited, empty when this person may not or when it is locked."""
        return ""

    def after(self, obj: Any, action: str, result: Any) -> str:
        """Where an action leads: back to the record, or to what its service returned."""
        return str(obj.get_absolute_url())

    def steps(self, obj: Any) -> list[parts.Step]:
        """The state path."""
        return [parts.Step(step.label, step.when, step.note) for step in state_path(obj, self.state)]

    def timeline_of(self, obj: Any, request: HttpRequest) -> Any:
        """The record's history; a customer's page asks for everything about the customer. Answers a page of it, or a list."""
        return history(subject=obj, **asked_of(self, request))

    def timeline_filters(self, request: HttpRequest) -> list[parts.Tab]:
        """The kinds of entries that can be shown alone."""
        shown = request.GET.get("show", "")
        labels = [("", _("All")), ("note", _("Notes")), ("message", _("Messages")), ("record", _("Records"))]
        return [parts.Tab(label, query_of(request, show=code), None, code == shown) for code, label in labels]

    # ------------------------------------------------------------ addresses

    def urls(self, prefix: str = "") -> list[URLPattern]:
        """The routes of the page below `prefix`; from then on the palette knows the page."""
        _pages[self.model._meta.label_lower] = self
        return [
            path(f"{prefix}<int:pk>/", self._view("detail"), name=self.name),
            path(f"{prefix}<int:pk>/do/<slug:action>/", self._view("act"), name=f"{self.name}-do"),
            path(f"{prefix}<int:pk>/note/", self._view("note"), name=f"{self.name}-note"),
            path(f"{prefix}<int:pk>/pin/", self._view("pin"), name=f"{self.name}-pin"),
        ]

    def url(self, route: str, **kwargs: Any) -> str:
        """An address of this page's namespace."""
        return reverse(self._named(route), kwargs=kwargs)

    def _named(self, route: str) -> str:
        return f"{self.namespace}:{route}" if self.namespace else route

    def _here(self, obj: Any) -> str:
        """The address of the record; those of its actions and of its notes lie below it, see `urls`."""
        return record_url(self._named(self.name), obj.pk)

    def _view(self, method: str) -> Any:
        page = self

        class RecordView(View):
            permission = page.permission

            def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                if page.permission and not request.user.has_perm(page.permission):
                    raise PermissionDenied
                return getattr(page, method)(request, **kwargs)

        view: Any = RecordView.as_view()
        return submit_once(view) if method != "detail" else view

    def get_object(self, request: HttpRequest, pk: int) -> Any:
        """The record, or 404 for what this person may not see."""
        try:
            if self.is_prepared:
                (found,) = _record(pk, page=self, user=request.user) or [None]
            else:
                found = self.visible(request.user).get(pk=pk)
        except (ObjectDoesNotExist, OverflowError) as missing:
            raise Http404 from missing
        if found is None:
            raise Http404
        self.read_more(found)
        attach_people(found, *self.people)
        return found

    # ------------------------------------------------------------ the page

    def detail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the record."""
        obj = self.get_object(request, pk)
        if not request.GET:
            self.ask_ahead(obj, request)
        return self.show(request, obj)

    def ask_ahead(self, obj: Any, request: HttpRequest) -> None:
        """Ask at once for what the places of the page as it opens would ask one by one."""

    def show(
        self, request: HttpRequest, obj: Any, *, note: str = "", error: str = "", status: int = 200
    ) -> HttpResponse:
        """Draw the page; `note` and `error` keep what was typed after a failure."""
        buttons, blocked = self.buttons(obj, request.user)
        has_state = any(f.name == self.state for f in obj._meta.concrete_fields)
        history = self._timeline(request, obj, note, error)  # first: it mostly knows already which way the record came
        record = parts.Record(
            title=self.title(obj),
            type=self.type_label,
            number=getattr(obj, "number", ""),
            subtitle=self.subtitle(obj, request),
            crumbs=[parts.Crumb(self.list_label, page_url(self._named(self.list_name)))] if self.list_name else [],
            badges=panels_for("record.badges", subject=obj, request=request),
            actions=buttons.folded(),
            path=parts.Path(self.steps(obj), blocked) if has_state else None,
            next_step=self.next_step(obj),
            next_step_url=self.next_step_url(obj, request.user),
            facts=self.facts(obj, request),
            related=[*self.related(obj, request), *panels_for("record.related", subject=obj, request=request)],
            sections=[*self.sections(obj, request), *panels_for("record.main", subject=obj, request=request)],
            timeline=history,
            edit_url=self.edit_url(obj, request.user),
            ref=f"{obj._meta.label_lower}:{obj.pk}",
            notices=panels_for("record.notices", subject=obj, request=request),
        )
        return render(
            request,
            self.template_name,
            {"page": record, "record": record, "object": obj, "title": record.title},
            status=status,
        )

    def buttons(self, obj: Any, user: Any) -> tuple[parts.Actions, list[parts.Blocked]]:
        """What this person may do with the record now."""
        here = self._here(obj)
        urls = {one.name: f"{here}do/{one.name}/" for one in actions.of(self.model)}
        buttons, blocked = action_buttons(offers(obj, user), urls)
        for more in panels_for("record.actions", subject=obj, user=user):
            if more.style == "primary" and buttons.primary is None:
                buttons.primary = more
            else:
                buttons.secondary.append(more)
        return buttons, blocked

    def kinds(self, request: HttpRequest) -> set[str] | None:
        """Kinds of entries asked for by `?show=`, or all."""
        asked = request.GET.get("show", "")
        return {asked} if asked in ("note", "message", "record", "system") else None

    def _timeline(self, request: HttpRequest, obj: Any, note: str, error: str) -> parts.Timeline:
        drawn = drawn_timeline(self.timeline_of(obj, request), request, self._here(obj), may_pin=self.takes_notes)
        drawn.filters = self.timeline_filters(request)
        drawn.composer = self._composer(request, obj, note, error) if self.takes_notes else None
        return drawn

    def _composer(self, request: HttpRequest, obj: Any, note: str, error: str) -> parts.Composer:
        """An internal note, unless the writer visibly turns it to the customer."""
        writer = registered_writer()
        recipient = writer.recipient(obj, request.user) if writer else ""
        return parts.Composer(
            url=f"{self._here(obj)}note/",
            can_send=bool(recipient),
            recipient=recipient,
            takes_files=True,
            text=note,
            error=error,
        )

    # ------------------------------------------------------------ actions

    def act(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Ask for what the action needs, do it, and come back to the record; refusals keep what was typed."""
        obj = self.get_object(request, pk)
        known = actions.get(self.model, action)
        if known is None:
            raise Http404
        if known.permission and not request.user.has_perm(known.permission):
            raise PermissionDenied
        if known.page is not None:
            answer: HttpResponse = known.page(request, obj)
            return answer
        if request.method != "POST":
            if known.form is None:
                return redirect(obj.get_absolute_url())
            if late := overtaken(obj, known):  # before anybody fills in a form in vain
                messages.error(request, late)
                return redirect(back_of(request) or obj.get_absolute_url())
            return self._form_page(request, obj, known, self._form(known, request, obj, bound=False))
        form = self._form(known, request, obj, bound=True) if known.form else None
        if form is not None and not form.is_valid():
            return self._form_page(request, obj, known, form, status=422)
        try:
            result = known.service(pk, actor=request.user, **(form.cleaned_data if form is not None else {}))
        except Refused as refusal:
            return self._refused(request, obj, known, form, refusal)
        messages.success(request, str(known.done) if known.done else _("Done: %(action)s.") % {"action": known.label})
        return redirect(back_of(request) or self.after(obj, action, result))

    def _form(self, action: Action, request: HttpRequest, obj: Any, *, bound: bool) -> Any:
        assert action.form is not None
        data = (request.POST, request.FILES) if bound else ()
        context = {"instance": obj, "actor": request.user} if action.wants_context else {}
        return action.form(*data, **context)

    def _form_page(
        self, request: HttpRequest, obj: Any, action: Action, form: forms.BaseForm, status: int = 200
    ) -> HttpResponse:
        """The short form. It says beforehand what stands against it, so that nobody fills it in vain."""
        context = {
            "form": form,
            "title": action.label,
            "lead": self.title(obj),
            "submit": action.label,
            "danger": action.danger,
            "cancel_url": back_of(request) or obj.get_absolute_url(),
            "action": with_back(self.url(f"{self.name}-do", pk=obj.pk, action=action.name), request),
            "crumbs": [parts.Crumb(self.title(obj), obj.get_absolute_url())],
            "object": obj,
            "refusal": why_not(obj, action, request.user) if status == 200 else "",
        }
        return render(request, self.form_template, context, status=status)

    def _refused(self, request: HttpRequest, obj: Any, action: Action, form: Any, refusal: Refused) -> HttpResponse:
        if refusal.reason == "permission":
            raise PermissionDenied
        if form is not None:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.message)
            return self._form_page(request, obj, action, form, status=409)
        messages.error(request, refusal.message)
        if back := back_of(request):
            return redirect(back)
        return self.show(request, self.get_object(request, obj.pk), status=409)

    def note(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put an internal note on the record, or send the words to the customer when the switch says so."""
        obj = self.get_object(request, pk)
        if request.method != "POST":
            return redirect(obj.get_absolute_url())
        text = request.POST.get("text", "").replace("\0", "").strip()
        if not text or len(text) > LONGEST_NOTE:
            error = _("Write the note first.") if not text else _("A note has at most 10,000 characters.")
            return self.show(request, obj, note=text, error=error, status=422)
        try:
            done, query = self._written(request, obj, text, request.FILES.getlist("files")[:MOST_FILES])
        except Refused as refusal:
            if refusal.reason == "permission":
                raise PermissionDenied from refusal
            return self.show(request, obj, note=text, error=refusal.message, status=409)
        if done:
            messages.success(request, done)
        return redirect(f"{obj.get_absolute_url()}{query}")

    def pin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep an entry on top of the timeline, or take it off; both come back to where the timeline was."""
        obj = self.get_object(request, pk)
        if not self.takes_notes:
            raise Http404
        return pin_entry(request, obj, self._here(obj), is_customer=self.is_whole_customer)

    @transaction.atomic
    def _written(self, request: HttpRequest, obj: Any, text: str, files: list[Any]) -> tuple[str, str]:
        """Keep or send what was written; returns what is said about it, or the query under which the page says it."""
        writer = registered_writer()
        if request.POST.get("audience") == "customer" and writer is not None:
            sent = writer.send(obj, actor=request.user, text=text, files=files)
            done = "" if sent.query else _("Your message to %(name)s is on its way.") % {"name": sent.name}
            return done, sent.query
        said = read_note(text, lambda person: self.is_visible_to(person, obj.pk))
        event = add_note(obj, said.text, actor=request.user, mentions=said.spans)
        for one in files:
            attach(obj, one, actor=request.user, purpose="note", event=event)
        return _("Note added."), ""
