"""Forms of courses, sessions, tests and the career."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Team, User
from foundation.accounts.picking import ColleagueField
from foundation.accounts.roles import role_label
from foundation.knowledge.forms.articles import DayInput
from foundation.knowledge.models import Article, Attendance, Course, ExamQuestion, Session
from foundation.knowledge.services.exams import QuestionData
from foundation.knowledge.services.training import DutyData
from foundation.knowledge.words import COLUMNS, LANGUAGE_LABELS
from foundation.ui.forms import MomentField, text_area

SPARE_OPTIONS = 6


class MaterialsField(forms.ModelMultipleChoiceField):
    """Published articles, by what they are called."""

    def __init__(self, **kwargs: Any) -> None:
        rows = Article.objects.published().select_related("current", "latest").order_by("kind", "position", "pk")
        super().__init__(rows, required=False, widget=forms.SelectMultiple(attrs={"size": 8}), **kwargs)


class CourseForm(forms.Form):
    """What a course is called, what is learnt, and how it is completed."""

    materials = MaterialsField(label=_("Materials"))
    needs_attendance = forms.BooleanField(label=_("Somebody must have attended a session"), required=False)
    repeat_months = forms.IntegerField(
        label=_("To be repeated after so many months"), required=False, min_value=1, max_value=120,
        help_text=_("Empty: once is enough."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("in use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, course: Course | None = None) -> None:
        initial: dict[str, Any] = {}
        if course is not None:
            names = ["needs_attendance", "repeat_months", "is_active"]
            names += [f"{name}_{column}" for name in ("title", "about") for column in COLUMNS]
            initial = {name: getattr(course, name) for name in names}
            initial["materials"] = [one.pk for one in course.materials.all()]
        super().__init__(data, initial=initial)
        for column, label in LANGUAGE_LABELS.items():
            self.fields[f"title_{column}"] = forms.CharField(
                label=_("Title · %(language)s") % {"language": label}, max_length=200, required=column == "en"
            )
            self.fields[f"about_{column}"] = text_area(
                _("What is learnt · %(language)s") % {"language": label}, rows=3, required=False, most=2000
            )
        self.order_fields([f"{name}_{column}" for column in COLUMNS for name in ("title", "about")])

    @property
    def values(self) -> dict[str, Any]:
        """What is kept on the row."""
        return {name: value for name, value in self.cleaned_data.items() if name != "materials"}


class RoleField(forms.ModelChoiceField):
    """Roles by their names in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """The role's name."""
        return role_label(obj.name)


class DutyForm(forms.Form):
    """Who must take a course: one of the three."""

    role = RoleField(Group.objects.order_by("name"), label=_("Role"), required=False, empty_label="–")
    team = forms.ModelChoiceField(Team.objects.order_by("name"), label=_("Team"), required=False, empty_label="–")
    person = ColleagueField(label=_("Person"), required=False, empty_label="–")
    until_on = forms.DateField(label=_("Until the day"), required=False, widget=DayInput())
    within_days = forms.IntegerField(
        label=_("Or within days of joining"), min_value=1, max_value=730, initial=30,
        help_text=_("Counts where no day is given."),
    )  # fmt: skip

    @property
    def data_of(self) -> DutyData:
        """What the service takes."""
        chosen = {f"{name}_id": getattr(self.cleaned_data[name], "pk", None) for name in ("role", "team", "person")}
        return DutyData(**chosen, until_on=self.cleaned_data["until_on"], within_days=self.cleaned_data["within_days"])


class SessionForm(forms.Form):
    """When, where, by whom, for whom."""

    begins_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=200)
    trainer = ColleagueField(label=_("Trainer"), required=False, empty_label="–")
    outside_trainer = forms.CharField(label=_("Trainer from outside"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Session._meta.get_field("language").choices or [])
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    people = forms.ModelMultipleChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label=_("Invited"), required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, session: Session | None = None, initial: Any = None) -> None:
        if session is not None:
            names = ("begins_at", "ends_at", "place", "trainer", "outside_trainer", "language", "note")
            initial = {name: getattr(session, name) for name in names}
            initial["people"] = list(session.attendances.values_list("person", flat=True))
        super().__init__(data, initial=initial)

    @property
    def values(self) -> dict[str, Any]:
        """What is kept on the row."""
        return {name: value for name, value in self.cleaned_data.items() if name != "people"}


