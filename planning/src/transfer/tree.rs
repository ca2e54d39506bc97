//! The spanning tree of a network simplex: parents, a preorder thread, flows and potentials.
//!
//! Each node keeps the flow and capacity of the arc to its parent beside its links, so that a walk
//! along a cycle touches one piece of memory for each node. Potentials lie apart: pricing reads
//! them for every arc.

/// An arc that is not in the problem: from a node to the root, or back, at the penalty.
pub(super) const ARTIFICIAL: u32 = u32::MAX;

/// No node.
const NONE: u32 = u32::MAX;

/// One node's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// What the arc to the parent carries above its least.
    pub(super) flow: i64,
    /// What it can carry above its least.
    pub(super) cap: i64,
    pub(super) parent: u32,
    /// The arc to the parent.
    pub(super) arc: u32,
    pub(super) depth: u32,
    /// The node after it in preorder; the last leads back to the root.
    next: u32,
    prev: u32,
    /// Whether the arc leads from the node to its parent.
    pub(super) up: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Real nodes, then the root.
    pub(super) places: Vec<Place>,
    pub(super) potential: Vec<i64>,
    first_child: Vec<u32>,
    sibling: Vec<u32>,
}

impl Tree {
    /// Every node hangs on the root by an arc of its own.
    pub(super) fn star(nodes: usize) -> Self {
        let root = nodes as u32;
        let place = Place {
            flow: 0,
            cap: i64::MAX,
            parent: root,
            arc: ARTIFICIAL,
            depth: 1,
            next: root,
            prev: root,
            up: true,
        };
        let mut tree = Self {
            places: vec![place; nodes + 1],
            potential: vec![0; nodes + 1],
            first_child: vec![NONE; nodes + 1],
            sibling: vec![NONE; nodes + 1],
        };
        tree.places[nodes].depth = 0;
        tree.thread();
        tree
    }

    pub(super) const fn root(&self) -> usize {
        self.places.len() - 1
    }

    /// The node after this one in preorder.
    pub(super) fn next(&self, node: usize) -> usize {
        self.places[node].next as usize
    }

    /// The node before this one in preorder.
    pub(super) fn prev(&self, node: usize) -> usize {
        self.places[node].prev as usize
    }

    /// Hangs a node on the root.
    pub(super) fn hang(&mut self, node: usize) {
        let root = self.root() as u32;
        let place = &mut self.places[node];
        (place.parent, place.arc, place.cap) = (root, ARTIFICIAL, i64::MAX);
    }

    /// Makes thread and depths anew from the parents. Gives how many nodes the root reaches.
    pub(super) fn thread(&mut self) -> usize {
        let root = self.root();
        self.first_child.fill(NONE);
        for node in (0..root).rev() {
            let parent = self.places[node].parent as usize;
            self.sibling[node] = self.first_child[parent];
            self.first_child[parent] = node as u32;
        }
        let (mut at, mut last, mut reached) = (root, root, 0);
        loop {
            let mut step = self.first_child[at];
            while step == NONE && at != root {
                step = self.sibling[at];
                at = self.places[at].parent as usize;
            }
            if step == NONE {
                break;
            }
            at = step as usize;
            let parent = self.places[at].parent as usize;
            self.places[at].depth = self.places[parent].depth + 1;
            self.places[last].next = step;
            self.places[at].prev = last as u32;
            last = at;
            reached += 1;
        }
        self.places[last].next = root as u32;
        self.places[root].prev = last as u32;
        reached
    }

    /// Hangs every node that the root does not reach on the root. Parents that were given from
    /// outside may go in a circle; what then hangs on nothing is found by its missing mark.
    pub(super) fn reconnect(&mut self) {
        let root = self.root();
        let mut seen = vec![false; root + 1];
        loop {
            let reached = self.thread();
            if reached == root {
                return;
            }
            seen.fill(false);
            let mut at = self.next(root);
            while at != root {
                seen[at] = true;
                at = self.next(at);
            }
            for (node, seen) in seen.iter().enumerate().take(root) {
                if !seen {
                    self.hang(node);
                }
            }
        }
    }

    /// Cuts the arc above `out` and hangs its subtree by `inner`, a node in it, on `outer`, a node
    /// outside it; shifts the subtree's potentials. `hook` is the new arc: number, whether it
    /// leads from `inner` to `outer`, flow, capacity.
    pub(super) fn rehang(
        &mut self,
        out: usize,
        inner: usize,
        outer: usize,
        hook: (u32, bool, i64, i64),
        shift: i64,
    ) {
        let (places, potential) = (&mut self.places[..], &mut self.potential[..]);
        let before = places[out].prev as usize;
        let (mut arc, mut up, mut flow, mut cap) = hook;
        let (mut stem, mut parent, mut depth) = (inner, outer, places[outer].depth + 1);
        // The last node of the new preorder so far, and what follows the part already moved.
        let (mut last, mut done, mut resume) = (NONE, NONE, NONE);
        loop {
            let old = places[stem];
            let by = depth.wrapping_sub(old.depth);
            let mut at = stem as u32;
            // The stem and all below it but what was moved before.
            loop {
                let place = &mut places[at as usize];
                let next = place.next;
                place.depth = place.depth.wrapping_add(by);
                potential[at as usize] += shift;
                place.prev = last;
                if last != NONE {
                    places[last as usize].next = at;
                }
                last = at;
                at = if next == done { resume } else { next };
                if places[at as usize].depth <= old.depth {
                    break;
                }
            }
            let place = &mut places[stem];
            (place.parent, place.arc, place.up) = (parent as u32, arc, up);
            (place.flow, place.cap) = (flow, cap);
            (arc, up, flow, cap) = (old.arc, !old.up, old.flow, old.cap);
            (done, resume) = (stem as u32, at);
            if stem == out {
                break;
            }
            (parent, stem, depth) = (stem, old.parent as usize, depth + 1);
        }
        // Close the gap, then put the subtree after its new parent.
        places[before].next = resume;
        places[resume as usize].prev = before as u32;
        let after = places[outer].next;
        places[outer].next = inner as u32;
        places[inner].prev = outer as u32;
        places[last as usize].next = after;
        places[after as usize].prev = last;
    }
}
