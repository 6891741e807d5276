"""Goals that every installation starts with."""

from kpi.figures import FIGURES
from kpi.models import FigureTarget, ParetoPolicy


def load() -> int:
    """The handbooks' goals; what an administrator changed stays."""
    known = set(FigureTarget.objects.values_list("figure", flat=True))
    missing = [FigureTarget(figure=one.name, value=one.goal) for one in FIGURES.values() if one.name not in known]
    ParetoPolicy.objects.get_or_create(pk=1)
    return len(FigureTarget.objects.bulk_create(missing))
