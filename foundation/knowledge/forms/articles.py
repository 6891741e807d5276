"""Forms of articles: what stands around the words, the words in four languages, and the short ones of the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.picking import ColleagueField
from foundation.knowledge.models import Article, ArticleVersion, KnowledgePolicy, all_situations
from foundation.knowledge.models.articles import LONGEST_BODY
from foundation.knowledge.services.articles import TEXTS, mark_of
from foundation.knowledge.words import COLUMNS, LANGUAGE_LABELS
from foundation.ui.forms import ManyFilesField, SubjectForm, text_area

MOST_FAMILIES = 20


class DayInput(forms.DateInput):
    """The browser's own field for a day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def situation_choices() -> list[tuple[str, str]]:
    """The situations in use."""
    return [(one.code, one.title) for one in all_situations() if one.is_active]


class SettingsForm(forms.Form):
    """Kind, situations, families, keywords, owner and the day of the next look."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Article.Kind.choices)
    situations = forms.MultipleChoiceField(
        label=_("Situations"),
        required=False,
        choices=situation_choices,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("It is suggested beside records that are in one of these."),
    )
    families = forms.CharField(
        label=_("Product families"), required=False, max_length=500, help_text=_("Codes, with commas between them.")
    )
    keywords = forms.CharField(
        label=_("Keywords"),
        required=False,
        max_length=500,
        help_text=_("Words by which people look for it, in any language."),
    )
    owner = ColleagueField(label=_("Owner"), required=False, empty_label=_("nobody"))
    review_on = forms.DateField(label=_("To be looked at again by"), required=False, widget=DayInput())

    def clean_families(self) -> list[str]:
        """One by one, each once."""
        found = [one.strip()[:60] for one in self.cleaned_data["families"].replace("，", ",").split(",")]
        return list(dict.fromkeys(one for one in found if one))[:MOST_FAMILIES]


def settings_of(article: Article) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "kind": article.kind,
        "situations": article.situations,
        "families": ", ".join(article.families),
        "keywords": article.keywords,
        "owner": article.owner_id,
        "review_on": article.review_on,
    }


class WordsForm(forms.Form):
    """Title and text in four languages, in Markdown with `{names}`."""

    change = forms.CharField(
        label=_("What changed, in one sentence"), required=False, max_length=300,
        help_text=_("Stands in the history, for whoever compares versions."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    pictures = ManyFilesField(label=_("Pictures and files"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, version: ArticleVersion | None = None) -> None:
        initial: dict[str, Any] = {}
        if version is not None:
            initial = {name: getattr(version, name) for name in TEXTS}
            initial["seen"] = mark_of(version)
        super().__init__(data, files, initial=initial)
        for column, label in LANGUAGE_LABELS.items():
            is_needed = column == "en"
            self.fields[f"title_{column}"] = forms.CharField(
                label=_("Title · %(language)s") % {"language": label}, max_length=200, required=is_needed
            )
            self.fields[f"body_{column}"] = text_area(
                _("Text · %(language)s") % {"language": label}, rows=10, required=is_needed, most=LONGEST_BODY
            )
        self.order_fields(
            [*(f"{name}_{column}" for column in COLUMNS for name in ("title", "body")), "change", "pictures"]
        )

    @property
    def languages(self) -> list[tuple[str, Any, list[Any], bool]]:
        """Column, name, fields, and whether the fields stand open: the first ones, what is written, what is wrong."""
        out = []
        for column, label in LANGUAGE_LABELS.items():
            names = (f"title_{column}", f"body_{column}")
            is_open = column == "en" or any(self[name].value() or name in self.errors for name in names)
            out.append((column, label, [self[name] for name in names], bool(is_open)))
        return out

    @property
    def rest(self) -> list[Any]:
        """What stands below the languages."""
        return [self["change"], self["pictures"]]

    @property
    def texts(self) -> dict[str, str]:
        """Titles and texts by column."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in TEXTS}


class NewArticleForm(SettingsForm, WordsForm):
    """Everything at once, for a new one."""

    def __init__(self, data: Any = None, files: Any = None, *, actor: Any) -> None:
        super().__init__(data, files)
        self.fields["owner"].initial = actor.pk


class PublishForm(SubjectForm):
    """Until when somebody looks at it again."""

    review_on = forms.DateField(label=_("To be looked at again by"), widget=DayInput())

    def first_values(self, subject: Any) -> dict[str, Any]:
        """A year from now, unless a later day is set already."""
        soonest = timezone.localdate() + timedelta(days=30)
        known = subject.review_on if subject.review_on and subject.review_on > soonest else None
        return {"review_on": known or timezone.localdate() + KnowledgePolicy.current().review_after}

    def clean_review_on(self) -> Any:
        """A day to come."""
        day = self.cleaned_data["review_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(gettext("Choose a day to come."))
        return day


class RemarkForm(forms.Form):
    """What a reader misses, or found wrong."""

    text = text_area(_("What is missing or wrong?"), rows=4, most=2000)
