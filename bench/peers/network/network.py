"""Regions, donors, stock and patients in simulated time, with SimPy: the model of
planning/src/simulate, written as one would write it for SimPy. Units, donors' calls and patients'
requests are single things with events of their own.

Reads the world as JSON on standard input; answers with one JSON line: for every policy and
replication the counts, and the processor seconds of the simulation alone.

    network.py YEARS REPLICATIONS SEED
"""

import json
import random
import sys
import time
from bisect import bisect_right, insort
from collections import deque

import simpy

RED_CELLS, PLATELETS, PLASMA = 0, 1, 2
GROUPS, UNKNOWN, COATS = 8, 8, 4
WINDOW = 11
# Times within a day.
MORNING, ARRIVAL, CALLS, VISIT, MAKING, VAN, PATIENTS, EVENING = (
    0.0, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.9)
REQUEST = 1e-7
URGENT = 3.0


def pick(below):
    """One of the choices by 32 random bits."""
    return min(bisect_right(below, random.getrandbits(32)), len(below) - 1)


def pmf(mean, spread):
    """Negative binomial with variance spread × mean, Poisson at 1; from the middle outwards."""
    if mean <= 0.0:
        return [1.0]

    def more(n):
        if spread > 1.0 + 1e-9:
            return (n + mean / (spread - 1.0)) / (n + 1.0) * (1.0 - 1.0 / spread)
        return mean / (n + 1.0)

    middle = int(mean)
    out = [0.0] * middle + [1.0]
    for n in reversed(range(middle)):
        out[n] = out[n + 1] / more(float(n))
        if out[n] < 1e-15:
            break
    while out[-1] > 1e-13:
        out.append(out[-1] * more(float(len(out) - 1)))
    whole = sum(out)
    return [weight / whole for weight in out]


class Values:
    """What one unit more or less is worth to a region."""

    def __init__(self, world):
        self.short, self.waste = {}, {}
        for r, region in enumerate(world["regions"]):
            for c, product in enumerate(world["products"]):
                for g, mean in enumerate(region["use_per_day"][c]):
                    left, row = 1.0, []
                    for p in pmf(mean * product["horizon_days"], world["spread"]):
                        left -= p
                        row.append(max(left, 0.0))
                    self.short[r, c, g] = row
                    for b in range(WINDOW):
                        total, row = 0.0, []
                        days = product["bucket_days"] * (b + 1.0)
                        for p in pmf(mean * days, world["spread"]):
                            row.append(total)
                            total += p
                        self.waste[r, c, g, b] = row

    def lacking(self, r, c, g, units):
        row = self.short[r, c, g]
        return row[units] if units < len(row) else 0.0

    def unused(self, r, c, g, buckets, units):
        if units == 0:
            return 0.0
        row = self.waste[r, c, g, min(buckets, WINDOW - 1)]
        return row[units] if units < len(row) else 1.0


class Donor:
    __slots__ = ("region", "group", "woman")

    def __init__(self, region, group, woman):
        self.region, self.group, self.woman = region, group, woman


