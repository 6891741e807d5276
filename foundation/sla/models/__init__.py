"""Promises, their clocks, and why each clock stands where it stands."""

from foundation.sla.models.clocks import Clock, ClockQuerySet, Entry, Holder, Timer
from foundation.sla.models.soon import SoonPolicy
from foundation.sla.models.targets import FairnessPolicy, PauseReason, Target, codes, length

__all__ = [
    "Clock",
    "ClockQuerySet",
    "Entry",
    "FairnessPolicy",
    "Holder",
    "PauseReason",
    "SoonPolicy",
    "Target",
    "Timer",
    "codes",
    "length",
]
