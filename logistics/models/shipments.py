"""What is on the way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from foundation.journal.machine import Refused, condition, guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from logistics.models.carriers import Carrier
from orders.models import Order, OrderLine

ON_THE_WAY = ("dispatched", "in_transit")
AFTER_DISPATCH = ("dispatched", "in_transit", "arrived", "signed", "archived")
SHIPPABLE_ORDER = ("confirmed", "in_delivery")


@condition(_("There is nothing in this shipment yet."))
def has_lines(shipment: Shipment) -> bool:
    """An empty shipment goes nowhere."""
    known = shipment.loaded_lines
    return shipment.lines.exists() if known is None else bool(known)


@condition(_("Only goods of confirmed orders may leave: an order in this shipment is not confirmed, or was cancelled."))
def orders_are_confirmed(shipment: Shipment) -> bool:
    """Every order in the shipment is confirmed or already being delivered."""
    if shipment.loaded_lines is not None:
        return all(line.order_line.order.status in SHIPPABLE_ORDER for line in shipment.loaded_lines)
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment)
    return not orders.exclude(status__in=SHIPPABLE_ORDER).exists()


@condition(_("Nothing closes without the proof of delivery: the signed paper is not archived yet."))
def pod_is_archived(shipment: Shipment) -> bool:
    """The signed paper came back, was checked and is filed."""
    pod = getattr(shipment, "pod", None)
    return pod is not None and pod.status == "archived"


class ShipmentQuerySet(SearchableQuerySet):
    """Questions about sets of shipments."""

    def on_the_way(self) -> ShipmentQuerySet:
        """Left, and not there yet."""
        return self.filter(status__in=ON_THE_WAY)

    def arriving(self, *, before: datetime) -> ShipmentQuerySet:
        """On the way and expected from now until `before`."""
        return self.on_the_way().filter(eta__gte=Now(), eta__lt=before)

    def overdue(self, *, at: datetime) -> ShipmentQuerySet:
        """On the way although they were expected before `at`."""
        return self.on_the_way().filter(eta__lt=at)

    def without_pod(self) -> ShipmentQuerySet:
        """Signed for, but the paper is not filed."""
        return self.filter(status="signed")

    def open(self) -> ShipmentQuerySet:
        """Neither closed nor cancelled."""
        return self.exclude(status__in=("archived", "cancelled"))


@guarded("status")
class Shipment(Subject, Searchable):
    """Goods on the way under one carrier, of one customer, from one or several of their orders."""

    READ_WITH = ("customer", "carrier", "owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        PICKED = "picked", _("Picked")
        DISPATCHED = "dispatched", _("Loaded and dispatched")
        IN_TRANSIT = "in_transit", _("In transit")
        ARRIVED = "arrived", _("Arrived")
        SIGNED = "signed", _("Signed for")
        ARCHIVED = "archived", _("POD archived")
        CANCELLED = "cancelled", pgettext_lazy("shipment", "Cancelled")

    class Mode(models.TextChoices):
        AIR = "air", _("Air")
        AIR_CHARTER = "air_charter", _("Air charter")
        OCEAN = "ocean", _("Ocean")
        TRUCK = "truck", _("Truck")
        RAIL = "rail", _("Rail")
        COURIER = "courier", _("Courier")

    class DelayReason(models.TextChoices):
        CUSTOMS = "customs", _("Customs clearance takes longer")
        WEATHER = "weather", _("Bad weather")
        CONGESTION = "congestion", _("Congestion at a port or terminal")
        SCHEDULE = "schedule", _("The carrier changed its schedule")
        BREAKDOWN = "breakdown", _("Breakdown of the vehicle or vessel")
        ACCIDENT = "accident", _("Accident")
        PAPERS = "papers", _("Papers are missing or being corrected")
        OTHER = "other", _("Another reason")

    PATH = ("planned", "picked", "dispatched", "in_transit", "arrived", "signed", "archived")
    record_icon = "truck"
    # Lines with their orders, where a page has read them already: its conditions then ask no more.
    loaded_lines: list[ShipmentLine] | None = None

    number = models.CharField(_("number"), max_length=40, unique=True)
    status = StateField(_("status"), max_length=12, choices=Status.choices, default=Status.PLANNED, editable=False)
    customer = models.ForeignKey(
        "crm.Customer", on_delete=models.PROTECT, related_name="shipments", verbose_name=_("customer")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name=_("owner"),
    )
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, null=True, blank=True, related_name="shipments", verbose_name=_("carrier")
    )
    driver_name = models.CharField(_("driver"), max_length=120, blank=True)
    driver_phone = PhoneNumberField(_("driver's phone"), blank=True)
    vehicle = models.CharField(_("vehicle or vessel"), max_length=120, blank=True)
    waybill_number = models.CharField(_("waybill number"), max_length=80, blank=True)
    container_number = models.CharField(_("container number"), max_length=80, blank=True)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, blank=True)
    incoterm = models.CharField(_("Incoterm"), max_length=3, blank=True)
    origin = models.CharField(pgettext_lazy("way of goods", "from"), max_length=160, blank=True)
    destination = models.CharField(pgettext_lazy("way of goods", "to"), max_length=160, blank=True)
    destination_country = models.CharField(_("destination country"), max_length=2, blank=True)
    etd = models.DateTimeField(_("planned departure"), null=True, blank=True)
    eta = models.DateTimeField(_("expected arrival"), null=True, blank=True)
    delay_reason = models.CharField(
        _("reason of the last delay"), max_length=12, choices=DelayReason.choices, blank=True
    )
    appointment_at = models.DateTimeField(_("unloading appointment"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched at"), null=True, blank=True, editable=False)
    departed_at = models.DateTimeField(_("departed at"), null=True, blank=True, editable=False)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True, editable=False)
    signed_at = models.DateTimeField(pgettext_lazy("delivery", "signed at"), null=True, blank=True, editable=False)
    external_ref = models.CharField(_("external reference"), max_length=120, blank=True)
    import_source = models.CharField(_("import source"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = SearchableManager.from_queryset(ShipmentQuerySet)()
    SEARCH_FIELDS = ("waybill_number", "container_number", "vehicle", "destination", "driver_name", "driver_phone")

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ("-id",)
        permissions = [
            ("dispatch_shipment", _("Can dispatch shipments and report arrival")),
            ("sign_shipment", _("Can record the customer's signature")),
            ("cancel_shipment", _("Can cancel shipments")),
            ("share_tracking", _("Can make and revoke tracking links")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                name="logistics_shipment_external",
                condition=~Q(external_ref=""),
            ),
            models.CheckConstraint(
                name="logistics_shipment_dispatched_has_waybill",
                condition=Q(status__in=("planned", "picked", "cancelled"))
                | ~Q(import_source="")
                | (Q(carrier__isnull=False) & ~Q(waybill_number="") & Q(dispatched_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="logistics_shipment_signed_has_time",
                condition=~Q(status__in=("signed", "archived")) | ~Q(import_source="") | Q(signed_at__isnull=False),
            ),
        ]
        indexes = [
            search_index("logistics_shipment"),
            # on the way, arriving and overdue, soonest first; the counter in the rail
            models.Index(fields=["eta", "id"], name="logistics_shipment_eta", condition=Q(status__in=ON_THE_WAY)),
            # signed for, paper missing
            models.Index(fields=["signed_at", "id"], name="logistics_shipment_no_pod", condition=Q(status="signed")),
            # lists by state, newest first
            models.Index(fields=["status", "-id"], name="logistics_shipment_status"),
            # the customer's shipments, newest first
            models.Index(fields=["customer", "-id"], name="logistics_shipment_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The shipment's page."""

        return record_url("logistics:shipment", self.pk)

    def search_texts(self) -> list[str]:
        """The customer, the vehicle, the driver and the place."""
        return [self.customer.name, self.vehicle, self.driver_name, self.destination]

    def search_numbers(self) -> list[str]:
        """Our number, the papers' numbers, the orders' numbers, the driver's phone."""
        orders = (
            Order.objects.filter(lines__shipment_lines__shipment=self).distinct() if self.pk else Order.objects.none()
        )
        numbers = list(orders.values_list("number", flat=True))
        return [self.number, self.waybill_number, self.container_number, str(self.driver_phone or ""), *numbers]

    def journal_facts(self) -> dict[str, Any]:
        """What clocks, rules and figures need to know; nobody's name."""
        customer = self.customer
        return {
            "number": self.number,
            "language": customer.language,
            "time_zone": customer.time_zone,
            "tier": customer.tier,
            "country": self.destination_country or customer.country,
            "kind": self.mode,
            "mode": self.mode,
            "incoterm": self.incoterm,
            "carrier_id": self.carrier_id,
            "waybill_number": self.waybill_number,
            "eta": self.eta,
            "owner_id": self.owner_id,
            "team_id": self.owner.team_id if self.owner else None,
        }

    @property
    def is_late(self) -> bool:
        """On the way although it was expected before now."""
        return self.status in ON_THE_WAY and self.eta is not None and self.eta < timezone.now()

    @property
    def has_left(self) -> bool:
        """The goods are out of the house."""
        return self.status in AFTER_DISPATCH

    @property
    def carrier_tracking_url(self) -> str:
        """The carrier's own page about this waybill, if there is one."""
        return self.carrier.tracking_url(self.waybill_number) if self.carrier else ""

    # ------------------------------------------------------------ the machine

    @transition(
        status,
        source=Status.PLANNED,
        target=Status.PICKED,
        label=_("Goods picked"),
        permission="logistics.change_shipment",
        event="shipment.picked",
        when=[has_lines, orders_are_confirmed],
    )
    def pick(self) -> None:
        """The warehouse has the goods ready at the gate."""

    @transition(
        status,
        source=[Status.PLANNED, Status.PICKED],
        target=Status.DISPATCHED,
        label=_("Load and dispatch"),
        permission="logistics.dispatch_shipment",
        event="shipment.dispatched",
        primary=True,
        when=[has_lines, orders_are_confirmed],
    )
    def dispatch(self, *, at: datetime, carrier: Carrier | None, waybill_number: str, **details: Any) -> None:
        """The goods match the papers and are handed to the carrier."""
        if carrier is None:
            raise Refused(_t("Nothing leaves without a carrier."), reason="condition", field="carrier")
        if not waybill_number.strip():
            raise Refused(_t("Nothing leaves without a waybill number."), reason="condition", field="waybill_number")
        self.carrier, self.waybill_number, self.dispatched_at = carrier, waybill_number.strip(), at
        for name in ("driver_name", "driver_phone", "vehicle", "container_number", "mode", "eta"):
            if details.get(name):
                setattr(self, name, details[name])

    @transition(
        status,
        source=Status.DISPATCHED,
        target=Status.IN_TRANSIT,
        label=_("Has departed"),
        permission="logistics.dispatch_shipment",
        event="shipment.departed",
        primary=True,
    )
    def depart(self, *, at: datetime) -> None:
        """The main carriage has begun."""
        self.departed_at = self._not_before(at, self.dispatched_at)

    @transition(
        status,
        source=[Status.DISPATCHED, Status.IN_TRANSIT],
        target=Status.ARRIVED,
        label=_("Has arrived"),
        permission="logistics.dispatch_shipment",
        event="shipment.arrived",
        primary=True,
    )
    def arrive(self, *, at: datetime, appointment_at: datetime | None = None) -> None:
        """The goods are at their destination, waiting to be unloaded and signed for."""
        self.arrived_at = self._not_before(at, self.departed_at or self.dispatched_at)
        if appointment_at:
            self.appointment_at = appointment_at

    @transition(
        status,
        source=Status.ARRIVED,
        target=Status.SIGNED,
        label=_("Take the signature"),
        permission="logistics.sign_shipment",
        event="shipment.signed",
        primary=True,
    )
    def sign(self, *, at: datetime, signer_name: str, has_signature: bool, reason: str) -> None:
        """The consignee has the goods: somebody is named, and either signed or there is a reason why not."""
        if not signer_name.strip():
            raise Refused(_t("Say who received the goods."), reason="condition", field="signer_name")
        if not has_signature and not reason.strip():
            raise Refused(
                _t("A signature is missing: let the receiver sign, or say why there is none."),
                reason="condition",
                field="signature",
            )
        self.signed_at = self._not_before(at, self.arrived_at)

    @transition(
        status,
        source=Status.SIGNED,
        target=Status.ARCHIVED,
        label=_("Close the shipment"),
        permission="logistics.archive_pod",
        event="shipment.archived",
        when=[pod_is_archived],
    )
    def archive(self) -> None:
        """The signed paper is filed; nothing more will happen here."""

    @transition(
        status,
        source=[Status.PLANNED, Status.PICKED],
        target=Status.CANCELLED,
        label=_("Cancel the shipment"),
        permission="logistics.cancel_shipment",
        event="shipment.cancelled",
        danger=True,
    )
    def cancel(self) -> None:
        """The goods stay here and may be shipped otherwise."""

    def _not_before(self, at: datetime, earlier: datetime | None) -> datetime:
        """The moment of a step, never before the step before it; people enter whole minutes, clocks keep the seconds."""
        if earlier and at < earlier:
            if earlier.replace(second=0, microsecond=0) == at:
                return earlier
            raise Refused(_t("This time lies before the step before it. Check the date."), reason="input", field="at")
        return at


