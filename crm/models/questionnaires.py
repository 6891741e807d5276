"""Questionnaires: what is asked, in four languages, in versions that never change once they are published."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.asking import CHOICES, Ask, Condition
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url

# Column of a text → the language that people and browsers call it by.
COLUMNS = {"en": "en", "zh_hans": "zh-hans", "zh_hant": "zh-hant", "de": "de"}


def words_of(row: Any, name: str, language: str | None = None) -> str:
    """A text of four columns in this language (the active one), in English where nobody has translated it."""
    column = (language or get_language() or "en").lower().replace("-", "_")
    return str(getattr(row, f"{name}_{column}", "") or getattr(row, f"{name}_en"))


def missing_languages(row: Any, name: str = "text") -> list[str]:
    """The languages in which a text is not there yet; none for a text that is there in no language at all."""
    present = {code for column, code in COLUMNS.items() if getattr(row, f"{name}_{column}")}
    return [code for code in COLUMNS.values() if code not in present] if present else []


def locked_after_draft(version: str) -> pgtrigger.Trigger:
    """Refuse, in the database, to add, change or remove a row whose version has been published.

    `version` is SQL for the version's id, with `{row}` in place of OLD or NEW.
    """
    return pgtrigger.Trigger(
        name="locked_when_published",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("is_locked", "boolean")],
        func=f"""
            is_locked := false;
            IF TG_OP <> 'INSERT' THEN
                SELECT EXISTS (SELECT 1 FROM crm_questionnaireversion
                    WHERE id = ({version.format(row="OLD")}) AND status <> 'draft') INTO is_locked;
            END IF;
            IF TG_OP <> 'DELETE' AND NOT is_locked THEN
                SELECT EXISTS (SELECT 1 FROM crm_questionnaireversion
                    WHERE id = ({version.format(row="NEW")}) AND status <> 'draft') INTO is_locked;
            END IF;
            IF is_locked THEN
                RAISE EXCEPTION 'locked: the version of this % is published', TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608 - names of our own tables
    )


