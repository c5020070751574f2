//! Where each request is dealt with: who asks, whether they may, whether a fault strikes, which operation answers; and
//! the record of it all.

use std::collections::HashMap;
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::answer::{Refusal, Reply};
use super::call::{Call, Caller, Service};
use super::conduct::Conduct;
use super::faults::{self, Faults, Wire};
use super::http::Request;
use super::insights;
use super::kept::{self, Queries};
use super::organization::Organization;
use super::page::{self, Page};
use super::rates::Rates;
use super::session::matches;
use super::sts::Sessions;
use super::world::World;
use super::{
    account_access, cloud_trail, handed_out, iam, identity_store, organizations, portal, sso_admin, sts, writes,
};

/// One request and what became of it.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// The action as IAM names it, as `sso:ListInstances`.
    pub action: String,
    /// Whether the action is served at all.
    pub known: bool,
    /// Whether it changes something.
    pub writes: bool,
    /// The caller's account.
    pub account: String,
    /// The caller's ARN.
    pub caller: String,
    /// The Region the request was signed for.
    pub region: String,
    /// When it came, counted from the server's start.
    pub at: Duration,
    /// The HTTP status of the answer; 0 where none was sent.
    pub status: u16,
    /// The error code, where the answer was an error.
    pub error: Option<String>,
    /// The request's body.
    pub body: String,
    /// The request's `User-Agent`.
    pub user_agent: String,
}

/// What an operation has to answer from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// The organization.
    pub world: &'a World,
    /// How to behave.
    pub conduct: &'a Conduct,
    /// What is asked.
    pub call: &'a Call,
    /// Queries that were begun.
    pub queries: &'a Queries,
}

impl Context<'_> {
    /// The page of all rows that is asked for.
    pub(crate) fn page<T>(&self, rows: impl IntoIterator<Item = T>, most: usize) -> Result<Page<T>, Refusal> {
        page::page(self.call, rows, most, self.conduct.page_size)
    }
}

/// The state that all connections share.
#[derive(Debug)]
pub(crate) struct Desk {
    world: RwLock<Arc<World>>,
    conduct: Conduct,
    faults: Faults,
    rates: Rates,
    sessions: Sessions,
    queries: Queries,
    started: Instant,
    pub(super) refused_by_rate: AtomicUsize,
    pub(super) stopping: AtomicBool,
    pub(super) log: Mutex<Vec<CallRecord>>,
    pub(super) connections: Mutex<HashMap<usize, TcpStream>>,
}

impl Desk {
    /// A desk that nobody has come to yet.
    pub(crate) fn new(organization: Organization, conduct: Conduct) -> Self {
        Self {
            world: RwLock::new(Arc::new(World::new(organization))),
            faults: Faults::new(&conduct),
            conduct,
            rates: Rates::default(),
            sessions: Sessions::default(),
            queries: Queries::default(),
            started: Instant::now(),
            refused_by_rate: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            log: Mutex::default(),
            connections: Mutex::default(),
        }
    }