class AttendanceForm(forms.Form):
    """Who came: a choice and a reason for each."""

    def __init__(self, data: Any = None, *, session: Session) -> None:
        super().__init__(data)
        self.rows = list(session.attendances.select_related("person"))
        for row in self.rows:
            self.fields[f"state_{row.person_id}"] = forms.ChoiceField(
                label=str(row.person), choices=Attendance.State.choices, initial=row.state
            )
            self.fields[f"reason_{row.person_id}"] = forms.CharField(
                label=gettext("Reason of %(person)s") % {"person": row.person},
                max_length=200, required=False, initial=row.reason,
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Person, choice and reason."""
        return [(row.person, self[f"state_{row.person_id}"], self[f"reason_{row.person_id}"]) for row in self.rows]

    @property
    def ticks(self) -> dict[int, tuple[str, str]]:
        """What the service takes."""
        values = self.cleaned_data
        pks = [row.person_id for row in self.rows]
        return {pk: (values[f"state_{pk}"], values[f"reason_{pk}"]) for pk in pks}


class RulesForm(forms.Form):
    """Pass mark, attempts, time."""

    pass_percent = forms.IntegerField(label=_("Pass mark in percent"), min_value=1, max_value=100)
    attempts = forms.IntegerField(
        label=_("Attempts allowed"),
        min_value=1,
        max_value=20,
        required=False,
        help_text=_("Empty: as often as needed."),
    )
    minutes = forms.IntegerField(
        label=_("Time limit in minutes"), min_value=1, max_value=480, required=False, help_text=_("Empty: no limit.")
    )


class QuestionForm(forms.Form):
    """A question in four languages with its right answer."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=ExamQuestion.Kind.choices)
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100, initial=1)
    is_true = forms.NullBooleanField(label=_("The statement is true"), required=False)
    right_number = forms.DecimalField(label=_("Right number"), required=False, max_digits=14, decimal_places=4)
    tolerance = forms.DecimalField(
        label=_("May be off by"), required=False, max_digits=14, decimal_places=4, min_value=0, initial=0
    )

    def __init__(self, data: Any = None, *, question: ExamQuestion | None = None) -> None:
        super().__init__(data, initial=_question_values(question) if question else None)
        for column, label in LANGUAGE_LABELS.items():
            self.fields[f"text_{column}"] = forms.CharField(
                label=_("Question · %(language)s") % {"language": label}, max_length=400, required=column == "en"
            )
        self.order_fields([f"text_{column}" for column in COLUMNS])
        known = len(list(question.options.all())) if question else 0
        self.count = max(known + 2, SPARE_OPTIONS) if not known else known + 2
        for number in range(self.count):
            for column in COLUMNS:
                self.fields[f"option_{number}_{column}"] = forms.CharField(
                    label=str(LANGUAGE_LABELS[column]), max_length=400, required=False
                )
            self.fields[f"right_{number}"] = forms.BooleanField(label=_("is right"), required=False)

    @property
    def head(self) -> list[Any]:
        """The question itself."""
        return [self[name] for name in (*(f"text_{one}" for one in COLUMNS), "kind", "points", "is_true", "right_number", "tolerance")]  # fmt: skip

    @property
    def options(self) -> list[tuple[int, list[Any], Any]]:
        """Number, texts and mark of each answer."""
        return [
            (number + 1, [self[f"option_{number}_{one}"] for one in COLUMNS], self[f"right_{number}"])
            for number in range(self.count)
        ]

    @property
    def question(self) -> QuestionData:
        """What the service takes: answers without English are left out."""
        values = self.cleaned_data
        options = [
            {
                **{f"text_{one}": values[f"option_{number}_{one}"] for one in COLUMNS},
                "is_right": values[f"right_{number}"],
            }
            for number in range(self.count)
            if values[f"option_{number}_en"]
        ]
        return QuestionData(
            kind=values["kind"],
            texts={f"text_{one}": values[f"text_{one}"] for one in COLUMNS},
            points=values["points"],
            is_true=values["is_true"],
            right_number=values["right_number"],
            tolerance=values["tolerance"] or Decimal(0),
            options=options,
        )


def _question_values(question: ExamQuestion) -> dict[str, Any]:
    names = (*(f"text_{one}" for one in COLUMNS), "kind", "points", "is_true", "right_number", "tolerance")
    found = {name: getattr(question, name) for name in names}
    for number, option in enumerate(question.options.all()):
        found.update({f"option_{number}_{one}": getattr(option, f"text_{one}") for one in COLUMNS})
        found[f"right_{number}"] = option.is_right
    return found


class AssessForm(forms.Form):
    """A manager's judgement."""

    has_passed = forms.TypedChoiceField(
        label=_("Judgement"), choices=[("yes", _("passed")), ("no", _("not yet"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = text_area(_("Note"), rows=3, required=False, most=500)


def exam_answers(post: Any, questions: list[ExamQuestion]) -> dict[str, Any]:
    """What was ticked and typed, by question; several choices as a list."""
    found: dict[str, Any] = {}
    for question in questions:
        key = f"q{question.pk}"
        if question.kind == ExamQuestion.Kind.MULTIPLE:
            found[str(question.pk)] = [one for one in post.getlist(key) if one.isdigit()]
        elif value := post.get(key, "").strip()[:60]:
            is_number = question.kind == ExamQuestion.Kind.NUMBER
            found[str(question.pk)] = value.replace(" ", "").replace(",", ".") if is_number else value
    return found
