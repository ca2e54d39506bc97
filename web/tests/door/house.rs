//! Four regions with people and accounts, and a way to ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use samband_access::{Principal, UserName};
use samband_domain::kernel::{
    Approval, Capacity, Command as Kernel, Identity, Owner, OwnerKind, Profession, Role,
};
use samband_domain::words::Code;
use samband_domain::{ActorId, Command, JournalId, Known, Mode, Time, Window};
use samband_engine::{Engine, ManualClock, Options};
use samband_journal::Store;
use samband_web::app::{App, Site, router};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The password of every account.
pub const PASSWORD: &str = "samband-demo";

/// Regions with their county codes.
pub const REGIONS: [(&str, &str, &str); 4] = [
    ("blekinge", "Region Blekinge", "10"),
    ("halland", "Region Halland", "13"),
    ("kronoberg", "Region Kronoberg", "07"),
    ("skane", "Region Skåne", "12"),
];

/// The figures of 2024 as published.
pub const FIGURES: &str =
    "region,population,population_18_64,active_donors_12m,whole_blood_donations_2024
Blekinge,157223,88078,3924,6348
Halland,345074,192417,5938,10932
Kronoberg,203351,116200,3484,7677
Skåne,1428626,840163,22103,43870
";

/// 2026-06-01, noon in UTC.
const NOON: Time = Time(1_780_315_200_000_000);

pub struct House {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub app: App,
    pub router: Router,
    _folder: TempDir,
}

