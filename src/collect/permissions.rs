//! The policy under which the target account is read.

use serde_json::json;

use crate::evidence::{Call, Site};

/// The session policy for the target account: the reads that the program makes there, and nothing else.
pub(crate) fn session_policy() -> String {
    let actions: Vec<&str> =
        Call::ALL.iter().filter(|call| call.is_asked_at(Site::Target)).map(|call| call.action()).collect();
    json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_into_what_sts_takes_and_allows_only_reads() {
        let policy = session_policy();
        assert!(policy.len() < 2048, "{}", policy.len());
        assert!(policy.contains("iam:ListRoles") && !policy.contains('*') || policy.matches('*').count() == 1);
    }
}
