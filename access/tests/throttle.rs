//! What the throttle must never do, whatever others do; and that it does throttle.

use proptest::prelude::*;
use samband_access::Throttle;
use samband_access::throttle::{
    ACCOUNT_HOT, ADDRESS_FREE, Address, Attempt, ENTRIES_MAX, FORGET_SECONDS, PAIR_FREE,
    WAIT_MAX_SECONDS, Way,
};
use samband_domain::{Digest, Time};

fn name(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn address(n: u32) -> Address {
    Address::of(std::net::Ipv4Addr::from(n).into())
}

fn attempt(who: &str, from: u32, way: Way) -> Attempt {
    Attempt { name: name(who), address: address(from), way }
}

fn at(seconds: i64) -> Time {
    Time(0).plus_seconds(seconds)
}

/// The duty officer's address; attackers come from any other.
const MINE: u32 = 1;

#[derive(Clone, Debug)]
struct Move {
    who: usize,
    from: u32,
    way: Way,
    opens: bool,
    pause: i64,
}

fn attack() -> impl Strategy<Value = Vec<Move>> {
    let way = prop_oneof![Just(Way::Known), Just(Way::Stranger), Just(Way::Code)];
    let pause = prop_oneof![Just(0), 0..3_000_000_i64, 0..2_000_000_000_i64];
    let one = (0..3_usize, 2..40_u32, way, any::<bool>(), pause);
    let one = one.prop_map(|(who, from, way, opens, pause)| Move { who, from, way, opens, pause });
    prop::collection::vec(one, 0..200)
}

const NAMES: [&str; 3] = ["tib@blekinge", "director@skane", "x"];

fn play(throttle: &mut Throttle, attack: &[Move], mut now: Time) -> Time {
    for one in attack {
        now = Time(now.0 + one.pause);
        let attempt = attempt(NAMES[one.who], one.from, one.way);
        if throttle.knock(&attempt, now).is_ok() && one.opens && one.who > 0 {
            throttle.opened(&attempt);
        }
    }
    now
}

proptest! {
    #[test]
    fn from_a_known_address_the_duty_officer_is_let_in_at_once(attack in attack()) {
        let mut throttle = Throttle::new([3; 16]);
        let now = play(&mut throttle, &attack, at(0));
        prop_assert!(throttle.knock(&attempt(NAMES[0], MINE, Way::Known), now).is_ok());
    }

    #[test]
    fn a_code_is_looked_at_at_once(attack in attack()) {
        let mut throttle = Throttle::new([3; 16]);
        let now = play(&mut throttle, &attack, at(0));
        prop_assert!(throttle.knock(&attempt(NAMES[0], MINE, Way::Code), now).is_ok());
    }

    #[test]
    fn from_a_new_address_a_minute_is_enough_whatever_was_typed_wrong_before(
        before in attack(),
        meanwhile in attack(),
        wrong in 0..60_usize,
    ) {
        let mut throttle = Throttle::new([3; 16]);
        let mut now = play(&mut throttle, &before, at(0));
        let mine = attempt(NAMES[0], MINE, Way::Stranger);
        for _ in 0..wrong {
            while let Err(wait) = throttle.knock(&mine, now) {
                prop_assert!(wait.until > now && wait.until <= now.plus_seconds(WAIT_MAX_SECONDS));
                now = wait.until;
            }
        }
        let deadline = now.plus_seconds(WAIT_MAX_SECONDS);
        let now = play(&mut throttle, &meanwhile, now).max(deadline);
        prop_assert!(throttle.knock(&mine, now).is_ok());
    }

    #[test]
    fn asking_during_a_wait_prolongs_nothing(asks in prop::collection::vec(0..999_999_i64, 1..20)) {
        let mut throttle = Throttle::new([3; 16]);
        let mine = attempt(NAMES[0], MINE, Way::Stranger);
        for _ in 0..PAIR_FREE {
            prop_assert!(throttle.knock(&mine, at(0)).is_ok());
        }
        for ask in asks {
            let wait = throttle.knock(&mine, Time(ask)).unwrap_err();
            prop_assert_eq!(wait.until, at(1));
        }
        prop_assert!(throttle.knock(&mine, at(1)).is_ok());
    }
}

/// Fails until told to wait, and again after each wait; the waits in seconds.
fn waits(throttle: &mut Throttle, attempt: &Attempt, count: usize) -> (u32, Vec<i64>) {
    let (mut now, mut free, mut waits) = (at(0), 0, Vec::new());
    for _ in 0..1_000 {
        match throttle.knock(attempt, now) {
            Ok(()) if waits.is_empty() => free += 1,
            Ok(()) => {}
            Err(wait) => {
                waits.push(wait.until.since(now) / 1_000_000);
                now = wait.until;
            }
        }
        if waits.len() == count {
            break;
        }
    }
    (free, waits)
}

#[test]
fn after_five_failures_waits_double_up_to_a_minute() {
    let expected = vec![1, 2, 4, 8, 16, 32, 60, 60];
    for way in [Way::Known, Way::Stranger] {
        let mut throttle = Throttle::new([3; 16]);
        let got = waits(&mut throttle, &attempt("a", 9, way), 8);
        assert_eq!(got, (PAIR_FREE, expected.clone()), "{way:?}");
    }
    let mut throttle = Throttle::new([3; 16]);
    let got = waits(&mut throttle, &attempt("a", 9, Way::Code), 8);
    assert_eq!(got, (ADDRESS_FREE, expected));
}

#[test]
fn one_address_cannot_try_many_accounts() {
    let mut throttle = Throttle::new([3; 16]);
    let mut tries = 0;
    for n in 0..100 {
        let attempt = attempt(&format!("user{n}"), 9, Way::Stranger);
        tries += u32::from(throttle.knock(&attempt, at(0)).is_ok());
    }
    assert_eq!(tries, ADDRESS_FREE);
    assert!(throttle.knock(&attempt("user0", 10, Way::Stranger), at(0)).is_ok());
    assert!(throttle.knock(&attempt("user0", 9, Way::Known), at(0)).is_ok());
}

#[test]
fn an_account_under_attack_gives_each_stranger_one_guess_before_the_first_wait() {
    let mut throttle = Throttle::new([3; 16]);
    for n in 0..ACCOUNT_HOT {
        assert!(throttle.knock(&attempt("a", 100 + n, Way::Stranger), at(0)).is_ok());
    }
    let late = attempt("a", 9, Way::Stranger);
    assert!(throttle.knock(&late, at(0)).is_ok());
    assert_eq!(throttle.knock(&late, at(0)).unwrap_err().until, at(1));
    let known = attempt("a", 9, Way::Known);
    for _ in 0..PAIR_FREE {
        assert!(throttle.knock(&known, at(0)).is_ok());
    }
    assert!(throttle.knock(&attempt("b", 9, Way::Stranger), at(0)).is_ok());
    assert!(throttle.knock(&attempt("b", 9, Way::Stranger), at(0)).is_ok());
}

#[test]
fn being_right_forgets_the_pair_and_not_the_address() {
    let mut throttle = Throttle::new([3; 16]);
    let mine = attempt("a", 9, Way::Stranger);
    for _ in 0..PAIR_FREE - 1 {
        assert!(throttle.knock(&mine, at(0)).is_ok());
    }
    assert!(throttle.knock(&mine, at(0)).is_ok());
    throttle.opened(&mine);
    assert!(throttle.knock(&mine, at(0)).is_ok());
    // Five of six attempts from this address were failures; fifteen more are free.
    for n in 0..ADDRESS_FREE - PAIR_FREE {
        let other = attempt(&format!("b{n}"), 9, Way::Stranger);
        assert!(throttle.knock(&other, at(0)).is_ok(), "{n}");
    }
    assert!(throttle.knock(&attempt("c", 9, Way::Stranger), at(0)).is_err());
}

#[test]
fn what_was_not_looked_at_does_not_count() {
    for way in [Way::Known, Way::Stranger, Way::Code] {
        let mut throttle = Throttle::new([3; 16]);
        for n in 0..u64::from(ADDRESS_FREE + ACCOUNT_HOT) * 2 {
            let one = attempt("a", 9, way);
            assert!(throttle.knock(&one, at(0)).is_ok(), "{way:?} {n}");
            throttle.take_back(&one);
        }
    }
}

#[test]
fn failures_are_forgotten_after_a_quarter_of_an_hour() {
    let mine = attempt("a", 9, Way::Stranger);
    let fails = |later: i64| {
        let mut throttle = Throttle::new([3; 16]);
        for _ in 0..PAIR_FREE - 1 {
            assert!(throttle.knock(&mine, at(0)).is_ok());
        }
        assert!(throttle.knock(&mine, at(later)).is_ok());
        throttle.knock(&mine, at(later)).is_err()
    };
    assert!(fails(FORGET_SECONDS - 1));
    assert!(!fails(FORGET_SECONDS));
}

#[test]
fn a_clock_set_back_keeps_nobody_waiting() {
    let mut throttle = Throttle::new([3; 16]);
    let mine = attempt("a", 9, Way::Stranger);
    for _ in 0..PAIR_FREE {
        assert!(throttle.knock(&mine, at(86_400)).is_ok());
    }
    assert!(throttle.knock(&mine, at(86_400)).is_err());
    assert!(throttle.knock(&mine, at(0)).is_ok());
    let soon = throttle.knock(&attempt("a", 9, Way::Stranger), at(86_400 - 30));
    assert!(soon.is_ok());
}

#[test]
fn a_flood_fills_no_memory_and_locks_nobody_out() {
    let mut throttle = Throttle::new([3; 16]);
    let known = attempt(NAMES[0], MINE, Way::Known);
    assert!(throttle.knock(&known, at(0)).is_ok());
    let flood = u32::try_from(ENTRIES_MAX).unwrap() * 3;
    for n in 0..flood {
        let now = Time(i64::from(n) * 1_000);
        for way in [Way::Stranger, Way::Code] {
            assert!(throttle.knock(&attempt(NAMES[0], 1_000 + n, way), now).is_ok());
        }
        assert!(throttle.entries() <= 3 * ENTRIES_MAX + 1);
    }
    assert!(throttle.entries() > 2 * ENTRIES_MAX, "the bound was reached");
    let now = Time(i64::from(flood) * 1_000);
    for way in [Way::Known, Way::Stranger, Way::Code] {
        assert!(throttle.knock(&attempt(NAMES[0], MINE, way), now).is_ok());
    }
    // The latest failures were kept: the last stranger of the flood still has to wait.
    let last = attempt(NAMES[0], 1_000 + flood - 1, Way::Stranger);
    assert!(throttle.knock(&last, now).is_err());
}

#[test]
fn an_ipv6_network_is_one_address_and_a_mapped_one_is_the_ipv4_it_maps() {
    let of = |text: &str| Address::of(text.parse().unwrap());
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    assert_eq!(of("2001:db8:1:2::1").to_string(), "2001:db8:1:2::/64");
}

#[test]
fn seconds_to_wait_are_rounded_up_and_at_least_one() {
    let wait = samband_access::throttle::Wait { until: at(5) };
    assert_eq!(wait.seconds(at(3)), 2);
    assert_eq!(wait.seconds(Time(at(3).0 - 1)), 3);
    assert_eq!(wait.seconds(at(5)), 1);
    assert_eq!(wait.seconds(at(50)), 1);
}
