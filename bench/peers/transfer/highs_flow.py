"""HiGHS: the same as a linear programme; objective and processor seconds of solving."""

import json
import sys
import time

import highspy
import numpy as np
from instance import read

supply, tail, head, lower, upper, cost = read(sys.argv[1])
arcs, nodes = len(tail), len(supply)
model = highspy.HighsLp()
model.num_col_, model.num_row_ = arcs, nodes
model.col_cost_ = cost.astype(np.float64)
model.col_lower_ = lower.astype(np.float64)
model.col_upper_ = np.minimum(upper, int(np.abs(supply).sum()) + lower).astype(np.float64)
model.row_lower_ = model.row_upper_ = supply.astype(np.float64)
model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
model.a_matrix_.start_ = np.arange(0, 2 * arcs + 2, 2, dtype=np.int32)
model.a_matrix_.index_ = np.stack([tail, head], axis=1).ravel().astype(np.int32)
model.a_matrix_.value_ = np.tile([1.0, -1.0], arcs)
solver = highspy.Highs()
solver.setOptionValue("output_flag", False)
solver.setOptionValue("threads", 1)
solver.passModel(model)
start = time.process_time()
solver.run()
took = time.process_time() - start
if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
    sys.exit(str(solver.getModelStatus()))
print(json.dumps({"solve": took, "objective": str(round(solver.getInfo().objective_function_value))}))