    /// The organization as it is now.
    pub(super) fn world(&self) -> Arc<World> {
        Arc::clone(&self.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another organization in its place.
    pub(super) fn replace(&self, organization: Organization) {
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(World::new(organization));
    }

    /// Deals with one request.
    pub(crate) fn answer(&self, request: &Request) -> (Reply, Wire) {
        if let Some(handed_out) = handed_out::answer(request, &self.world().organization) {
            return (handed_out, Wire::Sent);
        }
        let at = self.started.elapsed();
        let mut call = Call::recognise(request);
        // A bug in an operation is an answer as well, so that the test sees it and the next call is served.
        let dealt = catch_unwind(AssertUnwindSafe(|| self.deal(request, &mut call)));
        let (reply, wire) = dealt.unwrap_or_else(|_| {
            (Reply::write(&call, Err(Refusal::internal(&call, "the served organization could not answer"))), Wire::Sent)
        });
        let sent = matches!(wire, Wire::Sent | Wire::CutShort);
        let record = CallRecord {
            action: call.action(),
            known: !reply.error.as_deref().is_some_and(is_unknown),
            writes: writes::of(&call).is_some(),
            account: call.caller.account,
            caller: call.caller.arn,
            region: call.region,
            at,
            status: if sent { reply.status } else { 0 },
            error: reply.error.clone(),
            body: call.body,
            user_agent: request.header("user-agent").unwrap_or_default().to_owned(),
        };
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(record);
        (reply, wire)
    }

    fn deal(&self, request: &Request, call: &mut Call) -> (Reply, Wire) {
        thread::sleep(self.conduct.latency);
        match self.authenticate(request, call) {
            Ok(caller) => call.caller = caller,
            Err(refusal) => return (Reply::write(call, Err(refusal)), Wire::Sent),
        }
        if self.conduct.rates && !self.rates.admit(call) {
            self.refused_by_rate.fetch_add(1, Ordering::SeqCst);
            return (Reply::write(call, Err(Refusal::throttled(call, Some(1)))), Wire::Sent);
        }
        let striking = self.faults.striking(call);
        faults::without_own_tokens(call);
        let refused = striking.iter().find_map(|kind| faults::refusal(kind, call));
        // An operation that is not served is told as such whatever else would refuse it: a write must not hide.
        let mut outcome = match writes::of(call).filter(|_| self.conduct.writable) {
            Some(write) => refused.map_or_else(|| self.authorize(call).and_then(|()| self.write(call, write)), Err),
            None => match self.operate(call) {
                Err(refusal) if is_unknown(&refusal.code) => Err(refusal),
                outcome => refused.map_or_else(|| self.authorize(call).and(outcome), Err),
            },
        };
        if let Ok(output) = &mut outcome {
            for kind in &striking {
                faults::spoil(kind, call, output);
            }
        }
        let mut reply = Reply::write(call, outcome);
        let (delay, wire) = faults::wire(&striking, &mut reply);
        thread::sleep(delay);
        (reply, wire)
    }

    /// Who signed the request. The signature itself is not checked.
    fn authenticate(&self, request: &Request, call: &Call) -> Result<Caller, Refusal> {
        let unrecognised = || {
            let message = "The security token included in the request is invalid.";
            match call.service {
                Service::Iam | Service::Sts => Refusal::new(403, "InvalidClientTokenId", message),
                Service::AccountAccess => Refusal::new(403, "UnrecognizedClientException", message),
                _ => Refusal::new(400, "UnrecognizedClientException", message),
            }
        };
        if call.service == Service::Portal {
            return portal::authenticate(&self.world(), request);
        }
        let scope = request.credential_scope();
        let Some(key) = scope.first() else {
            return Err(match call.service {
                Service::Iam | Service::Sts => {
                    Refusal::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
                }
                _ => Refusal::new(400, "MissingAuthenticationTokenException", "Missing Authentication Token"),
            });
        };
        if let Some(credential) = self.world().organization.credentials.get(*key) {
            return Ok(Caller {
                account: credential.account.clone(),
                arn: credential.arn.clone(),
                user_id: credential.user_id.clone(),
                session_policy: None,
            });
        }
        self.sessions.caller(key, request.header("x-amz-security-token").unwrap_or_default()).ok_or_else(unrecognised)
    }

    /// Whether the caller's policies, as the conduct has them, and the session's policy allow the action.
    fn authorize(&self, call: &Call) -> Result<(), Refusal> {
        // Nothing can deny these.
        if matches!(call.service, Service::Other | Service::Portal) || call.action() == "sts:GetCallerIdentity" {
            return Ok(());
        }
        let action = call.action();
        let denied = self.conduct.deny.iter().find(|deny| {
            matches(&deny.action, &action)
                && deny.account.as_ref().is_none_or(|account| *account == call.caller.account)
        });
        if let Some(deny) = denied {
            return Err(if deny.by_scp { faults::denied_by_scp(call) } else { Refusal::unpermitted(call) });
        }
        if call.caller.session_policy.as_ref().is_some_and(|policy| !policy.allows(&action)) {
            return Err(Refusal::denied(call, &format!("because no session policy allows the {action} action")));
        }
        Ok(())
    }

    fn write(&self, call: &Call, write: writes::Write) -> Result<Value, Refusal> {
        let world = self.world();
        let mut organization = world.organization.clone();
        let context = Context { world: &world, conduct: &self.conduct, call, queries: &self.queries };
        let output = write(&context, &mut organization)?;
        self.replace(organization);
        Ok(output)
    }

    fn operate(&self, call: &Call) -> Result<Value, Refusal> {
        let world = self.world();
        let context = Context { world: &world, conduct: &self.conduct, call, queries: &self.queries };
        match call.service {
            Service::SsoAdmin => sso_admin::answer(&context),
            Service::IdentityStore => identity_store::answer(&context),
            Service::Organizations => organizations::answer(&context),
            Service::CloudTrail if kept::is_lake(call) => kept::lake(&context),
            Service::CloudTrail if insights::is_of_trails(&call.operation) => insights::trails(&context),
            Service::CloudTrail => cloud_trail::answer(&context),
            Service::Athena => kept::athena(&context),
            Service::Logs => insights::logs(&context),
            Service::Iam => iam::answer(&context),
            Service::Sts => sts::answer(&context, &self.sessions),
            Service::AccountAccess => account_access::answer(&context),
            Service::Portal => portal::answer(&context),
            Service::Quotas | Service::Other => Err(unknown(call)),
        }
    }
}

fn is_unknown(code: &str) -> bool {
    matches!(code, "UnknownOperationException" | "InvalidAction")
}

/// The answer to an operation that is not served, any that writes among them.
pub(crate) fn unknown(call: &Call) -> Refusal {
    match call.service {
        Service::Iam | Service::Sts => {
            Refusal::new(400, "InvalidAction", format!("Could not find operation {} for version", call.operation))
        }
        Service::AccountAccess | Service::Portal => Refusal::new(404, "UnknownOperationException", ""),
        _ => Refusal::new(400, "UnknownOperationException", ""),
    }
}
