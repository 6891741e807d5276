"""Tags on customers: of one on its page, of many from the list, and the way back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from crm import services
from crm.models import Customer, Tag
from crm.selectors import visible_customers
from crm.views.forms import FormPage
from foundation.journal.machine import Refused
from foundation.ui import parts
from foundation.ui.addresses import page_url
from foundation.ui.escape import esc

MOST_TICKED = 500
UNDO_SECONDS = 600
SALT = "crm.tags.undo"
PERMISSION = "crm.change_customer"


def settable(user: Any) -> list[Tag]:
    """The tags that this person may put on customers."""
    return [one for one in Tag.known().values() if one.may_be_set_by(user)]


def drawn_tags(keys: list[int] | None) -> SafeString:
    """Tags as small labels, in their order."""
    known = Tag.known()
    found = [one for key, one in known.items() if key in set(keys or ())]
    return mark_safe(" ".join(f'<span class="{one.css}">{esc(one)}</span>' for one in found))


class TagsForm(forms.Form):
    """The tags of one customer."""

    tags = forms.MultipleChoiceField(
        label=pgettext_lazy("words on a customer", "Tags"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].choices = [(str(one.pk), str(one)) for one in settable(user)]  # type: ignore[attr-defined]

    def chosen(self) -> list[Tag]:
        """The tags that are ticked."""
        return [Tag.known()[int(key)] for key in self.cleaned_data["tags"]]


class CustomerTags(FormPage):
    """Which tags a customer carries."""

    permission = PERMISSION
    title = pgettext_lazy("words on a customer", "Tags")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        there = [str(key) for key in self.object.tag_rows.values_list("tag_id", flat=True)]
        return TagsForm(data, user=self.request.user, initial={"tags": there})

    def save(self, form: Any) -> HttpResponse:
        customer = services.set_tags(self.object.pk, actor=self.request.user, tags=form.chosen())
        return self.saved(customer, _("Saved."))


class ManyTagsForm(forms.Form):
    """Which tag, and whether it is put on or taken off."""

    tag = forms.ChoiceField(label=pgettext_lazy("word on a customer", "Tag"))
    on = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[("on", gettext_lazy("Put it on")), ("off", gettext_lazy("Take it off"))],
        initial="on",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.pk), str(one)) for one in settable(user)]
        self.fields["tag"].choices = [("", _("Please choose")), *offered]  # type: ignore[attr-defined]


def _keys(asked: list[str]) -> list[int]:
    return [int(one) for one in asked[:MOST_TICKED] if one.isascii() and one.isdigit() and len(one) < 16]


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def choose(request: HttpRequest) -> HttpResponse:
    """The ticked rows of the list, carried over to the question which tag."""
    keys = _keys(request.POST.getlist("pk"))
    if not keys:
        messages.error(request, _("Select customers first."))
        return redirect(f"{page_url('crm:customers')}?{request.GET.urlencode()}")
    asked = QueryDict(mutable=True)
    asked.setlist("pk", [str(key) for key in keys])
    asked["back"] = request.GET.urlencode()
    return redirect(f"{reverse('crm:tag-many')}?{asked.urlencode()}")


class TagMany(FormPage):
    """A tag for many customers at once."""

    permission = PERMISSION
    title = gettext_lazy("Tag customers")

    def keys(self) -> list[int]:
        """The customers that were ticked, of those whom this person sees."""
        rows = visible_customers(self.request.user).filter(pk__in=_keys(self.request.GET.getlist("pk")))
        return list(rows.values_list("pk", flat=True))

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return ManyTagsForm(data, user=self.request.user)

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        count = len(self.keys())
        self.lead = ngettext("%(count)s customer", "%(count)s customers", count) % {"count": count}  # type: ignore[misc]
        return super().show(form, status)

    def cancel_url(self) -> str:
        return self._back()

    def _back(self) -> str:
        return f"{page_url('crm:customers')}?{self.request.GET.get('back', '')[:1000]}"

    def save(self, form: Any) -> HttpResponse:
        tag, on = Tag.known()[int(form.cleaned_data["tag"])], form.cleaned_data["on"] == "on"
        changed = services.tag_customers(self.keys(), actor=self.request.user, tag=tag, on=on)
        messages.success(self.request, self._said(tag, on, changed))
        return redirect(self._back())

    def _said(self, tag: Tag, on: bool, changed: list[int]) -> str:
        words = {"tag": tag, "count": len(changed)}
        if on:
            said = ngettext("%(count)s customer is tagged “%(tag)s” now.", "%(count)s customers are tagged “%(tag)s” now.", len(changed))  # fmt: skip
        else:
            said = ngettext("“%(tag)s” is taken off %(count)s customer.", "“%(tag)s” is taken off %(count)s customers.", len(changed))  # fmt: skip
        if not changed:
            return said % words
        token = signing.dumps(
            {"tag": tag.pk, "on": on, "pks": changed, "by": self.request.user.pk}, salt=SALT, compress=True
        )
        asked = urlencode({"t": token, "back": self.request.GET.get("back", "")[:1000]})
        return format_html(
            '{} <a class="undo" href="{}" hx-post="{}?{}" hx-swap="none">{}</a>',
            said % words, self._back(), reverse("crm:tag-undo"), asked, _("Undo"),
        )  # fmt: skip


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def undo(request: HttpRequest) -> HttpResponse:
    """It was a mistake: those customers that were changed are as before."""
    back = f"{page_url('crm:customers')}?{request.GET.get('back', '')[:1000]}"
    try:
        told = signing.loads(request.GET.get("t", ""), salt=SALT, max_age=UNDO_SECONDS)
        if told["by"] != request.user.pk:
            raise PermissionDenied
        keys = list(visible_customers(request.user).filter(pk__in=told["pks"]).values_list("pk", flat=True))
        changed = services.tag_customers(keys, actor=request.user, tag=Tag.known()[told["tag"]], on=not told["on"])
        words = ngettext("Taken back for %(count)s customer.", "Taken back for %(count)s customers.", len(changed))
        messages.success(request, words % {"count": len(changed)})
    except (signing.BadSignature, KeyError):
        messages.error(request, _("Too late to take it back."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    return redirect(back)


def tags_line(customer: Customer, user: Any) -> SafeString:
    """The customer's tags, and the way to change them."""
    drawn = drawn_tags(customer.tag_ids)  # type: ignore[attr-defined]
    if not user.has_perm(PERMISSION) or not Tag.known():
        return drawn
    url = reverse("crm:customer-tags", args=[customer.pk])
    label = pgettext("words on a customer", "Tags") if drawn else _("Add tags")
    return format_html('{} <a class="add" href="{}" data-dialog>{}</a>', drawn, url, label)


def bulk_action(query: str) -> parts.Action:
    """In the bar for many customers."""
    return parts.Action(pgettext("verb", "Tag"), f"{reverse('crm:tag-choose')}?{query}")
