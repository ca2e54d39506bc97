//! The gate that every request passes: language, session, foreign pages on the way in; problems
//! dressed and headers added on the way out.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN,
    REFERER, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use samband_access::{Carrier, Standing, csrf, standings};
use samband_domain::kernel::{Role, view};
use samband_domain::{ActorId, JournalId, Mode, Refusal};
use samband_engine::SignedIn;

use super::as_of;
use super::explain::explain;
use super::visitor::{COOKIE, COOKIE_SECURE, LANGUAGE, cookie, language};
use super::{App, Problem, Tongue, Visitor};
use crate::components::page_header;
use crate::text::{Lang, Words};

/// What pages may load: only from here.
const CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; \
                   frame-ancestors 'none'; object-src 'none'";

/// Told to whoever must change the password first.
const MUST_CHANGE: &str = "account.password_must_change";

/// Where a person whose password must be changed may still go.
const WITH_OLD_PASSWORD: &[&str] = &[
    "/account",
    "/account/password",
    "/sign-out",
    "/about",
    "/api/v1/session",
    "/api/v1/session/password",
];

/// Names every request, logs it without saying by whom, and adds what every answer carries.
pub(super) async fn outermost(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = super::fresh_key()[..16].to_owned();
    let method = request.method().clone();
    // The pattern, not the address: an address may name a person.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    let route = route.unwrap_or_default();
    tracing::info!(%method, route, status, ms, request = id, "answered");
    let headers = response.headers_mut();
    let text = HeaderValue::from_static;
    headers.insert(CONTENT_SECURITY_POLICY, text(CSP));
    headers.entry(REFERRER_POLICY).or_insert(text("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, text("nosniff"));
    headers.insert(HeaderName::from_static("x-frame-options"), text("DENY"));
    headers.entry(CACHE_CONTROL).or_insert(text("no-store"));
    if app.site.secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, text("max-age=63072000; includeSubDomains"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Whoever comes in is known by language and session from here on.
pub(super) async fn gate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (lang, asked) = language(request.uri(), request.headers());
    let words = Words::new(lang);
    let path = request.uri().path().to_owned();
    let address = request.uri().path_and_query().map_or(path.clone(), ToString::to_string);
    let way = Way {
        api: path.starts_with("/api/") || path == "/metrics" || path == "/healthz",
        back: back(request.method(), request.headers(), &address),
        tongue: Tongue { words, address: address.clone() },
    };
    let signed = signed_in(&app, request.headers()).await;
    let visitor = signed.map(|signed| Arc::new(known(&app, signed, words, address)));
    let outcome = admit(&app, &request, visitor.as_deref(), &path);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // What is read is at least as new as this; what was done is seen by now, too.
    let before = as_of::header(&app, visitor.is_some());
    let response = match outcome {
        Ok(()) => {
            request.extensions_mut().insert(way.tongue.clone());
            if let Some(visitor) = &visitor {
                request.extensions_mut().insert(Arc::clone(visitor));
            }
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    let mut response = dress(&app, response, visitor.as_deref(), &way).await;
    let stamp = if reads { before } else { as_of::header(&app, visitor.is_some()) };
    if let Some(stamp) = stamp {
        response.headers_mut().insert(as_of::HEADER, stamp);
    }
    if asked {
        remember_language(&app, &mut response, lang);
    }
    response
}

/// What is needed to answer in the right form.
struct Way {
    api: bool,
    back: String,
    tongue: Tongue,
}

/// Where to come back to after signing in: the page asked for, or the page the form stood on.
fn back(method: &Method, headers: &HeaderMap, address: &str) -> String {
    if method == Method::GET {
        return address.to_owned();
    }
    let referer = headers.get(REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let after_host = referer.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    after_host.map_or_else(|| "/".into(), |(_, path)| format!("/{path}"))
}

fn cookie_name(app: &App) -> &'static str {
    if app.site.secure { COOKIE_SECURE } else { COOKIE }
}

/// The `Set-Cookie` line of a session; an empty token takes it away.
pub(crate) fn session_cookie(app: &App, token: &str) -> HeaderValue {
    let secure = if app.site.secure { "; Secure" } else { "" };
    let gone = if token.is_empty() { "; Max-Age=0" } else { "" };
    let name = cookie_name(app);
    let line = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{gone}");
    HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The token in a request's cookie.
pub(crate) fn cookie_token<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    cookie(headers, cookie_name(app))
}

/// The token in a request's `Authorization` header.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn signed_in(app: &App, headers: &HeaderMap) -> Option<SignedIn> {
    if headers.contains_key(AUTHORIZATION) {
        return app.engine.session(bearer_token(headers)?, Carrier::Bearer).await;
    }
    app.engine.session(cookie_token(app, headers)?, Carrier::Cookie).await
}

/// The roles an actor holds now, each once.
pub(crate) fn known_roles(app: &App, region: &JournalId, actor: &ActorId) -> Vec<Role> {
    let world = app.engine.world();
    let Some(region) = world.local(region) else {
        return Vec::new();
    };
    let held = view::roles_of(&region.shared.kernel, actor, app.engine.now());
    let mut roles: Vec<_> = held.into_iter().map(|(role, _)| role).collect();
    roles.sort();
    roles.dedup();
    roles
}

fn known(app: &App, signed: SignedIn, words: Words, address: String) -> Visitor {
    let SignedIn { session, must_change, .. } = signed;
    let world = app.engine.world();
    let region = world.local(&session.region);
    let now = app.engine.now();
    let name = region
        .and_then(|region| region.own.kernel.persons.get(&session.actor))
        .and_then(|person| person.here())
        .map_or_else(|| session.user.to_string(), |identity| identity.name.clone());
    let roles = known_roles(app, &session.region, &session.actor);
    let principal = session.principal();
    let held = region.map(|region| standings(region, &principal, now)).unwrap_or_default();
    let emergency = held.iter().any(|(standing, _)| *standing == Standing::Emergency);
    // In a demonstration everybody has the same password, and says so at the door.
    let demo = app.mode(Some(&session.region)) == Mode::Demo;
    Visitor {
        principal,
        region: session.region.clone(),
        actor: session.actor.clone(),
        user: session.user.clone(),
        name,
        roles,
        emergency,
        must_change: must_change && !demo,
        touched: app.engine.account(&session.user).map_or_else(Vec::new, |held| held.touched),
        session,
        lang: words.lang(),
        words,
        address,
    }
}

/// Whether a request may go on to its handler.
fn admit(
    app: &App,
    request: &Request,
    visitor: Option<&Visitor>,
    path: &str,
) -> Result<(), Problem> {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // A personal link acts by its own secret, never by a cookie: there is nothing to borrow, and a
    // mail program's browser says of itself whatever it likes.
    if path.starts_with("/a/") || path == "/k" {
        return Ok(());
    }
    if !headers.contains_key(AUTHORIZATION) {
        let asked = csrf::Request {
            method: request.method().as_str(),
            host: text(HOST).or_else(|| request.uri().authority().map(|a| a.as_str())),
            origin: text(ORIGIN),
            sec_fetch_site: text(HeaderName::from_static("sec-fetch-site")),
        };
        csrf::check(&asked, app.site.public.as_deref()).map_err(|refusal: Refusal| {
            tracing::warn!(%refusal, "a foreign page");
            Problem::from(refusal)
        })?;
    }
    let old = visitor.is_some_and(|visitor| visitor.must_change);
    if old && !WITH_OLD_PASSWORD.contains(&path) {
        return Err(Problem::new(StatusCode::FORBIDDEN, MUST_CHANGE));
    }
    Ok(())
}

/// Makes a page or a problem document of whatever is wrong with an answer.
async fn dress(app: &App, response: Response, visitor: Option<&Visitor>, way: &Way) -> Response {
    let (mut parts, body) = response.into_parts();
    let problem = match parts.extensions.remove::<Problem>() {
        Some(problem) => problem,
        None if is_bare(parts.status, &parts.headers) => bare(parts.status, body).await,
        None => return Response::from_parts(parts, body),
    };
    if !way.api {
        if problem.code == samband_access::NOT_SIGNED_IN.code {
            let next = percent(&way.back);
            return Redirect::to(&format!("/sign-in?next={next}")).into_response();
        }
        if problem.code == MUST_CHANGE {
            return Redirect::to("/account").into_response();
        }
    }
    let mut dressed = if way.api {
        let known = visitor.map(|visitor| {
            super::named::named(problem.clone(), &app.engine.world(), &visitor.region)
        });
        let known = known.as_ref().unwrap_or(&problem);
        crate::api::problem_document(&problem, known, way.tongue.words)
    } else {
        page(app, &problem, visitor, &way.tongue)
    };
    for name in [RETRY_AFTER, ALLOW] {
        if let Some(value) = parts.headers.remove(&name) {
            dressed.headers_mut().insert(name, value);
        }
    }
    dressed
}

/// An error that the framework answered by itself, without a page or a document of ours.
fn is_bare(status: StatusCode, headers: &HeaderMap) -> bool {
    let plain = |value: &HeaderValue| value.as_bytes().starts_with(b"text/plain");
    let wrong = status.is_client_error() || status.is_server_error();
    wrong && headers.get(CONTENT_TYPE).is_none_or(plain)
}

async fn bare(status: StatusCode, body: Body) -> Problem {
    let detail = to_bytes(body, 2_048).await.unwrap_or_default();
    let detail = String::from_utf8_lossy(&detail).into_owned();
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "web.too_large"),
        StatusCode::SERVICE_UNAVAILABLE => Problem::new(status, "web.late"),
        StatusCode::NOT_FOUND => Problem::not_found(detail),
        _ if status.is_client_error() => Problem { status, ..Problem::malformed(detail) },
        _ => Problem { status, ..Problem::broken() },
    }
}

fn page(app: &App, problem: &Problem, visitor: Option<&Visitor>, tongue: &Tongue) -> Response {
    let words = tongue.words;
    let title = match problem.status {
        StatusCode::NOT_FOUND => words.t("problem-not-found"),
        StatusCode::FORBIDDEN => words.t("problem-forbidden"),
        status if status.is_server_error() => words.t("problem-broken"),
        _ => words.t("problem-refused"),
    };
    let body = html! {
        (page_header(&title, None, None))
        @match visitor {
            Some(visitor) => (visitor.explain(app, problem.clone())),
            None => (explain(problem, words)),
        }
        p { a href=(tongue.address) { (words.t("problem-again")) } }
        p { a href="/" { (words.t("problem-start")) } }
    };
    let markup = match visitor {
        Some(visitor) => visitor.page(app, &title, &[], false, &body),
        None => app.open_page(tongue, &title, &body),
    };
    (problem.status, markup).into_response()
}

/// A text as the value of a query.
pub(crate) fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn remember_language(app: &App, response: &mut Response, lang: Lang) {
    response.headers_mut().append(SET_COOKIE, language_cookie(app, lang));
}

/// The `Set-Cookie` line that remembers the language.
pub(crate) fn language_cookie(app: &App, lang: Lang) -> HeaderValue {
    let secure = if app.site.secure { "; Secure" } else { "" };
    let code = lang.code();
    let line = format!("{LANGUAGE}={code}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static(""))
}
