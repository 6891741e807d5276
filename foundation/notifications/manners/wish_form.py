"""What a person wants to hear, by which channel: one line for each kind that can be declined."""

from __future__ import annotations

from typing import Any

from django import forms

from foundation.accounts.audiences import Recipient
from foundation.notifications.channels import transports
from foundation.notifications.manners.kinds import Kind, all_kinds
from foundation.notifications.manners.leaving import if_written_now
from foundation.notifications.manners.wishes import Wish, is_unwanted


class WishForm(forms.Form):
    """A ticked box is wanted. With a `person`, each kind says when a message written now would leave. `unwanted()` gives the pairs of kind and channel that are not."""

    def __init__(
        self, data: Any = None, *, declined: set[Wish], person: Recipient | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.ways = [(one.code, one.label) for one in transports()]
        for row in all_kinds():
            if row.can_opt_out:
                kind = Kind(row.code, row.nature, row.is_urgent, row.can_opt_out)
                self.fields[f"kind_{row.code}"] = forms.MultipleChoiceField(
                    label=row.label,
                    choices=self.ways,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    help_text=if_written_now(person, kind.code, self.ways[0][0], declined) if person else "",
                    initial=[way for way, _label in self.ways if not is_unwanted(declined, kind, way)],
                )

    def unwanted(self) -> set[Wish]:
        """What is not ticked: a whole kind where none of its channels is."""
        found: set[Wish] = set()
        for name in self.fields:
            if name.startswith("kind_"):
                code, ticked = name.removeprefix("kind_"), set(self.cleaned_data[name])
                left = [way for way, _label in self.ways if way not in ticked]
                found |= {(code, "")} if not ticked else {(code, way) for way in left}
        return found
