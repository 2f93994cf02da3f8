"""What scripts/measure computes itself, held against the definition of Lighthouse's curve."""

import pytest
from measure import curve, performance


def test_the_curve_is_nine_tenths_at_p10_and_a_half_at_the_median():
    assert curve(1800, 1800, 3000) == pytest.approx(0.9, abs=1e-6) and curve(3000, 1800, 3000) == pytest.approx(0.5, abs=1e-9)
    assert curve(0, 1800, 3000) == pytest.approx(1) and curve(900, 1800, 3000) > curve(901, 1800, 3000)


def test_the_score_is_the_mean_by_weight_of_the_metrics_that_count():
    def audit(value):
        return {"numericValue": value, "scoringOptions": {"p10": 1800, "median": 3000}}

    data = {"categories": {"performance": {"auditRefs": [{"id": "a", "weight": 3}, {"id": "b", "weight": 1}, {"id": "c", "weight": 0}]}}, "audits": {"a": audit(1800), "b": audit(3000), "c": {}}}
    assert performance(data) == pytest.approx(80, abs=1e-4)
