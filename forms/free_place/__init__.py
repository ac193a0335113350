"""Economic free-place subsidy (økonomisk fripladstilskud): its figures, its rules and its pages."""
