"""What a gate file asks of its report; nothing here decides a verdict."""

from dataclasses import dataclass

from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.messages import Language


@dataclass(frozen=True, slots=True)
class ReportMetric:
    """A metric to show: `better` is `higher`, `lower` or empty, `label` its name in the report or empty."""

    field: Field
    better: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpec:
    """The `report` of a gate file.

    `charts` is None where the report chooses its charts, and empty where it must have none. `ignored` are fields, with
    or without a star, that are left out of what changed. `template` is the path of a template for the comment, relative
    to the gate file's folder, or empty.
    """

    language: Language | None = None
    baseline: str = ""
    metrics: tuple[ReportMetric, ...] = ()
    columns: tuple[Field, ...] = ()
    charts: tuple[Field, ...] | None = None
    ignored: tuple[Field, ...] = ()
    template: str = ""

    def under(self, later: "ReportSpec") -> "ReportSpec":
        """Return what a later file overrides: each key by itself."""
        return ReportSpec(
            language=later.language or self.language,
            baseline=later.baseline or self.baseline,
            metrics=later.metrics or self.metrics,
            columns=later.columns or self.columns,
            charts=self.charts if later.charts is None else later.charts,
            ignored=later.ignored or self.ignored,
            template=later.template or self.template,
        )
