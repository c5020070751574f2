//! HTTP/1.1 as far as AWS SDKs use it: requests with a `Content-Length`, connections that stay open.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;

use super::answer::Reply;

/// The longest body that is read; no call that is served comes near it.
const LONGEST_BODY: usize = 4 << 20;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// `POST`, `GET`
    pub method: String,
    /// The path, still encoded.
    pub path: String,
    /// The query, still encoded.
    pub query: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A header's value, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Access key id, date, Region, service and `aws4_request`, as the signature names them; nothing if unsigned.
    pub(crate) fn credential_scope(&self) -> Vec<&str> {
        let authorization = self.header("authorization").unwrap_or_default();
        let scope = authorization.split_once("Credential=").map(|(_, rest)| rest);
        scope.and_then(|rest| rest.split([',', ' ']).next()).map(|scope| scope.split('/').collect()).unwrap_or_default()
    }

    /// Reads the next request; `None` when the other side has closed.
    pub(crate) fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().ok_or_else(|| malformed("no request target"))?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (path, query) = (path.to_owned(), query.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(malformed("headers without an end"));
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header without a colon"))?;
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let mut request = Self { method, path, query, headers, body: Vec::new() };
        let length = request
            .header("content-length")
            .map_or(Ok(0), str::parse)
            .map_err(|_| malformed("Content-Length is no number"))?;
        if length > LONGEST_BODY || request.header("transfer-encoding").is_some() {
            return Err(malformed("a body too long, or in chunks"));
        }
        request.body = vec![0; length];
        stream.read_exact(&mut request.body)?;
        Ok(Some(request))
    }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Writes a reply; cut short, it promises more than it sends.
pub(crate) fn write(stream: &mut TcpStream, reply: &Reply, cut_short: bool) -> io::Result<()> {
    let reason = match reply.status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        _ => "Internal Server Error",
    };
    let mut head = format!("HTTP/1.1 {} {reason}\r\ncontent-length: {}\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    let body = reply.body.as_bytes();
    let body = if cut_short { &body[..body.len() / 2] } else { body };
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes)?;
    stream.flush()
}
