"""States of a register as a flow, so that each step leaves its event like any other in the house."""

from __future__ import annotations

from anlan.foundation.flow.flows import Flow, Transition
from anlan.registers.spec.model import Spec


def flow_of(spec: Spec) -> Flow:
    """Flow of the states that a spec declares; states that no step leaves are final."""
    leaving = {source for move in spec.moves for source in move.sources}
    return Flow(
        f"register.{spec.id}",
        {one.id: one.title for one in spec.states},
        tuple(
            Transition(one.id, one.title, frozenset(one.sources), one.target, "registers.move", reason=one.reason)
            for one in spec.moves
        ),
        final=frozenset(one.id for one in spec.states if one.id not in leaving),
    )
