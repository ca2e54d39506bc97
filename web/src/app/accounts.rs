//! What pages and API do with accounts in the same way.

use samband_access::{Account, Action, Token, UserName};
use samband_domain::kernel::{Identity, Profession, Role};
use samband_engine::NewAccount;

use super::{App, Problem, Visitor};

/// A first password: nobody chooses it, and its holder must change it.
fn first_password() -> Result<String, Problem> {
    let token = Token::draw().map_err(|_| Problem::broken())?;
    Ok(token.reveal()[..16].to_owned())
}

/// The account of a name, for whoever looks after accounts there. That is asked before the
/// account is looked for, so that nobody learns who has one by asking.
pub(crate) fn known(app: &App, visitor: &Visitor, user: &str) -> Result<Account, Problem> {
    let name = UserName::new(user).map_err(|_| Problem::not_found(user))?;
    visitor.permit(app, Action::SeeAccounts, name.region())?;
    app.engine.account(&name).ok_or_else(|| Problem::not_found(user))
}

/// The own account, or one of those that somebody looks after.
pub(crate) fn own_or_known(app: &App, visitor: &Visitor, user: &str) -> Result<Account, Problem> {
    if visitor.user.to_string() != user {
        return known(app, visitor, user);
    }
    visitor.permit(app, Action::SeeOwnAccount, &visitor.region)?;
    app.engine.account(&visitor.user).ok_or_else(|| Problem::not_found(user))
}

/// Makes an account with a first password, which is given back this once.
pub(crate) async fn create(
    app: &App,
    visitor: &Visitor,
    name: &str,
    person: (Profession, String, Identity),
    roles: Vec<Role>,
) -> Result<(Account, String), Problem> {
    let user = UserName::typed(name).map_err(|error| Problem::from(error.refusal()))?;
    let password = first_password()?;
    let new = NewAccount {
        user,
        password: password.clone(),
        person: Some(person),
        actor: None,
        roles,
        must_change: true,
    };
    let account = app.engine.create_account(&visitor.principal, new).await?;
    Ok((account, password))
}

/// Gives somebody who has lost it a new first password. The own one is changed by whoever knows
/// it: a session left open must not be enough.
pub(crate) async fn reset(
    app: &App,
    visitor: &Visitor,
    account: &Account,
) -> Result<String, Problem> {
    if account.user == visitor.user {
        return Err(Problem::unprocessable("account.password_own"));
    }
    let password = first_password()?;
    app.engine.set_password(&visitor.principal, &account.user, &password).await?;
    Ok(password)
}