class Network:
    """One replication."""

    def __init__(self, world, values, policy):
        self.world, self.values, self.policy = world, values, policy
        self.env = simpy.Environment()
        self.regions, self.sites = world["regions"], world["sites"]
        self.products = world["products"]
        n = len(self.regions)
        # A shelf holds units by the bucket in which they may last be used, oldest first.
        self.shelf = [[[[] for _ in range(GROUPS)] for _ in range(3)] for _ in self.sites]
        self.held = [[[0] * GROUPS for _ in range(3)] for _ in range(n)]
        self.coming = [[[0] * GROUPS for _ in range(3)] for _ in range(n)]
        self.ready = [[deque() for _ in range(GROUPS)] for _ in range(n)]
        self.registered = [[0] * GROUPS for _ in range(n)]
        self.usable = [[0] * GROUPS for _ in range(n)]
        self.carry = [[0.0] * GROUPS for _ in range(n)]
        self.count = dict.fromkeys(
            ("calls", "donations", "made", "asked", "issued", "short", "outdated", "sent",
             "within", "urgent", "trips"), 0)
        self.by = {key: [0, 0, 0] for key in ("short", "outdated", "made", "asked", "sent")}
        self.trips = set()
        self.stock()
        self.enrol()
        self.env.process(self.calendar())
        for s in range(len(self.sites)):
            self.env.process(self.patients(s))

    # --- the beginning -----------------------------------------------------------------------

    def stock(self):
        for s, site in enumerate(self.sites):
            for c in range(3):
                for g in range(GROUPS):
                    self.spread(s, c, g, site["target"][c][g])
        for r, region in enumerate(self.regions):
            for c in (RED_CELLS, PLATELETS):
                for g in range(GROUPS):
                    more = max(region["target"][c][g] - self.held[r][c][g], 0)
                    self.spread(region["hub"], c, g, more)

    def spread(self, s, c, g, count):
        product = self.products[c]
        life = max(product["life"] - product["preparation_days"] // product["bucket_days"], 1)
        first = life // 8
        for n in range(count):
            insort(self.shelf[s][c][g], first + n * (life - first) // count)
        self.held[self.sites[s]["region"]][c][g] += count

    def enrol(self):
        for r, donors in enumerate(self.world["donors"]):
            for _ in range(donors["registered"]):
                donor = self.enter(r, donors)
                interval = donors["interval_days"][donor.woman]
                wait = random.randrange(interval * 2) - interval
                if wait > 0:
                    self.env.process(self.wait(donor, wait))
                else:
                    self.ready[r][donor.group].append(donor)

    def enter(self, r, donors):
        group = pick(donors["groups"])
        self.registered[r][group] += 1
        return Donor(r, group, random.random() < donors["women"])

    # --- what the day does -------------------------------------------------------------------

    def bucket(self, c):
        return int(self.env.now + 1e-6) // self.products[c]["bucket_days"]

    def counting(self):
        return self.env.now >= self.world["warmup_days"] - 1e-6

    def add(self, key, count, c=None):
        if self.counting():
            self.count[key] += count
            if c is not None:
                self.by[key][c] += count

    def calendar(self):
        env = self.env
        while True:
            day = int(env.now + 1e-6)
            self.outdate()
            yield env.timeout(CALLS)
            if day % 7 == 0:
                self.call_up()
            yield env.timeout(MAKING - CALLS)
            for r in range(len(self.regions)):
                self.make_of_donations(r, day)
            yield env.timeout(VAN - MAKING)
            self.distribute()
            yield env.timeout(EVENING - VAN)
            if self.policy["price"] is not None:
                self.exchange(day)
            self.trips.clear()
            yield env.timeout(day + 1 - env.now)

    def outdate(self):
        for c, product in enumerate(self.products):
            today = self.bucket(c)
            for s, site in enumerate(self.sites):
                for g in range(GROUPS):
                    shelf = self.shelf[s][c][g]
                    gone = 0
                    while shelf and shelf[0] < today:
                        shelf.pop(0)
                        gone += 1
                    if gone:
                        self.held[site["region"]][c][g] -= gone
                        self.add("outdated", gone, c)

    # --- donors ------------------------------------------------------------------------------

    def call_up(self):
        every = self.world["donors"]
        n = len(every)
        for r, donors in enumerate(every):
            for _ in range(pick(donors["recruits"])):
                donor = self.enter(r, donors)
                self.ready[r][donor.group].append(donor)
        calls = [[0.0] * GROUPS for _ in range(n)]
        for g in range(GROUPS):
            wanted = []
            for r, region in enumerate(self.regions):
                there = self.held[r][RED_CELLS][g] + self.coming[r][RED_CELLS][g]
                gap = region["target"][RED_CELLS][g] - there
                wanted.append(region["use_per_day"][RED_CELLS][g] * 7
                              + gap * every[r]["correction"])
            if self.policy["callup"] == "local":
                for r in range(n):
                    calls[r][g] = max(wanted[r], 0.0)
            else:
                self.share_out(g, max(sum(wanted), 0.0), calls)
        rooms = self.rooms(calls)
        for r, donors in enumerate(every):
            per_call = donors["yield_of_call"]
            visits = sum(calls[r]) / per_call
            part = rooms[r] / visits if visits > rooms[r] else 1.0
            for g in range(GROUPS):
                self.carry[r][g] += calls[r][g] * part / per_call
                count = int(self.carry[r][g])
                self.carry[r][g] -= count
                for _ in range(min(count, len(self.ready[r][g]))):
                    self.add("calls", 1)
                    self.env.process(self.visit(self.ready[r][g].popleft(), donors))

    def share_out(self, g, left, calls):
        every = self.world["donors"]
        for _ in every:
            room = [len(self.ready[r][g]) * donors["yield_of_call"]
                    for r, donors in enumerate(every)]
            opened = [r for r in range(len(every)) if room[r] > calls[r][g] + 0.5]
            weight = [every[r]["share_today"] if self.policy["callup"] == "today"
                      else float(self.registered[r][g]) for r in range(len(every))]
            total = sum(weight[r] for r in opened)
            if left < 0.5 or total <= 0.0:
                return
            now = left
            for r in opened:
                more = min(now * weight[r] / total, room[r] - calls[r][g])
                calls[r][g] += more
                left -= more

    def rooms(self, calls):
        every = self.world["donors"]
        if self.policy["callup"] != "pooled":
            return [float(donors["capacity"]) for donors in every]
        own = [float(max(donors["capacity"] - donors["bus_capacity"], 0)) for donors in every]
        missing = [max(sum(calls[r]) / donors["yield_of_call"] - own[r], 0.0)
                   for r, donors in enumerate(every)]
        buses = float(sum(donors["bus_capacity"] for donors in every))
        part = buses / sum(missing) if sum(missing) > buses else 1.0
        return [own[r] + missing[r] * part for r in range(len(every))]

    def visit(self, donor, donors):
        """A called donor comes or not, and is back when the interval is over."""
        day = int(self.env.now + 1e-6) + pick(donors["weekdays"])
        outcome = pick(donors["outcome"])
        yield self.env.timeout(day + VISIT - self.env.now)
        kind = outcome % 4
        if kind >= 2:
            self.add("donations", 1)
            self.usable[donor.region][donor.group] += kind == 3
        wait = (donors["again_days"], donors["deferral_days"])[kind] if kind < 2 else \
            donors["interval_days"][donor.woman]
        if outcome >= 4:
            self.registered[donor.region][donor.group] -= 1
            return
        yield self.env.timeout(day + wait + ARRIVAL - self.env.now)
        self.ready[donor.region][donor.group].append(donor)

    def wait(self, donor, days):
        yield self.env.timeout(days + ARRIVAL)
        self.ready[donor.region][donor.group].append(donor)

    def make_of_donations(self, r, day):
        usable, self.usable[r] = self.usable[r], [0] * GROUPS
        if not any(usable):
            return
        region = self.regions[r]
        for g, count in enumerate(usable):
            self.prepare(r, RED_CELLS, g, count)
            there = self.held[r][PLASMA][g] + self.coming[r][PLASMA][g]
            self.prepare(r, PLASMA, g, min(count, max(region["target"][PLASMA][g] - there, 0)))
        targets = region["platelet_target"][day % 7]
        for abo in range(4):
            positive, negative = abo * 2, abo * 2 + 1
            pools = (usable[positive] + usable[negative]) // COATS
            for g, most in ((negative, usable[negative] // COATS), (positive, pools)):
                there = self.held[r][PLATELETS][g] + self.coming[r][PLATELETS][g]
                made = min(max(targets[g] - there, 0), most, pools)
                pools -= made
                self.prepare(r, PLATELETS, g, made)

    def prepare(self, r, c, g, count):
        if count:
            self.coming[r][c][g] += count
            product = self.products[c]
            last = self.bucket(c) + product["life"] - 1
            hub = self.regions[r]["hub"]
            self.env.process(
                self.arrive(hub, c, g, [last] * count, product["preparation_days"], True))

    def arrive(self, s, c, g, units, days, new):
        day = int(self.env.now + 1e-6)
        yield self.env.timeout(day + days + ARRIVAL - self.env.now)
        r = self.sites[s]["region"]
        for last in units:
            insort(self.shelf[s][c][g], last)
        self.held[r][c][g] += len(units)
        self.coming[r][c][g] -= len(units)
        if new:
            self.add("made", len(units), c)

    # --- within a region ---------------------------------------------------------------------

    def distribute(self):
        for region in self.regions:
            places = range(region["first"], region["end"])
            if len(places) < 2:
                continue
            for c, product in enumerate(self.products):
                self.bring_back(region, places, c, product)
                for g in range(GROUPS):
                    self.fill(region, places, c, g, product)

    def bring_back(self, region, places, c, product):
        hub, until = region["hub"], self.bucket(c) + product["soon"]
        for s in places:
            if s == hub:
                continue
            for g in range(GROUPS):
                shelf = self.shelf[s][c][g]
                while shelf and shelf[0] <= until:
                    insort(self.shelf[hub][c][g], shelf.pop(0))
                    self.add("within", 1)

    def fill(self, region, places, c, g, product):
        hub = region["hub"]
        stock = self.shelf[hub][c][g]
        if not stock:
            return
        held = self.held[self.sites[hub]["region"]][c][g]
        target = [self.sites[s]["target"][c][g] for s in places]
        whole = sum(target)
        today = self.bucket(c)
        for s, wanted in zip(places, target):
            if s == hub:
                continue
            if held < whole:
                wanted = -(-wanted * held // whole)
            missing = wanted - len(self.shelf[s][c][g])
            while missing > 0 and stock and stock[-1] > today + product["soon"]:
                insort(self.shelf[s][c][g], stock.pop())
                self.add("within", 1)
                missing -= 1

    # --- patients ----------------------------------------------------------------------------

    def patients(self, s):
        env, site = self.env, self.sites[s]
        while True:
            day = int(env.now + 1e-6)
            yield env.timeout(day + PATIENTS + s * 0.3 / len(self.sites) - env.now)
            for c in range(3):
                count = pick(self.world["demand"][s][c][day % 7])
                for who in sorted(pick(site["classes"][c]) for _ in range(count)):
                    self.request(s, c, who)
                    yield env.timeout(REQUEST)
            yield env.timeout(day + 1 - env.now)

    def request(self, s, c, who):
        self.add("asked", 1, c)
        r = self.sites[s]["region"]
        region = self.regions[r]
        ladder = region["ladders"][c][who]
        for g in ladder:
            if self.give(s, c, g):
                return
        for other in range(region["first"], region["end"]):
            if other != s:
                for g in ladder:
                    if self.give(other, c, g):
                        self.add("within", 1)
                        return
        price = self.policy["price"]
        if price is not None:
            for km, lender in region["lenders"]:
                if price * km / 100.0 * URGENT >= self.products[c]["shortage_cost"]:
                    continue
                for g in ladder:
                    spare = self.held[lender][c][g] - self.regions[lender]["floor"][c][g]
                    if spare > 0 and self.give(self.regions[lender]["hub"], c, g):
                        self.add("sent", 1, c)
                        self.add("urgent", 1)
                        self.trip(lender, r)
                        return
        self.add("short", 1, c)

    def give(self, s, c, g):
        shelf = self.shelf[s][c][g]
        if not shelf:
            return False
        shelf.pop(0)
        self.held[self.sites[s]["region"]][c][g] -= 1
        self.add("issued", 1)
        return True

    def trip(self, a, b):
        if (a, b) not in self.trips:
            self.trips.add((a, b))
            self.add("trips", 1)

    # --- between regions ---------------------------------------------------------------------

    def exchange(self, day):
        n = len(self.regions)
        roads = []
        for a in range(n):
            for b in range(n):
                leg = self.world["legs"][a * n + b]
                if leg and leg["weekdays"] >> day % 7 & 1:
                    roads.append((a, b, self.policy["price"] * leg["km"] / 100.0, leg["days"]))
        for c in range(3):
            for g in range(GROUPS):
                while (best := self.best_move(c, g, roads)) is not None:
                    if not self.move(c, g, best):
                        break

    def best_move(self, c, g, roads):
        product, today, values = self.products[c], self.bucket(c), self.values
        best = None
        for a, b, price, days in roads:
            shelf = self.shelf[self.regions[a]["hub"]][c][g]
            if not shelf or self.held[a][c][g] <= self.regions[a]["floor"][c][g]:
                continue
            here = self.held[a][c][g] + self.coming[a][c][g]
            there = self.held[b][c][g] + self.coming[b][c][g]
            useful = max(1.0 - days / product["horizon_days"], 0.0)
            short = (values.lacking(b, c, g, there) * useful
                     - values.lacking(a, c, g, here - 1))
            gain = short * product["shortage_cost"] - price
            oldest = False
            first = shelf[0] - today
            travel = -(-days // product["bucket_days"])
            if travel < first < WINDOW:
                soon = bisect_right(shelf, today + first)
                other = self.shelf[self.regions[b]["hub"]][c][g]
                ahead = bisect_right(other, today + first)
                waste = (values.unused(a, c, g, first, soon)
                         - values.unused(b, c, g, first - travel, ahead + 1))
                gain += waste * product["outdate_cost"]
                oldest = waste > 0.0
            if gain > self.world["least_gain"] and (best is None or gain > best[0]):
                best = gain, a, b, days, travel, oldest
        return best

    def move(self, c, g, best):
        _, a, b, days, travel, oldest = best
        shelf = self.shelf[self.regions[a]["hub"]][c][g]
        if not oldest and shelf[-1] - self.bucket(c) <= travel:
            return False
        last = shelf.pop(0) if oldest else shelf.pop()
        self.held[a][c][g] -= 1
        self.coming[b][c][g] += 1
        self.add("sent", 1, c)
        self.trip(a, b)
        hub = self.regions[b]["hub"]
        self.env.process(self.arrive(hub, c, g, [last], max(days, 1), False))
        return True


def main():
    years, replications, seed = (int(text) for text in sys.argv[1:4])
    world = json.load(sys.stdin)
    values = Values(world)
    days = world["warmup_days"] + 365 * years
    out = []
    began = time.process_time()
    for policy in world["policies"]:
        for replication in range(replications):
            random.seed(seed * 1_000_003 + replication)
            network = Network(world, values, policy)
            network.env.run(until=days - 1e-3)
            count = network.count
            events = sum(count[key] for key in (
                "calls", "donations", "made", "asked", "issued", "outdated", "sent", "within"))
            out.append({"policy": policy["name"], "count": count, "by": network.by,
                        "events": events})
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "runs": out}))


main()
