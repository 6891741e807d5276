"""What the lists of articles, courses and sessions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.knowledge.forms.articles import situation_choices
from foundation.knowledge.models import Article, Course, Session
from foundation.knowledge.words import column_of


def colleagues(_request: object) -> Any:
    """Everybody who works here, by name."""
    return User.objects.filter(is_active=True).only("name", "email").order_by("name")


class ArticleFilter(django_filters.FilterSet):
    """By kind, situation, family, language, state, owner, and the day of the next look."""

    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Article.Kind.choices, distinct=False)
    situation = django_filters.ChoiceFilter(label=_("Situation"), choices=situation_choices, method="in_situation")
    family = django_filters.CharFilter(label=_("Product family"), method="of_family")
    language = django_filters.ChoiceFilter(
        label=_("Written in"), choices=lambda: list(settings.LANGUAGES), method="written_in"
    )
    lacking = django_filters.ChoiceFilter(
        label=_("Translation missing"), choices=lambda: list(settings.LANGUAGES), method="without"
    )
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Article.Status.choices, distinct=False)
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=colleagues)
    review = django_filters.DateFromToRangeFilter(
        label=_("To be looked at"), field_name="review_on", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )  # fmt: skip

    class Meta:
        model = Article
        fields: list[str] = []

    def in_situation(self, queryset: Any, name: str, value: str) -> Any:
        """Tagged with it, perhaps among others."""
        return queryset.filter(situations__contains=[value])

    def of_family(self, queryset: Any, name: str, value: str) -> Any:
        """Written for this product family."""
        return queryset.filter(families__contains=[value])

    def written_in(self, queryset: Any, name: str, value: str) -> Any:
        """Whose text is there in this language."""
        column = column_of(value)
        return queryset.exclude(**{f"latest__title_{column}": ""}).exclude(**{f"latest__body_{column}": ""})

    def without(self, queryset: Any, name: str, value: str) -> Any:
        """Whose text is missing in this language."""
        column = column_of(value)
        return queryset.filter(Q(**{f"latest__title_{column}": ""}) | Q(**{f"latest__body_{column}": ""}))


class CourseFilter(django_filters.FilterSet):
    """Whether in use."""

    is_active = django_filters.BooleanFilter(label=_("in use"))

    class Meta:
        model = Course
        fields: list[str] = []


class SessionFilter(django_filters.FilterSet):
    """By course, state and day."""

    course = django_filters.ModelChoiceFilter(label=_("Course"), queryset=lambda request: Course.objects.all())
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Session.Status.choices, distinct=False)
    day = django_filters.DateFromToRangeFilter(
        label=_("Day"), field_name="begins_at__date", widget=django_filters.widgets.RangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Session
        fields: list[str] = []
