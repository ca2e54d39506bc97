//! A min-cost flow problem: nodes that have or need, arcs that carry at a price.

use serde::Serialize;
use thiserror::Error;

/// More than any plan moves: an arc that may carry this much carries whatever is wanted.
pub const UNLIMITED: i64 = 1 << 40;

/// Most nodes, and most arcs, of a problem.
const MOST: usize = 1 << 22;

/// One arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// Where it begins.
    pub tail: u32,
    /// Where it ends.
    pub head: u32,
    /// Least that it must carry.
    pub lower: i64,
    /// Most that it can carry; [`UNLIMITED`] for no limit.
    pub upper: i64,
    /// Price of carrying one.
    pub cost: i64,
}

/// Nodes and arcs. Supplies sum to zero in whatever is solved.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// What each node has (positive) or needs (negative).
    pub supply: Vec<i64>,
    /// The arcs; those with a common tail are best kept together.
    pub arcs: Vec<Arc>,
}

/// Why a problem is not taken up.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// More than four million nodes or arcs.
    #[error("{nodes} nodes and {arcs} arcs are more than {MOST} of either")]
    TooMany {
        /// Nodes.
        nodes: usize,
        /// Arcs.
        arcs: usize,
    },
    /// An arc begins or ends at no node.
    #[error("arc {0} begins or ends at a node that is not there")]
    NoSuchNode(usize),
    /// An arc must carry more than it can.
    #[error("arc {0}: least {1} is more than most {2}")]
    Bounds(usize, i64, i64),
    /// A quantity is beyond what can be summed safely.
    #[error("a quantity of {0} is more than {UNLIMITED}")]
    Quantity(i64),
    /// Prices along a path cannot be summed safely.
    #[error("prices along a path may reach {0}: they cannot be summed without overflow")]
    Price(i128),
    /// Supplies do not sum to zero.
    #[error("supplies sum to {0}, not to zero")]
    Unbalanced(i64),
}

/// Why there is no optimum.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The problem itself is not in order.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Some nodes have more than can leave them.
    #[error("{} nodes have {} more than can leave them", .0.nodes.len(), .0.excess)]
    Infeasible(Cut),
    /// A cycle without limit pays for itself.
    #[error("a cycle through arc {0} has no limit and pays for itself")]
    Unbounded(usize),
}

/// A set of nodes that proves that nothing fits: what it has, less all that its outgoing arcs can
/// carry, plus all that its incoming arcs must bring, is more than zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The nodes.
    pub nodes: Vec<u32>,
    /// By how much.
    pub excess: i64,
}

impl Problem {
    /// Adds a node.
    ///
    /// # Panics
    /// Beyond four thousand million nodes; [`Problem::check`] refuses far fewer.
    pub fn node(&mut self, supply: i64) -> u32 {
        self.supply.push(supply);
        u32::try_from(self.supply.len() - 1).unwrap_or(u32::MAX)
    }

    /// Adds an arc and gives its number.
    pub fn arc(&mut self, tail: u32, head: u32, upper: i64, cost: i64) -> usize {
        self.arcs.push(Arc { tail, head, lower: 0, upper, cost });
        self.arcs.len() - 1
    }

    /// Whether it can be taken up: sizes, ends, bounds, sums.
    ///
    /// # Errors
    /// The first thing that is not in order.
    pub fn check(&self) -> Result<(), Refused> {
        let (nodes, arcs) = (self.supply.len(), self.arcs.len());
        if nodes >= MOST || arcs >= MOST {
            return Err(Refused::TooMany { nodes, arcs });
        }
        for supply in &self.supply {
            quantity(*supply)?;
        }
        for (at, arc) in self.arcs.iter().enumerate() {
            if arc.tail as usize >= nodes || arc.head as usize >= nodes {
                return Err(Refused::NoSuchNode(at));
            }
            bounds(at, arc.lower, arc.upper)?;
        }
        Ok(())
    }

    /// More than any path costs that visits no node twice, in either direction of its arcs: it
    /// leaves each node by one arc at most, and passes the hub once.
    #[must_use]
    pub fn longest(&self, hub: u32) -> i128 {
        let prices = self.arcs.iter().map(|arc| (arc.tail, arc.head, arc.cost));
        longest(self.supply.len(), hub, prices)
    }
}

/// [`Problem::longest`] of columns.
pub(super) fn longest(nodes: usize, hub: u32, arcs: impl Iterator<Item = (u32, u32, i64)>) -> i128 {
    let mut most = vec![0_u64; nodes];
    let mut at_hub = 0;
    for (tail, head, cost) in arcs {
        let cost = cost.unsigned_abs();
        if tail == hub || head == hub {
            at_hub = at_hub.max(cost);
        } else {
            for node in [tail, head] {
                let most = &mut most[node as usize];
                *most = (*most).max(cost);
            }
        }
    }
    most.into_iter().map(i128::from).sum::<i128>() + 2 * i128::from(at_hub) + 1
}

/// Sums of so many quantities of this size stay far below the largest number.
pub(super) fn quantity(value: i64) -> Result<(), Refused> {
    if (-UNLIMITED..=UNLIMITED).contains(&value) { Ok(()) } else { Err(Refused::Quantity(value)) }
}

pub(super) fn bounds(at: usize, lower: i64, upper: i64) -> Result<(), Refused> {
    quantity(lower)?;
    quantity(upper)?;
    if lower <= upper { Ok(()) } else { Err(Refused::Bounds(at, lower, upper)) }
}

/// A penalty more than any path costs. With two sums of a path and the penalty beside each other
/// there are still two bits to spare.
pub(super) fn penalty(longest: i128) -> Result<i64, Refused> {
    match i64::try_from(longest) {
        Ok(longest) if longest < 1 << 60 => Ok(longest),
        _ => Err(Refused::Price(longest)),
    }
}
