"""What only the list of projects is filtered by."""

import django_filters
from django.db.models import Exists, OuterRef

from core.records import Verdict
from projects.lifecycle import Step
from projects.models import Milestone


class AtLeast(django_filters.NumberFilter):
    """万元, the limit included."""

    def __init__(self, field_name: str, label: str):
        super().__init__(field_name=field_name, lookup_expr="gte", label=label, max_digits=16, decimal_places=4)


class Reached(django_filters.MultipleChoiceFilter):
    """Projects with every one of these steps accepted, up to the list's 截至."""

    def __init__(self):
        super().__init__(choices=Step.choices, label="已认定节点")

    def filter(self, rows, steps):
        day = self.parent.form.cleaned_data.get("as_of")
        accepted = Milestone.objects.current().filter(project=OuterRef("pk"), verdict=Verdict.ACCEPTED)
        accepted = accepted.filter(happened_until__lte=day) if day else accepted
        for step in steps or []:
            rows = rows.filter(Exists(accepted.filter(step=step)))
        return rows
