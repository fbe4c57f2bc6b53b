//! As much of HTTP/1.1 (RFC 9112) as a page on this machine needs: one request a connection, heads alone.
//!
//! In: a connection. Out: a [`Request`] whose Host is this server, or an answer that it is not.
//! Invariant: a request is at most [`MAX_HEAD`] bytes and takes at most [`PATIENCE`]; its path names no file.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The longest head of a request.
const MAX_HEAD: usize = 8 << 10;
/// How long a request may take to arrive, or an answer to leave.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    query: String,
    host: String,
    origin: Option<String>,
}

impl Request {
    /// Reads the head of a request; `None` for what is none.
    pub(super) fn read(stream: &mut TcpStream) -> io::Result<Option<Request>> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let begun = Instant::now();
        let (mut head, mut block) = (Vec::new(), [0; 1024]);
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut block)?;
            head.extend_from_slice(&block[..read]);
            if read == 0 || head.len() > MAX_HEAD || begun.elapsed() > PATIENCE {
                return Ok(None);
            }
        }
        Ok(std::str::from_utf8(&head).ok().and_then(Request::parse))
    }

    fn parse(head: &str) -> Option<Request> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?, first.next()?);
        if !first.next()?.starts_with("HTTP/1.") || first.next().is_some() {
            return None;
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (mut hosts, mut origin) = (Vec::new(), None);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            match name.to_ascii_lowercase().as_str() {
                "host" => hosts.push(value.trim()),
                "origin" => origin = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        // Two hosts are none (RFC 9112, 3.2).
        let [host] = hosts[..] else { return None };
        let [method, path, query, host] = [method, path, query, host].map(str::to_owned);
        Some(Request { method, path, query, host, origin })
    }

    /// The parameter `name` of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// Whether it is meant for a server on `port` of this machine: a name that a stranger's DNS leads here is not.
    pub(super) fn is_meant(&self, port: u16) -> bool {
        names(port).contains(&self.host)
    }

    /// Whether a page of this server sent it.
    pub(super) fn is_own(&self, port: u16) -> bool {
        let origins = names(port).map(|name| format!("http://{name}"));
        self.origin.as_ref().is_some_and(|origin| origins.contains(origin))
    }
}

/// What a browser may call a server on `port` of this machine.
fn names(port: u16) -> [String; 2] {
    [format!("127.0.0.1:{port}"), format!("localhost:{port}")]
}

/// What is answered.
pub(super) struct Answer<'a> {
    /// Status code and reason.
    pub(super) status: &'static str,
    /// Media type.
    pub(super) kind: &'static str,
    pub(super) body: &'a [u8],
}

/// Nothing but this page's own pictures and answers, in no other page's frame.
const POLICY: &str = "default-src 'none'; img-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

impl<'a> Answer<'a> {
    pub(super) fn of(kind: &'static str, body: &'a [u8]) -> Answer<'a> {
        Answer { status: "200 OK", kind, body }
    }

    pub(super) fn refusal(status: &'static str) -> Answer<'a> {
        Answer { status, kind: "text/plain; charset=utf-8", body: status.as_bytes() }
    }

    pub(super) fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let Answer { status, kind, body } = self;
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\n\
             Content-Security-Policy: {POLICY}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(head: &str) -> Option<Request> {
        Request::parse(&head.replace('\n', "\r\n"))
    }

    #[test]
    fn a_request_says_what_and_for_whom() {
        let request =
            parsed("GET /state?after=7&x= HTTP/1.1\nhOST: localhost:7300\nOrigin: http://localhost:7300\n\n")
                .unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/state"));
        assert_eq!(
            (request.parameter("after"), request.parameter("x"), request.parameter("y")),
            (Some("7"), Some(""), None)
        );
        assert!(request.is_meant(7300) && request.is_own(7300));
        assert!(!request.is_meant(7301) && !request.is_own(7301));
    }

    #[test]
    fn another_name_for_this_machine_is_not_this_server() {
        for host in ["evil.example:7300", "127.0.0.1", "127.0.0.1:7300.evil.example", "0.0.0.0:7300"] {
            let request =
                parsed(&format!("GET / HTTP/1.1\nHost: {host}\nOrigin: http://{host}\n\n")).unwrap();
            assert!(!request.is_meant(7300) && !request.is_own(7300), "{host}");
        }
    }

    #[test]
    fn what_is_no_request_is_none() {
        for head in [
            "",
            "GET /\n\n",
            "GET / HTTP/1.1\n\n",
            "GET / HTTP/2\nHost: a\n\n",
            "GET / HTTP/1.1\nHost: a\nHost: b\n\n",
            "GET / HTTP/1.1 x\nHost: a\n\n",
        ] {
            assert_eq!(parsed(head), None, "{head}");
        }
    }
}
