"""What a measure rests on, for the pages that show a measure: {% basis_of measure %}."""

from __future__ import annotations

from django import template
from django.utils import timezone

from anlan.plan.basis import queries
from anlan.plan.models import Measure

register = template.Library()


@register.inclusion_tag("basis/of_measure.html")
def basis_of(measure: Measure) -> dict[str, object]:
    """Documents that the measure's text names, and clauses of higher plans that it carries out."""
    referred, mapped = queries.of_measure(measure)
    today = timezone.localdate()
    return {
        "referred": [(one, one.basis.standing(today) if one.basis else None) for one in referred],
        "mapped": [(one, one.clause.basis.standing(today)) for one in mapped],
    }
