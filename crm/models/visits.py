"""Visits at customers: planned only with their consent, checked in on the spot, ended with an outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.models.addresses import Address
from crm.models.appointments import CheckItem, Wish
from crm.models.customers import Contact, Customer, customer_facts, owned_within
from crm.models.records import ServiceRecord
from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import ClockTimestamp, Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url

PLANNED_ON = ["planned", "on_the_way", "arrived", "done"]


class VisitQuerySet(SearchableQuerySet):
    """Questions about sets of visits."""

    def visible_to(self, user: Any) -> VisitQuerySet:
        """All; or those of theirs and their team's, those they come along to, and those of customers whom they see."""
        if user.has_perm("crm.view_all_customers"):
            return self
        along = Visit.companions.through.objects.filter(user=user.pk).values("visit")
        theirs = Q(owner=user.pk) | Q(pk__in=along) | (Q(owner__team=user.team_id) if user.team_id else Q())
        return self.filter(theirs | owned_within(user, "customer__"))

    def open(self) -> VisitQuerySet:
        """Visits on which something is still to be done."""
        return self.filter(status__in=Visit.OPEN)

    def of(self, person_id: int) -> VisitQuerySet:
        """Visits that this person makes or comes along to."""
        along = Visit.companions.through.objects.filter(user=person_id).values("visit")
        return self.filter(Q(owner=person_id) | Q(pk__in=along))

    def between(self, start: datetime, end: datetime) -> VisitQuerySet:
        """Visits that begin in [start, end)."""
        return self.filter(planned_start__gte=start, planned_start__lt=end)


@condition(_("The customer has not agreed yet: record who agreed, when and how."))
def has_consent(visit: Visit) -> bool:
    """A visit is made only after the customer said yes."""
    return visit.consent_at is not None


def _whose(visit: Visit) -> str:
    return gettext("This is the visit of %(owner)s.") % {"owner": visit.owner}


@condition(_whose)
def is_theirs(visit: Visit) -> bool:
    """Whoever makes the visit acts on it, or somebody who plans for colleagues; None is the system."""
    actor = getattr(visit, "acting_user", None)
    if actor is None or visit.owner_id in (None, actor.pk):
        return True
    return bool(actor.has_perm("crm.plan_visits_of_others"))


