"""OR-Tools SimpleMinCostFlow: objective and processor seconds of building and solving, the best of
several runs. Least flows are shifted away first: it has none."""

import json
import sys
import time

import numpy as np
from instance import read
from ortools.graph.python import min_cost_flow

supply, tail, head, lower, upper, cost = read(sys.argv[1])
runs = int(sys.argv[2])
base = int((lower * cost).sum())
np.subtract.at(supply, tail, lower)
np.add.at(supply, head, lower)
# No arc can carry more than there is.
room = np.minimum(upper - lower, int(np.abs(supply).sum()))
best = {"build": float("inf"), "solve": float("inf")}
for _ in range(runs):
    start = time.process_time()
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    flow.set_nodes_supplies(np.arange(len(supply)), supply)
    built = time.process_time()
    status = flow.solve()
    solved = time.process_time()
    if status != flow.OPTIMAL:
        sys.exit(f"status {status}")
    best["build"] = min(best["build"], built - start)
    best["solve"] = min(best["solve"], solved - built)
best["objective"] = str(flow.optimal_cost() + base)
print(json.dumps(best))
