"""Names of languages and countries in templates of this stage."""

from django import template

from foundation.ui.places import country_name, language_name

register = template.Library()


@register.filter
def language_label(code: str) -> str:
    """`de` → German, in the reader's language."""
    return language_name(code)


@register.filter
def country_label(code: str) -> str:
    """`DE` → Germany, in the reader's language."""
    return country_name(code) if code else ""
