"""The call-up plan as HiGHS solves it: the same instance, the same objective.

highs.py MODE [GAP [SECONDS]] < INSTANCE.json

MODE is "judge" (everything stands as the instance's "plan" has it, only use is free), "relaxed"
(invitations and visits may be fractions; by dual simplex), "interior" (the same by the
interior-point method, without crossover) or "whole". Prints one JSON object: cost, bound, CPU
seconds of building and of solving, and the plan.
"""

import json
import resource
import sys

import highspy
import numpy as np


class Model:
    """Columns and rows as they come."""

    def __init__(self):
        self.cost, self.lower, self.upper, self.whole = [], [], [], []
        self.row_lower, self.row_upper = [], []
        self.start, self.index, self.value = [0], [], []

    def column(self, cost, upper, whole=False):
        self.cost.append(cost)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms, lower, upper):
        for column, value in terms:
            self.index.append(column)
            self.value.append(value)
        self.start.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)


def build(data, whole):
    weeks, inf = data["weeks"], highspy.kHighsInf
    weights, strata, places = data["weights"], data["strata"], data["places"]
    regions = data["regions"]
    pooled = data["pooling"] == "pooled"
    pools = 1 if pooled else len(regions)
    pool_of = (lambda region: 0) if pooled else (lambda region: region)
    model = Model()
    invite = []
    given = [[[[] for _ in range(weeks)] for _ in range(8)] for _ in range(pools)]
    coming = [[[] for _ in range(weeks)] for _ in places]
    total = [[] for _ in regions]
    for facts in strata:
        region = places[facts["place"]]["region"]
        success = facts["attendance"] * (1.0 - facts["deferral"])
        most = sum(facts["frees"]) * weeks
        row = [model.column(weights["invitation"], float(most), whole) for _ in range(weeks)]
        invite.append(row)
        for week, column in enumerate(row):
            given[pool_of(region)][facts["group"]][week].append((column, success))
            coming[facts["place"]][week].append((column, facts["attendance"]))
            total[region].append((column, success))
        waiting(model, facts, row, weeks)
    supply(model, data, pools, pool_of, given)
    visit = stops(model, data, coming, whole)
    if data["shares_fairly"]:
        donors = sum(region["donors"] for region in regions)
        most = model.column(weights["unevenness"] * donors, inf)
        least = model.column(-weights["unevenness"] * donors, inf)
        for region, terms in zip(regions, total):
            model.row(terms + [(most, -float(region["donors"]))], -inf, 0.0)
            model.row(terms + [(least, -float(region["donors"]))], 0.0, inf)
        if data["band"] is not None:
            model.row([(least, 1.0), (most, -data["band"])], 0.0, inf)
    return model, invite, visit


def waiting(model, facts, row, weeks):
    """Who is free and not invited waits on; who was invited comes back."""
    before = None
    for week in range(weeks):
        left = model.column(0.0, highspy.kHighsInf)
        terms = [(left, 1.0), (row[week], 1.0)]
        if before is not None:
            terms.append((before, -1.0))
        back = {}
        if week >= facts["interval_weeks"]:
            back[week - facts["interval_weeks"]] = facts["attendance"]
        if week >= facts["quiet_weeks"]:
            since = week - facts["quiet_weeks"]
            back[since] = back.get(since, 0.0) + 1.0 - facts["attendance"]
        terms += [(row[since], -who) for since, who in back.items()]
        free = float(facts["frees"][week])
        model.row(terms, free, free)
        before = left


