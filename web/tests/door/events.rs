//! News: topics as they become durable, never bodies.

use axum::body::Bytes;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::house::{House, get, with};

async fn next(body: &mut axum::body::Body) -> Bytes {
    body.frame().await.unwrap().unwrap().into_data().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_listens_hears_what_changed_and_nothing_of_what() {
    let house = House::demo().await;
    let token = house.token("coordinator@halland").await;
    let request = with(get("/api/v1/events"), "authorization", &format!("Bearer {token}"));
    let response = house.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(response.headers().get("content-encoding").is_none());
    assert_eq!(house.app.live.listening(), 1);
    let mut body = response.into_body();
    assert_eq!(next(&mut body).await, ": alive\n\n");
    house.take_figures("skane").await;
    let frame = loop {
        let frame = next(&mut body).await;
        let text = String::from_utf8_lossy(&frame).into_owned();
        if text.contains("figures") {
            break text;
        }
    };
    assert!(frame.contains("\"topic\":\"figures\",\"journal\":\"skane\""), "{frame}");
    assert!(frame.starts_with("id: ") && !frame.contains("22103"));
    drop(body);
    assert_eq!(house.app.live.listening(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_between_a_page_and_its_stream_is_told_first() {
    let house = House::demo().await;
    let token = house.token("coordinator@halland").await;
    let first = async |since: u64| {
        let address = format!("/api/v1/events?since={since}");
        let request = with(get(&address), "authorization", &format!("Bearer {token}"));
        let mut body = house.router.clone().oneshot(request).await.unwrap().into_body();
        String::from_utf8_lossy(&next(&mut body).await).into_owned()
    };
    let read = house.app.engine.world().serial;
    assert_eq!(first(read).await, ": alive\n\n", "nothing happened meanwhile");
    house.take_figures("skane").await;
    let told = first(read).await;
    assert!(told.contains("\"topic\":\"*\""), "something did, and it says: {told}");
}
