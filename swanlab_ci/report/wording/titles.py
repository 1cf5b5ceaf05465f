"""What a gate is called, and the project and the group of runs that a result is about."""

from swanlab_ci.judgement import GateResult
from swanlab_ci.messages import Message, Name


def gate_title(gate: GateResult) -> Message:
    """Name a gate, and the group that the result is about."""
    return Message("gate.title", gate=Name(gate.name), group=group_of(gate))


def group_of(gate: GateResult) -> Message | None:
    """Say which runs the result is about, such as `config.seed = 0`, and of which project if not of the check's own.

    None where it is about all runs of the gate.
    """
    group = _group(gate)
    if not gate.project:
        return group
    return Message("gate.of-project", project=Name(gate.project), group=group)


def _group(gate: GateResult) -> Message | None:
    if not gate.group_field:
        return None
    field = Name(gate.group_field)
    if gate.is_without_group:
        return Message("gate.no-group", field=field)
    return Message("gate.group", field=field, group=Name(gate.group))
