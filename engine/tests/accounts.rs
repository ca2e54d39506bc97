//! Who comes in at the door, and who does not; a password is in no record.

use std::net::{IpAddr, Ipv4Addr};

use crate::common::{Base, House, actor, identity, journal, on_both, person};
use samband_access::{Carrier, Principal, UserName};
use samband_domain::kernel::{Profession, Role};
use samband_engine::{AccountError, NewAccount, SignInError, SignedIn};

const PASSWORD: &str = "samband-demo";

fn address(last: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
}

fn user(name: &str) -> UserName {
    UserName::new(name).unwrap()
}

fn new(name: &str, role: Role) -> NewAccount {
    NewAccount {
        user: user(name),
        password: PASSWORD.into(),
        person: Some((Profession::Other, "Officer".into(), identity("Xsecret officer"))),
        actor: None,
        roles: vec![role],
        must_change: false,
    }
}

async fn enter(house: &House, name: &str, secret: &str, from: u8) -> Result<String, SignInError> {
    let (token, _) = house.engine.sign_in(name, secret, address(from), Carrier::Cookie).await?;
    Ok(token.reveal().to_owned())
}

async fn inside(house: &House, token: &str) -> Option<SignedIn> {
    house.engine.session(token, Carrier::Cookie).await
}

fn code(error: &SignInError) -> &'static str {
    match error {
        SignInError::Refused(refusal) => refusal.kind.code,
        other => panic!("{other}"),
    }
}

async fn house(base: &Base) -> House {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    house.engine.create_account(&Principal::Machine, new("tib@skane", Role::Tib)).await.unwrap();
    house
}

