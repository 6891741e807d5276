"""Goals that every installation starts with."""

from kpi.figures import FIGURES
from kpi.models import FigureTarget


def load() -> int:
    """The handbooks' goals; what an administrator changed stays."""
    known = set(FigureTarget.objects.values_list("figure", flat=True))
    missing = [FigureTarget(figure=one.name, value=one.goal) for one in FIGURES.values() if one.name not in known]
    return len(FigureTarget.objects.bulk_create(missing))
