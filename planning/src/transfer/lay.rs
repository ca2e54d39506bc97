//! Before and after the steps of a network simplex: laying flows and potentials of a kept tree, and
//! the proof when nothing fits.

use super::problem::{Cut, Refused};
use super::simplex::{HIGH, LOW, STILL, Simplex};
use super::tree::ARTIFICIAL;

impl Simplex {
    /// Lays the flows of the tree anew from the leaves up; what its arcs cannot carry goes to the
    /// root. Potentials follow from the root down.
    pub(super) fn lay(&mut self) -> Result<(), Refused> {
        let root = self.tree.root();
        self.rest[..root].copy_from_slice(&self.supply);
        self.rest[root] = 0;
        for (arc, _) in self.state.iter().enumerate().filter(|(_, state)| **state == HIGH) {
            self.rest[self.tail[arc] as usize] -= self.room[arc];
            self.rest[self.head[arc] as usize] += self.room[arc];
        }
        let (mut cut, mut node) = (false, self.tree.prev(root));
        while node != root {
            let before = self.tree.prev(node);
            cut |= self.lay_one(node, root);
            node = before;
        }
        if self.rest[root] != 0 {
            return Err(Refused::Unbalanced(self.rest[root]));
        }
        if cut {
            self.tree.thread();
        }
        self.price_tree();
        Ok(())
    }

    /// Lays the flow of the arc above a node; says whether it had to be cut.
    fn lay_one(&mut self, node: usize, root: usize) -> bool {
        let rest = self.rest[node];
        let place = &mut self.tree.places[node];
        if place.arc == ARTIFICIAL {
            (place.flow, place.up) = (rest.abs(), rest >= 0);
            self.rest[root] += rest;
            return false;
        }
        let flow = if place.up { rest } else { -rest };
        // Something must still be able to flow up: the tree stays strongly feasible.
        let fits =
            if place.up { (0..place.cap).contains(&flow) } else { flow > 0 && flow <= place.cap };
        let parent = place.parent as usize;
        if fits {
            place.flow = flow;
            self.rest[parent] += rest;
            return false;
        }
        let kept = flow.clamp(0, place.cap);
        let carried = if place.up { kept } else { -kept };
        self.state[place.arc as usize] = match (kept, place.cap) {
            (_, 0) => STILL,
            (0, _) => LOW,
            _ => HIGH,
        };
        let left = rest - carried;
        (place.flow, place.up) = (left.abs(), left >= 0);
        self.tree.hang(node);
        self.rest[parent] += carried;
        self.rest[root] += left;
        true
    }

    fn price_tree(&mut self) {
        let root = self.tree.root();
        self.tree.potential[root] = 0;
        let mut node = self.tree.next(root);
        while node != root {
            let place = &self.tree.places[node];
            let cost = match place.arc {
                ARTIFICIAL if node == self.hub => 0,
                ARTIFICIAL => self.penalty,
                arc => self.cost[arc as usize],
            };
            let above = self.tree.potential[place.parent as usize];
            self.tree.potential[node] = if place.up { above - cost } else { above + cost };
            node = self.tree.next(node);
        }
    }

    /// All that can be reached from where something is left over: nothing more can leave it.
    pub(super) fn cut(&self) -> Cut {
        let root = self.tree.root();
        let mut inside = vec![false; root];
        let mut excess = 0;
        for (node, place) in self.tree.places[..root].iter().enumerate() {
            if place.arc == ARTIFICIAL && place.flow > 0 && place.up {
                inside[node] = true;
                excess += place.flow;
            }
        }
        let mut grown = true;
        while grown {
            grown = false;
            for arc in 0..self.cost.len() {
                let (tail, head) = (self.tail[arc] as usize, self.head[arc] as usize);
                let above = self.flow(arc) - self.lower[arc];
                let onward = inside[tail] && !inside[head] && above < self.room[arc];
                let back = inside[head] && !inside[tail] && above > 0;
                if onward || back {
                    inside[if onward { head } else { tail }] = true;
                    grown = true;
                }
            }
        }
        let nodes = (0..root as u32).filter(|node| inside[*node as usize]).collect();
        Cut { nodes, excess }
    }
}
