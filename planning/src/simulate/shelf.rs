//! A shelf: units of one component and group at one place, counted by the bucket of days in which
//! they expire. No unit has a name here, no queue an order: age is the whole of it.

/// Buckets on a shelf's ring. A life must be shorter than this.
pub const RING: usize = 64;

/// Units by the bucket in which they may last be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Bit `n` stands for a bucket that is not empty.
    mask: u64,
    total: u32,
    counts: [u16; RING],
}

impl Default for Shelf {
    fn default() -> Self {
        Self { mask: 0, total: 0, counts: [0; RING] }
    }
}

impl Shelf {
    /// Units on it.
    #[inline]
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// Puts units on it that may last be used in bucket `last`.
    #[inline]
    pub fn add(&mut self, last: u32, count: u16) {
        if count == 0 {
            return;
        }
        let at = (last as usize) & (RING - 1);
        self.counts[at] = self.counts[at].saturating_add(count);
        self.mask |= 1 << at;
        self.total += u32::from(count);
    }

    /// Takes up to `wanted` of those that expire first; `to` hears of each bucket and count.
    #[inline]
    pub fn take_oldest(&mut self, today: u32, wanted: u32, mut to: impl FnMut(u32, u16)) -> u32 {
        let mut left = wanted.min(self.total);
        let took = left;
        let turn = today & (RING as u32 - 1);
        while left > 0 {
            let ahead = self.mask.rotate_right(turn).trailing_zeros();
            left -= self.take(today + ahead, left, &mut to);
        }
        took
    }

    /// Takes up to `wanted` of those that expire last, and of those only what may be used for more
    /// than `beyond` buckets after today.
    pub fn take_freshest(
        &mut self,
        today: u32,
        beyond: u32,
        wanted: u32,
        mut to: impl FnMut(u32, u16),
    ) -> u32 {
        let mut left = wanted;
        let turn = today & (RING as u32 - 1);
        while left > 0 {
            let ahead = 63_u32.saturating_sub(self.mask.rotate_right(turn).leading_zeros());
            if self.mask == 0 || ahead <= beyond {
                break;
            }
            left -= self.take(today + ahead, left, &mut to);
        }
        wanted - left
    }

    fn take(&mut self, last: u32, wanted: u32, to: &mut impl FnMut(u32, u16)) -> u32 {
        let at = (last as usize) & (RING - 1);
        let took = u32::from(self.counts[at]).min(wanted) as u16;
        self.counts[at] -= took;
        if self.counts[at] == 0 {
            self.mask &= !(1 << at);
        }
        self.total -= u32::from(took);
        to(last, took);
        u32::from(took)
    }

    /// Takes away what could last be used in a bucket.
    #[inline]
    pub fn expire(&mut self, last: u32) -> u16 {
        let at = (last as usize) & (RING - 1);
        let gone = std::mem::take(&mut self.counts[at]);
        self.mask &= !(1 << at);
        self.total -= u32::from(gone);
        gone
    }

    /// How many may be used for at most `within` buckets after today.
    #[inline]
    #[must_use]
    pub fn expiring(&self, today: u32, within: u32) -> u32 {
        let turned = self.mask.rotate_right(today & (RING as u32 - 1));
        let mut soon = turned & ((2_u64 << within.min(62)) - 1);
        let mut count = 0;
        while soon != 0 {
            let ahead = soon.trailing_zeros();
            count += u32::from(self.counts[((today + ahead) as usize) & (RING - 1)]);
            soon &= soon - 1;
        }
        count
    }

    /// Buckets ahead of today in which the oldest unit may last be used.
    #[inline]
    #[must_use]
    pub fn first(&self, today: u32) -> Option<u32> {
        let turned = self.mask.rotate_right(today & (RING as u32 - 1));
        (turned != 0).then(|| turned.trailing_zeros())
    }

    /// Every bucket that is not empty, from today on: buckets ahead, and units.
    pub fn ages(&self, today: u32) -> impl Iterator<Item = (u32, u16)> + '_ {
        (0..RING as u32)
            .map(move |ahead| (ahead, self.counts[((today + ahead) as usize) & (RING - 1)]))
            .filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_leave_first_and_nothing_is_lost() {
        for today in [0_u32, 50, 63, 64, 1_000] {
            let mut shelf = Shelf::default();
            shelf.add(today + 40, 3);
            shelf.add(today + 2, 2);
            shelf.add(today, 1);
            assert_eq!(shelf.expiring(today, 2), 3);
            assert_eq!(shelf.first(today), Some(0));
            let mut took = Vec::new();
            assert_eq!(shelf.take_oldest(today, 4, |last, n| took.push((last - today, n))), 4);
            assert_eq!(took, [(0, 1), (2, 2), (40, 1)]);
            assert_eq!(shelf.take_oldest(today, 9, |_, _| ()), 2, "no more than there is");
            assert_eq!((shelf.total(), shelf.mask), (0, 0));
        }
    }

    #[test]
    fn the_freshest_leave_only_with_time_left_and_the_old_expire() {
        let mut shelf = Shelf::default();
        shelf.add(103, 2);
        shelf.add(130, 5);
        let mut took = Vec::new();
        assert_eq!(shelf.take_freshest(100, 3, 9, |last, n| took.push((last, n))), 5);
        assert_eq!(took, [(130, 5)]);
        assert_eq!(shelf.expire(103), 2);
        assert_eq!(shelf.total(), 0);
        assert_eq!(shelf.expire(103), 0);
    }
}