def supply(model, data, pools, pool_of, given):
    weeks, inf, weights = data["weeks"], highspy.kHighsInf, data["weights"]
    for pool in range(pools):
        wanted = [[0.0] * 8 for _ in range(weeks)]
        for region, rows in enumerate(data["demand"]):
            if pool_of(region) == pool:
                for week, row in enumerate(rows):
                    for group, units in enumerate(row):
                        wanted[week][group] += units
        out = [[[] for _ in range(weeks)] for _ in range(8)]
        for week in range(weeks):
            for group in range(8):
                terms = [(model.column(weights["shortage"][group], inf), 1.0)]
                for donor, steps in data["serves"][group]:
                    for kept in range(min(data["keeps_weeks"], week) + 1):
                        price = weights["substitution"] * steps + weights["holding"] * kept
                        flow = model.column(price, inf)
                        terms.append((flow, 1.0))
                        out[donor][week - kept].append((flow, -1.0))
                model.row(terms, wanted[week][group], wanted[week][group])
        for donor in range(8):
            for week in range(weeks):
                surplus = model.column(weights["surplus"], inf)
                terms = given[pool][donor][week] + out[donor][week] + [(surplus, -1.0)]
                model.row(terms, 0.0, 0.0)


def stops(model, data, coming, whole):
    weeks, inf = data["weeks"], highspy.kHighsInf
    visit = [None] * len(data["places"])
    hours = [[[] for _ in range(weeks)] for _ in data["buses"]]
    for place, facts in enumerate(data["places"]):
        kind = facts["kind"]
        if kind == "fixed":
            for week in range(weeks):
                model.row(coming[place][week], -inf, facts["capacity"][week])
            continue
        stop = kind["stop"]
        visit[place] = [model.column(0.0, 1.0, whole) for _ in range(weeks)]
        for week, column in enumerate(visit[place]):
            model.row(coming[place][week] + [(column, -facts["capacity"][week])], -inf, 0.0)
            hours[stop["bus"]][week].append((column, stop["hours"]))
            since = max(0, week + 1 - stop["every_weeks"])
            if week > since:
                model.row([(c, 1.0) for c in visit[place][since : week + 1]], -inf, 1.0)
    for crew, rows in zip(data["buses"], hours):
        for week, terms in enumerate(rows):
            model.row(terms, -inf, crew["hours"][week])
    return visit


def hold(model, plan, invite, visit):
    for row, counts in zip(invite, plan["invitations"]):
        for column, count in zip(row, counts):
            model.lower[column] = model.upper[column] = float(count)
    for row, opens in zip(visit, plan["open"]):
        for column, is_open in zip(row or [], opens):
            model.lower[column] = model.upper[column] = float(is_open)


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    data = json.load(sys.stdin)
    mode = sys.argv[1]
    whole = mode == "whole"
    started = cpu()
    model, invite, visit = build(data, whole)
    if mode == "judge":
        hold(model, data["plan"], invite, visit)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.row_lower)
    lp.col_cost_ = np.array(model.cost)
    lp.col_lower_, lp.col_upper_ = np.array(model.lower), np.array(model.upper)
    lp.row_lower_, lp.row_upper_ = np.array(model.row_lower), np.array(model.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(model.start, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(model.index, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(model.value)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in model.whole]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    if mode == "interior":
        solver.setOptionValue("solver", "ipm")
        solver.setOptionValue("run_crossover", "off")
    if len(sys.argv) > 2:
        solver.setOptionValue("mip_rel_gap", float(sys.argv[2]))
    if len(sys.argv) > 3:
        solver.setOptionValue("time_limit", float(sys.argv[3]))
    solver.passModel(lp)
    built = cpu()
    solver.run()
    solved = cpu()
    info = solver.getInfo()
    values = solver.getSolution().col_value
    answer = {
        "status": solver.modelStatusToString(solver.getModelStatus()),
        "cost": info.objective_function_value,
        "bound": info.mip_dual_bound if whole else info.objective_function_value,
        "columns": lp.num_col_,
        "rows": lp.num_row_,
        "build_cpu_s": built - started,
        "solve_cpu_s": solved - built,
        "invitations": [[values[column] for column in row] for row in invite],
        "visits": [row and [values[column] for column in row] for row in visit],
    }
    print(json.dumps(answer))


main()
