//! Where STS refused the user a role and nothing read so far says that this is over: whether Identity Center has written
//! the role anew since. No other question needs these lists.

use jiff::Timestamp;

use super::Home;
use super::requests::Kind;
use crate::evidence::Evidence;
use crate::model::paths;
use crate::model::refusals::{self, Standing};

impl Home<'_> {
    /// Asks which requests have succeeded since the oldest refusal that stands.
    pub(super) async fn what_was_rewritten(&self, evidence: &mut Evidence) {
        let Some(since) = oldest_refusal(evidence) else { return };
        let (mut creation, mut provisioning) = (evidence.creation.clone(), evidence.provisioning.clone());
        let is_unknown = |log| !refusals::knows_successes_since(log, since);
        let (creations, provisionings) = (is_unknown(&creation), is_unknown(&provisioning));
        tokio::join!(
            super::when(creations, self.add_succeeded(Kind::Creation, Some(since), &mut creation)),
            super::when(provisionings, self.add_succeeded(Kind::Provisioning, Some(since), &mut provisioning)),
        );
        evidence.creation = creation;
        evidence.provisioning = provisioning;
    }
}

/// When the oldest refusal happened that stands and is not put in doubt by what was left unread.
fn oldest_refusal(evidence: &Evidence) -> Option<Timestamp> {
    let found = paths::find(evidence.asked());
    let refused = found.assigned().filter_map(|path| match refusals::standing(evidence, path) {
        Ok(Standing::Refused(seen, role)) => {
            let hidden = refusals::hidden_since(evidence, seen.event.at, Some(&role.arn));
            hidden.none_or_err().is_ok().then_some(seen.event.at)
        }
        Ok(Standing::Nothing | Standing::Over | Standing::Passing(_) | Standing::PutRight(_)) | Err(_) => None,
    });
    refused.min()
}