class Questionnaire(Subject, Searchable):
    """A set of questions for one purpose. What is asked stands in its versions."""

    class Purpose(models.TextChoices):
        PRESALES = "presales", _("Presales callback")
        COMPLETION = "completion", _("Callback after completion")
        SURVEY = "survey", _("Survey")
        OTHER = "other", pgettext_lazy("purpose of a questionnaire", "Other")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.OTHER)
    name_en = models.CharField(_("English"), max_length=120)
    name_zh_hans = models.CharField(_("Simplified Chinese"), max_length=120, blank=True)
    name_zh_hant = models.CharField(_("Traditional Chinese"), max_length=120, blank=True)
    name_de = models.CharField(_("German"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("code", "name_en", "name_zh_hans", "name_zh_hant", "name_de")
    record_icon = "clipboard-document-list"

    objects = SearchableManager.from_queryset(SearchableQuerySet)()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ("name_en", "pk")
        default_permissions = ("view", "add", "change")
        indexes = [search_index("crm_questionnaire")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the active language."""
        return words_of(self, "name")

    def get_absolute_url(self) -> str:
        """The page on which it is built."""
        return record_url("crm:questionnaire", self.pk)

    def customer_ref(self) -> int | None:
        """Nobody's in particular."""
        return None

    def journal_facts(self) -> dict[str, Any]:
        """What the history says."""
        return {"name": {code: words_of(self, "name", code) for code in COLUMNS.values()}, "purpose": self.purpose}

    def search_texts(self) -> list[str]:
        """Found by its name in any language."""
        return [self.name_en, self.name_zh_hans, self.name_zh_hant, self.name_de]

    def search_numbers(self) -> list[str]:
        """Found by any part of its code."""
        return [self.code]


@pgtrigger.register(
    pgtrigger.Protect(
        name="words_of_published",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__status__df="draft")
        & (
            pgtrigger.Q(old__opening_en__df=pgtrigger.F("new__opening_en"))
            | pgtrigger.Q(old__opening_zh_hans__df=pgtrigger.F("new__opening_zh_hans"))
            | pgtrigger.Q(old__opening_zh_hant__df=pgtrigger.F("new__opening_zh_hant"))
            | pgtrigger.Q(old__opening_de__df=pgtrigger.F("new__opening_de"))
            | pgtrigger.Q(old__closing_en__df=pgtrigger.F("new__closing_en"))
            | pgtrigger.Q(old__closing_zh_hans__df=pgtrigger.F("new__closing_zh_hans"))
            | pgtrigger.Q(old__closing_zh_hant__df=pgtrigger.F("new__closing_zh_hant"))
            | pgtrigger.Q(old__closing_de__df=pgtrigger.F("new__closing_de"))
        ),
    )
)
@guarded("status")
class QuestionnaireVersion(Subject):
    """The questions as they stood at one time. Answers belong to it; a published one never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("questionnaire", "Draft")
        PUBLISHED = "published", pgettext_lazy("questionnaire", "In use")
        RETIRED = "retired", pgettext_lazy("questionnaire", "Replaced")

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions", verbose_name=_("questionnaire")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    status = StateField(_("status"), choices=Status.choices, default=Status.DRAFT, editable=False)
    opening_en = models.TextField(_("English"), max_length=2000, blank=True)
    opening_zh_hans = models.TextField(_("Simplified Chinese"), max_length=2000, blank=True)
    opening_zh_hant = models.TextField(_("Traditional Chinese"), max_length=2000, blank=True)
    opening_de = models.TextField(_("German"), max_length=2000, blank=True)
    closing_en = models.TextField(_("English"), max_length=2000, blank=True)
    closing_zh_hans = models.TextField(_("Simplified Chinese"), max_length=2000, blank=True)
    closing_zh_hant = models.TextField(_("Traditional Chinese"), max_length=2000, blank=True)
    closing_de = models.TextField(_("German"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("version of a questionnaire")
        verbose_name_plural = _("versions of questionnaires")
        ordering = ("questionnaire", "-number")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="crm_questionnaire_version_once"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(status="draft"), name="crm_questionnaire_one_draft"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(status="published"), name="crm_questionnaire_one_published"
            ),
            models.CheckConstraint(
                name="crm_questionnaire_published_has_time",
                condition=Q(status="draft") | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} · {self.number}"

    def get_absolute_url(self) -> str:
        """Versions live on their questionnaire's page."""
        return f"{record_url('crm:questionnaire', self.questionnaire_id)}?version={self.number}"

    def customer_ref(self) -> int | None:
        """Nobody's in particular."""
        return None

    def journal_facts(self) -> dict[str, Any]:
        """What the history says."""
        return {**self.questionnaire.journal_facts(), "version": self.number}

    @transition(
        status,
        source="draft",
        target="published",
        label=_("Publish"),
        permission="crm.change_questionnaire",
        event="questionnaire.published",
        primary=True,
    )
    def publish(self, *, at: Any, by: Any) -> None:
        """From now on it is asked like this, and nothing of it changes."""
        self.published_at, self.published_by = at, by if getattr(by, "pk", None) else None

    @transition(
        status,
        source="published",
        target="retired",
        label=_("Replace"),
        permission="crm.change_questionnaire",
        event="questionnaire.retired",
    )
    def retire(self) -> None:
        """A later version is asked; what was answered stays."""


@pgtrigger.register(locked_after_draft("SELECT {row}.version_id"))
class Question(models.Model):
    """One question of a version. `code` stays the same in every version, so that answers can be compared."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One of several")
        MULTIPLE = "multiple", _("Any of several")
        SCALE = "scale", _("Scale")
        TEXT = "text", _("Free text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Day")
        FILE = "file", _("File")

    class Meaning(models.TextChoices):
        NONE = "", _("nothing in particular")
        SATISFACTION = "satisfaction", _("how satisfied the customer is")
        PROJECT = "project", _("whether a project is coming up")
        PROJECT_WORDS = "project_words", _("something about the coming project")
        VISIT = "visit", _("whether the customer agrees to a visit")

    class Operator(models.TextChoices):
        ANSWERED = "answered", _("was answered")
        IS = "is", pgettext_lazy("question", "is one of")
        IS_NOT = "is_not", _("is none of")
        AT_LEAST = "at_least", _("is at least")
        AT_MOST = "at_most", _("is at most")

    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions", verbose_name=_("version")
    )
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    meaning = models.CharField(
        pgettext_lazy("of a question", "tells us"), max_length=16, choices=Meaning.choices, blank=True
    )
    text_en = models.CharField(_("English"), max_length=300)
    text_zh_hans = models.CharField(_("Simplified Chinese"), max_length=300, blank=True)
    text_zh_hant = models.CharField(_("Traditional Chinese"), max_length=300, blank=True)
    text_de = models.CharField(_("German"), max_length=300, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=True)
    scale_max = models.PositiveSmallIntegerField(
        _("highest step of the scale"), default=5, validators=[MinValueValidator(2), MaxValueValidator(10)]
    )
    depends_on = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only if")
    )
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator.choices, blank=True)
    values = models.JSONField(_("compared with"), default=list, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("position", "pk")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="crm_question_code_once"),
            models.CheckConstraint(name="crm_question_has_text", condition=~Q(text_en="")),
            models.CheckConstraint(
                name="crm_question_scale_of_two_to_ten", condition=Q(scale_max__gte=2, scale_max__lte=10)
            ),
            models.CheckConstraint(
                name="crm_question_condition_is_whole",
                condition=Q(depends_on=None, operator="") | (Q(depends_on__isnull=False) & ~Q(operator="")),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """In the active language."""
        return words_of(self, "text")

    @property
    def missing(self) -> list[str]:
        """Languages in which the question, or one of its options, is not worded yet."""
        lacking = set(missing_languages(self))
        for option in self.options.all():
            lacking.update(missing_languages(option))
        return [code for code in COLUMNS.values() if code in lacking]

    def as_ask(self) -> Ask:
        """For the rules. Reads the options, and the question that this one depends on."""
        condition = None
        if self.depends_on is not None:
            condition = Condition(self.depends_on.code, self.operator, tuple(str(one) for one in self.values))
        options = tuple(one.code for one in self.options.all()) if self.kind in CHOICES else ()
        return Ask(self.code, self.kind, self.is_required, options, condition, self.scale_max)


@pgtrigger.register(locked_after_draft("SELECT q.version_id FROM crm_question q WHERE q.id = {row}.question_id"))
class Option(models.Model):
    """One of the answers to choose from."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options", verbose_name=_("question"))
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"))
    text_en = models.CharField(_("English"), max_length=160)
    text_zh_hans = models.CharField(_("Simplified Chinese"), max_length=160, blank=True)
    text_zh_hant = models.CharField(_("Traditional Chinese"), max_length=160, blank=True)
    text_de = models.CharField(_("German"), max_length=160, blank=True)
    is_signal = models.BooleanField(
        _("counts"),
        default=False,
        help_text=_("There is a project, the customer agrees to a visit, or the customer is dissatisfied."),
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("position", "pk")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="crm_option_code_once"),
            models.CheckConstraint(name="crm_option_has_text", condition=~Q(text_en="")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """In the active language."""
        return words_of(self, "text")