class ShipmentLine(models.Model):
    """How much of one order line travels in one shipment, when it was promised and when it was handed over."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines", verbose_name=_("shipment"))
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="shipment_lines", verbose_name=_("order line")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=20)
    promised_on = models.DateField(_("promised on"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    weight_kg = models.DecimalField(_("weight (kg)"), max_digits=14, decimal_places=3, null=True, blank=True)
    freight_amount = models.DecimalField(_("freight"), max_digits=14, decimal_places=2, null=True, blank=True)
    insurance_amount = models.DecimalField(_("insurance"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    external_ref = models.CharField(_("external reference"), max_length=120, blank=True)
    import_source = models.CharField(_("import source"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        ordering = ("id",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="logistics_line_once_per_shipment"),
            models.CheckConstraint(name="logistics_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.UniqueConstraint(
                fields=["import_source", "external_ref"], name="logistics_line_external", condition=~Q(external_ref="")
            ),
        ]
        indexes = [
            # on-time delivery by period of delivery
            models.Index(
                fields=["delivered_on", "promised_on"],
                name="logistics_line_on_time",
                condition=Q(delivered_on__isnull=False, promised_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} {self.unit}"

    @property
    def was_on_time(self) -> bool | None:
        """Handed over on or before the promised day; None while one of the dates is unknown."""
        if self.delivered_on is None or self.promised_on is None:
            return None
        delivered: date = self.delivered_on
        return delivered <= self.promised_on
