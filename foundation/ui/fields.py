"""One field of a form with its label, hint and error, joined in Python: a form repeats it a dozen times."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.ui.escape import esc
from foundation.ui.icons import icon


def draw_field(field: Any) -> SafeString:
    """A bound field. Label, hint, error, input, in this order; the ids are those that Django names in aria-describedby."""
    errors, is_check = field.errors, field.widget_type == "checkbox"
    css = " has-error" if errors else ""
    if field.use_fieldset:
        about = f' aria-describedby="{esc(field.aria_describedby)}"' if field.aria_describedby else ""
        head = (
            f'<fieldset class="field{css}"{about} id="{esc(field.auto_id)}" tabindex="-1">'
            f"<legend>{esc(field.label)}{_optional(field)}</legend>\n"
        )
        tail = "</fieldset>\n"
    else:
        css += " is-check" if is_check else ""
        head = f'<div class="field{css}"><label for="{esc(field.id_for_label)}">{esc(field.label)}{_optional(field)}</label>\n'
        tail = "</div>\n"
    hint = f'<p class="hint" id="{esc(field.auto_id)}_helptext">{field.help_text}</p>\n' if field.help_text else ""
    error = ""
    if errors:
        said = " ".join(esc(one) for one in errors)
        error = f'<p class="error" id="{esc(field.auto_id)}_error">{icon("exclamation-circle")}{said}</p>\n'
    return mark_safe(f"{head}{hint}{error}{field}\n{tail}")


def _optional(field: Any) -> str:
    """The word beside a label; boxes to tick go without: whoever sees them knows."""
    if field.field.required or field.widget_type.startswith("checkbox"):
        return ""
    word = esc(_("(optional)"))
    return "" if getattr(field.field, "is_needed_sometimes", False) else f' <span class="optional">{word}</span>'
