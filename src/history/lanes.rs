//! In which accounts and Regions changes are logged: Identity Center's in the account of whoever made the call, which is
//! the management account or a delegated administrator; those of Organizations in the management account; those of IAM in
//! the account itself.

use std::collections::BTreeSet;

use crate::evidence::{Evidence, Gap};

/// Where a kind of change is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// In the accounts that administer Identity Center, in the instance's primary Region.
    Home,
    /// In the management account, in the Region of the partition's global services.
    Global,
    /// In the account asked about, in the Regions where roles of Identity Center are taken.
    Target,
    /// In the account asked about, in the Region of the partition's global services.
    TargetGlobal,
}

/// One account in one Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
}

/// The Regions of a lane.
fn regions(evidence: &Evidence, lane: Lane) -> Vec<String> {
    let Ok(instance) = evidence.instance() else { return Vec::new() };
    match lane {
        Lane::Home => vec![instance.region().to_owned()],
        Lane::Target => instance.sts_regions().into_iter().map(str::to_owned).collect(),
        Lane::Global | Lane::TargetGlobal => instance.global_region().map(str::to_owned).into_iter().collect(),
    }
}

/// The places of a lane, and what keeps others from being known.
pub fn places(evidence: &Evidence, lane: Lane) -> (BTreeSet<Place>, Option<Gap>) {
    let management =
        evidence.organization.known().ok().and_then(Option::as_ref).map(|it| it.management_account.clone());
    let owner = || evidence.instance().ok().and_then(|instance| instance.owner_account.clone());
    let management = management.or_else(owner);
    let (accounts, gap): (BTreeSet<String>, Option<Gap>) = match lane {
        Lane::Home => {
            let administrators = evidence.history.administrators.known();
            // Whoever is answered is one of them.
            let caller = evidence.caller.known().ok().map(|caller| caller.account.clone());
            let gap = administrators.as_ref().err().cloned();
            let named = administrators.into_iter().flatten().cloned();
            (management.into_iter().chain(caller.filter(|_| gap.is_some())).chain(named).collect(), gap)
        }
        Lane::Global => (management.into_iter().collect(), None),
        Lane::Target | Lane::TargetGlobal => (evidence.account.id.iter().cloned().collect(), None),
    };
    let regions = regions(evidence, lane);
    let place = |account: &String| {
        let account = account.clone();
        regions.iter().map(move |region| Place { account: account.clone(), region: region.clone() })
    };
    (accounts.iter().flat_map(place).collect(), gap)
}
