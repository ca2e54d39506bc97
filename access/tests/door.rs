//! Signing in from beginning to end, and that the outside cannot tell one refusal from another.

use samband_access::code::Code;
use samband_access::password::hash_now;
use samband_access::signin::{Checked, decide};
use samband_access::throttle::{ADDRESS_FREE, Address, PAIR_FREE, Wait};
use samband_access::{Account, Door, Outcome, Reason, UserName, Via};
use samband_domain::{ActorId, Time};

const RIGHT: &str = "rätt häst batteri";
const NOW: Time = Time(1_000_000);

fn account() -> Account {
    let user = UserName::new("tib@blekinge").unwrap();
    let password = hash_now(RIGHT).unwrap();
    let mut account = Account::new(user, ActorId::new("a-1").unwrap(), password, Time(0));
    account.must_change = false;
    account
}

fn address(last: u8) -> Address {
    Address::of([192, 0, 2, last].into())
}

const BY_PASSWORD: Outcome = Outcome::SignedIn { via: Via::Password, must_change: false };

#[test]
fn the_decision_tells_the_log_everything_and_the_screen_one_thing() {
    let account = account();
    let mut disabled = account.clone();
    disabled.disable(NOW);
    let mut fresh = account.clone();
    fresh.must_change = true;
    let signed_in = |via, must_change| Outcome::SignedIn { via, must_change };
    let refused = Outcome::Refused;
    let wait = Wait { until: Time(3_000_000) };
    let cases = [
        (Some(&account), Checked::Password(true), BY_PASSWORD),
        (Some(&fresh), Checked::Password(true), signed_in(Via::Password, true)),
        (Some(&account), Checked::Code(true), signed_in(Via::Code, false)),
        (Some(&fresh), Checked::Code(true), signed_in(Via::Code, false)),
        (Some(&account), Checked::Password(false), refused(Reason::WrongPassword)),
        (Some(&account), Checked::Code(false), refused(Reason::WrongCode)),
        (Some(&disabled), Checked::Password(true), refused(Reason::Disabled)),
        (Some(&disabled), Checked::Code(true), refused(Reason::Disabled)),
        (Some(&disabled), Checked::Password(false), refused(Reason::WrongPassword)),
        (None, Checked::Password(true), refused(Reason::NoAccount)),
        (None, Checked::Password(false), refused(Reason::NoAccount)),
        (None, Checked::Code(true), refused(Reason::NoAccount)),
        (Some(&account), Checked::Wait(wait), Outcome::Wait(wait)),
        (None, Checked::Wait(wait), Outcome::Wait(wait)),
        (Some(&account), Checked::Busy, Outcome::Busy),
        (None, Checked::Busy, Outcome::Busy),
    ];
    let mut public = Vec::new();
    for (account, checked, expected) in cases {
        let outcome = decide(account, checked);
        assert_eq!(outcome, expected, "{checked:?}");
        let refusal = outcome.refusal(NOW);
        assert_eq!(refusal.is_none(), matches!(outcome, Outcome::SignedIn { .. }));
        if matches!(outcome, Outcome::Refused(_)) {
            public.extend(refusal);
        } else if let (Outcome::Wait(_), Some(refusal)) = (outcome, refusal) {
            assert_eq!(refusal.facts["seconds"], "2");
        }
    }
    assert_eq!(public.len(), 8);
    assert!(public.iter().all(|refusal| *refusal == public[0]), "all look the same");
}

#[tokio::test]
async fn a_password_opens_and_a_wrong_one_does_not() {
    let (door, account) = (Door::new().unwrap(), account());
    let ask = |account, typed: &'static str, password: &str| {
        door.by_password(typed, account, password.to_owned(), address(1), NOW)
    };
    assert_eq!(ask(Some(&account), "tib@blekinge", RIGHT).await, BY_PASSWORD);
    let wrong = ask(Some(&account), "tib@blekinge", "fel häst").await;
    assert_eq!(wrong, Outcome::Refused(Reason::WrongPassword));
    for _ in 0..PAIR_FREE * 2 {
        let again = ask(Some(&account), "tib@blekinge", RIGHT).await;
        assert_eq!(again, BY_PASSWORD, "being right costs nothing");
    }
    let nobody = ask(None, "ingen@blekinge", RIGHT).await;
    assert_eq!(nobody, Outcome::Refused(Reason::NoAccount));
}

