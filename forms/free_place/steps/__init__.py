"""The pages of the application, in order."""

from forms.free_place.steps import children, household, income, result

STEPS = (*household.STEPS, *children.STEPS, *income.STEPS, *result.STEPS)
