//! As much of HTTP/1.1 as printers speak, by hand: what is to break off in the middle of an answer
//! must not have a library that means well.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks whether anybody calls.
const PAUSE: Duration = Duration::from_millis(1);
/// How long a half-sent message is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `POST /path HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub first_line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    pub fn method(&self) -> &str {
        self.first_line.split(' ').next().unwrap_or_default()
    }

    /// The path with its query.
    pub fn target(&self) -> &str {
        self.first_line.split(' ').nth(1).unwrap_or_default()
    }

    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.target().split_once('?')?.1;
        form(query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Of an answer.
    pub fn status(&self) -> u16 {
        let status = self.first_line.split(' ').nth(1);
        status.and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            lines.push(line.to_owned());
        }
        let mut lines = lines.into_iter();
        let first_line = lines.next().unwrap_or_default();
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.trim().to_owned()))
        });
        let mut message = Self { first_line, headers: headers.collect(), body: Vec::new() };
        message.body = message.read_body(from)?;
        Ok(Some(message))
    }

    fn read_body(&self, from: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            loop {
                let mut size = String::new();
                from.read_line(&mut size)?;
                let size = usize::from_str_radix(size.trim().split(';').next().unwrap_or(""), 16)
                    .map_err(io::Error::other)?;
                let mut chunk = vec![0; size + 2];
                from.read_exact(&mut chunk)?;
                if size == 0 {
                    return Ok(body);
                }
                body.extend_from_slice(&chunk[..size]);
            }
        }
        let length = self.header("content-length").and_then(|length| length.parse().ok());
        body.resize(length.unwrap_or(0), 0);
        from.read_exact(&mut body)?;
        Ok(body)
    }

    fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut head = format!("{}\r\n", self.first_line);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        to.write_all(&[head.as_bytes(), &self.body].concat())?;
        to.flush()
    }
}

/// Names and values as a form or a query has them.
pub fn form(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// With all but letters and digits as their numbers.
pub fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// What a server does with a request.
pub enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// The head that announces this body and half of it, and the connection ends.
    Half(Vec<u8>),
    /// The connection ends without a word.
    HangUp,
    /// No word comes, and the connection stays.
    Silence,
}

impl Reply {
    pub fn xml(body: String) -> Self {
        let headers = vec![("Content-Type", "text/xml; charset=utf-8".to_owned())];
        Self::Answer { status: 200, headers, body: body.into_bytes() }
    }

    pub fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: Vec::new() }
    }
}

type Handler = dyn Fn(&Message) -> Reply + Send + Sync;

/// Answers by a function, each connection on a thread of its own.
pub struct Server {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(handler: impl Fn(&Message) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = is_over.clone();
        let thread = std::thread::spawn(move || serve(&listener, &Arc::new(handler), &over));
        Self { address, is_over, thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(
    listener: &TcpListener,
    handler: &Arc<impl Fn(&Message) -> Reply + Send + Sync + 'static>,
    is_over: &Arc<AtomicBool>,
) {
    let mut talks: Vec<JoinHandle<()>> = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            std::thread::sleep(PAUSE);
            continue;
        };
        let (handler, over) = (handler.clone(), is_over.clone());
        talks.push(std::thread::spawn(move || drop(talk(&stream, &*handler, &over))));
    }
    for talk in talks {
        drop(talk.join());
    }
}

fn talk(stream: &TcpStream, handler: &Handler, is_over: &AtomicBool) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        // A connection that is kept open must not keep the server.
        stream.set_read_timeout(Some(Duration::from_millis(20)))?;
        while matches!(reader.fill_buf(), Err(error) if is_timeout(&error)) {
            if is_over.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
        stream.set_read_timeout(Some(PATIENCE))?;
        let Some(request) = Message::read(&mut reader)? else { return Ok(()) };
        match handler(&request) {
            Reply::Answer { status, headers, body } => {
                answer(status, headers, body).write(&mut &*stream)?;
            }
            Reply::Half(body) => {
                let (missing, mut whole) = (body.len().div_ceil(2), Vec::new());
                let kind = vec![("Content-Type", "text/xml; charset=utf-8".to_owned())];
                answer(200, kind, body).write(&mut whole)?;
                return (&*stream).write_all(&whole[..whole.len() - missing]);
            }
            Reply::HangUp => return Ok(()),
            Reply::Silence => {
                while !is_over.load(Ordering::Relaxed) {
                    std::thread::sleep(PAUSE);
                }
                return Ok(());
            }
        }
        if request.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close")) {
            return Ok(());
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn answer(status: u16, headers: Vec<(&str, String)>, body: Vec<u8>) -> Message {
    let reason = if status == 200 { "OK" } else { "Refused" };
    let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Message { first_line: format!("HTTP/1.1 {status} {reason}"), headers, body }
}

/// Asks a server once, on a connection of its own.
pub fn ask(
    server: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Message> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let own = [("Host", server.to_string()), ("Connection", "close".to_owned())];
    let own = own.map(|(name, value)| (name.to_owned(), value));
    let given = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let request = Message {
        first_line: format!("{method} {target} HTTP/1.1"),
        headers: own.into_iter().chain(given).collect(),
        body: body.to_vec(),
    };
    request.write(&mut stream)?;
    let answer = Message::read(&mut BufReader::new(stream))?;
    answer.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}
