//! Accounts, and the region that the first one opens.

use anyhow::{Context as _, Result, anyhow, bail};
use samband_access::{Principal, UserName};
use samband_domain::kernel::{Command as Kernel, Identity, Owner, OwnerKind, Profession, Role};
use samband_domain::{JournalId, Mode};
use samband_engine::{Engine, NewAccount};
use serde::{Deserialize, Serialize};

use super::{Say, command, data, line};
use samband_exchange::counties;

/// An account to be made.
#[derive(Debug, Serialize, Deserialize)]
pub struct NewUser {
    /// Name to sign in with.
    pub user: String,
    /// The person's name.
    pub name: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Password; made up if none.
    pub password: Option<String>,
}

impl NewUser {
    fn parsed(&self) -> Result<UserName> {
        UserName::typed(&self.user)
            .map_err(|_| anyhow!("“{}” is not a name like anna@skane", self.user))
    }

    /// That the first account of an installation may open its region.
    ///
    /// # Errors
    /// If the region is not one of Sweden's: nobody has said what it is called.
    pub fn check_region(&self) -> Result<()> {
        let user = self.parsed()?;
        let region = user.region();
        if counties::find(region.as_str()).is_none() {
            bail!(
                "“{region}” is none of Sweden's 21 regions; open it first, with its name: \
                 `samband region add {region} --name NAME`"
            );
        }
        Ok(())
    }
}

/// Whom a region's journal belongs to: named as asked, and else as Sweden's 21 regions are.
///
/// # Errors
/// If the region is unknown and unnamed, or its county code is none.
pub fn region_owner(
    id: &JournalId,
    name: Option<String>,
    county_code: Option<String>,
) -> Result<Owner> {
    let known = counties::find(id.as_str());
    let name = name.or_else(|| known.map(|(name, _)| name.to_owned())).ok_or_else(|| {
        anyhow!("“{id}” is none of Sweden's 21 regions; give its name with --name")
    })?;
    let code = county_code.or_else(|| known.map(|(_, code)| code.to_owned()));
    let county_code = code.map(|code| code.parse()).transpose().context("county code")?;
    Ok(Owner { kind: OwnerKind::Region, name, county_code })
}

/// Opens a journal with a new key.
///
/// # Errors
/// If it is open already, here or elsewhere.
pub async fn open_journal(engine: &Engine, id: &JournalId, owner: Owner, mode: Mode) -> Result<()> {
    if engine.world().journals.contains_key(id) {
        bail!("a journal “{id}” is held here already");
    }
    if owner.kind == OwnerKind::Body && counties::find(id.as_str()).is_some() {
        bail!("“{id}” is a region; open it with `samband region add {id}`");
    }
    if engine.follows() {
        bail!("open “{id}” in the data directory of the process that writes: its key lies there");
    }
    let key = engine.keyring().make(id)?.public();
    command(engine, id, Kernel::OpenJournal { owner, mode, key, continues: None }).await?;
    Ok(())
}

pub(super) async fn add(engine: &Engine, new: NewUser, say: &Say) -> Result<()> {
    let user = new.parsed()?;
    let region = user.region().clone();
    if !engine.world().journals.contains_key(&region) {
        if engine.world().locals().next().is_some() {
            bail!("no region “{region}” here yet; open it with `samband region add {region}`");
        }
        new.check_region()?;
        let owner = region_owner(&region, None, None)?;
        let name = owner.name.clone();
        open_journal(engine, &region, owner, Mode::Real).await?;
        line(say, format!("opened the journal of {name} ({region})")).await?;
    }
    let (password, made_up) = given_or_made(new.password)?;
    let name = new.name.unwrap_or_else(|| user.local().to_owned());
    let title = new.title.unwrap_or_else(|| {
        let roles: Vec<_> = new.roles.iter().map(|role| role.as_str()).collect();
        roles.join(", ")
    });
    let identity = Identity { name, hsa_id: None, phone: None, email: None };
    let profession = profession_of(&new.roles);
    let account = NewAccount {
        user: user.clone(),
        password: password.clone(),
        person: Some((profession, title, identity)),
        actor: None,
        roles: new.roles,
        must_change: made_up,
    };
    engine.create_account(&Principal::Machine, account).await?;
    line(say, format!("made the account {user}")).await?;
    tell_password(&password, made_up, say).await
}

fn profession_of(roles: &[Role]) -> Profession {
    match roles.first() {
        Some(Role::Scientist) => Profession::BiomedicalScientist,
        Some(Role::Physician) => Profession::Physician,
        _ => Profession::Management,
    }
}

async fn tell_password(password: &str, made_up: bool, say: &Say) -> Result<()> {
    if made_up {
        line(say, "password, to be changed at the first sign-in:".into()).await?;
        data(say, format!("{password}\n")).await?;
    }
    Ok(())
}

fn given_or_made(given: Option<String>) -> Result<(String, bool)> {
    match given {
        Some(password) => Ok((password, false)),
        None => {
            let token = samband_access::Token::draw()?;
            let letters = &token.reveal()[..20];
            let groups: Vec<_> = (0..4).map(|n| &letters[n * 5..n * 5 + 5]).collect();
            Ok((groups.join("-"), true))
        }
    }
}

pub(super) async fn list(engine: &Engine, say: &Say) -> Result<()> {
    let world = engine.world();
    for journal in world.locals() {
        for account in engine.accounts(&Principal::Machine, &journal.id)? {
            let state = if account.disabled.is_some() { "disabled" } else { "open" };
            let now = engine.now();
            let shared = &journal.shared().kernel;
            let roles = samband_domain::kernel::view::roles_of(shared, &account.actor, now);
            let roles: Vec<_> = roles.iter().map(|(role, _)| role.as_str()).collect();
            let user = &account.user;
            data(say, format!("{user}\t{state}\t{}\t{}\n", roles.join(","), account.actor)).await?;
        }
    }
    Ok(())
}

fn parse(user: &str) -> Result<UserName> {
    UserName::typed(user).map_err(|_| anyhow!("“{user}” is not a name like anna@skane"))
}

pub(super) async fn password(
    engine: &Engine,
    user: &str,
    password: Option<String>,
    say: &Say,
) -> Result<()> {
    let user = parse(user)?;
    let (password, made_up) = given_or_made(password)?;
    engine.set_password(&Principal::Machine, &user, &password).await?;
    line(say, format!("{user} has a new password; earlier sessions have ended")).await?;
    if !made_up && engine.account(&user).is_some_and(|account| account.must_change) {
        line(say, "it must be changed at the next sign-in".into()).await?;
    }
    tell_password(&password, made_up, say).await
}

pub(super) async fn enable(engine: &Engine, user: &str, enabled: bool, say: &Say) -> Result<()> {
    let user = parse(user)?;
    engine.enable_account(&Principal::Machine, &user, enabled).await?;
    let state = if enabled { "open" } else { "closed" };
    line(say, format!("the account {user} is {state}")).await
}

pub(super) async fn codes(engine: &Engine, user: &str, say: &Say) -> Result<()> {
    let user = parse(user)?;
    let codes = engine.issue_codes(&Principal::Machine, &user).await?;
    line(say, format!("break-glass codes of {user}; each opens once; earlier ones are void:"))
        .await?;
    for code in codes {
        data(say, format!("{code}\n")).await?;
    }
    Ok(())
}
