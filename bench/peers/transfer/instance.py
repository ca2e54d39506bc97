"""Reads a min-cost flow problem: 64-bit numbers, nodes and arcs counted first."""

import numpy as np


def read(path):
    numbers = np.fromfile(path, dtype=np.int64)
    nodes, arcs = int(numbers[0]), int(numbers[1])
    supply = numbers[2 : 2 + nodes].copy()
    table = numbers[2 + nodes :].reshape(arcs, 5).T.copy()
    return supply, *table