/// An answer as it came.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl House {
    pub async fn demo() -> Self {
        Self::of(Mode::Demo, Site::default()).await
    }

    pub async fn of(mode: Mode, site: Site) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_sqlite(&folder.path().join("samband.db")).await.unwrap();
        let clock = Arc::new(ManualClock::at(NOON));
        let keys = folder.path().join("keys");
        let engine = Engine::start(Options { store, keys, clock: clock.clone() }).await.unwrap();
        let house = engine.clone();
        let app = App::new(engine.clone(), mode == Mode::Demo, site);
        let router = router(app.clone());
        let house = Self { engine: house, clock, app, router, _folder: folder };
        let hash = house.engine.hash_password(PASSWORD).await.unwrap();
        for (id, name, code) in REGIONS {
            house.open(id, name, code, mode).await;
            for role in Role::ALL {
                house.employ(id, *role).await;
                if mode != Mode::Real {
                    let user = UserName::new(&format!("{role}@{id}")).unwrap();
                    house
                        .engine
                        .seed_account(user, actor(role.as_str()), hash.clone())
                        .await
                        .unwrap();
                }
            }
        }
        house
    }

    /// The same house put back from a backup: every journal goes on in a new epoch.
    pub async fn restored(&self) -> Self {
        let backup = self._folder.path().join("backup");
        self.engine.backup(&backup).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_sqlite(&folder.path().join("samband.db")).await.unwrap();
        let (keys, clock) = (folder.path().join("keys"), self.clock.clone());
        samband_engine::restore_into(&backup, &store, &keys).await.unwrap();
        let engine = Engine::start(Options { store, keys, clock: clock.clone() }).await.unwrap();
        let heads = engine.store().heads().await.unwrap();
        let heads: Vec<_> = heads.into_iter().map(|head| head.at).collect();
        engine.open_restored_epochs("prov", &heads).await.unwrap();
        let app = App::new(engine.clone(), true, Site::default());
        let router = router(app.clone());
        Self { engine, clock, app, router, _folder: folder }
    }

    async fn open(&self, id: &str, name: &str, code: &str, mode: Mode) {
        let key = self.engine.keyring().make(&journal(id)).unwrap().public();
        let county_code = Some(Code::new(code).unwrap());
        let owner = Owner { kind: OwnerKind::Region, name: name.into(), county_code };
        let command = Kernel::OpenJournal { owner, mode, key, continues: None };
        self.give(id, command).await;
    }

    pub async fn employ(&self, region: &str, role: Role) {
        let id = role.as_str();
        let identity = Identity {
            name: format!("Namn {id} {region}"),
            hsa_id: None,
            phone: None,
            email: None,
        };
        let (title, profession) = (format!("Titel {id}"), Profession::Management);
        let known = Some(actor(id));
        self.give(region, Kernel::RegisterActor { id: known, profession, title, identity }).await;
        let command = Kernel::GrantMandate {
            holder: actor(id),
            capacity: Capacity::Role(role),
            site: None,
            window: Window::open(self.engine.now()),
            deputy_for: None,
            delegated_from: None,
            review_at: None,
            share_permille: Known::Unknown,
            approval: Approval::NotRequired,
            basis: None,
        };
        self.give(region, command).await;
    }

    pub async fn give(&self, region: &str, command: impl Into<Command>) {
        self.give_as(Principal::Machine, region, command.into()).await;
    }

    /// In the name of whoever holds a role there.
    pub async fn give_by(&self, role: Role, region: &str, command: impl Into<Command>) {
        let person = Principal::Person { actor: actor(role.as_str()), region: journal(region) };
        self.give_as(person, region, command.into()).await;
    }

    async fn give_as(&self, principal: Principal, region: &str, command: Command) {
        let request = samband_engine::Request {
            principal,
            region: journal(region),
            key: fresh(),
            happened: None,
            asked: None,
            command,
        };
        self.engine.submit(request).await.unwrap();
    }

    /// Sends a request through the router.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A token for the API.
    pub async fn token(&self, user: &str) -> String {
        let body = serde_json::json!({ "user": user, "password": PASSWORD });
        let answer = self.send(post_json("/api/v1/sign-in", &body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// A session cookie for pages.
    pub async fn cookie(&self, user: &str) -> String {
        self.cookie_with(user, PASSWORD).await
    }

    pub async fn cookie_with(&self, user: &str, password: &str) -> String {
        let body = form(&[("user", user), ("password", password)]);
        let answer = self.send(post_form("/sign-in", &body)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Reads a page with a cookie.
    pub async fn page(&self, cookie: &str, path: &str) -> Answer {
        self.send(with(get(path), header::COOKIE.as_str(), cookie)).await
    }

    /// Sends a form with a cookie.
    pub async fn fill(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = post_form(path, &form(fields));
        self.send(with(request, header::COOKIE.as_str(), cookie)).await
    }

    /// Reads from the API.
    pub async fn ask(&self, token: &str, path: &str) -> Answer {
        self.send(with(get(path), "authorization", &format!("Bearer {token}"))).await
    }

    /// Gives a command to the API with a fresh key.
    pub async fn tell(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.tell_as(token, path, body, &fresh()).await
    }

    pub async fn tell_as(&self, token: &str, path: &str, body: &Value, key: &str) -> Answer {
        let request = with(post_json(path, body), "authorization", &format!("Bearer {token}"));
        self.send(with(request, "idempotency-key", key)).await
    }

    /// Takes the published figures over for a region through the API.
    pub async fn take_figures(&self, region: &str) -> Answer {
        let token = self.token(&format!("coordinator@{region}")).await;
        let path = "/api/v1/figures/import?own_only=true&file=sodra-2024.csv&period=2024";
        let request = Request::post(path)
            .header("content-type", "text/csv")
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", fresh())
            .body(Body::from(FIGURES))
            .unwrap();
        self.send(request).await
    }
}

pub fn actor(id: &str) -> ActorId {
    ActorId::new(id).unwrap()
}

pub fn journal(id: &str) -> JournalId {
    JournalId::new(id).unwrap()
}

/// A key that was not used before.
pub fn fresh() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("key-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

pub fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

pub fn bare(method: &Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

pub fn post_json(path: &str, body: &Value) -> Request<Body> {
    let body = Body::from(body.to_string());
    Request::post(path).header("content-type", "application/json").body(body).unwrap()
}

pub fn post_form(path: &str, body: &str) -> Request<Body> {
    let kind = "application/x-www-form-urlencoded";
    Request::post(path).header("content-type", kind).body(Body::from(body.to_owned())).unwrap()
}

pub fn with(mut request: Request<Body>, name: &str, value: &str) -> Request<Body> {
    let name = header::HeaderName::from_bytes(name.as_bytes()).unwrap();
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

/// Fields as a form sends them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-._".contains(&c);
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|c| if plain(c) { char::from(c).to_string() } else { format!("%{c:02X}") })
            .collect()
    };
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// The value of a hidden field on a page.
pub fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let at = page.find(&mark).unwrap_or_else(|| panic!("no field {name} in {page}"));
    page[at + mark.len()..].split('"').next().unwrap().to_owned()
}