/// What was noted in the journal about somebody's account, oldest first.
async fn noted(house: &House) -> Vec<String> {
    let records = house.engine.store().read(&journal("skane"), 1, 0, 1_000).await.unwrap();
    let lines = records.into_iter().map(samband_journal::Wire::line);
    let acts = lines.filter(|line| line.contains("account.noted"));
    let act = |line: String| {
        let (_, rest) = line.split_once(r#""act\":\""#)?;
        Some(rest.split_once('\\')?.0.to_owned())
    };
    acts.filter_map(act).collect()
}

async fn a_session_lives_until_it_ends(base: Base) {
    let mut house = house(&base).await;
    let token = enter(&house, " TIB@Skane ", PASSWORD, 1).await.unwrap();
    let signed = inside(&house, &token).await.unwrap();
    assert!(!signed.must_change);
    let principal = signed.principal();
    let world = house.engine.world();
    let actor = principal.actor().unwrap();
    assert!(world.local(&journal("skane")).unwrap().shared.kernel.actors.contains_key(actor));
    assert!(house.engine.session(&token, Carrier::Bearer).await.is_none());
    assert!(inside(&house, "nonsense").await.is_none());
    house.restart().await;
    assert!(inside(&house, &token).await.is_some());
    // A shift without a pause, and no longer than a day.
    for _ in 0..3 {
        house.pass(7 * 3600);
        assert!(inside(&house, &token).await.is_some());
    }
    house.restart().await;
    assert!(inside(&house, &token).await.is_some(), "its use was kept");
    house.pass(3 * 3600);
    assert!(inside(&house, &token).await.is_none());
    let token = enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    house.engine.sign_out(&token).await;
    assert!(inside(&house, &token).await.is_none());
    let idle = enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    house.pass(12 * 3600);
    house.engine.tick().await;
    assert!(inside(&house, &idle).await.is_none());
    house.restart().await;
    assert!(inside(&house, &token).await.is_none() && inside(&house, &idle).await.is_none());
    let shelf = house.engine.store().shelf_list("session").await.unwrap();
    assert!(shelf.is_empty(), "what is over is swept away");
}

async fn a_wrong_name_and_a_wrong_password_sound_the_same(base: Base) {
    let house = house(&base).await;
    let administrator = person("skane", "administrator");
    let wrong = enter(&house, "tib@skane", "samband-dema", 1).await.unwrap_err();
    let nobody = enter(&house, "ghost@skane", PASSWORD, 2).await.unwrap_err();
    let malformed = enter(&house, "no name at all", PASSWORD, 3).await.unwrap_err();
    house.engine.enable_account(&administrator, &user("tib@skane"), false).await.unwrap();
    let closed = enter(&house, "tib@skane", PASSWORD, 4).await.unwrap_err();
    for error in [&nobody, &malformed, &closed] {
        assert_eq!(error.to_string(), wrong.to_string());
        assert_eq!(code(error), code(&wrong));
    }
    house.engine.enable_account(&administrator, &user("tib@skane"), true).await.unwrap();
    enter(&house, "tib@skane", PASSWORD, 4).await.unwrap();
}

/// Whoever tries the duty officer's name from elsewhere keeps nobody out but themselves.
async fn the_throttle_lets_the_duty_officer_in(base: Base) {
    let house = house(&base).await;
    enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    let mut waits = 0;
    for n in 0..12 {
        let error = enter(&house, "tib@skane", &format!("guess-{n}"), 66).await.unwrap_err();
        waits += usize::from(code(&error) == "sign_in.wait");
    }
    assert!(waits > 0);
    let error = enter(&house, "tib@skane", PASSWORD, 66).await.unwrap_err();
    assert_eq!(code(&error), "sign_in.wait");
    enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    // With a code from the envelope even from there.
    let codes = house.engine.issue_codes(&Principal::Machine, &user("tib@skane")).await.unwrap();
    enter(&house, "tib@skane", &codes[0].to_string(), 66).await.unwrap();
    house.pass(61);
    enter(&house, "tib@skane", PASSWORD, 66).await.unwrap();
}

async fn a_code_opens_once_and_leaves_word(base: Base) {
    let mut house = house(&base).await;
    let codes = house.engine.issue_codes(&Principal::Machine, &user("tib@skane")).await.unwrap();
    // Ten at once with one code: one comes in.
    let waits: Vec<_> = (0..10)
        .map(|n| {
            let (engine, code) = (house.engine.clone(), codes[0].to_string());
            let from = address(100 + n);
            tokio::spawn(async move {
                engine.sign_in("tib@skane", &code, from, Carrier::Cookie).await.is_ok()
            })
        })
        .collect();
    let mut entered = 0;
    for wait in waits {
        entered += usize::from(wait.await.unwrap());
    }
    assert_eq!(entered, 1);
    house.restart().await;
    enter(&house, "tib@skane", &codes[0].to_string(), 1).await.unwrap_err();
    enter(&house, "tib@skane", &codes[1].to_string(), 1).await.unwrap();
    let acts = noted(&house).await;
    assert_eq!(acts, ["created", "codes_issued", "code_used", "code_used"]);
    // Closing keeps codes out as well.
    let administrator = person("skane", "administrator");
    house.engine.enable_account(&administrator, &user("tib@skane"), false).await.unwrap();
    enter(&house, "tib@skane", &codes[2].to_string(), 2).await.unwrap_err();
    house.engine.enable_account(&administrator, &user("tib@skane"), true).await.unwrap();
    enter(&house, "tib@skane", &codes[2].to_string(), 2).await.unwrap();
}

/// A passphrase of twenty-six letters looks like a code and is none.
async fn a_password_may_look_like_a_code(base: Base) {
    let house = house(&base).await;
    let phrase = "correct horse battery staples";
    let machine = Principal::Machine;
    house.engine.issue_codes(&machine, &user("tib@skane")).await.unwrap();
    house.engine.set_password(&machine, &user("tib@skane"), phrase).await.unwrap();
    enter(&house, "tib@skane", phrase, 1).await.unwrap();
}

async fn closing_an_account_ends_everything_at_once(base: Base) {
    let mut house = house(&base).await;
    let administrator = person("skane", "administrator");
    let token = enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    house.pass(1);
    // Somebody who is at the door in this very moment does not open it again.
    let door = {
        let engine = house.engine.clone();
        tokio::spawn(async move {
            engine.sign_in("tib@skane", PASSWORD, address(1), Carrier::Cookie).await
        })
    };
    house.engine.enable_account(&administrator, &user("tib@skane"), false).await.unwrap();
    if let Ok((late, _)) = door.await.unwrap() {
        assert!(inside(&house, late.reveal()).await.is_none());
    }
    for restart in [false, true] {
        if restart {
            house.restart().await;
        }
        assert!(house.engine.account(&user("tib@skane")).unwrap().disabled.is_some());
        assert!(inside(&house, &token).await.is_none());
        enter(&house, "tib@skane", PASSWORD, 1).await.unwrap_err();
    }
    assert_eq!(noted(&house).await, ["created", "disabled"]);
}

/// Whoever resets a password is named in the journal and to the holder, and cannot undo that, not
/// even by coming in with the password they set.
async fn what_others_do_to_an_account_is_told_to_its_holder(base: Base) {
    let mut house = house(&base).await;
    let (name, admin) = (user("tib@skane"), person("skane", "administrator"));
    let touched = |house: &House| -> Vec<(String, Option<String>)> {
        let account = house.engine.account(&user("tib@skane")).unwrap();
        let one = |touch: &samband_access::Touch| {
            (touch.act.clone(), touch.by.as_ref().map(ToString::to_string))
        };
        account.touched.iter().map(one).collect()
    };
    assert!(touched(&house).is_empty());
    house.engine.set_password(&admin, &name, "another good one").await.unwrap();
    let by_admin = |act: &str| (act.to_owned(), Some("administrator".to_owned()));
    assert_eq!(touched(&house), [by_admin("password_reset")]);
    let token = enter(&house, "tib@skane", "another good one", 66).await.unwrap();
    let own = inside(&house, &token).await.unwrap().principal();
    house.engine.set_password(&own, &name, "a third and better one").await.unwrap();
    house.engine.end_sessions(&own, &name).await.unwrap();
    assert_eq!(touched(&house), [by_admin("password_reset")], "what I do myself is no news");
    house.engine.issue_codes(&Principal::Machine, &name).await.unwrap();
    house.engine.enable_account(&admin, &name, false).await.unwrap();
    house.restart().await;
    let machine = ("codes_issued".to_owned(), None);
    assert_eq!(touched(&house), [by_admin("disabled"), machine, by_admin("password_reset")]);

    // The journal has the same, each in the name of whoever did it.
    let acts = ["password_reset", "password_changed", "sessions_ended", "codes_issued", "disabled"];
    assert_eq!(noted(&house).await[1..], acts);
    let records = house.engine.store().read(&journal("skane"), 1, 0, 1_000).await.unwrap();
    let lines = records.into_iter().map(samband_journal::Wire::line);
    let resets: Vec<_> = lines.filter(|line| line.contains("password_reset")).collect();
    assert_eq!(resets.len(), 1);
    let said = resets[0].replace('\\', "");
    assert!(said.contains(r#""actor":"administrator""#), "{said}");
    // An account that is told of much forgets the oldest.
    for _ in 0..15 {
        house.engine.enable_account(&admin, &name, true).await.unwrap();
        house.engine.enable_account(&admin, &name, false).await.unwrap();
    }
    assert_eq!(touched(&house).len(), 20);
}

async fn a_new_password_ends_old_sessions(base: Base) {
    let house = house(&base).await;
    let name = user("tib@skane");
    let token = enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    let own = inside(&house, &token).await.unwrap().principal();
    house.pass(1);
    // Nobody but the person, an administrator of the region and the machine.
    for other in [
        person("halland", "administrator"),
        person("skane", "director"),
        person("halland", own.actor().unwrap().as_str()),
        Principal::Nobody,
    ] {
        let outcome = house.engine.set_password(&other, &name, "another one").await;
        assert!(matches!(outcome, Err(AccountError::Denied(_))), "{other:?}");
    }
    house.engine.set_password(&own, &name, "another good one").await.unwrap();
    assert!(inside(&house, &token).await.is_none());
    enter(&house, "tib@skane", PASSWORD, 1).await.unwrap_err();
    let token = enter(&house, "tib@skane", "another good one", 1).await.unwrap();
    assert!(inside(&house, &token).await.is_some());
    house.pass(1);
    house.engine.end_sessions(&own, &name).await.unwrap();
    assert!(inside(&house, &token).await.is_none());
    assert!(house.engine.password_fits(&name, "another good one", address(1)).await);
    assert!(!house.engine.password_fits(&name, PASSWORD, address(1)).await);
}

/// In a real house the first password is changed before anything else.
async fn the_first_password_must_be_changed_where_it_is_real(base: Base) {
    let house = base.house("one").await;
    let key = house.engine.keyring().make(&journal("skane")).unwrap().public();
    let open = samband_domain::kernel::Command::OpenJournal {
        owner: samband_domain::kernel::Owner {
            kind: samband_domain::kernel::OwnerKind::Region,
            name: "Region Skåne".into(),
            county_code: None,
        },
        mode: samband_domain::Mode::Real,
        key,
        continues: None,
    };
    let machine = Principal::Machine;
    house.give(&machine, "skane", open).await.unwrap();
    let mut first = new("tib@skane", Role::Tib);
    first.must_change = true;
    let short = house
        .engine
        .create_account(&machine, NewAccount { password: "short".into(), ..first.clone() });
    assert!(matches!(short.await, Err(AccountError::Refused(_))));
    first.password = "granit vinter lykta".into();
    house.engine.create_account(&machine, first.clone()).await.unwrap();
    let taken = house.engine.create_account(&machine, first).await;
    assert!(matches!(taken, Err(AccountError::Refused(_))));
    let token = enter(&house, "tib@skane", "granit vinter lykta", 1).await.unwrap();
    let signed = inside(&house, &token).await.unwrap();
    assert!(signed.must_change);
    house.pass(1);
    let (own, name) = (signed.principal(), user("tib@skane"));
    house.engine.set_password(&own, &name, "skymning over havet").await.unwrap();
    let token = enter(&house, "tib@skane", "skymning over havet", 1).await.unwrap();
    assert!(!inside(&house, &token).await.unwrap().must_change);
    house.pass(1);
    house.engine.set_password(&machine, &name, "nyckeln under mattan").await.unwrap();
    let token = enter(&house, "tib@skane", "nyckeln under mattan", 1).await.unwrap();
    assert!(inside(&house, &token).await.unwrap().must_change);
    let hash = house.engine.hash_password("x").await.unwrap();
    let refused = house.engine.seed_account(user("x@skane"), actor("x"), hash).await.unwrap_err();
    assert!(
        matches!(&refused, AccountError::Refused(why) if why.kind.code == "account.no_demonstration")
    );
}

async fn no_secret_is_in_the_record_or_on_the_shelf(base: Base) {
    let house = house(&base).await;
    let machine = Principal::Machine;
    let codes = house.engine.issue_codes(&machine, &user("tib@skane")).await.unwrap();
    let token = enter(&house, "tib@skane", PASSWORD, 1).await.unwrap();
    let mut text = String::new();
    for region in ["skane", "halland"] {
        let records = house.engine.store().read(&journal(region), 1, 0, 1_000).await.unwrap();
        records.into_iter().for_each(|r| text.push_str(&samband_journal::Wire::line(r)));
    }
    assert!(text.contains("account.noted") && !text.contains("argon2"));
    for kind in ["account", "session"] {
        for (_, value) in house.engine.store().shelf_list(kind).await.unwrap() {
            text.push_str(&value);
        }
    }
    assert!(text.contains("argon2id"));
    let code = codes[0].to_string();
    for secret in [PASSWORD, token.as_str(), code.as_str(), &code.replace('-', "")] {
        assert!(!text.contains(secret));
    }
    let seen = house.engine.accounts(&person("skane", "administrator"), &journal("skane")).unwrap();
    assert_eq!(seen.len(), 1);
    assert!(!format!("{seen:?} {:?}", codes[0]).contains("$argon2id$"));
    assert!(!format!("{:?}", codes[0]).contains(&code[..5]));
    house.engine.accounts(&person("halland", "administrator"), &journal("skane")).unwrap_err();
    house.engine.sessions(&person("skane", "director"), &journal("skane")).unwrap_err();
    let running = house.engine.sessions(&person("skane", "administrator"), &journal("skane"));
    assert_eq!(running.unwrap().len(), 1);
}

on_both! {
    a_session_lives_until_it_ends;
    a_wrong_name_and_a_wrong_password_sound_the_same;
    the_throttle_lets_the_duty_officer_in;
    a_code_opens_once_and_leaves_word;
    a_password_may_look_like_a_code;
    closing_an_account_ends_everything_at_once;
    what_others_do_to_an_account_is_told_to_its_holder;
    a_new_password_ends_old_sessions;
    the_first_password_must_be_changed_where_it_is_real;
    no_secret_is_in_the_record_or_on_the_shelf;
}
