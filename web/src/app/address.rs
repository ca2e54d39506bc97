//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::{App, Problem};

/// The client's address: of the connection, or what a named proxy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub IpAddr);

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Self(behind(peer, &parts.headers, &app.site.proxies)))
    }
}

/// The last address in `X-Forwarded-For` that is no proxy of ours: what stands further left was
/// written by somebody whom nobody vouches for.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let ours = |address: &IpAddr| proxies.contains(&address.to_canonical());
    if !ours(&peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").into_iter();
    let said: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    let listed = said.iter().flat_map(|line| line.split(','));
    let listed: Vec<Option<IpAddr>> = listed.map(|part| part.trim().parse().ok()).collect();
    let first_strange = listed.into_iter().rev().find(|one| one.is_none_or(|one| !ours(&one)));
    first_strange.flatten().unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_named_proxy_is_believed_and_only_its_own_word() {
        let proxy: IpAddr = "192.0.2.1".parse().unwrap();
        let client: IpAddr = "198.51.100.7".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.9, 198.51.100.7".parse().unwrap());
        assert_eq!(behind(proxy, &headers, &[proxy]), client);
        assert_eq!(behind(proxy, &headers, &[]), proxy);
        assert_eq!(behind(client, &headers, &[proxy]), client);
        headers.insert("x-forwarded-for", "198.51.100.7, garbage".parse().unwrap());
        assert_eq!(behind(proxy, &headers, &[proxy]), proxy, "nothing left of garbage counts");
        headers.insert("x-forwarded-for", "198.51.100.7, 192.0.2.1".parse().unwrap());
        assert_eq!(behind(proxy, &headers, &[proxy]), client, "a chain of our own proxies");
    }
}
