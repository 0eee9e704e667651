//! What readers leave unread. A reply lies in memory until its reader has taken it, so the bytes
//! of all replies are bounded: in all and for each address. A reply that nobody else shares is
//! counted until its last byte was handed to the system; one more that finds no room becomes a 503.
//!
//! On one connection at most two replies lie at once: the one that is sent, and the next one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse;
use http_body_util::BodyExt;
use hyper::body::Body as _;

use super::crowd::Busy;
use crate::core::error::Error;
use crate::platform::http::Shared;
use crate::platform::security::client_net;

/// How many bytes may lie unread, in all and of one address.
const IN_ALL: usize = 32 * 1024 * 1024;
const OF_ONE_ADDRESS: usize = 16 * 1024 * 1024;
/// A larger reply counts as this many: it must find room in an empty house.
const LARGEST: usize = 8 * 1024 * 1024;
/// What a reply holds at once that is read piece by piece while it is sent.
const STREAMED: usize = 256 * 1024;
/// A smaller reply is as good as sent.
const SMALL: u64 = 16 * 1024;

/// The unread bytes of all connections.
#[derive(Default)]
pub struct Unread(Mutex<Held>);

#[derive(Default)]
struct Held {
    in_all: usize,
    of: HashMap<IpAddr, usize>,
}

/// Bytes that lie unread; counted while this lives.
struct Charge {
    unread: Arc<Unread>,
    from: IpAddr,
    bytes: usize,
}

/// A piece of a reply with what must last as long.
struct Piece {
    bytes: Bytes,
    _kept: Arc<(Busy, Option<Charge>)>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Unread {
    /// A reply that is counted, and keeps its connection busy, until it was read. `is_change` says
    /// that something was done of which this reply tells: it is never turned away.
    pub fn count(
        self: &Arc<Self>,
        response: Response<Body>,
        busy: Busy,
        from: IpAddr,
        is_change: bool,
    ) -> Response<Body> {
        let size = response.body().size_hint();
        if size.upper().is_some_and(|upper| upper <= SMALL) {
            return response;
        }
        let is_shared = response.extensions().get::<Shared>().is_some();
        let bytes =
            size.exact().map_or(STREAMED, |exact| usize::try_from(exact).unwrap_or(LARGEST));
        let charge = if is_shared { None } else { self.charge(from, bytes, is_change) };
        if charge.is_none() && !is_shared {
            return turned_away(response);
        }
        let kept = Arc::new((busy, charge));
        let mut response = response.map(|body| {
            Body::new(body.map_frame(move |frame| {
                let kept = Arc::clone(&kept);
                frame.map_data(|bytes| Bytes::from_owner(Piece { bytes, _kept: kept }))
            }))
        });
        if let Some(exact) = size.exact() {
            let length = || HeaderValue::from(exact);
            response.headers_mut().entry(header::CONTENT_LENGTH).or_insert_with(length);
        }
        response
    }

    fn charge(self: &Arc<Self>, from: IpAddr, bytes: usize, always: bool) -> Option<Charge> {
        let (from, bytes) = (client_net(from), bytes.min(LARGEST));
        let mut held = self.held();
        let of_it = held.of.get(&from).copied().unwrap_or_default();
        if !always && (of_it + bytes > OF_ONE_ADDRESS || held.in_all + bytes > IN_ALL) {
            return None;
        }
        held.in_all += bytes;
        held.of.insert(from, of_it + bytes);
        Some(Charge { unread: Arc::clone(self), from, bytes })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        let mut held = self.unread.held();
        held.in_all -= self.bytes;
        if let Some(of_it) = held.of.get_mut(&self.from) {
            *of_it -= self.bytes;
            if *of_it == 0 {
                held.of.remove(&self.from);
            }
        }
    }
}

/// The 503 in the place of a reply that finds no room, with the careful headers of that.
fn turned_away(response: Response<Body>) -> Response<Body> {
    let of_the_body = [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::CONTENT_DISPOSITION,
        header::CACHE_CONTROL,
        header::ETAG,
    ];
    let mut headers = response.into_parts().0.headers;
    for name in of_the_body {
        headers.remove(name);
    }
    let mut busy = Error::busy().into_response();
    headers.extend(busy.headers().clone());
    *busy.headers_mut() = headers;
    busy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::server::crowd::Crowd;

    const MIB: usize = 1024 * 1024;

    fn address(last: u8) -> IpAddr {
        [192, 168, 1, last].into()
    }

    fn asked(unread: &Arc<Unread>, from: IpAddr, body: Body, is_change: bool) -> Response<Body> {
        let seat = Arc::new(Crowd::default()).enter(from).unwrap();
        let mut response = Response::new(body);
        response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        unread.count(response, seat.is_busy(), from, is_change)
    }

    /// N1: whoever leaves replies unread is turned away, and others are not.
    #[tokio::test]
    async fn unread_bytes_are_bounded_for_each_and_for_all() {
        let unread = Arc::new(Unread::default());
        let mut lying = Vec::new();
        let mut fill = |last| loop {
            let reply = asked(&unread, address(last), vec![0; MIB].into(), false);
            if reply.status() == 503 {
                assert_eq!(reply.headers()[header::X_FRAME_OPTIONS], "DENY");
                assert_eq!(reply.headers()[header::RETRY_AFTER], "1");
                return lying.len();
            }
            lying.push(reply);
        };
        assert_eq!(fill(1), OF_ONE_ADDRESS / MIB);
        assert_eq!(fill(2), IN_ALL / MIB);
        assert_eq!(fill(3), IN_ALL / MIB);
        // What was done is told of all the same; what is small, or everybody's, finds its way.
        let done = asked(&unread, address(3), vec![0; MIB].into(), true);
        assert_eq!(done.status(), 200);
        let small = asked(&unread, address(1), vec![0; 1024].into(), false);
        assert_eq!(small.status(), 200);
        let mut everybodys = Response::new(Body::from(vec![0; MIB]));
        everybodys.extensions_mut().insert(Shared);
        let seat = Arc::new(Crowd::default()).enter(address(1)).unwrap();
        let everybodys = unread.count(everybodys, seat.is_busy(), address(1), false);
        assert_eq!(everybodys.status(), 200);
        drop((lying, done, everybodys));
        assert_eq!(unread.held().in_all, 0);
        assert!(unread.held().of.is_empty());
    }

    #[tokio::test]
    async fn a_reply_is_unread_until_its_last_byte_is_gone() {
        let unread = Arc::new(Unread::default());
        let reply = asked(&unread, address(1), vec![0; MIB].into(), false);
        assert_eq!(reply.headers()[header::CONTENT_LENGTH], MIB.to_string().as_str());
        let mut bytes = reply.into_body().collect().await.unwrap().to_bytes();
        let first = bytes.split_to(MIB / 2);
        drop(bytes);
        assert_eq!(unread.held().in_all, MIB);
        drop(first);
        assert_eq!(unread.held().in_all, 0);
    }

    #[tokio::test]
    async fn the_largest_reply_finds_room() {
        let unread = Arc::new(Unread::default());
        let reply = asked(&unread, address(1), vec![0; 2 * IN_ALL].into(), false);
        assert_eq!((reply.status().as_u16(), unread.held().in_all), (200, LARGEST));
    }
}
