//! HTTP of the fakes: takes a request, lets the dialect answer, and spoils the reply as the script
//! says. By hand on hyper, since a reply that is lost is none, and a router always gives one.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_TYPE, DATE};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::faults::{Call, Fault, Trouble};
use super::ledger::{Heard, Keyed, Ledger};
use super::{Desk, Dialect, Shared, clock, raiffeisen, stripe, yookassa};

/// What a dialect answers.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub status: u16,
    /// `Null` for no body at all.
    pub body: Value,
    /// A result of an earlier request with this key.
    pub is_replayed: bool,
}

impl Reply {
    pub fn ok(body: Value) -> Self {
        Self::status(200, body)
    }

    pub fn status(status: u16, body: Value) -> Self {
        Self { status, body, is_replayed: false }
    }
}

/// A request, as the dialects read it.
pub(super) struct Request {
    pub method: String,
    pub path: String,
    /// With the query, as it came.
    pub address: String,
    pub query: BTreeMap<String, String>,
    pub headers: hyper::HeaderMap,
    pub body: Bytes,
    /// The provider's time.
    pub now: i64,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The media type, without its parameters.
    pub fn media_type(&self) -> &str {
        let whole = self.header("content-type").unwrap_or_default();
        whole.split(';').next().unwrap_or_default().trim()
    }

    /// Name and password of HTTP Basic, as `name:password`.
    pub fn basic(&self) -> Option<String> {
        use base64::Engine;
        let coded = self.header("authorization")?.strip_prefix("Basic ")?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(coded).ok()?;
        String::from_utf8(bytes).ok()
    }

    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// What the path consists of: `["v3", "payments"]`.
    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').skip(1).collect()
    }

    /// What a key is kept with.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// `a=b&c=d`, decoded.
pub(super) fn form(text: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://form/?{text}")).expect("a query");
    url.query_pairs().into_owned().collect()
}

impl Ledger {
    /// What became of the key before, when the request is the same; `Err` when it is another.
    pub(super) fn repeated(
        &self,
        key: &str,
        line: &str,
        asked: &Value,
    ) -> Result<Option<&Keyed>, String> {
        match self.keys.get(key) {
            None => Ok(None),
            Some(first) if first.line == line && first.asked == *asked => Ok(Some(first)),
            Some(first) => Err(first.line.clone()),
        }
    }

    pub(super) fn keep(&mut self, key: &str, request: &Request, asked: &Value, reply: &Reply) {
        let (at, line) = (request.now, request.line());
        let keyed = Keyed { at, line, asked: asked.clone(), reply: reply.clone() };
        self.keys.insert(key.to_owned(), keyed);
    }
}

impl Dialect {
    fn call(self, request: &Request) -> Option<Call> {
        match self {
            Self::Yookassa => yookassa::call(request),
            Self::Raiffeisen => raiffeisen::call(request),
            Self::Stripe => stripe::call(request),
        }
    }

    fn answer(self, desk: &mut Desk, request: &Request) -> Reply {
        match self {
            Self::Yookassa => yookassa::answer(desk, request),
            Self::Raiffeisen => raiffeisen::answer(desk, request),
            Self::Stripe => stripe::answer(desk, request),
        }
    }

    fn key(self, request: &Request) -> Option<String> {
        let name = match self {
            Self::Yookassa => "idempotence-key",
            Self::Raiffeisen => return None,
            Self::Stripe => "idempotency-key",
        };
        request.header(name).map(str::to_owned)
    }

    /// The provider's own body of an error that has nothing to do with the request.
    fn trouble(self, status: u16) -> Reply {
        match self {
            Self::Yookassa => yookassa::trouble(status),
            Self::Raiffeisen => raiffeisen::trouble(status),
            Self::Stripe => stripe::trouble(status),
        }
    }
}

