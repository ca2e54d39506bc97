//! The door: in with a name and a password or a break-glass code, and out again.

use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::{Carrier, UserName};
use samband_domain::Mode;
use samband_domain::kernel::Role;
use serde::Deserialize;

use crate::api::Query;
use crate::app::{
    App, Client, MaybeVisitor, Problem, Tongue, cookie_token, explain, language_cookie, percent,
    session_cookie,
};
use crate::components::{Cell, Column, Field, Note, Row, Table, page_header, section};
use crate::text::{Lang, Words};

/// The password of every account of a demonstration.
const DEMO_PASSWORD: &str = "samband-demo";

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/sign-in", get(show).post(enter)).route("/sign-out", post(leave))
}

#[derive(Default, Deserialize)]
struct Asked {
    next: Option<String>,
    user: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    user: String,
    password: String,
    next: Option<String>,
}

/// Where to go after signing in: a page of this site, or the picture.
fn destination(next: Option<&str>) -> &str {
    let inside = |next: &&str| {
        let bytes = next.as_bytes();
        let local = bytes.first() == Some(&b'/') && !matches!(bytes.get(1), Some(b'/' | b'\\'));
        local && !next.starts_with("/sign-") && bytes.iter().all(|c| (0x21..0x7f).contains(c))
    };
    next.filter(inside).unwrap_or("/")
}

async fn show(
    State(app): State<App>,
    tongue: Tongue,
    MaybeVisitor(visitor): MaybeVisitor,
    Query(asked): Query<Asked>,
) -> Response {
    if visitor.is_some() {
        return Redirect::to(destination(asked.next.as_deref())).into_response();
    }
    let user = asked.user.unwrap_or_default();
    page(&app, &tongue, asked.next.as_deref(), &user, None).into_response()
}

async fn enter(
    State(app): State<App>,
    Client(address): Client,
    tongue: Tongue,
    headers: HeaderMap,
    entry: Result<Form<Entry>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    let Form(entry) = entry.map_err(|error| Problem::malformed(error.body_text()))?;
    let next = entry.next.as_deref();
    let signed = app.engine.sign_in(&entry.user, &entry.password, address, Carrier::Cookie).await;
    let (token, signed) = match signed.map_err(crate::api::refused) {
        Ok(signed) => signed,
        Err(problem) => {
            let page = page(&app, &tongue, next, &entry.user, Some(&problem));
            let retry = problem.retry_after.map(|seconds| seconds.to_string());
            let headers = retry.map(|seconds| [("retry-after", seconds)]);
            return Ok(match headers {
                Some(headers) => (problem.status, headers, page).into_response(),
                None => (problem.status, page).into_response(),
            });
        }
    };
    let mut response = Redirect::to(destination(next)).into_response();
    response.headers_mut().append(SET_COOKIE, session_cookie(&app, token.reveal()));
    let chosen = signed.language.as_deref().and_then(Lang::parse);
    let kept = headers
        .get_all("cookie")
        .iter()
        .any(|line| line.to_str().is_ok_and(|line| line.contains("samband-lang=")));
    if let Some(lang) = chosen.filter(|_| !kept) {
        response.headers_mut().append(SET_COOKIE, language_cookie(&app, lang));
    }
    Ok(response)
}

async fn leave(State(app): State<App>, headers: HeaderMap) -> Response {
    if let Some(token) = cookie_token(&app, &headers) {
        app.engine.sign_out(token).await;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().append(SET_COOKIE, session_cookie(&app, ""));
    // What the browser remembers of pages goes with the session.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}

fn page(
    app: &App,
    tongue: &Tongue,
    next: Option<&str>,
    user: &str,
    problem: Option<&Problem>,
) -> Markup {
    let w = tongue.words;
    let title = w.t("sign-in-title");
    let mut form = crate::components::Form::post(w, "/sign-in", "", w.t("sign-in-button"))
        .field(
            Field::text("user", w.t("sign-in-user"))
                .hint(w.t("sign-in-user-hint"))
                .value(user)
                .required()
                .autocomplete("username"),
        )
        .field(
            Field::password("password", w.t("sign-in-password"))
                .hint(w.t("sign-in-password-hint"))
                .required()
                .autocomplete("current-password"),
        );
    if let Some(next) = next {
        form = form.hidden("next", destination(Some(next)));
    }
    let demo = app.demo && app.mode(None) == Mode::Demo;
    let body = html! {
        (page_header(&title, Some(&w.t("sign-in-lead")), None))
        @if let Some(problem) = problem { (explain(problem, w)) }
        @else if next.is_some_and(|next| next != "/picture" && next != "/") {
            (Note::info(w, &w.t("sign-in-first")))
        }
        (form)
        @if demo {
            (section("demo", &w.t("sign-in-demo"), &html! {
                p {
                    (w.t("sign-in-demo-lead")) " " code { (DEMO_PASSWORD) }
                }
                (demo_accounts(app, w, next))
            }))
        }
        details {
            summary { (w.t("sign-in-lost")) }
            p { (w.t("sign-in-lost-text")) }
        }
    };
    app.open_page(tongue, &title, &body)
}

/// The demonstration's accounts: a row per role, a column per region.
fn demo_accounts(app: &App, w: Words, next: Option<&str>) -> Markup {
    let world = app.engine.world();
    let regions: Vec<_> =
        world.locals().map(|journal| (journal.id.clone(), journal.name())).collect();
    let cell = |role: &Role, region: &samband_domain::JournalId| {
        let name = format!("{role}@{region}");
        let known = UserName::new(&name).ok().and_then(|user| app.engine.account(&user));
        match known {
            Some(_) => {
                let next = next.map_or(String::new(), |next| format!("&next={}", percent(next)));
                let href = format!("/sign-in?user={}{next}", percent(&name));
                Cell::markup(html! { a href=(href) { (role) "@" wbr; (region) } })
            }
            None => Cell::text("–"),
        }
    };
    let rows = Role::ALL.iter().map(|role| {
        let header = Cell::text(w.dynamic("role-", role.as_str()));
        regions.iter().fold(Row::new(header), |row, (id, _)| row.cell(cell(role, id)))
    });
    let columns = std::iter::once(Column::text(w.t("sign-in-demo-role")));
    let columns = columns.chain(regions.iter().map(|(_, name)| Column::text(name.clone())));
    html! { (Table::new(w.t("sign-in-demo-table")).columns(columns).rows(rows)) }
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn signing_in_leads_nowhere_else_than_to_this_site() {
        assert_eq!(destination(Some("/roles?x=1")), "/roles?x=1");
        for bad in [
            "",
            "roles",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/sign-in?next=/x",
            "/sign-out",
            "/ö",
        ] {
            assert_eq!(destination(Some(bad)), "/", "{bad}");
        }
        assert_eq!(destination(None), "/");
    }
}
