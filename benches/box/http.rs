//! HTTP/1.1 by hand: requests are bytes made beforehand, replies are read no further than
//! needed, so that the load costs less than what it measures.

use std::fmt::Write as _;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A kept-alive connection.
pub struct Connection {
    port: u16,
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A reply; its body lies in the connection's buffer until the next one.
pub struct Reply<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { port, stream, buffer: vec![0; 64 * 1024] })
    }

    /// Sends a request and reads its reply whole. A connection that the box closed because nothing was
    /// asked for long is opened anew, as a browser does.
    pub async fn exchange(&mut self, request: &[u8]) -> std::io::Result<Reply<'_>> {
        let mut filled = if let Ok(filled) = self.send(request).await {
            filled
        } else {
            *self = Self::open(self.port).await?;
            self.send(request).await?
        };
        let head = loop {
            if let Some(at) = find(&self.buffer[..filled], b"\r\n\r\n") {
                break at + 4;
            }
            filled += self.read(filled).await?;
        };
        let status = digits(&self.buffer[9..12]);
        let length = content_length(&self.buffer[..head]);
        let end = head + length;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while filled < end {
            filled += self.read(filled).await?;
        }
        let status = u16::try_from(status).unwrap_or(0);
        Ok(Reply { status, body: &self.buffer[head..end] })
    }

    /// Returns how many bytes of the reply came first.
    async fn send(&mut self, request: &[u8]) -> std::io::Result<usize> {
        self.stream.write_all(request).await?;
        self.read(0).await
    }

    async fn read(&mut self, filled: usize) -> std::io::Result<usize> {
        match self.stream.read(&mut self.buffer[filled..]).await? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }

    /// A JSON request that must succeed.
    pub async fn call(&mut self, request: &[u8]) -> Value {
        let reply = self.exchange(request).await.unwrap();
        let body = String::from_utf8_lossy(reply.body);
        assert!(matches!(reply.status, 200 | 201), "{}: {body}", reply.status);
        serde_json::from_str(&body).unwrap()
    }
}

/// The bytes of a request; `body` null for none, `key` empty for none.
pub fn request(method: &str, path: &str, token: &str, key: &str, body: &Value) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    if !token.is_empty() {
        write!(head, "Authorization: Bearer {token}\r\n").unwrap();
    }
    if !key.is_empty() {
        write!(head, "Idempotency-Key: {key}\r\n").unwrap();
    }
    let body = if body.is_null() { String::new() } else { body.to_string() };
    if !body.is_empty() {
        let length = body.len();
        write!(head, "Content-Type: application/json\r\nContent-Length: {length}\r\n").unwrap();
    }
    format!("{head}\r\n{body}").into_bytes()
}

pub fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The number that the text begins with.
pub fn digits(text: &[u8]) -> usize {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

fn content_length(head: &[u8]) -> usize {
    let name = b"content-length: ";
    find(head, name).map_or(0, |at| digits(&head[at + name.len()..]))
}