@guarded("status")
class Visit(Subject, Searchable):
    """One journey to a customer."""

    READ_WITH = ("customer", "contact__customer", "owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("visit", "Proposed")
        AGREED = "agreed", pgettext_lazy("visit", "Agreed")
        PLANNED = "planned", pgettext_lazy("visit", "Planned")
        ON_THE_WAY = "on_the_way", pgettext_lazy("visit", "On the way")
        ARRIVED = "arrived", pgettext_lazy("visit", "Arrived")
        DONE = "done", pgettext_lazy("visit", "Done")
        MISSED = "missed", pgettext_lazy("visit", "Missed")
        CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")

    class Result(models.TextChoices):
        ORDER = "order", pgettext_lazy("result of a visit", "Orders")
        QUOTE = "quote", _("Wants a quote")
        INTERESTED = "interested", _("Interested")
        UNDECIDED = "undecided", _("Undecided")
        NOTHING = "nothing", _("No interest")

    class MissedBy(models.TextChoices):
        US = "us", _("We did not come")
        CUSTOMER = "customer", _("The customer was not there")

    OPEN = (Status.PROPOSED, Status.AGREED, Status.PLANNED, Status.ON_THE_WAY, Status.ARRIVED)
    BEFORE = (Status.PROPOSED, Status.AGREED, Status.PLANNED)
    PATH = (
        Status.PROPOSED,
        Status.AGREED,
        Status.PLANNED,
        Status.ON_THE_WAY,
        Status.ARRIVED,
        Status.DONE,
    )

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.PROPOSED, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="visits", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("contact")
    )
    address = models.ForeignKey(
        Address, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("address")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="visits",
        verbose_name=_("salesperson"),
    )
    companions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="accompanied_visits", verbose_name=_("companions")
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    wishes = ArrayField(
        models.CharField(max_length=12, choices=Wish.choices),
        verbose_name=_("what the customer asked for"),
        default=list,
        blank=True,
    )
    wish_note = models.CharField(_("more about it"), max_length=300, blank=True)

    consent_by = models.CharField(_("who agreed"), max_length=120, blank=True, editable=False)
    consent_at = models.DateTimeField(_("agreed at"), null=True, editable=False)
    consent_channel = models.CharField(
        _("agreed by"), max_length=12, choices=ServiceRecord.Channel.choices, blank=True, editable=False
    )
    consent_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("noted by"),
    )

    # Before it is planned: when it would suit. From then on: when we promised to be there.
    planned_start = models.DateTimeField(_("start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("end"), null=True, blank=True)
    arrive_by = models.DateTimeField(_("arrive by"), null=True, editable=False)
    travel_minutes = models.PositiveSmallIntegerField(
        _("travel time in minutes"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1440)],
        help_text=_("Empty: estimated from the distance."),
    )
    departed_at = models.DateTimeField(_("departed"), null=True, editable=False)
    arrived_at = models.DateTimeField(pgettext_lazy("at what time", "arrived"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, blank=True, editable=False)
    outcome = models.ForeignKey(
        ServiceRecord,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("service record"),
    )
    no_next_step_reason = models.CharField(_("why there is no next step"), max_length=300, blank=True, editable=False)
    missed_by = models.CharField(
        _("who missed it"), max_length=10, choices=MissedBy.choices, blank=True, editable=False
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "purpose", "customer")
    record_icon = "map-pin"

    objects = SearchableManager.from_queryset(VisitQuerySet)()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        permissions = [
            ("plan_visit", "Can plan visits and make them"),
            ("plan_visits_of_others", "Can plan the visits of colleagues"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crm_visit_planned_with_consent",
                condition=~Q(status__in=["agreed", *PLANNED_ON])
                | Q(consent_at__isnull=False) & ~Q(consent_by="") & ~Q(consent_channel=""),
            ),
            models.CheckConstraint(
                name="crm_visit_planned_has_times",
                condition=~Q(status__in=PLANNED_ON)
                | Q(planned_start__isnull=False, planned_end__isnull=False, arrive_by__isnull=False),
            ),
            models.CheckConstraint(
                name="crm_visit_ends_later", condition=Q(planned_end=None) | Q(planned_end__gt=F("planned_start"))
            ),
            models.CheckConstraint(
                name="crm_visit_arrived_has_time",
                condition=~Q(status__in=["arrived", "done"]) | Q(arrived_at__isnull=False),
            ),
            models.CheckConstraint(name="crm_visit_done_has_outcome", condition=~Q(status="done") | ~Q(result="")),
            models.CheckConstraint(
                name="crm_visit_off_has_reason", condition=~Q(status__in=["missed", "cancelled"]) | ~Q(reason="")
            ),
        ]
        indexes = [
            search_index("crm_visit"),
            # the list in its default order, and a week of everybody's
            models.Index(fields=["planned_start", "id"], name="crm_visit_start"),
            # a person's days, week and load
            models.Index(fields=["owner", "planned_start"], name="crm_visit_owner"),
            # a customer's visits
            models.Index(fields=["customer", "-id"], name="crm_visit_customer"),
            # what still needs somebody's work
            models.Index(
                fields=["owner", "status"],
                name="crm_visit_open",
                condition=Q(status__in=["proposed", "agreed", "planned", "on_the_way", "arrived"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The visit's page."""
        return record_url("crm:visit", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this visit."""
        return {
            "number": self.number,
            "status": self.status,
            **customer_facts(self.customer, self.owner),
            "planned_start": self.planned_start,
            "arrive_by": self.arrive_by,
        }

    def search_texts(self) -> list[str]:
        """Found by its purpose and its customer."""
        return [self.purpose, self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number."""
        return [self.number]

    @property
    def wish_labels(self) -> list[str]:
        """What the customer asked for, in the reader's language."""
        labels = dict(Wish.choices)
        return [str(labels[one]) for one in self.wishes if one in labels]

    @property
    def is_punctual(self) -> bool | None:
        """Whether we were there as early as the rule wants; None before we arrived."""
        if self.arrived_at is None or self.arrive_by is None:
            return None
        return self.arrived_at <= self.arrive_by

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="proposed",
        target="agreed",
        label=_("Record the consent"),
        permission="crm.plan_visit",
        event="visit.agreed",
        primary=True,
        when=[is_theirs],
    )
    def agree(self, *, by: str, at: datetime, channel: str, noted_by: Any, start: datetime | None = None) -> None:
        """The customer said that we may come."""
        self.consent_by, self.consent_at, self.consent_channel = by, at, channel
        self.consent_noted_by = noted_by
        self.planned_start = start or self.planned_start

    @transition(
        status,
        source=["proposed", "agreed"],
        target="planned",
        label=_("Plan"),
        permission="crm.plan_visit",
        event="visit.planned",
        primary=True,
        when=[has_consent, is_theirs],
    )
    def plan(
        self, *, start: datetime, end: datetime, arrive_by: datetime, address: Address | None, travel: Any
    ) -> None:
        """A time is agreed: from now on we are expected."""
        self.planned_start, self.planned_end, self.arrive_by = start, end, arrive_by
        self.address, self.travel_minutes = address, travel

    @transition(
        status,
        source="planned",
        target="on_the_way",
        label=_("Set off"),
        permission="crm.plan_visit",
        event="visit.departed",
        primary=True,
        when=[is_theirs],
    )
    def depart(self, *, at: datetime | None = None) -> None:
        """On the way to the customer."""
        self.departed_at = at or timezone.now()

    @transition(
        status,
        source=["planned", "on_the_way"],
        target="arrived",
        label=_("Check in"),
        permission="crm.plan_visit",
        event="visit.arrived",
        primary=True,
        when=[is_theirs],
    )
    def arrive(self, *, at: datetime) -> None:
        """At the customer's door."""
        self.arrived_at = at

    @transition(
        status,
        source="arrived",
        target="done",
        label=_("Write down the outcome"),
        permission="crm.plan_visit",
        event="visit.finished",
        primary=True,
        when=[is_theirs],
    )
    def finish(self, *, result: str, ended_at: datetime, outcome: ServiceRecord, no_next_step_reason: str = "") -> None:
        """What came of it is written down, and what comes next."""
        self.result, self.ended_at, self.outcome = result, ended_at, outcome
        self.no_next_step_reason = no_next_step_reason

    @transition(
        status,
        source=["planned", "on_the_way", "arrived"],
        target="missed",
        label=_("Mark as missed"),
        permission="crm.plan_visit",
        event="visit.missed",
        danger=True,
        when=[is_theirs],
    )
    def miss(self, *, missed_by: str, reason: str) -> None:
        """It did not take place although it was planned."""
        self.missed_by, self.reason = missed_by, reason

    @transition(
        status,
        source=["proposed", "agreed", "planned", "on_the_way"],
        target="cancelled",
        label=_("Cancel"),
        permission="crm.plan_visit",
        event="visit.cancelled",
        danger=True,
        when=[is_theirs],
    )
    def cancel(self, *, reason: str) -> None:
        """Called off beforehand, and everybody can read why."""
        self.reason = reason


class VisitItem(CheckItem):
    """One thing to take along."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="items")

    class Meta:
        verbose_name = _("thing to take along")
        verbose_name_plural = _("things to take along")
        default_permissions = ()
        ordering = ("position", "pk")


class CheckIn(models.Model):
    """What the phone said when somebody arrived, as it was said. The application reads and inserts, nothing else.

    `received_at` is the server's time. What was entered later keeps the time that the person stated, and is marked.
    Without a position there is a reason; without coordinates of the address there is no distance.
    """

    class NoPosition(models.TextChoices):
        REFUSED = "refused", _("The phone was not allowed to tell its position")
        NO_SIGNAL = "no_signal", _("No signal")
        NO_DEVICE = "no_device", _("The device knows no position")
        LATE = "late", _("Entered later, away from the customer")

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="check_in")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"), db_default=ClockTimestamp())
    stated_at = models.DateTimeField(_("stated time"), null=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(_("accuracy in metres"), null=True)
    distance_m = models.PositiveIntegerField(_("distance to the address in metres"), null=True)
    no_position = models.CharField(_("why there is no position"), max_length=12, choices=NoPosition.choices, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="crm_checkin_position_or_reason",
                condition=Q(latitude__isnull=False, longitude__isnull=False, accuracy_m__isnull=False, no_position="")
                | Q(latitude=None, longitude=None, accuracy_m=None, distance_m=None) & ~Q(no_position=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.received_at:%H:%M}"
