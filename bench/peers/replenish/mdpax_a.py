"""Family A (De Moor 2022) solved by mdpax on this machine's CPUs: one JSON line with its value,
policy and CPU seconds. Arguments: life, lead time, issuing (fifo or lifo), wastage cost, and its
convergence test: max_diff (values are right to 0.01) or span (the policy is right, values are not).
"""

import json
import os
import resource
import sys

os.environ["JAX_PLATFORMS"] = "cpu"

import jax

jax.config.update("jax_enable_x64", True)

from mdpax.problems.perishable_inventory.de_moor_single_product import (
    DeMoorSingleProductPerishable,
)
from mdpax.solvers.value_iteration import ValueIteration


def cpu():
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    """Solves, prints."""
    problem = DeMoorSingleProductPerishable(
        max_useful_life=int(sys.argv[1]),
        lead_time=int(sys.argv[2]),
        issue_policy=sys.argv[3],
        wastage_cost=float(sys.argv[4]),
    )
    solver = ValueIteration(
        problem,
        gamma=0.99,
        epsilon=0.01,
        convergence_test=sys.argv[5],
        jax_double_precision=True,
        verbose=0,
    )
    start = cpu()
    state = solver.solve(max_iterations=5000)
    solved = cpu()
    answer = {
        "solve": solved - start,
        "value_empty": float(state.values[0]),
        "policy_sum": int(state.policy.sum()),
        "iterations": int(state.info.iteration),
    }
    print(json.dumps(answer))


main()
