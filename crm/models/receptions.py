"""Receptions in the showroom: booked or walked in, led through steps that are ticked live, ended with an outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.models.appointments import CheckItem, Wish
from crm.models.customers import Contact, Customer, customer_facts, owned_within
from crm.models.records import ServiceRecord
from crm.models.visits import Visit
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url


class ReceptionQuerySet(SearchableQuerySet):
    """Questions about sets of receptions."""

    def visible_to(self, user: Any) -> ReceptionQuerySet:
        """All; or those that they or their team host, those they prepare, and those of customers whom they see."""
        if user.has_perm("crm.view_all_customers"):
            return self
        theirs = Q(owner=user.pk) | Q(assistant=user.pk)
        theirs |= Q(owner__team=user.team_id) if user.team_id else Q()
        return self.filter(theirs | owned_within(user, "customer__"))

    def open(self) -> ReceptionQuerySet:
        """Receptions that are still to come or under way."""
        return self.filter(status__in=Reception.OPEN)

    def of(self, person_id: int) -> ReceptionQuerySet:
        """Receptions that this person hosts or prepares."""
        return self.filter(Q(owner=person_id) | Q(assistant=person_id))

    def between(self, start: datetime, end: datetime) -> ReceptionQuerySet:
        """Receptions that begin in [start, end)."""
        return self.filter(planned_start__gte=start, planned_start__lt=end)


def _whose(reception: Reception) -> str:
    return gettext("This reception belongs to %(owner)s.") % {"owner": reception.owner}


@condition(_whose)
def is_theirs(reception: Reception) -> bool:
    """Host and assistant act on it, and whoever plans for colleagues; None is the system."""
    actor = getattr(reception, "acting_user", None)
    if actor is None or actor.pk in (reception.owner_id, reception.assistant_id) or reception.owner_id is None:
        return True
    return bool(actor.has_perm("crm.plan_visits_of_others"))


@guarded("status")
class Reception(Subject, Searchable):
    """Somebody comes to us."""

    READ_WITH = ("customer", "contact__customer", "owner__manager", "owner__team__lead", "assistant")

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("reception", "Planned")
        ARRIVED = "arrived", pgettext_lazy("reception", "Arrived")
        UNDER_WAY = "under_way", pgettext_lazy("reception", "Under way")
        ENDED = "ended", pgettext_lazy("reception", "Ended")
        NO_SHOW = "no_show", pgettext_lazy("reception", "Did not come")
        CANCELLED = "cancelled", pgettext_lazy("reception", "Cancelled")

    class Thanks(models.TextChoices):
        NOW = "now", pgettext_lazy("thanks", "At once")
        EVENING = "evening", pgettext_lazy("thanks", "This evening")
        MORNING = "morning", pgettext_lazy("thanks", "On the next working morning")
        NONE = "none", pgettext_lazy("thanks", "No message")

    OPEN = (Status.PLANNED, Status.ARRIVED, Status.UNDER_WAY)
    HERE = (Status.ARRIVED, Status.UNDER_WAY)
    PATH = (Status.PLANNED, Status.ARRIVED, Status.UNDER_WAY, Status.ENDED)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.PLANNED, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="receptions", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="receptions", verbose_name=_("contact")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="receptions",
        verbose_name=_("host"),
    )
    assistant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assisted_receptions",
        verbose_name=_("assistant"),
    )
    planned_start = models.DateTimeField(_("start"))
    planned_end = models.DateTimeField(_("end"))
    language = models.CharField(_("language"), max_length=10)
    head_count = models.PositiveSmallIntegerField(
        _("expected visitors"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    purpose = models.CharField(_("interested in"), max_length=200)
    wishes = ArrayField(
        models.CharField(max_length=12, choices=Wish.choices),
        verbose_name=_("what the customer asked for"),
        default=list,
        blank=True,
    )
    is_walk_in = models.BooleanField(_("came without an appointment"), default=False, editable=False)
    briefed_on = models.DateField(_("assistant told on"), null=True, editable=False)
    arrived_at = models.DateTimeField(pgettext_lazy("at what time", "arrived"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    result = models.CharField(_("result"), max_length=12, choices=Visit.Result.choices, blank=True, editable=False)
    outcome = models.ForeignKey(
        ServiceRecord,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("service record"),
    )
    no_next_step_reason = models.CharField(_("why there is no next step"), max_length=300, blank=True, editable=False)
    thanks_at = models.DateTimeField(_("thanks are due at"), null=True, editable=False)
    thanked_at = models.DateTimeField(_("thanked at"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "purpose", "customer")
    record_icon = "building-storefront"

    objects = SearchableManager.from_queryset(ReceptionQuerySet)()

    class Meta:
        verbose_name = _("reception")
        verbose_name_plural = _("receptions")
        permissions = [("hold_reception", "Can plan receptions and hold them")]
        constraints = [
            models.CheckConstraint(name="crm_reception_ends_later", condition=Q(planned_end__gt=F("planned_start"))),
            models.CheckConstraint(
                name="crm_reception_arrived_has_time",
                condition=~Q(status__in=["arrived", "under_way", "ended"]) | Q(arrived_at__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_reception_ended_has_outcome",
                condition=~Q(status="ended") | ~Q(result="") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_reception_off_has_reason", condition=~Q(status__in=["no_show", "cancelled"]) | ~Q(reason="")
            ),
        ]
        indexes = [
            search_index("crm_reception"),
            models.Index(fields=["planned_start", "id"], name="crm_reception_start"),
            models.Index(fields=["owner", "planned_start"], name="crm_reception_owner"),
            models.Index(fields=["assistant", "planned_start"], name="crm_reception_assistant"),
            models.Index(fields=["customer", "-id"], name="crm_reception_customer"),
            # whose thanks are due, asked every minute
            models.Index(
                fields=["thanks_at"],
                name="crm_reception_thanks",
                condition=Q(thanks_at__isnull=False, thanked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The reception's page."""
        return record_url("crm:reception", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this reception."""
        return {
            "number": self.number,
            "status": self.status,
            **customer_facts(self.customer, self.owner),
            "language": self.language,
            "planned_start": self.planned_start,
            "is_walk_in": self.is_walk_in,
        }

    def search_texts(self) -> list[str]:
        """Found by what it is about and by its customer."""
        return [self.purpose, self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number."""
        return [self.number]

    @property
    def wish_labels(self) -> list[str]:
        """What the customer asked for, in the reader's language."""
        labels = dict(Wish.choices)
        return [str(labels[one]) for one in self.wishes if one in labels]

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="planned",
        target="arrived",
        label=_("They are here"),
        permission="crm.hold_reception",
        event="reception.arrived",
        primary=True,
    )
    def arrive(self, *, at: datetime) -> None:
        """The visitors are in the house; whoever sees them at the door says so, whosever guests they are."""
        self.arrived_at = at

    @transition(
        status,
        source="arrived",
        target="under_way",
        label=_("Begin"),
        permission="crm.hold_reception",
        event="reception.begun",
        when=[is_theirs],
    )
    def begin(self) -> None:
        """The first step of the tour has begun."""

    @transition(
        status,
        source=["arrived", "under_way"],
        target="ended",
        label=_("Write down the outcome"),
        permission="crm.hold_reception",
        event="reception.ended",
        primary=True,
        when=[is_theirs],
    )
    def finish(
        self,
        *,
        result: str,
        at: datetime,
        outcome: ServiceRecord,
        thanks_at: datetime | None,
        no_next_step_reason: str = "",
    ) -> None:
        """They have left: what came of it, what comes next, and when we thank them."""
        self.result, self.ended_at, self.outcome = result, at, outcome
        self.thanks_at, self.no_next_step_reason = thanks_at, no_next_step_reason

    @transition(
        status,
        source="planned",
        target="no_show",
        label=_("They did not come"),
        permission="crm.hold_reception",
        event="reception.missed",
        danger=True,
        when=[is_theirs],
    )
    def miss(self, *, reason: str) -> None:
        """We waited, and nobody came."""
        self.reason = reason

    @transition(
        status,
        source="planned",
        target="cancelled",
        label=_("Cancel"),
        permission="crm.hold_reception",
        event="reception.cancelled",
        danger=True,
        when=[is_theirs],
    )
    def cancel(self, *, reason: str) -> None:
        """Called off beforehand, and everybody can read why."""
        self.reason = reason


class ReceptionItem(CheckItem):
    """One thing to have ready."""

    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="items")

    class Meta:
        verbose_name = _("thing to have ready")
        verbose_name_plural = _("things to have ready")
        default_permissions = ()
        ordering = ("position", "pk")

    @property
    def text(self) -> str:
        """What to have ready, and how many where each visitor gets one."""
        if self.row is not None and self.row.is_per_head:
            return f"{self.row.text} × {self.reception.head_count}"
        return super().text
