"""Finished fragments, kept in the process: the frame looks the same on most pages of most people.

A fragment is known by its name, the language and the values it varies on; whatever a person may not
share with the next one must be among these values, or stay outside of the block.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST_KEPT = 600
_kept: OrderedDict[tuple[Any, ...], SafeString] = OrderedDict()


class KeepNode(template.Node):
    """``{% keep "rail" value … %}`` markup ``{% endkeep %}``"""

    child_nodelists = ()  # no blocks within: Django looks for them on each page

    def __init__(self, nodelist: NodeList, name: str, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.name = name
        self.values = values

    def render(self, context: template.Context) -> SafeString:
        key = (self.name, get_language(), *(str(value.resolve(context)) for value in self.values))
        markup = _kept.get(key)
        if markup is not None:
            with suppress(KeyError):  # another thread has let it go meanwhile
                _kept.move_to_end(key)
        else:
            markup = self.nodelist.render(context)
            if settings.DEBUG:
                return markup
            _kept[key] = markup
            if len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return markup


def keep(parser: Parser, token: Token) -> KeepNode:
    """Compile the block tag."""
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name, [parser.compile_filter(value) for value in values])


def forget_all() -> None:
    """Drop every fragment; for tests."""
    _kept.clear()
