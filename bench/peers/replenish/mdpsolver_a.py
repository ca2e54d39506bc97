"""Family A (De Moor 2022) solved by mdpsolver: one JSON line with its value, policy and CPU seconds.

Arguments: life, lead time, issuing (fifo or lifo), wastage cost, tolerance; then the demand's
probabilities of 0, 1, 2 ... units on standard input, so that both sides use the same numbers.
"""

import json
import resource
import sys

import mdpsolver

LIFE, LEAD = int(sys.argv[1]), int(sys.argv[2])
FIFO, WASTAGE, TOLERANCE = sys.argv[3] == "fifo", float(sys.argv[4]), float(sys.argv[5])
TOP, DISCOUNT, ORDER, SHORTAGE, HOLDING = 10, 0.99, 3.0, 5.0, 1.0
DEMAND = json.load(sys.stdin)


def cpu():
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def outcomes(on_hand):
    """What a day does to the stock on hand: {what is left of the younger classes: probability},
    and the expected reward without the order."""
    total = sum(on_hand)
    left, reward = {}, 0.0
    for asked, chance in enumerate(DEMAND):
        stock = list(on_hand)
        todo = asked
        for place in reversed(range(LIFE)) if FIFO else range(LIFE):
            taken = min(todo, stock[place])
            stock[place] -= taken
            todo -= taken
        reward -= chance * (SHORTAGE * todo + WASTAGE * stock[-1] + HOLDING * sum(stock[:-1]))
        rest = tuple(stock[:-1])
        left[rest] = left.get(rest, 0.0) + chance
        if asked >= total:
            # Nothing is left; every further unit asked for is one more short.
            for further in range(asked + 1, len(DEMAND)):
                left[rest] += DEMAND[further]
                reward -= DEMAND[further] * SHORTAGE * (further - total)
            break
    return left, reward


def number(digits):
    """A state's number."""
    value = 0
    for digit in digits:
        value = value * (TOP + 1) + digit
    return value


def split(value, count):
    """A number's digits."""
    digits = []
    for _ in range(count):
        digits.append(value % (TOP + 1))
        value //= TOP + 1
    return digits[::-1]


def build():
    """Every transition, written out: what this solver asks for."""
    wide = TOP + 1
    rests = wide ** (LIFE + LEAD - 2)
    stocks = [outcomes(split(stock, LIFE)) for stock in range(wide**LIFE)]
    rewards, chances, columns = [], [], []
    for transit in range(wide ** (LEAD - 1)):
        for left, reward in stocks:
            start = transit * wide ** (LIFE - 1)
            places = [start + number(rest) for rest in left]
            row = list(left.values())
            rewards.append([reward - ORDER * order for order in range(wide)])
            chances.append([row] * wide)
            columns.append([[order * rests + place for place in places] for order in range(wide)])
    return rewards, chances, columns


def main():
    """Builds, solves, prints."""
    start = cpu()
    rewards, chances, columns = build()
    model = mdpsolver.model()
    model.mdp(discount=DISCOUNT, rewards=rewards, tranMatProbs=chances, tranMatColumns=columns)
    built = cpu()
    model.solve(tolerance=TOLERANCE)
    solved = cpu()
    answer = {
        "build": built - start,
        "solve": solved - built,
        "value_empty": model.getValue(0),
        "policy_sum": sum(model.getPolicy()),
    }
    print(json.dumps(answer))


main()
