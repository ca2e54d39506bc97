//! Small min-cost flows, exact in integers: shortest paths with potentials, and all paths of one
//! length taken at once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

struct Arc {
    to: u32,
    left: i64,
    cost: i64,
}

/// A network in which flow runs from a source to a sink.
pub(super) struct Network {
    arcs: Vec<Arc>,
    of: Vec<Vec<u32>>,
    potential: Vec<i64>,
}

impl Network {
    pub(super) fn new(nodes: usize) -> Self {
        Self { arcs: Vec::new(), of: vec![Vec::new(); nodes], potential: vec![0; nodes] }
    }

    /// Adds an arc of a cost that is not negative; its name is its place.
    pub(super) fn arc(&mut self, from: usize, to: usize, capacity: i64, cost: i64) -> usize {
        let name = self.arcs.len();
        let index = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        self.of[from].push(index(name));
        self.of[to].push(index(name + 1));
        self.arcs.push(Arc { to: index(to), left: capacity, cost });
        self.arcs.push(Arc { to: index(from), left: 0, cost: -cost });
        name
    }

    /// What runs through an arc.
    pub(super) fn through(&self, arc: usize) -> i64 {
        self.arcs[arc + 1].left
    }

    /// Sends as much as fits, as cheaply as that can be done.
    pub(super) fn fill(&mut self, source: usize, sink: usize) {
        while self.reprice(source, sink) {
            let mut seen = vec![false; self.of.len()];
            while self.push(source, sink, i64::MAX, &mut seen) > 0 {
                seen.fill(false);
            }
        }
    }

    fn reduced(&self, from: usize, arc: &Arc) -> i64 {
        arc.cost + self.potential[from] - self.potential[arc.to as usize]
    }

    /// Shortest distances by reduced costs; whether the sink can still be reached.
    fn reprice(&mut self, source: usize, sink: usize) -> bool {
        let mut far = vec![i64::MAX; self.of.len()];
        let mut heap = BinaryHeap::from([(Reverse(0), source)]);
        far[source] = 0;
        while let Some((Reverse(distance), node)) = heap.pop() {
            if distance > far[node] {
                continue;
            }
            for name in &self.of[node] {
                let arc = &self.arcs[*name as usize];
                if arc.left == 0 {
                    continue;
                }
                let next = distance + self.reduced(node, arc);
                if next < far[arc.to as usize] {
                    far[arc.to as usize] = next;
                    heap.push((Reverse(next), arc.to as usize));
                }
            }
        }
        let end = far[sink];
        if end == i64::MAX {
            return false;
        }
        for (potential, far) in self.potential.iter_mut().zip(far) {
            *potential += far.min(end);
        }
        true
    }

    /// Pushes along one path of no reduced cost. Nodes that lead nowhere stay marked.
    fn push(&mut self, node: usize, sink: usize, most: i64, seen: &mut [bool]) -> i64 {
        if node == sink {
            return most;
        }
        seen[node] = true;
        for at in 0..self.of[node].len() {
            let name = self.of[node][at] as usize;
            let arc = &self.arcs[name];
            let (to, left) = (arc.to as usize, arc.left);
            if left == 0 || seen[to] || self.reduced(node, arc) != 0 {
                continue;
            }
            let sent = self.push(to, sink, most.min(left), seen);
            if sent > 0 {
                self.arcs[name].left -= sent;
                self.arcs[name ^ 1].left += sent;
                return sent;
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn the_cheapest_way_is_found_past_a_greedy_first_step() {
        // Two senders, two receivers: the cheapest single arc is part of no cheapest whole.
        let mut network = Network::new(6);
        network.arc(0, 1, 5, 0);
        network.arc(0, 2, 5, 0);
        let arcs = [(1, 3, 1), (1, 4, 2), (2, 3, 2), (2, 4, 9)];
        let names = arcs.map(|(from, to, cost)| network.arc(from, to, i64::MAX / 4, cost));
        network.arc(3, 5, 5, 0);
        network.arc(4, 5, 5, 0);
        network.fill(0, 5);
        assert_eq!(names.map(|name| network.through(name)), [0, 5, 5, 0]);
    }
}