impl Shared {
    /// The deed, and what is wrong with the reply. `None` when nothing was answered.
    fn hear(&self, mut request: Request) -> (Option<Reply>, Option<Trouble>) {
        let desk = &mut *self.desk();
        request.now = self.clock.now();
        desk.ledger.run_out(request.now);
        let call = self.dialect.call(&request);
        let fault = call.and_then(|call| desk.script.next(call));
        let trouble = fault.map(Fault::trouble);
        let key = self.dialect.key(&request);
        let reply = match fault {
            Some(Fault::Before(_)) => None,
            _ => Some(self.dialect.answer(desk, &request)),
        };
        if let (Some(Fault::After(Trouble::Status(status))), Some(key), Dialect::Stripe) =
            (fault, &key, self.dialect)
        {
            // "Retries with the same key return the saved response, including 500 errors."
            if let Some(keyed) = desk.ledger.keys.get_mut(key).filter(|_| status >= 500) {
                keyed.reply = self.dialect.trouble(status);
            }
        }
        let line = format!("{} {}", request.method, request.address);
        let (at, body) = (request.now, request.body.to_vec());
        let status = reply.as_ref().map(|reply| reply.status);
        desk.ledger.heard.push(Heard { at, call, line, key, body, status });
        (reply, trouble)
    }

    /// Until the test lets held replies go.
    async fn hold(&self) {
        let mut released = self.released.subscribe();
        let held = Held::new(self);
        drop(released.changed().await);
        drop(held);
    }

    async fn serve(&self, request: hyper::Request<Incoming>) -> Result<Response, io::Error> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let request = Request {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            address: head.uri.to_string(),
            query: form(head.uri.query().unwrap_or_default()).into_iter().collect(),
            headers: head.headers,
            body,
            now: 0,
        };
        let (reply, trouble) = self.hear(request);
        let or_late = |reply: Option<Reply>| reply.unwrap_or_else(|| self.dialect.trouble(503));
        match trouble {
            None => Ok(self.response(&or_late(reply))),
            Some(Trouble::Lost) => Err(io::Error::other("the reply is lost")),
            Some(Trouble::Half) => Ok(self.half(&or_late(reply))),
            Some(Trouble::Silence) => {
                self.hold().await;
                Ok(self.response(&or_late(reply)))
            }
            Some(Trouble::Status(status)) => Ok(self.response(&self.dialect.trouble(status))),
            Some(Trouble::Gateway) => Ok(self.html(502, "502 Bad Gateway")),
            Some(Trouble::Portal) => Ok(self.html(200, "Please sign in to the network")),
        }
    }

    fn head(&self, status: u16, media_type: &str) -> hyper::http::response::Builder {
        let date = clock::http(self.clock.now());
        hyper::Response::builder()
            .status(status)
            .header(CONTENT_TYPE, media_type)
            .header(DATE, date)
    }

    fn response(&self, reply: &Reply) -> Response {
        let text = if reply.body.is_null() { String::new() } else { reply.body.to_string() };
        let mut head = self.head(reply.status, "application/json");
        if reply.is_replayed {
            head = head.header("idempotent-replayed", "true");
        }
        head.body(full(text)).expect("a response")
    }

    fn html(&self, status: u16, text: &str) -> Response {
        let page = format!("<html><body><h1>{text}</h1></body></html>");
        self.head(status, "text/html").body(full(page)).expect("a response")
    }

    /// The head promises the whole body, and the connection ends in its middle.
    fn half(&self, reply: &Reply) -> Response {
        let text = reply.body.to_string();
        let head = self.head(reply.status, "application/json");
        let head = head.header("content-length", text.len());
        let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
        let frames = [Ok(Frame::data(half)), Err(io::Error::other("the rest is lost"))];
        head.body(BodyExt::boxed(StreamBody::new(stream::iter(frames)))).expect("a response")
    }
}

/// Counts a held reply for as long as it is one, also when who waits gives up.
struct Held<'a>(&'a Shared);

impl<'a> Held<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.desk().held += 1;
        Self(shared)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.desk().held -= 1;
    }
}

type Response = hyper::Response<BoxBody<Bytes, io::Error>>;

fn full(text: String) -> BoxBody<Bytes, io::Error> {
    Full::new(Bytes::from(text)).map_err(|never: Infallible| match never {}).boxed()
}

/// A thread with a runtime of its own, until `stopped` hears that its other end is gone.
pub(super) fn listen(
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
) -> (SocketAddr, JoinHandle<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Bound without the runtime: a test that has one may not enter another.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let accept = async move {
        let listener = TcpListener::from_std(listener).unwrap();
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                let service = service_fn(|request| shared.serve(request));
                let http = hyper::server::conn::http1::Builder::new();
                // What a lost reply ends with; there is nobody to tell.
                drop(http.serve_connection(TokioIo::new(stream), service).await);
            });
        }
    };
    let thread = std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept => {}
                _ = stopped => {}
            }
        });
    });
    (address, thread)
}