#[tokio::test]
async fn strangers_wait_and_neither_the_known_address_nor_a_code_does() {
    let door = Door::new().unwrap();
    let mut account = account();
    account.remember(address(1), NOW);
    let codes = Code::draw_set().unwrap();
    account.set_codes(&codes);
    let stranger = |password: &str| {
        door.by_password("tib@blekinge", Some(&account), password.into(), address(2), NOW)
    };
    for _ in 0..PAIR_FREE {
        assert_eq!(stranger("fel").await, Outcome::Refused(Reason::WrongPassword));
    }
    let told = stranger(RIGHT).await;
    assert!(matches!(told, Outcome::Wait(wait) if wait.seconds(NOW) == 1), "{told:?}");
    // The same name in another spelling is the same name.
    let spelled = door.by_password(" TIB@Blekinge", Some(&account), RIGHT.into(), address(2), NOW);
    assert!(matches!(spelled.await, Outcome::Wait(_)));
    let known = door.by_password("tib@blekinge", Some(&account), RIGHT.into(), address(1), NOW);
    assert_eq!(known.await, BY_PASSWORD);
    let later = NOW.plus_seconds(1);
    let after = door.by_password("tib@blekinge", Some(&account), RIGHT.into(), address(2), later);
    assert_eq!(after.await, BY_PASSWORD);
    let code = codes[0].to_string();
    let by_code = door.by_code("tib@blekinge", Some(&mut account), &code, address(2), NOW);
    assert!(matches!(by_code, Outcome::SignedIn { via: Via::Code, .. }), "{by_code:?}");
    assert_eq!(by_code.as_str(), "signed_in_by_break_glass_code");
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_throttled_like_one_that_does() {
    let door = Door::new().unwrap();
    let account = account();
    let mut seen = Vec::new();
    for (typed, account) in [("tib@blekinge", Some(&account)), ("ingen@blekinge", None)] {
        let from = address(if account.is_some() { 1 } else { 2 });
        let mut told = Vec::new();
        for _ in 0..=PAIR_FREE {
            let outcome = door.by_password(typed, account, "fel".into(), from, NOW).await;
            told.push(outcome.refusal(NOW));
        }
        seen.push(told);
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn a_code_opens_once_and_a_disabled_account_keeps_its_codes() {
    let door = Door::new().unwrap();
    let mut account = account();
    let codes = Code::draw_set().unwrap();
    account.set_codes(&codes);
    let code = codes[9].to_string();
    account.disable(NOW);
    let left = account.codes.clone();
    let ask = |account: Option<&mut Account>| {
        door.by_code("tib@blekinge", account, &code, address(1), NOW)
    };
    assert_eq!(ask(Some(&mut account)), Outcome::Refused(Reason::Disabled));
    assert_eq!(account.codes, left);
    account.enable();
    assert!(matches!(ask(Some(&mut account)), Outcome::SignedIn { via: Via::Code, .. }));
    assert_eq!(ask(Some(&mut account)), Outcome::Refused(Reason::WrongCode));
    assert_eq!(ask(None), Outcome::Refused(Reason::NoAccount));
}

#[test]
fn guessing_codes_is_slowed_by_address_alone() {
    let door = Door::new().unwrap();
    let mut account = account();
    let codes = Code::draw_set().unwrap();
    account.set_codes(&codes);
    for _ in 0..ADDRESS_FREE {
        let guess = door.by_code("tib@blekinge", Some(&mut account), "gissning", address(2), NOW);
        assert_eq!(guess, Outcome::Refused(Reason::WrongCode));
    }
    let code = codes[0].to_string();
    let slowed = door.by_code("tib@blekinge", Some(&mut account), &code, address(2), NOW);
    assert!(matches!(slowed, Outcome::Wait(_)));
    let elsewhere = door.by_code("tib@blekinge", Some(&mut account), &code, address(3), NOW);
    assert!(matches!(elsewhere, Outcome::SignedIn { .. }));
}
