//! A loopback server that speaks the AWS protocols from an organization described in data: `sso-admin`,
//! `identitystore`, `organizations`, `cloudtrail`, `iam`, `sts`, `account-access` and the access portal, as far as they
//! are read. It can be changed only where its conduct says so, as by somebody who does what an answer advises. How it
//! misbehaves is data as well, and it remembers what it was asked.

#![expect(clippy::missing_panics_doc, reason = "a test that names what is not in the organization has to stop")]

mod access;
mod account;
mod account_access;
mod acme;
mod answer;
mod builder;
mod call;
mod cloud_trail;
mod conduct;
mod desk;
mod extension;
mod faults;
mod handed_out;
mod history;
mod http;
mod iam;
mod identifier;
mod identity_store;
mod insights;
mod kept;
mod large;
mod moment;
mod organization;
mod organizations;
mod page;
mod portal;
mod provisioning;
mod rates;
mod session;
mod sql;
mod sso_admin;
mod sts;
mod trail;
mod whole;
mod world;
mod writes;

use std::io::{self, BufReader, Read};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use acme::{DELEGATED_KEY, MANAGEMENT_KEY, MEMBER_KEY, READ_ROLE, TARGET_KEY, partition_of};
pub use answer::url_encoded;
pub use conduct::{Conduct, Deny, Fault, Kind};
pub use desk::CallRecord;
pub use handed_out::{INSTANCE, secret, session_token};
pub use history::By;
pub use identifier::{hex, unique};
pub use moment::Moment;
pub use organization::*;
pub use whole::{Planted, Size};
pub use writes::BY_HAND;

use desk::Desk;
use faults::Wire;
use http::Request;

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    desk: Arc<Desk>,
    doorkeeper: Option<JoinHandle<()>>,
}

impl Served {
    /// Serves an organization on a free port of 127.0.0.1.
    #[expect(clippy::expect_used, reason = "without a loopback port there is nothing to test with")]
    pub fn start(organization: Organization, conduct: Conduct) -> Self {
        Self::start_on(0, organization, conduct).expect("a free port on 127.0.0.1")
    }

    /// Serves an organization on a port of 127.0.0.1.
    pub fn start_on(port: u16, organization: Organization, conduct: Conduct) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(organization, conduct));
        let behind = Arc::clone(&desk);
        let doorkeeper = thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if behind.stopping.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let desk = Arc::clone(&behind);
                // A connection that fails is the client's to notice.
                thread::spawn(move || drop(converse(&desk, number, stream)));
            }
        });
        Ok(Self { address, desk, doorkeeper: Some(doorkeeper) })
    }

    /// `http://127.0.0.1:<port>`
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The environment in which an AWS client asks this server, as the caller with this access key and nobody else.
    pub fn environment(&self, access_key_id: &str, region: &str) -> Vec<(String, String)> {
        let pairs = [
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_ACCESS_KEY_ID", access_key_id.into()),
            ("AWS_SECRET_ACCESS_KEY", "secret".into()),
            ("AWS_REGION", region.into()),
            // The AWS CLI reads this one.
            ("AWS_DEFAULT_REGION", region.into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_CONFIG_FILE", "/nonexistent".into()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent".into()),
            ("NO_PROXY", "127.0.0.1".into()),
            ("no_proxy", "127.0.0.1".into()),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// What was asked so far, in the order of the answers.
    pub fn calls(&self) -> Vec<CallRecord> {
        self.desk.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often an action was asked for.
    pub fn count(&self, action: &str) -> usize {
        self.calls().iter().filter(|call| call.action == action).count()
    }

    /// Actions that were asked for and are not served, and writes that nobody made by hand: the program makes none.
    pub fn unknown_actions(&self) -> Vec<String> {
        let unknown = |call: &CallRecord| !call.known || call.writes && call.user_agent != BY_HAND;
        self.calls().into_iter().filter(unknown).map(|call| call.action).collect()
    }

    /// The organization as it is now.
    pub fn organization(&self) -> Organization {
        self.desk.world().organization.clone()
    }

    /// Changes the organization in a way that no served operation does.
    pub fn change(&self, change: impl FnOnce(&mut Organization)) {
        let mut organization = self.organization();
        change(&mut organization);
        self.desk.replace(organization);
    }

    /// How many calls were refused because they came too fast.
    pub fn refused_by_rate(&self) -> usize {
        self.desk.refused_by_rate.load(Ordering::SeqCst)
    }

    /// Waits until the server stops, which is for ever unless something else stops it.
    pub fn wait(mut self) {
        if let Some(doorkeeper) = self.doorkeeper.take() {
            drop(doorkeeper.join());
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.desk.stopping.store(true, Ordering::SeqCst);
        // Wakes the doorkeeper, who looks up only when somebody knocks.
        drop(TcpStream::connect(self.address));
        let connections = self.desk.connections.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in connections.values() {
            drop(stream.shutdown(Shutdown::Both));
        }
        drop(connections);
        if let Some(doorkeeper) = self.doorkeeper.take() {
            drop(doorkeeper.join());
        }
    }
}

/// Answers the requests of one connection, one after the other.
fn converse(desk: &Desk, number: usize, mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    desk.connections.lock().unwrap_or_else(PoisonError::into_inner).insert(number, stream.try_clone()?);
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Ok(Some(request)) = Request::read(&mut reader) {
        let sent = match desk.answer(&request) {
            (reply, Wire::Sent) => http::write(&mut stream, &reply, false),
            (reply, Wire::CutShort) => {
                http::write(&mut stream, &reply, true).and(Err(io::ErrorKind::BrokenPipe.into()))
            }
            (_, Wire::Closed) => break,
            (_, Wire::Silent) => silence(desk, &mut stream),
        };
        if sent.is_err() {
            break;
        }
    }
    desk.connections.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    stream.shutdown(Shutdown::Both)
}

/// Says nothing until the client gives up or the server stops.
fn silence(desk: &Desk, stream: &mut TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(50)))?;
    while !desk.stopping.load(Ordering::SeqCst) {
        match stream.read(&mut [0; 64]) {
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    Err(io::ErrorKind::ConnectionAborted.into())
}
